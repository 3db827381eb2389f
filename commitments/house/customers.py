"""Which customers somebody may see: those whom one of their teams has spoken with, or owes
something that was handed to it.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from commitments.models import Commitment, Conversation, Customer, Membership, Role, User
from commitments.models.people import CustomerQuerySet


def seen_by(user: User, *, acting: bool = False) -> CustomerQuerySet:
    """Those of all their teams, or with `acting` of those that they do not only audit."""
    customers = Customer.objects.filter(merged_into=None)
    if user.is_superuser:
        return customers
    # Named one by one: of teams that it has to look up itself, a database expects too few rows.
    places = Membership.objects.filter(user=user)
    if acting:
        places = places.exclude(role=Role.AUDITOR)
    teams = list(places.values_list("team", flat=True))
    spoken = Conversation.objects.filter(customer=OuterRef("pk"), team__in=teams)
    owed = Commitment.objects.filter(customer=OuterRef("pk"), team__in=teams)
    return customers.filter(Exists(spoken) | Exists(owed))


def one_seen_by(user: User, pk: int) -> Customer | None:
    """The one with this id, or into whom that one was merged."""
    return seen_by(user).known_as(pk).first()
