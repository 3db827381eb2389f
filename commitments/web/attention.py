"""Who sees to messages that failed: administrators to all, managers to those of their teams, and
whoever owns a promise to what was for its customer.

Notifications ask by the setting NOTIFICATIONS_ATTENDED, and so know of no teams and no roles.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from commitments import messages
from commitments.messages.fate import Fate
from commitments.models import CheckIn, Commitment, Conversation, Membership, Role, User

_ACTING = (Role.AGENT, Role.LEAD, Role.MANAGER)


def attended_by(user: User) -> Q:
    """Which deliveries this person sees to.

    Asked from the few that wait for somebody, not from the many promises of a team: this is counted
    on every page.
    """
    if user.is_superuser:
        return Q()
    waiting = messages.needing_attention()
    if not waiting:
        return Q(pk=None)
    managed, owned = _seen_to_by(user, {about for about, _ in waiting})
    return Q(about__in=managed) | Q(about__in=owned, audience="customer")


def count_for(user: User) -> int:
    """How many of them there are; two or three queries."""
    waiting = messages.needing_attention()
    if user.is_superuser or not waiting:
        return len(waiting)
    managed, owned = _seen_to_by(user, {about for about, _ in waiting})
    return sum(
        about in managed or (about in owned and audience == "customer")
        for about, audience in waiting
    )


def waiting_for(user: User, commitment: Commitment, fates: Iterable[Fate]) -> list[Fate]:
    """Which of a promise's messages wait for this person, on the promise's own page."""
    waiting = [each for each in fates if each.needs_a_person]
    if not waiting or user.is_superuser:
        return waiting
    role = Membership.objects.filter(user=user, team=commitment.team_id).values("role").first()
    if role is None or role["role"] not in _ACTING:
        return []
    if role["role"] == Role.MANAGER:
        return waiting
    is_owner = commitment.owner_id == user.pk
    return [each for each in waiting if is_owner and each.is_for_customer]


def _seen_to_by(user: User, waiting: Iterable[str]) -> tuple[set[str], set[str]]:
    """Of what messages wait for somebody about: that of the teams one manages, and one's own."""
    memberships = Membership.objects.filter(user=user)
    teams = memberships.filter(role=Role.MANAGER).values("team")
    people = messages.ids_in(waiting, "user")
    colleagues = Membership.objects.filter(team__in=teams, user__in=people)
    acting = memberships.filter(role__in=_ACTING).values("team")
    promises = Commitment.objects.filter(pk__in=messages.ids_in(waiting, "commitment"))
    check_ins = CheckIn.objects.filter(pk__in=messages.ids_in(waiting, "check_in"))
    talks = Conversation.objects.filter(pk__in=messages.ids_in(waiting, "conversation"))
    managed = {
        *(f"conversation:{talk.pk}" for talk in talks.filter(team__in=teams)),
        *(f"user:{pk}" for pk in colleagues.values_list("user", flat=True)),
        *(each.about for each in promises.filter(team__in=teams)),
        *(each.about for each in check_ins.filter(items__commitment__team__in=teams)),
    }
    own = promises.filter(owner=user, team__in=acting)
    owned_check_ins = check_ins.filter(
        items__commitment__owner=user, items__commitment__team__in=acting
    )
    owned_talks = talks.filter(commitments__owner=user, team__in=acting).distinct()
    return managed, {
        *(each.about for each in own),
        *(each.about for each in owned_check_ins),
        *(f"conversation:{talk.pk}" for talk in owned_talks),
    }
