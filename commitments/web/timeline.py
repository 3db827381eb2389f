"""A promise's events as lines of its history, newest first, in words for the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.dateparse import parse_datetime

from commitments.models import Channel, Commitment, Event, EventKind, User
from commitments.rules import causes, reference
from commitments.rules.lifecycle import Outcome
from commitments.services.asking import ASKED
from commitments.services.making_right import REMEDY

from . import asked_said, case_said, heard_said, states, steps_said
from .calls import said
from .lines import Cast, Line

MOST = 50


_ON = {
    Channel.PHONE: "on a call",
    Channel.CHAT: "in a chat",
    Channel.EMAIL: "by e-mail",
    Channel.SOCIAL: "on social media",
    Channel.POST: "by post",
    Channel.IN_PERSON: "in person",
}
_SENT = {
    "agreement": "Summary",
    "recap": "One mail about all we agreed",
    "progress": "Update",
    "new_time": "New time",
    "slip": "Apology and new time",
    "slip_note": "Automatic note",
    "slip_reason": "Apology and reason",
    "need": "Request",
    "nudge": "Reminder of what we need",
    "done": "Closing message",
    "check_in": "Check-in",
    "still_open": "Answer",
    "cannot_keep": "Explanation",
}


@dataclass(frozen=True, kw_only=True)
class History:
    """Some lines in a row, newest first, and how many there are on either side.

    `before` is what asks for the older ones: the place of the oldest line here.
    """

    lines: list[Line]
    before: int
    newer: int
    older: int


def history_of(
    commitment: Commitment,
    *,
    before: int | None = None,
    most: int = MOST,
    people: Mapping[int, User] | None = None,
) -> History:
    """The lines before a place in it, or the newest.

    One query; a second one for colleagues who are spoken of and not among `people`.
    """
    last = commitment.event_count if before is None else before - 1
    found = commitment.events.filter(sequence__lte=last).newest_first()
    events = list(found[:most])
    oldest = events[-1].sequence if events else 1
    cast = _cast(commitment, events, people or {})
    return History(
        lines=[_line(event, commitment, cast) for event in events],
        before=oldest,
        newer=commitment.event_count - last,
        older=oldest - 1,
    )


def _cast(commitment: Commitment, events: Sequence[Event], people: Mapping[int, User]) -> Cast:
    missing = {pk for event in events for pk in steps_said.people_in(event)} - people.keys()
    others = User.objects.in_bulk(missing) if missing else {}
    ladder = commitment.policy_version.ladder()
    return Cast(
        first=commitment.customer.first_name,
        people={**people, **others},
        reminders={step.number for step in ladder if step.is_before_due},
    )


def _line(event: Event, commitment: Commitment, cast: Cast) -> Line:
    write = _WRITERS.get(EventKind(event.kind))
    if write is None:
        title, icon, tone = _PLAIN[EventKind(event.kind)]
        line = Line(title=_fill(title, event, cast), icon=icon, tone=tone, at=event.at)
    else:
        line = write(event, commitment, cast)
    theirs = event.kind in heard_said.THEIRS and event.actor_id is None
    return replace(
        line,
        visible=event.visible,
        is_theirs=theirs,
        words=line.words or event.words,
        cause=_cause(event),
        remedy=_remedy(event),
    )


def _cause(event: Event) -> str:
    _, cause = event.changes.get("cause", ["", ""])
    named_in_words = event.kind == EventKind.UPDATED
    return "" if named_in_words else causes.said(cause)


def _remedy(event: Event) -> str:
    made = event.changes.get(REMEDY)
    return reference.write(made) if isinstance(made, int) else ""


def _fill(title: str, event: Event, cast: Cast) -> str:
    who = event.actor.first_name if event.actor else cast.first
    return title.replace("{who}", who).replace("{first}", cast.first)


# Title, icon, tone of what needs no more than its words.
_PLAIN = {
    EventKind.WAITED: ("{who} asked {first} for something", "hourglass", "wait"),
    EventKind.HELP_ASKED: ("{who} asked the team lead for a hand", "life-buoy", "soon"),
    EventKind.ABANDONED: ("Closed: we cannot keep it", "circle-x", "late"),
    EventKind.VOIDED: ("Closed: logged by mistake", "ban", ""),
    EventKind.REOPENED: ("{who} opened it again", "rotate-ccw", "soon"),
    EventKind.STEP_COALESCED: ("A reminder was left out: a later one was due too", "bell", ""),
    EventKind.ASKED_AGAIN: ("Asked again whether it is in hand", "bell-ring", "soon"),
    EventKind.UPDATE_MISSED: ("{first} was to hear from us, and has not", "eye-off", "soon"),
    EventKind.NUDGED: ("{first} reminded of what we need", "bell", "wait"),
    EventKind.DECISION_ASKED: ("No answer from {first}: decide what to do", "bell-ring", "soon"),
    EventKind.REPLANNED: ("Goes by the policy as it stands now", "list-checks", ""),
    EventKind.CHECK_IN_HELD: ("Check-in held back", "pause", ""),
    EventKind.CHECK_IN_DROPPED: ("Check-in dropped", "ban", ""),
    EventKind.CONFIRMED: ("{first} says that this is right", "thumbs-up", "kept"),
    EventKind.DISPUTED: ("{first} says that something is off", "message-circle-warning", "soon"),
    EventKind.ERASED: ("{who} erased what was personal", "eraser", ""),
    EventKind.CUSTOMER_MERGED: ("{who} merged two entries of {first}", "git-merge", ""),
    EventKind.MAILS_STOPPED: ("{first} wants no more e-mails. Please call", "bell-off", "soon"),
}


def _made(event: Event, commitment: Commitment, cast: Cast) -> Line:
    channel = _ON.get(Channel(commitment.conversation.channel), "")
    note = f"“{event.words}”" if event.words else ""
    title = f"Promise made {channel}".strip()
    return Line(title=title, icon="heart-handshake", tone="kept", at=event.at, note=note, words=" ")


def _updated(event: Event, commitment: Commitment, cast: Cast) -> Line:
    if event.visible:
        title = _fill("{who} updated {first}", event, cast)
        return Line(title=title, icon="message-square-text", tone="kept", at=event.at)
    title = _fill("Note from {who}", event, cast)
    if event.audience == ASKED:
        title = _fill("{who} asked for an update", event, cast)
    return Line(title=title, icon="lock", tone="soon", at=event.at)


def _moved(event: Event, commitment: Commitment, cast: Cast) -> Line:
    old, new = _instants(event, "due_at")
    early = old is not None and event.at < old
    # Whether a message was accepted in time is said where it was, in a line of its own.
    told = {
        "phone": f"{cast.first} told {'first, ' if early else ''}by phone",
        "message": f"a message goes to {cast.first}",
    }.get(str(event.changes.get("told", "")), f"{cast.first} not told")
    return Line(
        title=f"Date moved, {told}",
        icon="calendar-clock",
        tone="wait",
        at=event.at,
        old_due_at=old,
        new_due_at=new,
    )


def _resumed(event: Event, commitment: Commitment, cast: Cast) -> Line:
    old, new = _instants(event, "due_at")
    return Line(
        title=f"{cast.first} answered; the work goes on",
        icon="play",
        tone="kept",
        at=event.at,
        old_due_at=old,
        new_due_at=new,
    )


def _acknowledged(event: Event, commitment: Commitment, cast: Cast) -> Line:
    _, until = _instants(event, "acknowledged_until")
    title = _fill("{who} has it", event, cast)
    return Line(title=title, icon="hand", tone="kept", at=event.at, until=until)


def _fulfilled(event: Event, commitment: Commitment, cast: Cast) -> Line:
    _, outcome = event.changes.get("outcome", ["", ""])
    note = states.ENDINGS[Outcome(outcome)].words if outcome else ""
    title = _fill("{who} marked it done", event, cast)
    return Line(title=title, icon="circle-check", tone="kept", at=event.at, note=note)


def _sent(event: Event, commitment: Commitment, cast: Cast) -> Line:
    title = f"{_what(event)} sent to {cast.first}"
    note = said.note_on(event) or _WITH_IT.get(event.audience.partition(":")[2], "")
    return Line(title=title, icon="mail", tone="kept", at=event.at, note=note)


def _not_sent(event: Event, commitment: Commitment, cast: Cast) -> Line:
    audience = event.audience.partition(":")[0]
    whom = cast.first if audience == "customer" else "a colleague"
    title = f"{_what(event)} not sent to {whom}"
    note = event.words or steps_said.why_not_sent(event, cast)
    return Line(title=title, icon="triangle-alert", tone="late", at=event.at, note=note, words=" ")


def _returned(event: Event, commitment: Commitment, cast: Cast) -> Line:
    audience = event.audience.partition(":")[0]
    whom = cast.first if audience == "customer" else "a colleague"
    title = f"{_what(event)} to {whom} came back"
    if event.changes.get("complaint"):
        title = f"{_what(event)} to {whom} marked as unwanted"
    return Line(title=title, icon="undo-2", tone="late", at=event.at, note=event.words, words=" ")


_WITH_IT = {
    "agreement": "“What we agreed”, with a link to the status page.",
    "check_in": "One question: is all well? With five answers to choose from.",
}


def _what(event: Event) -> str:
    return _SENT.get(event.audience.partition(":")[2], "Message")


def _undone(event: Event, commitment: Commitment, cast: Cast) -> Line:
    return Line(
        title=_fill("{who} took back the last action", event, cast), icon="undo-2", at=event.at
    )


def _thanked(event: Event, commitment: Commitment, cast: Cast) -> Line:
    thanked = next(iter(steps_said.people_in(event)), None)
    title = _fill(f"{{who}} thanked {cast.called(thanked)}", event, cast)
    return Line(title=title, icon="heart", tone="kept", at=event.at)


def _instants(event: Event, name: str) -> tuple[datetime | None, datetime | None]:
    """The old and the new instant of a field that the event changed."""
    old, new = event.changes.get(name, [None, None])
    return (parse_datetime(old) if old else None, parse_datetime(new) if new else None)


_WRITERS: dict[EventKind, Callable[[Event, Commitment, Cast], Line]] = {
    EventKind.MADE: _made,
    EventKind.UPDATED: _updated,
    EventKind.MOVED: _moved,
    EventKind.RESUMED: _resumed,
    EventKind.REASSIGNED: steps_said.handed_over,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.FULFILLED: _fulfilled,
    EventKind.CALL_TRIED: said.tried,
    EventKind.BREACHED: steps_said.breached,
    EventKind.STEP_TAKEN: steps_said.taken,
    EventKind.STEP_PASSED_OVER: steps_said.passed_over,
    EventKind.MESSAGE_SENT: _sent,
    EventKind.MESSAGE_NOT_SENT: _not_sent,
    EventKind.MESSAGE_BOUNCED: _returned,
    EventKind.UNDONE: _undone,
    EventKind.CHECK_IN_PLANNED: asked_said.planned,
    EventKind.CHECK_IN_ANSWERED: asked_said.answered,
    EventKind.RELEASED: heard_said.released,
    EventKind.CUSTOMER_WROTE: heard_said.wrote,
    EventKind.OTHER_TIME_ASKED: heard_said.other_time,
    EventKind.CUSTOMER_ANSWERED: heard_said.answered,
    EventKind.LINK_RENEWED: heard_said.renewed,
    EventKind.THANKED: _thanked,
    EventKind.CASE_TOLD: case_said.told,
}


def known_kinds() -> frozenset[EventKind]:
    """Every kind of event that has a line; a new one needs its words here."""
    return frozenset(_WRITERS) | frozenset(_PLAIN)
