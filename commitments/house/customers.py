"""Which customers somebody may see: those whom one of their teams has spoken with, or owes
something that was handed to it.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from commitments.models import Commitment, Conversation, Customer, Membership, User


def seen_by(user: User) -> QuerySet[Customer]:
    customers = Customer.objects.all()
    if user.is_superuser:
        return customers
    # Named one by one: of teams that it has to look up itself, a database expects too few rows.
    teams = list(Membership.objects.filter(user=user).values_list("team", flat=True))
    spoken = Conversation.objects.filter(customer=OuterRef("pk"), team__in=teams)
    owed = Commitment.objects.filter(customer=OuterRef("pk"), team__in=teams)
    return customers.filter(Exists(spoken) | Exists(owed))
