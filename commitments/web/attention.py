"""Who sees to messages that failed: administrators to all, managers to those of their teams.

Notifications ask by the setting NOTIFICATIONS_ATTENDED, and so know of no teams and no roles.
"""

from __future__ import annotations

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from commitments.models import Commitment, Membership, Role, User


def attended_by(user: User) -> Q | None:
    """Which deliveries this person sees to; None where the page does not exist for them."""
    if user.is_superuser:
        return Q()
    managed = Membership.objects.filter(user=user, role=Role.MANAGER)
    if not managed.exists():
        return None
    named = Concat(Value("commitment:"), Cast("pk", CharField()))
    theirs = Commitment.objects.filter(team__in=managed.values("team"))
    return Q(about__in=theirs.annotate(named=named).values("named"))
