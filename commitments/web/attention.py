"""Who sees to messages that failed: administrators to all, managers to those of their teams, and
whoever owns a promise to what was for its customer.

Notifications ask by the setting NOTIFICATIONS_ATTENDED, and so know of no teams and no roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr
from django.db.models.lookups import StartsWith

from commitments import messages
from commitments.messages.fate import Fate
from commitments.models import CheckIn, Commitment, Conversation, Membership, Role, User
from commitments.models.people import KEEPING

_MOST = 1_000  # that are counted: beyond it nobody needs the number


def attended_by(user: User) -> Q:
    """Which deliveries this person sees to; their roles are read once in a request.

    The database asks from the few that wait for somebody, each by the key of what it is about, not
    from the many promises of a team: this is counted on every page.
    """
    if user.is_superuser:
        return Q()
    roles = {place.team_id: place.role for place in user.memberships.all()}
    managed = [team for team, role in roles.items() if role == Role.MANAGER]
    acting = [team for team, role in roles.items() if role in KEEPING]
    if not acting:
        return Q(pk__in=())
    own = _of_ones_own(user, acting) & Q(audience="customer")
    return _of_teams(managed) | own if managed else own


def count_for(user: User) -> int:
    """How many of them there are, up to a thousand; two queries, however many wait."""
    return messages.count_needing_attention(attended_by(user), most=_MOST)


def waiting_for(user: User, commitment: Commitment, fates: Iterable[Fate]) -> list[Fate]:
    """Which of a promise's messages wait for this person, on the promise's own page."""
    waiting = [each for each in fates if each.needs_a_person]
    if not waiting or user.is_superuser:
        return waiting
    role = Membership.objects.filter(user=user, team=commitment.team_id).values("role").first()
    if role is None or role["role"] not in KEEPING:
        return []
    if role["role"] == Role.MANAGER:
        return waiting
    is_owner = commitment.owner_id == user.pk
    return [each for each in waiting if is_owner and each.is_for_customer]


def _of_teams(teams: list[int]) -> Q:
    """What is about these teams: their promises, their customers' business, their people."""
    return (
        _about("commitment", Commitment.objects.filter(team__in=teams))
        | _about("check_in", CheckIn.objects.filter(items__commitment__team__in=teams))
        | _about("conversation", Conversation.objects.filter(team__in=teams))
        | _about("user", User.objects.filter(memberships__team__in=teams))
    )


def _of_ones_own(user: User, teams: list[int]) -> Q:
    """What is about promises of this person's own in these teams."""
    check_ins = CheckIn.objects.filter(
        items__commitment__owner=user, items__commitment__team__in=teams
    )
    talks = Conversation.objects.filter(commitments__owner=user, team__in=teams)
    return (
        _about("commitment", Commitment.objects.filter(owner=user, team__in=teams))
        | _about("check_in", check_ins)
        | _about("conversation", talks)
    )


def _about(kind: str, rows: QuerySet[Any]) -> Q:  # Any: any model
    """Whether a delivery is about one of these rows. Only a name of this kind is read as a key."""
    name = OuterRef("about")
    is_one = StartsWith(name, Value(f"{kind}:"))
    number = Cast(Substr(name, len(kind) + 2), BigIntegerField())
    key = Case(When(is_one, then=number), output_field=BigIntegerField())
    return Q(Exists(rows.filter(pk=key)))
