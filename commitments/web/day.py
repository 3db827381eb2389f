"""My promises in their groups: overdue, due today, waiting on the customer, coming up.

What belongs where is read first, with the counts beside it, and then all that is shown at once: the
page asks as much for three promises as for a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Value, When, Window
from django.db.models.functions import RowNumber

from commitments.models import Commitment, User
from commitments.rules import saying, wall_clock
from commitments.rules.lifecycle import Status

from . import addresses, doors, states

SHOWN = ("overdue", "today", "waiting", "upcoming")
_DONE = "done"  # shown where it is asked for
_LATER = "later"  # counted
_AHEAD = _BACK = timedelta(days=7)
_MOST_ROWS = 60  # of one group; the rest is one link away
_NEARBY = ("Today", "Yesterday")
# Whole rows would take twice as long.
_READ = (
    *("wording", "urgent", "team", "due_at", "status", "outcome", "closed_at", "told_at"),
    *("attempted_at", "disputed_at", "customer_asked_at", "waiting_since", "waiting_for"),
    *("climbed", "next_action", "next_action_at", "customer__name"),
    *("kind__name", "kind__for_customers"),
    "conversation__outside_reference",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One promise in a list. `lead` and `clock` are its time in words, `at` what they mean."""

    commitment: Commitment
    state: states.State
    url: str
    customer_url: str
    lead: str
    clock: str
    at: datetime
    notes: tuple[str, ...] = ()
    not_told: bool = False
    acts: bool = False  # whether the reader may do something about it

    @property
    def is_overdue(self) -> bool:
        return self.state is states.OVERDUE

    @property
    def instant(self) -> str:
        """`at` for programs: ISO 8601 in UTC."""
        return self.at.astimezone(UTC).isoformat()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Promises that ask for the same thing of me; `more` are not shown."""

    name: str
    title: str
    rows: tuple[Row, ...]
    total: int

    @property
    def note(self) -> str:
        return f"{self.total} in the next 7 days" if self.name == "upcoming" else str(self.total)

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Day:
    """What one person owes. `later` are due after the next 7 days; `done` is over, where asked."""

    groups: tuple[Group, ...]
    later: int = 0
    done: Group | None = None
    shown: tuple[str, ...] = field(default=SHOWN)

    @property
    def visible(self) -> list[Group]:
        groups = [*self.groups, *([self.done] if self.done else [])]
        return [group for group in groups if group.rows and group.name in self.shown]

    @property
    def is_clear(self) -> bool:
        """Whether nothing is left of today, though something is open."""
        overdue, today, *_ = self.groups
        return not overdue.total and not today.total

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups) + self.later


def of(user: User, *, now: datetime, shown: Sequence[str] = ()) -> Day:
    """Always these four groups, in this order."""
    bounds = _Bounds(now=now, midnight=wall_clock.midnight_after(now, ZoneInfo(user.zone)))
    names = tuple(name for name in (*SHOWN, _DONE) if name in shown)
    parts = _owed(user, bounds)
    if _DONE in names:
        parts[_DONE] = _closed(user, now=now)
    rows = _rows(parts, user=user, now=now)
    groups = {
        name: Group(name=name, title=title, rows=rows[name], total=parts[name].total)
        for name, title in _TITLES.items()
        if name in parts
    }
    done, later = groups.pop(_DONE, None), parts[_LATER].total
    return Day(groups=tuple(groups.values()), later=later, done=done, shown=names or SHOWN)


_TITLES = {
    "overdue": "Overdue",
    "today": "Due today",
    "waiting": states.WAITING.words,
    "upcoming": "Coming up",
    _DONE: "Done in the last 7 days",
}


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    """Between which instants a promise belongs to which group."""

    now: datetime
    midnight: datetime

    def name(self) -> Case:
        """Of what is owed: it waits, or is open."""
        return Case(
            When(status=Status.WAITING, then=Value("waiting")),
            When(due_at__lt=self.now, then=Value("overdue")),
            When(due_at__lt=self.midnight, then=Value("today")),
            When(due_at__lt=self.now + _AHEAD, then=Value("upcoming")),
            default=Value(_LATER),
        )


@dataclass(kw_only=True)
class _Part:
    """The first promises of a group, in its order, and how many there are."""

    pks: list[int] = field(default_factory=list)
    total: int = 0


def _owed(user: User, bounds: _Bounds) -> dict[str, _Part]:
    """One query, which walks once over all that is owed, and numbers it within its group."""
    mine = doors.visible_to(user).owned_by(user).live().annotate(part=bounds.name())
    numbered = mine.annotate(
        place=Window(RowNumber(), partition_by="part", order_by=("due_at", "pk")),
        total=Window(Count("pk"), partition_by="part"),
    )
    first = numbered.filter(place__lte=_MOST_ROWS).order_by("due_at", "pk")
    parts = {name: _Part() for name in (*SHOWN, _LATER)}
    for pk, name, total in first.values_list("pk", "part", "total"):
        parts[name].total = total
        if name != _LATER:
            parts[name].pks.append(pk)
    return parts


def _closed(user: User, *, now: datetime) -> _Part:
    """The latest, in one query."""
    mine = doors.visible_to(user).owned_by(user).exclude(status=Status.VOID)
    closed = mine.filter(closed_at__gte=now - _BACK).order_by("-closed_at", "-pk")
    counted = closed.annotate(total=Window(Count("pk")))
    found = list(counted.values_list("pk", "total")[:_MOST_ROWS])
    return _Part(pks=[pk for pk, _ in found], total=found[0][1] if found else 0)


def _rows(parts: Mapping[str, _Part], *, user: User, now: datetime) -> dict[str, tuple[Row, ...]]:
    """Of all that is shown, with what a row says of it; in one query, of no more than that."""
    whole = Commitment.objects.select_related("customer", "kind", "conversation").only(*_READ)
    found = whole.in_bulk([pk for part in parts.values() for pk in part.pks])
    reader = _Reader.of(user, now=now)
    return {
        name: tuple(_row_of(found[pk], reader=reader) for pk in part.pks if pk in found)
        for name, part in parts.items()
    }


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Who reads the rows, and the addresses in them, which are looked up once."""

    zone: str
    now: datetime
    acting: frozenset[int]  # in these teams
    url_of: Callable[[object], str]
    customer_url_of: Callable[[object], str]

    @classmethod
    def of(cls, user: User, *, now: datetime) -> _Reader:
        return cls(
            zone=user.zone,
            now=now,
            acting=frozenset(team.pk for team in doors.teams_of(user, acting=True)),
            url_of=addresses.of_each("web:promise"),
            customer_url_of=addresses.of_each("web:customer"),
        )


def _row_of(commitment: Commitment, *, reader: _Reader) -> Row:
    """How one promise reads in a list."""
    zone, now = reader.zone, reader.now
    state = states.of(commitment, now=now, soon=states.is_soon(commitment, now=now))
    lead, clock, at = _time_of(commitment, state, zone=zone, now=now)
    return Row(
        commitment=commitment,
        state=state,
        url=reader.url_of(commitment.reference),
        customer_url=reader.customer_url_of(commitment.customer_id),
        lead=lead,
        clock=clock,
        at=at,
        notes=tuple(_notes(commitment, zone=zone, now=now)),
        not_told=commitment.is_not_told(now),
        acts=commitment.is_live and commitment.team_id in reader.acting,
    )


def _time_of(
    commitment: Commitment, state: states.State, *, zone: str, now: datetime
) -> tuple[str, str, datetime]:
    """Its time in words, in two parts, and the instant that they mean."""
    at = commitment.due_at
    if commitment.is_waiting:
        at = commitment.waiting_since or at
        return "Paused", f"since {saying.say_day(at, zone=zone, now=now)}", at
    if not commitment.is_live:
        at = commitment.closed_at or at
        return state.words, saying.say_time_nearby(at, zone=zone, now=now), at
    clock = saying.say_clock(at, zone=zone)
    if state is states.OVERDUE:
        is_today = _day(at, zone, now) == "Today"
        clock = f"was due {clock if is_today else saying.say_day(at, zone=zone, now=now)}"
    return saying.say_left(at, zone=zone, now=now), clock, at


def _notes(commitment: Commitment, *, zone: str, now: datetime) -> Iterable[str]:
    """What else is worth knowing at a glance, besides customer, kind and case."""
    if commitment.urgent:
        yield "urgent"
    if commitment.is_not_told(now):
        yield "not told yet"
    if commitment.attempted_at is not None:
        yield "attempted"
    yield from _heard(commitment)
    if not commitment.is_waiting:
        return
    if commitment.waiting_since is not None:
        day = _day(commitment.waiting_since, zone, now)
        yield f"asked {day.lower() if day in _NEARBY else day}"
    if commitment.next_action == "nudge" and commitment.next_action_at is not None:
        nudged = saying.say_time_inside(commitment.next_action_at, zone=zone, now=now)
        yield f"nudge goes out {nudged}"


def _heard(commitment: Commitment) -> Iterable[str]:
    """What the customer said that nobody has answered."""
    if commitment.disputed_at is not None:
        yield "not right, says the customer"
    elif commitment.customer_asked_at is not None:
        yield "waits for an answer"


def _day(at: datetime, zone: str, now: datetime) -> str:
    return saying.say_day_nearby(at, zone=zone, now=now)
