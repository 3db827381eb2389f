"""My promises in their groups: overdue, due today, waiting on the customer, coming up.

All that is shown is read at once, the counts beside it: the page costs the same for three promises
as for a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from commitments.models import Commitment, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import saying
from commitments.rules.lifecycle import Status

from . import doors, states

SHOWN = ("overdue", "today", "waiting", "upcoming")
_DONE = "done"  # shown where it is asked for
_AHEAD = _BACK = timedelta(days=7)
_MOST_ROWS = 60  # of one group; the rest is one link away
_NEARBY = ("Today", "Yesterday")
# Whole rows would take twice as long.
_READ = (
    *("wording", "urgent", "team", "due_at", "status", "outcome", "closed_at", "told_at"),
    *("attempted_at", "disputed_at", "customer_asked_at", "waiting_since", "waiting_for"),
    *("climbed", "next_action", "next_action_at", "customer__name", "kind__name"),
    "conversation__outside_reference",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One promise in a list. `lead` and `clock` are its time in words, `at` what they mean."""

    commitment: Commitment
    state: states.State
    lead: str
    clock: str
    at: datetime
    notes: tuple[str, ...] = ()
    not_told: bool = False
    acts: bool = False  # whether the reader may do something about it

    @property
    def is_overdue(self) -> bool:
        return self.state is states.OVERDUE


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
    mine = Commitment.objects.visible_to(user).owned_by(user).live()
    bounds = _Bounds(now=now, midnight=_midnight_after(now, zone=user.zone))
    counts = mine.aggregate(**{name: Count("pk", filter=q) for name, q in bounds.all().items()})
    rows = _rows(mine, bounds, user=user)
    groups = tuple(
        Group(name=name, title=title, rows=tuple(rows[name]), total=counts[name])
        for name, title in _TITLES.items()
    )
    names = tuple(name for name in (*SHOWN, _DONE) if name in shown)
    done = _done(user, now=now) if _DONE in names else None
    return Day(groups=groups, later=counts["later"], done=done, shown=names or SHOWN)


def _done(user: User, *, now: datetime) -> Group:
    mine = Commitment.objects.visible_to(user).owned_by(user).exclude(status=Status.VOID)
    closed = mine.filter(closed_at__gte=now - _BACK).order_by("-closed_at", "-pk")
    found = closed.select_related("customer", "kind", "conversation")[:_MOST_ROWS]
    rows = tuple(row_of(each, zone=user.zone, acts=False, now=now) for each in found)
    total = len(rows) if len(rows) < _MOST_ROWS else closed.count()
    return Group(name=_DONE, title="Done in the last 7 days", rows=rows, total=total)


_TITLES = {
    "overdue": "Overdue",
    "today": "Due today",
    "waiting": states.WAITING.words,
    "upcoming": "Coming up",
}


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    """Between which instants a promise belongs to which group."""

    now: datetime
    midnight: datetime

    def all(self) -> dict[str, Q]:
        is_open, horizon = Q(status=Status.OPEN), self.now + _AHEAD
        return {
            "overdue": is_open & Q(due_at__lt=self.now),
            "today": is_open & Q(due_at__gte=self.now, due_at__lt=self.midnight),
            "waiting": Q(status=Status.WAITING),
            "upcoming": is_open & Q(due_at__gte=self.midnight, due_at__lt=horizon),
            "later": is_open & Q(due_at__gte=max(horizon, self.midnight)),
        }

    def group_of(self, commitment: Commitment) -> str:
        if commitment.is_waiting:
            return "waiting"
        if commitment.due_at < self.now:
            return "overdue"
        return "today" if commitment.due_at < self.midnight else "upcoming"


def _rows(mine: CommitmentQuerySet, bounds: _Bounds, *, user: User) -> dict[str, list[Row]]:
    """The first of each group, in one query: each group's part is a walk along one index."""
    parts = [
        _with_words(mine.filter(bounds.all()[name]).order_by("due_at", "pk")[:_MOST_ROWS])
        for name in SHOWN
    ]
    found = parts[0].union(*parts[1:], all=True).order_by("due_at", "pk")
    acting = frozenset(team.pk for team in doors.teams_of(user, acting=True))
    rows: dict[str, list[Row]] = {name: [] for name in SHOWN}
    for each in found:
        acts = each.team_id in acting
        rows[bounds.group_of(each)].append(row_of(each, zone=user.zone, acts=acts, now=bounds.now))
    return rows


def _with_words(chosen: CommitmentQuerySet) -> CommitmentQuerySet:
    """These, with what a row says of them; chosen first, so that nothing is read in vain."""
    rows = Commitment.objects.filter(pk__in=chosen.values("pk"))
    return rows.select_related("customer", "kind", "conversation").only(*_READ)


def row_of(commitment: Commitment, *, zone: str, acts: bool, now: datetime) -> Row:
    """How one promise reads in a list."""
    state = states.of(commitment, now=now, soon=states.is_soon(commitment, now=now))
    day, clock = _day(commitment.due_at, zone, now), saying.say_clock(commitment.due_at, zone=zone)
    lead, at = saying.say_left(commitment.due_at, zone=zone, now=now), commitment.due_at
    if state is states.OVERDUE:
        clock = f"was due {clock if day == 'Today' else saying.say_day(at, zone=zone, now=now)}"
    if commitment.is_waiting:
        at = commitment.waiting_since or commitment.due_at
        lead, clock = "Paused", f"since {saying.say_day(at, zone=zone, now=now)}"
    if not commitment.is_live:
        at = commitment.closed_at or commitment.due_at
        lead, clock = state.words, saying.say_time_nearby(at, zone=zone, now=now)
    return Row(
        commitment=commitment,
        state=state,
        lead=lead,
        clock=clock,
        at=at,
        notes=tuple(_notes(commitment, zone=zone, now=now)),
        not_told=commitment.is_not_told(now),
        acts=acts,
    )


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


def _midnight_after(now: datetime, *, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    following = (local + timedelta(days=1)).date()
    return datetime.combine(following, datetime.min.time(), ZoneInfo(zone))
