"""Who has how much ahead, beside how much fits into their days; and what could change hands.

Nobody is ranked: people stand in the order of what lies before them, and how many conversations
were difficult is seen by each of themselves, and by their managers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from commitments.models import Absence, Commitment, Conversation, Membership, Role, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import wall_clock
from commitments.rules.business_time import Hours

from .duty import Duty
from .scope import Scope

DAYS: Final = 5
_LOOKED_THROUGH: Final = 60  # days, for the next working ones
_MOVES: Final = 10


@dataclass(frozen=True, kw_only=True)
class Workload:
    """One person of the scope's teams, or None for what nobody owns.

    `today` is still due before the reader's midnight, also where no team works today; `due` are the
    promises due on each of `days`; `capacity` is how many fit into one of their days, and
    `on_shift` says on which days they are at work. `difficult` is None where the reader may not see
    it.
    """

    person: User | None
    open: int
    overdue: int
    today: int
    days: tuple[date, ...]
    due: tuple[int, ...]
    capacity: int
    on_shift: tuple[bool, ...]
    difficult: int | None

    @property
    def too_much(self) -> tuple[bool, ...]:
        """On which days more is due than fits, or anything while they are away."""
        days = zip(self.due, self.on_shift, strict=True)
        return tuple(due > (self.capacity if here else 0) for due, here in days)


@dataclass(frozen=True, kw_only=True)
class Move:
    """A promise that could go to somebody with more room on that day. A suggestion, no more.

    `due_there` is what the receiver has due that day already; `is_away` says that the giver is not
    at work then.
    """

    commitment: Commitment
    giver: User
    receiver: User
    day: date
    due_there: int
    capacity: int
    is_away: bool


def look(scope: Scope, now: datetime) -> Look:
    """All of it, read once, in seven queries at most; what `moves` costs besides is one more."""
    return Look.of(scope, now=now)


def difficult(scope: Scope, agent: int) -> CommitmentQuerySet:
    """What was promised in somebody's difficult conversations of the period: for themselves and for
    their managers. For everybody else there is none.
    """
    theirs = Membership.objects.filter(user=agent, team__in=sorted(_managed_teams(scope)))
    if agent != scope.viewer.pk and not theirs.exists():
        return Commitment.objects.none()
    return Commitment.objects.filter(conversation__in=_talks(scope).filter(agent=agent))


@dataclass(frozen=True, kw_only=True)
class Look:
    """What lies ahead of everybody, counted once. `days` are the next five, today among them, on
    which one of the teams works.
    """

    scope: Scope
    duty: Duty
    days: tuple[date, ...]
    rows: Mapping[int | None, Mapping[str, int]]  # by person: open, overdue, and each day by number
    members: Mapping[int, tuple[Membership, ...]]  # by person
    absences: Mapping[int, Sequence[Absence]]
    difficult: Mapping[int, int]
    people_gone: Mapping[int, User]
    sees_difficult_of: frozenset[int]

    @classmethod
    def of(cls, scope: Scope, *, now: datetime) -> Look:
        duty = Duty.of(scope.teams, now=now)
        days = _days(duty, scope, now=now)
        rows = _counts(scope, days, now=now)
        members: dict[int, tuple[Membership, ...]] = defaultdict(tuple)
        for member in duty.members:
            if scope.owner in (None, member.user_id):
                members[member.user_id] += (member,)
        gone = {pk for pk in rows if pk is not None} - members.keys()
        return cls(
            scope=scope,
            duty=duty,
            days=days,
            rows=rows,
            members=members,
            absences=_absences(members, days, zone=scope.viewer.zone),
            difficult=_difficult(scope),
            people_gone=User.objects.in_bulk(gone) if gone else {},
            sees_difficult_of=_managed(scope, duty),
        )

    def people(self) -> tuple[Workload, ...]:
        """Everybody of the teams who keeps promises, and somebody who has left with open ones; who
        has most due ahead first.
        """
        everybody: dict[int, User] = {pk: own[0].user for pk, own in self.members.items()}
        everybody |= self.people_gone
        found = [self.of_person(person) for person in everybody.values()]
        if None in self.rows:
            found.append(self.of_person(None))
        return tuple(sorted(found, key=_most_first))

    def moves(self) -> tuple[Move, ...]:
        """Where more is due on a day than fits, or somebody is away: which promise could go to whom
        in the same team, where the reader sees to others' promises. What is urgent, disputed or
        waits for an answer stays where it is known. At most ten, the earliest day first.
        """
        return () if self.scope.is_own else tuple(_Moves(self, self.scope).suggested())

    def of_person(self, person: User | None) -> Workload:
        pk = person.pk if person else None
        row = self.rows.get(pk, {})
        members = self.members.get(pk, ()) if pk is not None else ()
        sees = pk is not None and pk in self.sees_difficult_of
        return Workload(
            person=person,
            open=row.get("open", 0),
            overdue=row.get("overdue", 0),
            today=row.get("today", 0),
            days=self.days,
            due=tuple(row.get(f"day{number}", 0) for number in range(len(self.days))),
            capacity=max((member.daily_capacity for member in members), default=0),
            on_shift=tuple(self.is_here(members, day) for day in self.days),
            difficult=self.difficult.get(pk, 0) if sees and pk is not None else None,
        )

    def is_here(self, members: Sequence[Membership], day: date) -> bool:
        """Whether a minute of that day's hours is left of their absences, in any of their teams."""
        return any(self._works(member, day) for member in members)

    def _works(self, member: Membership, day: date) -> bool:
        hours = self.duty.hours[member.calendar_id or self.duty.calendars[member.team_id]]
        away = self.absences.get(member.user_id, ())
        return _has_hours(hours, day, away=[(each.starts_at, each.ends_at) for each in away])


class _Moves:
    """Goes through the days, and gives each promise at most one new place."""

    def __init__(self, ahead: Look, scope: Scope) -> None:
        self._ahead = ahead
        self._scope = scope
        self._zone = ZoneInfo(scope.viewer.zone)
        self._everybody = {each.person.pk: each for each in ahead.people() if each.person}
        self._due = {pk: list(each.due) for pk, each in self._everybody.items()}

    def suggested(self) -> Iterator[Move]:
        left = _MOVES
        for commitment, number in self._candidates():
            if left == 0:
                return
            move = self._move(commitment, number)
            if move is not None:
                left -= 1
                yield move

    def _candidates(self) -> Iterator[tuple[Commitment, int]]:
        """What is due on days on which its owner has too much, the latest of a day first."""
        condition = Q(pk__in=[])
        for pk, each in self._everybody.items():
            for number, is_too_much in enumerate(each.too_much):
                if is_too_much:
                    begins, ends = _bounds(each.days[number], self._zone)
                    condition |= Q(owner=pk, due_at__gte=begins, due_at__lt=ends)
        calm = Q(urgent=False, disputed_at=None, customer_asked_at=None)
        found = (
            self._scope.whenever().open().filter(condition, calm, due_at__gt=self._ahead.duty.now)
        )
        read = found.select_related("owner", "customer", "kind", "team").order_by("-due_at", "pk")
        listed = [(each, self._number(each)) for each in read[: _MOVES * 20]]
        yield from sorted(listed, key=lambda pair: pair[1])

    def _number(self, commitment: Commitment) -> int:
        day = commitment.due_at.astimezone(self._zone).date()
        return self._ahead.days.index(day)

    def _move(self, commitment: Commitment, number: int) -> Move | None:
        giver = self._everybody[commitment.owner_id or 0]
        fits = giver.capacity if giver.on_shift[number] else 0
        if self._due[giver.person.pk if giver.person else 0][number] <= fits:
            return None  # enough has gone already
        receiver = self._with_most_room(commitment, number)
        if receiver is None or receiver.person is None or giver.person is None:
            return None
        due_there = self._due[receiver.person.pk][number]
        self._due[receiver.person.pk][number] += 1
        self._due[giver.person.pk][number] -= 1
        return Move(
            commitment=commitment,
            giver=giver.person,
            receiver=receiver.person,
            day=self._ahead.days[number],
            due_there=due_there,
            capacity=receiver.capacity,
            is_away=not giver.on_shift[number],
        )

    def _with_most_room(self, commitment: Commitment, number: int) -> Workload | None:
        """Of the promise's team, at work that day, with room for one more."""
        able = [
            self._everybody[member.user_id]
            for member in self._ahead.duty.members
            if member.team_id == commitment.team_id
            and member.user_id != commitment.owner_id
            and member.user_id in self._everybody
            and self._has_room(self._everybody[member.user_id], number)
        ]
        return min(able, key=lambda each: self._filled(each, number), default=None)

    def _has_room(self, each: Workload, number: int) -> bool:
        return each.on_shift[number] and self._filled(each, number) < 1

    def _filled(self, each: Workload, number: int) -> float:
        due = self._due[each.person.pk if each.person else 0][number]
        return due / each.capacity if each.capacity else 1.0


def _days(duty: Duty, scope: Scope, *, now: datetime) -> tuple[date, ...]:
    """Where no calendar ever opens, simply the next five."""
    today = now.astimezone(ZoneInfo(scope.viewer.zone)).date()
    ahead = [today + timedelta(days=number) for number in range(_LOOKED_THROUGH)]
    hours = {duty.calendars[team] for team in scope.teams if team in duty.calendars}
    open_on = [day for day in ahead if any(_has_hours(duty.hours[pk], day) for pk in hours)]
    return tuple((open_on or ahead)[:DAYS])


def _has_hours(hours: Hours, day: date, away: Sequence[tuple[datetime, datetime]] = ()) -> bool:
    """Whether that day has opening hours, and they are not over before an absence ends."""
    closes = hours.closing_on(day)
    if closes is None:
        return False
    begins = wall_clock.midnight(day, ZoneInfo(hours.zone))
    left = hours.between(begins, closes)
    for starts_at, ends_at in away:
        first, last = max(starts_at, begins), min(ends_at, closes)
        if first < last:
            left -= hours.between(first, last)
    return left > timedelta(0)


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return wall_clock.midnight(day, zone), wall_clock.midnight(day + timedelta(days=1), zone)


def _counts(
    scope: Scope, days: Sequence[date], *, now: datetime
) -> dict[int | None, dict[str, int]]:
    zone = ZoneInfo(scope.viewer.zone)
    midnight = wall_clock.midnight_after(now, zone)
    counts: dict[str, Any] = {  # Any: aggregates
        "open": Count("pk"),
        "today": Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)),
        "overdue": Count("pk", filter=Q(due_at__lt=now)),
    }
    for number, day in enumerate(days):
        begins, ends = _bounds(day, zone)
        due = Q(due_at__gte=max(begins, now), due_at__lt=ends)
        counts[f"day{number}"] = Count("pk", filter=due)
    rows: Any = scope.whenever().open().order_by().values("owner_id").annotate(**counts)
    return {row.pop("owner_id"): row for row in rows}


def _absences(
    people: Mapping[int, object], days: Sequence[date], *, zone: str
) -> dict[int, list[Absence]]:
    begins, _ = _bounds(days[0] - timedelta(days=1), ZoneInfo(zone))
    _, ends = _bounds(days[-1] + timedelta(days=1), ZoneInfo(zone))
    theirs: dict[int, list[Absence]] = defaultdict(list)
    away = Absence.objects.filter(user__in=sorted(people), starts_at__lt=ends, ends_at__gt=begins)
    for absence in away:
        theirs[absence.user_id].append(absence)
    return theirs


def _difficult(scope: Scope) -> dict[int, int]:
    """Difficult conversations of the period, by who had them."""
    talks = _talks(scope).filter(agent__isnull=False)
    return dict(talks.order_by().values_list("agent").annotate(n=Count("pk")))


def _talks(scope: Scope) -> QuerySet[Conversation]:
    return Conversation.objects.filter(
        team__in=sorted(scope.teams),
        difficult=True,
        at__gte=scope.period.start,
        at__lt=scope.period.end,
    )


def _managed(scope: Scope, duty: Duty) -> frozenset[int]:
    """Of whom the reader may know how many conversations were difficult: of themselves, and of
    whoever works in a team that they manage.
    """
    managed = _managed_teams(scope)
    theirs = {member.user_id for member in duty.members if member.team_id in managed}
    return frozenset(theirs | {scope.viewer.pk})


def _managed_teams(scope: Scope) -> frozenset[int]:
    if scope.viewer.is_superuser:
        return scope.teams
    places = scope.viewer.memberships.all()
    managed = (place.team_id for place in places if place.role == Role.MANAGER)
    return scope.teams.intersection(managed)


def _most_first(each: Workload) -> tuple[bool, int, int, str]:
    """What nobody owns first: it needs somebody. Then in the order of load."""
    return each.person is not None, -(each.overdue + sum(each.due)), -each.open, str(each.person)
