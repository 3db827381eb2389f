"""What is good to know before a promise is made: none of it stops anybody who is sure.

Earlier promises to this customer; how long promises of this kind took this team, once there are
twenty to judge from; and what its owner has to keep that day already.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commitments.errors import CommitmentError
from commitments.models import Absence, Commitment, Customer, Kind, Membership, Team, User
from commitments.models.people import KEEPING
from commitments.rules import saying
from commitments.rules.business_time import Hours
from commitments.rules.lifecycle import Status

from . import earlier
from .earlier import Earlier
from .understood import Understood

ENOUGH = 20  # kept promises, before anything is said of how long they took
_JUDGED_BY = 100
_LATELY = timedelta(days=180)
_OFFERED = 2
_REASON = "Sooner than usual because:"


@dataclass(frozen=True, kw_only=True)
class Beforehand:
    """Sentences, each empty where there is nothing to say.

    `is_sooner`: it leaves less working time than eight in ten took, and a word on why is asked for.
    `others` have less to keep that day; they are offered where the owner has too much.
    """

    earlier: Earlier | None = None
    usual: str = ""
    is_sooner: bool = False
    load: str = ""
    is_too_much: bool = False
    others: tuple[Membership, ...] = ()


def of(understood: Understood, *, user: User, now: datetime) -> Beforehand:
    """At most five queries, however much was promised."""
    customer, team, due_at = understood.customer, understood.team, understood.due.at
    usual, is_sooner = _usual(understood.kind, team, due_at=due_at, now=now)
    known = Beforehand(
        earlier=earlier.promises_to(customer.pk, seen_by=user, now=now)
        if isinstance(customer, Customer)
        else None,
        usual=usual,
        is_sooner=is_sooner,
    )
    if understood.owner is None:
        return known
    return _with_load(
        known, understood.owner, team, due_at=due_at, day=_day(due_at, zone=user.zone, now=now)
    )


def _day(due_at: datetime, *, zone: str, now: datetime) -> str:
    day = saying.say_day_nearby(due_at, zone=zone, now=now)
    return day.lower() if day in ("Today", "Tomorrow") else f"on {day}"


def with_reason(note: str, reason: str) -> str:
    """The team's note, with the word on why it can be sooner. No customer reads either."""
    return "\n".join(part for part in (note, f"{_REASON} {reason}" if reason else "") if part)


def _usual(kind: Kind, team: Team, *, due_at: datetime, now: datetime) -> tuple[str, bool]:
    hours = team.calendar.hours()
    with suppress(CommitmentError):  # a calendar that never opens, or reaches too far
        taken = _time_taken(kind, team, now=now)
        if taken is None:
            return "", False
        left = hours.between(now, due_at)
        said = f"8 in 10 promises of this kind ({kind.name}) took up to {_said(taken, hours)}."
        if left >= taken:
            return said, False
        return f"{said} This one leaves {_said(left, hours)}.", True
    return "", False


def _time_taken(kind: Kind, team: Team, *, now: datetime) -> timedelta | None:
    """The working time within which eight in ten were done, without what the customer took."""
    done = Commitment.objects.filter(
        team=team, kind=kind, status=Status.FULFILLED, first_due_at__gte=now - _LATELY
    )
    rows = done.order_by("-first_due_at").values_list("took_minutes", flat=True)
    taken = sorted(minutes for minutes in rows[:_JUDGED_BY] if minutes is not None)
    if len(taken) < ENOUGH:
        return None
    return timedelta(minutes=taken[math.ceil(len(taken) * 8 / 10) - 1])


def _said(length: timedelta, hours: Hours) -> str:
    """In working days of this calendar, or in working hours where it is less than one."""
    day = _usual_day(hours)
    if length > day:
        return saying.say_count(math.ceil(length / day), "working day")
    if length == day:
        return saying.say_count(1, "working day")
    whole = math.ceil(length / timedelta(hours=1))
    return saying.say_count(whole, "working hour") if whole else "no working time"


def _usual_day(hours: Hours) -> timedelta:
    """How long a day with opening hours is open, on average."""
    open_days = [sum(closes - opens for opens, closes in spans) for spans in hours.weekly if spans]
    return timedelta(minutes=sum(open_days) / len(open_days)) if open_days else timedelta(days=1)


def _with_load(
    known: Beforehand, owner: User, team: Team, *, due_at: datetime, day: str
) -> Beforehand:
    members = list(_members(team, due_at=due_at))
    own = next((member for member in members if member.user_id == owner.pk), None)
    if own is None:
        return known
    has = f"{owner.first_name} has {saying.say_count(_due(own), 'promise')} due {day}"
    if _due(own) < own.daily_capacity:
        return replace(known, load=f"{has}, of {own.daily_capacity} that fit into a day.")
    return replace(
        known,
        load=f"{has} already; {own.daily_capacity} fit into a day.",
        is_too_much=True,
        others=_less_loaded(members, own),
    )


def _members(team: Team, *, due_at: datetime) -> QuerySet[Membership]:
    """Those who keep promises in this team and are here then; `due_then` is what they owe."""
    local = due_at.astimezone(ZoneInfo(team.calendar.zone))
    begins = local.replace(hour=0, minute=0, second=0, microsecond=0)
    owed = Commitment.objects.live().filter(
        owner=OuterRef("user"), due_at__gte=begins, due_at__lt=begins + timedelta(days=1)
    )
    count = owed.order_by().values("owner").annotate(number=Count("pk")).values("number")
    away = Absence.objects.filter(user=OuterRef("user"), starts_at__lte=due_at, ends_at__gt=due_at)
    members = team.memberships.filter(role__in=KEEPING, user__is_active=True)
    return (
        members.annotate(due_then=Coalesce(Subquery(count), 0), is_away=Exists(away))
        .select_related("user")
        .order_by("pk")
    )


def _less_loaded(members: Sequence[Membership], own: Membership) -> tuple[Membership, ...]:
    able = [
        member
        for member in members
        if member != own and not _is_away(member) and _due(member) < member.daily_capacity
    ]
    ranked = sorted(able, key=lambda member: _due(member) / member.daily_capacity)
    return tuple(ranked[:_OFFERED])


def _due(member: Membership) -> int:
    return int(getattr(member, "due_then", 0))  # annotated by `_members`


def _is_away(member: Membership) -> bool:
    return bool(getattr(member, "is_away", False))  # likewise
