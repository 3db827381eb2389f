"""One panel for each promise of a conversation: how it stands, in words for the customer.

Only what is marked as visible to the customer is read aloud here, and nothing that was taken back
or still may be. What customers wrote themselves is not repeated: their page may be forwarded. The
facts of a move (the old time, and when it was changed) are shown even where its reason is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery, prefetch_related_objects
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from commitments import agenda, lengths, messages, spoken
from commitments.models import Brand, CheckInItem, Commitment, Event, EventKind
from commitments.models.checkin import State as CheckInState
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import saying
from commitments.rules.lifecycle import Status

from . import actions, histories
from .actions import Actions
from .histories import History


@dataclass(frozen=True)
class State:
    """`name` is its template, `tone` a class of app.css, `icon` a name of the icon set."""

    name: str
    tone: str
    icon: str
    words: StrOrPromise

    @property
    def template(self) -> str:
        return f"commitments/public/states/{self.name}.html"


ON_TRACK = State("on_track", "kept", "circle-check", gettext_lazy("On track"))
NEW_TIME = State("new_time", "wait", "calendar-clock", gettext_lazy("New time"))
MISSED = State("missed", "late", "clock-alert", gettext_lazy("We missed the time"))
NEED = State("need", "soon", "hand-helping", gettext_lazy("We need something from you"))
DONE = State("done", "kept", "circle-check", gettext_lazy("Done"))
CANNOT_KEEP = State("cannot_keep", "late", "circle-x", gettext_lazy("We cannot keep it"))
RELEASED = State("released", "quiet", "ban", gettext_lazy("No longer wanted"))
NOT_RIGHT = State(
    "not_right", "soon", "message-circle-warning", gettext_lazy("You told us this is not right")
)

_ENDINGS: Mapping[str, State] = {
    Status.FULFILLED: DONE,
    Status.BROKEN: CANNOT_KEEP,
    Status.RELEASED: RELEASED,
}
# A check-in's state, as far as the fourth step has come.
_ASKED: Mapping[str, str] = {CheckInState.SENT: "now", CheckInState.ANSWERED: "done"}
_EARLIER = 3
# What may be looked up: the step of the ladder at which somebody is asked next.
_AROUND = ("policy_version__steps", "team__calendar__opening_hours", "team__calendar__holidays")


@dataclass(frozen=True, kw_only=True)
class Update:
    """What somebody wrote to the customer."""

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
class Asked:
    """What the customer wrote last, `at` when, and by when we said that we answer, if that is still
    ahead.
    """

    at: datetime
    answer_by: datetime | None


@dataclass(frozen=True, kw_only=True)
class Panel:
    """`steps` are label, "done", "now" or "to come", and that in words; none where there is no way
    to Done.
    """

    commitment: Commitment
    state: State
    owner: str
    aside: str
    move: Move | None
    words: str
    reminded: bool
    hear_by: datetime | None
    contact: str
    steps: tuple[tuple[str, str, str], ...]
    latest: Update | None
    earlier: Sequence[Update]
    asked: Asked | None
    is_confirmed: bool
    take_back_until: datetime | None
    actions: Actions

    @property
    def earlier_said(self) -> str:
        return spoken.say_earlier_updates(len(self.earlier))

    @property
    def newest_earlier(self) -> Sequence[Update]:
        """As many as stand in one of several panels; all are on the promise's own page."""
        return self.earlier[:_EARLIER]

    @property
    def has_more_earlier(self) -> bool:
        return len(self.earlier) > _EARLIER

    @property
    def awaits_news(self) -> bool:
        return self.latest is None and self.commitment.status == Status.OPEN


@dataclass(frozen=True, kw_only=True)
class Line:
    """A promise of a long conversation that has no panel here: its own page shows it."""

    commitment: Commitment
    state: State


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What one page shows: panels, and a line for each promise beyond them."""

    panels: Sequence[Panel]
    lines: Sequence[Line]


# How it ended is said in the panel while that is so, and never as news: it may open again.
_ENDINGS_TOLD = frozenset({EventKind.FULFILLED, EventKind.ABANDONED})


def read(commitments: CommitmentQuerySet) -> CommitmentQuerySet:
    """With all that their panels say, and how far the newest check-in about each has come."""
    items = CheckInItem.objects.filter(commitment=OuterRef("pk")).order_by("-pk")
    return commitments.with_everything().annotate(
        asked=Subquery(items.values("check_in__state")[:1])
    )


def of(
    commitments: Sequence[Commitment], *, brand: Brand, only: int | None = None, now: datetime
) -> Shown:
    """A panel each, or of the `only` one; the number of queries does not depend on how many.

    Of many those that are open come first, and what is beyond the page's measure is a line.
    """
    found = [
        (each, history, _state(each, history, now=now))
        for each, history in histories.of(commitments, now=now)
        if only in (None, each.pk)
    ]
    most = lengths.current().promises_on_a_page
    if len(found) > most:
        found.sort(key=lambda one: not one[0].is_live)
    missed = [each for each, _, state in found[:most] if state is MISSED]
    prefetch_related_objects(missed, *_AROUND)
    return Shown(
        panels=[
            _panel(each, history, state, brand=brand, now=now)
            for each, history, state in found[:most]
        ],
        lines=[Line(commitment=each, state=state) for each, _, state in found[most:]],
    )


def _panel(
    commitment: Commitment, history: History, state: State, *, brand: Brand, now: datetime
) -> Panel:
    spoken = _said_in_panel(commitment, history.told)
    updates = [
        _update(event)
        for event in history.told
        if event.words and event != spoken and event.kind not in _ENDINGS_TOLD
    ]
    missed = state is MISSED
    return Panel(
        commitment=commitment,
        state=state,
        owner=messages.customer.who_owes(commitment, brand),
        aside=_aside(commitment, now=now),
        move=_move(history.move) if history.move else None,
        words=spoken.words if spoken else "",
        reminded=missed and _was_reminded(commitment),
        hear_by=_hear_by(commitment, now=now) if missed else None,
        contact=messages.customer.how_to_reach_us(brand),
        steps=_steps(commitment) if brand.shows_steps else (),
        latest=updates[0] if updates else None,
        earlier=updates[1:],
        asked=_asked(history.asked, now=now) if history.asked else None,
        is_confirmed=history.is_confirmed,
        take_back_until=actions.take_back_until(commitment, history, now=now),
        actions=actions.of(commitment, history, now=now),
    )


def _state(commitment: Commitment, history: History, *, now: datetime) -> State:
    if not commitment.is_live:
        return _ENDINGS[commitment.status]
    if commitment.disputed_at is not None:
        return NOT_RIGHT
    if commitment.is_waiting:
        return NEED
    if commitment.is_overdue(now):
        return MISSED
    return NEW_TIME if history.move else ON_TRACK


def _asked(event: Event, *, now: datetime) -> Asked:
    by = histories.answer_by(event)
    return Asked(at=event.at, answer_by=by if by is not None and by > now else None)


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
    return agenda.hear_by(commitment, agenda.Terms.load(commitment), now=now)


def _aside(commitment: Commitment, *, now: datetime) -> str:
    """`Tomorrow, by phone on the number that ends in 142`, as far as there is something to say."""
    zone = messages.customer.zone_of(commitment)
    parts = []
    if _days_ahead(commitment.due_at, zone=zone, now=now) in {0, 1}:
        parts.append(spoken.say_day_nearby(commitment.due_at, zone=zone, now=now))
    start = commitment.window_start
    if start is not None:
        time = spoken.say_time_inside(start, zone=zone, now=now)
        parts.append(gettext("not before %(time)s") % {"time": time})
    if commitment.keep_by:
        parts.append(f"{messages.customer.keep_by(commitment)}{_on_number(commitment)}")
    return saying.sentence_case(", ".join(parts))


def _days_ahead(at: datetime, *, zone: str, now: datetime) -> int:
    here = ZoneInfo(zone)
    return (at.astimezone(here).date() - now.astimezone(here).date()).days


def _on_number(commitment: Commitment) -> str:
    """Never the whole number: this page may be forwarded."""
    digits = "".join(each for each in commitment.customer.phone if each.isdigit())
    if commitment.keep_by != Commitment.KeepBy.PHONE or len(digits) < 7:
        return ""
    return " " + gettext("on the number that ends in %(digits)s") % {"digits": digits[-3:]}


def _steps(commitment: Commitment) -> tuple[tuple[str, str, str], ...]:
    if commitment.is_live:
        working, done = "now", "to come"
    elif commitment.status == Status.FULFILLED:
        working, done = "done", "done"
    else:
        return ()
    asked = getattr(commitment, "asked", None)  # annotated by `read`
    check_in = _ASKED.get(asked or "", "to come") if done == "done" else "to come"
    said = {"done": gettext("done"), "now": gettext("now"), "to come": gettext("to come")}
    return (
        (gettext("Agreed"), "done", said["done"]),
        (gettext("Working on it"), working, said[working]),
        (gettext("Done"), done, said[done]),
        (gettext("Check-in"), check_in, said[check_in]),
    )
