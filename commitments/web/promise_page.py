"""One promise: keep it, or be honest about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.utils import timezone

from commitments import agenda, messages
from commitments.messages import fate
from commitments.models import Commitment, EventKind, User
from commitments.rules import saying
from commitments.rules.lifecycle import Status

from . import attention, doors, states, steps_ahead, timeline, undo, verbs, why
from .doors import StaffRequest, signed_in

_TERMS = ("policy_version__steps", "team__calendar__opening_hours", "team__calendar__holidays")


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The due time in words: a headline, and what it asks of the reader."""

    headline: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What happens if it stays open: a moment and a sentence."""

    at: datetime | None  # None: with the next round
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """A verb as a link to its form."""

    verb: str
    label: str
    icon: str


@signed_in
def show(request: StaffRequest, ref: str) -> HttpResponse:
    now = timezone.now()
    commitment = doors.promise_for(request.user, ref)
    prefetch_related_objects([commitment], *_TERMS)
    soon = states.is_soon(commitment, now=now)
    state = states.of(commitment, now=now, soon=soon)
    acts = doors.may_act(request.user, commitment)
    fates = fate.of(commitment)
    context = {
        "commitment": commitment,
        "state": state,
        "panel": panel_of(commitment, state, user=request.user, now=now),
        "why": why.of_promise(commitment, now=now),
        "why_note": why.note_on(commitment, zone=request.user.zone, now=now),
        "primary": primary_of(commitment, now=now) if acts else None,
        "actions": actions_of(commitment, now=now) if acts else [],
        "update_form": _update_form(commitment, request, now=now) if acts else None,
        "undo_wait": undo.wait_in_words(),
        "lines": timeline.lines_of(commitment),
        "ahead": ahead_of(commitment, now=now),
        "moves": commitment.events.filter(kind=EventKind.MOVED).count(),
        "fates": fates,
        "waiting_messages": attention.waiting_for(request.user, commitment, fates),
        "customer_path": messages.status_path(commitment.conversation, now=now),
    }
    return doors.page(request, "promise.html", context, now=now)


def panel_of(commitment: Commitment, state: states.State, *, user: User, now: datetime) -> Panel:
    """How it stands, in words."""
    first = commitment.customer.first_name
    due = saying.say_time_inside(commitment.due_at, zone=user.zone, now=now)
    ago = saying.say_ago(commitment.due_at, now=now)
    if commitment.closed_at is not None:
        ended = saying.say_time_inside(commitment.closed_at, zone=user.zone, now=now)
        return Panel(headline=f"{state.words}, {ended}", text=f"It was due {due}.")
    if commitment.waiting_since is not None:
        since = saying.say_time_inside(commitment.waiting_since, zone=user.zone, now=now)
        headline = f"Waiting on {first} since {since}"
        return Panel(headline=headline, text=f"We asked: {commitment.waiting_for}")
    headline = f"Due {due}, {ago}"
    if not commitment.is_overdue(now):
        return Panel(headline=headline, text=_as_promised(commitment, user=user, now=now))
    return Panel(headline=headline, text=_silence(commitment, user=user, now=now))


def _as_promised(commitment: Commitment, *, user: User, now: datetime) -> str:
    if not commitment.was_moved:
        return f"{commitment.customer.first_name} counts on this time."
    first = saying.say_time_inside(commitment.first_due_at, zone=user.zone, now=now)
    return f"First promised for {first}."


def _silence(commitment: Commitment, *, user: User, now: datetime) -> str:
    first, told_at = commitment.customer.first_name, commitment.told_at
    if told_at is None:
        heard = f"{first} has not heard from us about it."
    else:
        said = saying.say_time_inside(told_at, zone=user.zone, now=now)
        if not commitment.is_not_told(now):
            return f"{first} was told {said}. Keep the next time, or tell them again."
        heard = f"{first} has not heard from us since {said}."
    return f"{heard} A short, honest note helps more than a late answer."


def primary_of(commitment: Commitment, *, now: datetime) -> Action | None:
    """The one primary button: telling the customer comes before all else."""
    first = commitment.customer.first_name
    if not commitment.is_live:
        return None
    if commitment.is_not_told(now):
        return Action(verb="move", label=f"Tell {first} and set a new time", icon="send")
    if commitment.is_waiting:
        return Action(verb="resume", label=f"{first} answered, go on", icon="play")
    return Action(verb="done", label="Mark done", icon="check")


def actions_of(commitment: Commitment, *, now: datetime) -> list[Action]:
    """The other things that can be done, most likely first."""
    first = commitment.customer.first_name
    done = Action(verb="done", label="Mark done", icon="check")
    move = Action(verb="move", label="Move the time", icon="calendar-clock")
    rest = [
        Action(verb="hand-over", label="Hand over", icon="arrow-right-left"),
        Action(verb="help", label="Ask for a hand", icon="life-buoy"),
        Action(verb="close", label="Close another way", icon="circle-x"),
    ]
    if not commitment.is_live:
        mistaken = commitment.status == Status.VOID
        again = Action(verb="reopen", label="Open again", icon="rotate-ccw")
        return [] if mistaken else [again]
    if commitment.is_waiting:
        return [done, move, *rest]
    wait = Action(verb="wait", label=f"Waiting on {first}", icon="hourglass")
    if not commitment.is_overdue(now):
        return [move, wait, *rest]
    have = Action(verb="acknowledge", label="I have it", icon="hand")
    return [done, have, *rest] if commitment.is_not_told(now) else [move, have, *rest]


def ahead_of(commitment: Commitment, *, now: datetime) -> list[Ahead]:
    """The steps still to come, in plain sentences with the names of those who are meant."""
    if commitment.status != Status.OPEN:
        return []
    standing, terms = agenda.Standing.of(commitment), agenda.Terms.load(commitment)
    roster = messages.Roster([commitment], now=now)
    programs = steps_ahead.listeners(terms.ladder)
    found = []
    if (again := agenda.said_again(standing, terms)) is not None and again.step is not None:
        meant = steps_ahead.meant(again.step, commitment, roster, programs)
        found.append(Ahead(at=_ahead(again.at, now), sentence=f"{meant}, once more"))
    for step, at in agenda.upcoming(standing, terms):
        sentence = steps_ahead.sentence(step, commitment, roster, programs)
        is_pointless = step.is_before_due and commitment.is_overdue(now)
        if sentence and not is_pointless:
            found.append(Ahead(at=_ahead(at, now), sentence=sentence))
    return found


def _ahead(at: datetime, now: datetime) -> datetime | None:
    return at if at > now else None


def _update_form(commitment: Commitment, request: StaffRequest, *, now: datetime) -> object | None:
    """The box on the page itself; it posts to the update page."""
    if not commitment.is_live:
        return None
    return verbs.new_form("update", commitment, request, now=now)
