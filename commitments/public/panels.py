"""One panel for each promise of a conversation: how it stands, in words for the customer.

Only what is marked as visible to the customer is read aloud here, and nothing that was taken back.
The facts of a move (the old time, and when it was changed) are shown even where its reason is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from commitments import agenda, messages
from commitments.errors import CommitmentError
from commitments.models import CheckInItem, Commitment, Event, EventKind
from commitments.models.checkin import State as CheckInState
from commitments.rules import saying
from commitments.rules.lifecycle import Status


@dataclass(frozen=True)
class State:
    """`name` is its template, `tone` a class of app.css, `icon` a name of the icon set."""

    name: str
    tone: str
    icon: str
    words: str

    @property
    def template(self) -> str:
        return f"commitments/public/states/{self.name}.html"


ON_TRACK = State("on_track", "kept", "circle-check", "On track")
NEW_TIME = State("new_time", "wait", "calendar-clock", "New time")
MISSED = State("missed", "late", "clock-alert", "We missed the time")
NEED = State("need", "soon", "hand-helping", "We need something from you")
DONE = State("done", "kept", "circle-check", "Done")
CANNOT_KEEP = State("cannot_keep", "late", "circle-x", "We cannot keep it")
RELEASED = State("released", "quiet", "ban", "No longer wanted")

_ENDINGS: Mapping[str, State] = {
    Status.FULFILLED: DONE,
    Status.BROKEN: CANNOT_KEEP,
    Status.RELEASED: RELEASED,
}
# A check-in's state, as far as the fourth step has come.
_ASKED: Mapping[str, str] = {CheckInState.SENT: "now", CheckInState.ANSWERED: "done"}


@dataclass(frozen=True, kw_only=True)
class Update:
    """What somebody wrote to the customer. `author` is empty where the customer said it."""

    author: str
    initials: str
    at: datetime
    words: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """How the time in force came about. `missed`: only after the old one had passed."""

    old_due_at: datetime
    missed: bool
    by_waiting: bool
    explained_by: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """`steps` are label and "done", "now" or "to come"; none where there is no way to Done."""

    commitment: Commitment
    state: State
    owner: str
    aside: str
    move: Move | None
    words: str
    reminded: bool
    hear_by: datetime | None
    contact: str
    steps: tuple[tuple[str, str], ...]
    latest: Update | None
    earlier: Sequence[Update]

    @property
    def earlier_said(self) -> str:
        return saying.sentence_case(saying.say_count(len(self.earlier), "earlier update"))


# How it ended is said in the panel while that is so, and never as news: it may open again.
_ENDINGS_TOLD = frozenset({EventKind.FULFILLED, EventKind.ABANDONED})


def of(commitments: Sequence[Commitment], *, now: datetime) -> list[Panel]:
    """A panel each; the number of queries does not depend on how many there are, but for two for
    each whose time was missed.
    """
    told, moves, asked = _told(commitments), _moves(commitments), _asked(commitments)
    contact = messages.customer.how_to_reach_us()
    panels = (
        _panel(each, told[each.pk], moves.get(each.pk), asked.get(each.pk, ""), now=now)
        for each in commitments
    )
    return [replace(panel, contact=contact) for panel in panels]


def _panel(
    commitment: Commitment, told: Sequence[Event], move: Event | None, asked: str, *, now: datetime
) -> Panel:
    state = _state(commitment, move, now=now)
    spoken = _said_in_panel(commitment, told)
    updates = [
        _update(event)
        for event in told
        if event.words and event != spoken and event.kind not in _ENDINGS_TOLD
    ]
    missed = state is MISSED
    return Panel(
        commitment=commitment,
        state=state,
        owner=messages.customer.who_owes(commitment),
        aside=_aside(commitment, now=now),
        move=_move(move) if move else None,
        words=spoken.words if spoken else "",
        reminded=missed and _was_reminded(commitment),
        hear_by=_hear_by(commitment, now=now) if missed else None,
        contact="",
        steps=_steps(commitment, asked),
        latest=updates[0] if updates else None,
        earlier=updates[1:],
    )


def _state(commitment: Commitment, move: Event | None, *, now: datetime) -> State:
    if not commitment.is_live:
        return _ENDINGS[commitment.status]
    if commitment.is_waiting:
        return NEED
    if commitment.is_overdue(now):
        return MISSED
    return NEW_TIME if move else ON_TRACK


def _said_in_panel(commitment: Commitment, told: Sequence[Event]) -> Event | None:
    """How it ended, or what we are waiting for: the panel itself says it, and nothing else does."""
    kinds = _ENDINGS_TOLD
    if commitment.is_live:
        kinds = frozenset({EventKind.WAITED} if commitment.is_waiting else ())
    return next((event for event in told if event.kind in kinds), None)


def _update(event: Event) -> Update:
    author = event.actor
    return Update(
        author=author.first_name if author else "",
        initials=author.initials if author else "",
        at=event.at,
        words=event.words,
    )


def _move(event: Event) -> Move | None:
    old_due_at = parse_datetime(event.changes["due_at"][0])
    if old_due_at is None:
        return None
    return Move(
        old_due_at=old_due_at,
        missed=event.at > old_due_at,
        by_waiting=event.kind == EventKind.RESUMED,
        explained_by=event.actor.first_name if event.visible and event.actor else "",
    )


def _was_reminded(commitment: Commitment) -> bool:
    last = commitment.last_step_at
    return last is not None and last >= commitment.due_at


def _hear_by(commitment: Commitment, *, now: datetime) -> datetime | None:
    """The next working moment at which the ladder asks somebody, or, once it has ended, the end of
    the working day after; None when that has passed as well.
    """
    try:
        terms = agenda.Terms.load(commitment)
        steps = agenda.upcoming(agenda.Standing.of(commitment), terms)
        ahead = next((at for _, at in steps if at > now), None)
        if ahead is not None:
            return terms.hours.next_open(ahead)
        closing = terms.hours.closing(commitment.last_step_at or commitment.due_at, 1)
    except CommitmentError:  # a team that never opens
        return None
    return closing if closing > now else None


def _aside(commitment: Commitment, *, now: datetime) -> str:
    """`Tomorrow, by phone on the number that ends in 142`, as far as there is something to say."""
    zone = messages.customer.zone_of(commitment)
    day = saying.say_day_nearby(commitment.due_at, zone=zone, now=now)
    parts = [day] if day in {"Today", "Tomorrow"} else []
    start = commitment.window_start
    if start is not None:
        parts.append(f"not before {saying.say_time_inside(start, zone=zone, now=now)}")
    if commitment.keep_by:
        parts.append(messages.customer.KEEP_BY[commitment.keep_by] + _on_number(commitment))
    return saying.sentence_case(", ".join(parts))


def _on_number(commitment: Commitment) -> str:
    """Never the whole number: this page may be forwarded."""
    digits = "".join(each for each in commitment.customer.phone if each.isdigit())
    if commitment.keep_by != Commitment.KeepBy.PHONE or len(digits) < 7:
        return ""
    return f" on the number that ends in {digits[-3:]}"


def _steps(commitment: Commitment, asked: str) -> tuple[tuple[str, str], ...]:
    if commitment.is_live:
        working, done = "now", "to come"
    elif commitment.status == Status.FULFILLED:
        working, done = "done", "done"
    else:
        return ()
    check_in = _ASKED.get(asked, "to come") if done == "done" else "to come"
    return (
        ("Agreed", "done"),
        ("Working on it", working),
        ("Done", done),
        ("Check-in", check_in),
    )


def _told(commitments: Sequence[Commitment]) -> dict[int, list[Event]]:
    """What the customer was told, by promise, newest first."""
    told: dict[int, list[Event]] = defaultdict(list)
    events = Event.objects.filter(commitment__in=commitments).shown_to_customer()
    for event in events.newest_first():
        told[event.commitment_id].append(event)
    return told


def _moves(commitments: Sequence[Commitment]) -> dict[int, Event]:
    """The last event that changed a promise's due time, by promise."""
    kinds = Q(kind__in=[EventKind.MOVED, EventKind.RESUMED, EventKind.REOPENED])
    events = Event.objects.filter(kinds, commitment__in=commitments).not_taken_back()
    return {
        event.commitment_id: event
        for event in events.order_by("sequence").select_related("actor")
        if "due_at" in event.changes
    }


def _asked(commitments: Sequence[Commitment]) -> dict[int, str]:
    """How far the newest check-in about each promise has come."""
    items = CheckInItem.objects.filter(commitment__in=commitments)
    return {
        item.commitment_id: item.check_in.state
        for item in items.select_related("check_in").order_by("pk")
    }
