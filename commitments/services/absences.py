"""Somebody plans to be away, and who stands in for them.

A deputy may be away for a part of that time: then the deputy's deputy stands in, and so on. What is
refused is a circle, in which nobody would be told, and a deputy who could not open the promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import QuerySet

from commitments import messages
from commitments.errors import CommitmentError
from commitments.models import Absence, Commitment, Membership, Team, User
from commitments.models.people import KEEPING, LEADING
from commitments.rules import saying, words

from .handing import reassign

LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Leave:
    """An absence as somebody plans it."""

    user_id: int
    starts_at: datetime
    ends_at: datetime
    deputy_id: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Who really stands in from one instant to another."""

    person: User
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def plan(
    leave: Leave, *, by: User, hand_over: Mapping[int, int] | None = None, now: datetime
) -> Absence:
    """Save it, and hand over promises at once: to whom, by the promise's id.

    All of it or nothing. Raises `CommitmentError`.
    """
    _hold_teams(leave.user_id)
    check(leave, by=by, now=now)
    absence = Absence.objects.create(
        user_id=leave.user_id,
        starts_at=leave.starts_at,
        ends_at=leave.ends_at,
        deputy_id=leave.deputy_id,
        note=_note(leave),
    )
    _hand_over(leave, hand_over or {}, by=by, now=now)
    messages.standing_in.begins(absence, by=by, now=now)
    return absence


@transaction.atomic
def change(
    absence_id: int,
    leave: Leave,
    *,
    by: User,
    hand_over: Mapping[int, int] | None = None,
    now: datetime,
) -> Absence:
    """Other times or another deputy. What has begun keeps its beginning."""
    absence = _held(absence_id, by=by)
    if absence.ends_at <= now:
        raise CommitmentError("This time away is over, and stays as it was.")
    _hold_teams(leave.user_id)
    check(leave, by=by, changes=absence, now=now)
    before = (absence.starts_at, absence.ends_at, absence.deputy_id)
    if absence.deputy_id != leave.deputy_id:
        messages.standing_in.ends(absence, by=by, now=now)
    absence.starts_at, absence.ends_at = leave.starts_at, leave.ends_at
    absence.deputy_id, absence.note = leave.deputy_id, _note(leave)
    absence.save()
    _hand_over(leave, hand_over or {}, by=by, now=now)
    if before != (absence.starts_at, absence.ends_at, absence.deputy_id):
        messages.standing_in.begins(absence, by=by, now=now)
    return absence


@transaction.atomic
def end(absence_id: int, *, by: User, now: datetime) -> Absence | None:
    """Somebody is back earlier, from now on; what has not begun is withdrawn, and None answered."""
    absence = _held(absence_id, by=by)
    if absence.ends_at <= now:
        raise CommitmentError("This time away is over already.")
    messages.standing_in.ends(absence, by=by, now=now)
    if absence.starts_at >= now:
        absence.delete()
        return None
    absence.ends_at = now
    absence.save(update_fields=["ends_at"])
    return absence


def check(leave: Leave, *, by: User, changes: Absence | None = None, now: datetime) -> list[Turn]:
    """Whether it may be saved; answers who stands in when. Raises `CommitmentError`."""
    person = User.objects.get(pk=leave.user_id)
    check_may_plan(person, by=by)
    _check_times(leave, changes=changes, now=now)
    _note(leave)
    deputy = _deputy(leave, person)
    theirs = Absence.objects.filter(user=person, starts_at__lt=leave.ends_at)
    other = theirs.filter(ends_at__gt=leave.starts_at)
    if other.exclude(pk=changes.pk if changes else 0).exists():
        raise CommitmentError(
            f"{person.first_name} is away for a part of that time already. Change that one.",
            field="starts",
        )
    return list(_turns(leave, person, deputy))


def check_may_plan(person: User, *, by: User) -> None:
    """One's own, and as a lead or manager that of the team."""
    if person == by or may_plan_for(by).filter(pk=person.pk).exists():
        return
    raise CommitmentError("Only their lead or manager plans for somebody else.")


def may_plan_for(user: User) -> QuerySet[User]:
    """Whose time away this person may plan besides their own."""
    everybody = User.objects.people().filter(is_active=True)
    if user.is_superuser:
        return everybody
    teams = Membership.objects.filter(user=user, role__in=LEADING).values("team")
    return everybody.filter(pk__in=Membership.objects.filter(team__in=teams).values("user"))


def _hold_teams(user_id: int) -> None:
    """Of two plans that would make a circle together, the second one waits and sees the first."""
    theirs = Team.objects.filter(memberships__user=user_id).order_by("pk").values("pk")
    list(Team.objects.filter(pk__in=theirs).order_by("pk").select_for_update(no_key=True))


def _held(absence_id: int, *, by: User) -> Absence:
    people = Absence.objects.select_related("user", "deputy")
    absence = people.select_for_update(of=("self",)).filter(pk=absence_id).first()
    if absence is None:
        raise CommitmentError("This time away has been taken back already.")
    check_may_plan(absence.user, by=by)
    return absence


def _note(leave: Leave) -> str:
    return words.clean(leave.note, what="The note", limit=200, required=False, field="note")


def _check_times(leave: Leave, *, changes: Absence | None, now: datetime) -> None:
    has_begun = changes is not None and changes.starts_at <= now
    if has_begun and changes is not None and leave.starts_at != changes.starts_at:
        raise CommitmentError("This has begun already: its beginning stays.", field="starts")
    if leave.ends_at <= leave.starts_at:
        raise CommitmentError("That ends before it begins. Give a later end.", field="ends")
    if leave.ends_at <= now:
        raise CommitmentError("That time has passed. Give a time that lies ahead.", field="ends")
    if not has_begun and leave.starts_at < now:
        raise CommitmentError("That beginning has passed. Begin now or later.", field="starts")
    if leave.ends_at - leave.starts_at > LONGEST:
        raise CommitmentError("That is longer than a year. Give an earlier end.", field="ends")


def _deputy(leave: Leave, person: User) -> User:
    """Strangers and the unknown look alike."""
    if leave.deputy_id == leave.user_id:
        raise CommitmentError(
            "Nobody stands in for themselves. Choose a colleague.", field="deputy"
        )
    found = may_stand_in_for(person).filter(pk=leave.deputy_id).first()
    if found is None:
        raise CommitmentError(
            f"Choose somebody who works in a team of {person.first_name}.", field="deputy"
        )
    return found


def may_stand_in_for(person: User) -> QuerySet[User]:
    """Colleagues who could do what this person has promised."""
    teams = Membership.objects.filter(user=person).values("team")
    colleagues = Membership.objects.filter(team__in=teams, role__in=KEEPING).values("user")
    found = User.objects.filter(pk__in=colleagues, is_active=True).exclude(pk=person.pk)
    return found.order_by("name", "pk")


def _turns(leave: Leave, person: User, deputy: User) -> Iterator[Turn]:
    """Who really stands in, stretch by stretch; raises where for a while it would be nobody."""
    away = Absence.objects.filter(starts_at__lt=leave.ends_at, ends_at__gt=leave.starts_at)
    absences = list(away.exclude(user=person).select_related("user", "deputy").order_by("pk"))
    edges = {at for absence in absences for at in (absence.starts_at, absence.ends_at)}
    inside = sorted(at for at in edges if leave.starts_at < at < leave.ends_at)
    turn: Turn | None = None
    for starts_at, ends_at in pairwise([leave.starts_at, *inside, leave.ends_at]):
        here = _stand_in(person, deputy, absences, at=starts_at)
        if turn is not None and turn.person == here:
            turn = replace(turn, ends_at=ends_at)
            continue
        if turn is not None:
            yield turn
        turn = Turn(person=here, starts_at=starts_at, ends_at=ends_at)
    if turn is not None:
        yield turn


def _stand_in(person: User, deputy: User, absences: Sequence[Absence], *, at: datetime) -> User:
    away = {each.user_id: each for each in absences if each.starts_at <= at < each.ends_at}
    seen = [person, deputy]
    while (absence := away.get(seen[-1].pk)) is not None:
        if absence.deputy in seen:
            raise CommitmentError(_circle(seen, absence, zone=person.zone, at=at), field="deputy")
        seen.append(absence.deputy)
    if not seen[-1].is_active:
        raise CommitmentError(
            f"{seen[-1].first_name} works here no more, and would stand in then. "
            "Choose somebody else.",
            field="deputy",
        )
    return seen[-1]


def _circle(seen: Sequence[User], absence: Absence, *, zone: str, at: datetime) -> str:
    last, begins = seen[-1].first_name, saying.say_time(at, zone=zone, now=at)
    stands_in = absence.deputy.first_name
    return (
        f"{last} is away too, from {begins} or before, and {stands_in} stands in for {last}: "
        "nobody would be told. Choose somebody else."
    )


def _hand_over(leave: Leave, chosen: Mapping[int, int], *, by: User, now: datetime) -> None:
    theirs = Commitment.objects.live().filter(pk__in=chosen, owner=leave.user_id)
    if theirs.count() != len(chosen):
        raise CommitmentError("One of these promises has changed hands. Look at them again.")
    for commitment_id, owner_id in sorted(chosen.items()):
        reassign(commitment_id, by=by, owner_id=owner_id, note=_note(leave), now=now)
