"""A promise's events as lines of its history, newest first, in words for the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.dateparse import parse_datetime

from commitments.models import Channel, Commitment, Event, EventKind, User
from commitments.rules import saying
from commitments.rules.lifecycle import Outcome

from . import states

_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened. `words` are somebody's own, `note` is ours."""

    title: str
    icon: str
    tone: str = ""
    at: datetime
    visible: bool = False
    words: str = ""
    note: str = ""
    old_due_at: datetime | None = None
    new_due_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who is spoken of: the customer's first name, and colleagues by id."""

    first: str
    people: dict[int, User]

    def called(self, pk: object) -> str:
        person = self.people.get(pk) if isinstance(pk, int) else None
        return str(person) if person else "nobody"


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
    "progress": "Update",
    "new_time": "New time",
    "slip": "Apology and new time",
    "slip_note": "Automatic note",
    "need": "Request",
    "nudge": "Reminder of what we need",
    "done": "Closing message",
    "check_in": "Check-in",
    "still_open": "Answer",
    "cannot_keep": "Explanation",
}
_CALLED = {
    "owner": "the owner",
    "deputy": "the deputy",
    "lead": "the team lead",
    "manager": "the manager",
}
_DONE_TO = {"owner": "reminded", "deputy": "reminded", "lead": "asked to help"}
_NOTED = "noted"  # of the customer alone


def lines_of(commitment: Commitment) -> list[Line]:
    """The newest 200 lines; two queries, however long the history."""
    events = list(commitment.events.newest_first()[:_MOST])
    ids = {pk for event in events for pk in event.changes.get("owner_id", []) if pk}
    cast = Cast(first=commitment.customer.first_name, people=User.objects.in_bulk(ids))
    return [_line(event, commitment, cast) for event in events]


def _line(event: Event, commitment: Commitment, cast: Cast) -> Line:
    write = _WRITERS.get(EventKind(event.kind))
    if write is None:
        title, icon, tone = _PLAIN[EventKind(event.kind)]
        line = Line(title=_fill(title, event, cast), icon=icon, tone=tone, at=event.at)
    else:
        line = write(event, commitment, cast)
    return replace(line, visible=event.visible, words=line.words or event.words)


def _fill(title: str, event: Event, cast: Cast) -> str:
    who = event.actor.first_name if event.actor else cast.first
    return title.replace("{who}", who).replace("{first}", cast.first)


# Title, icon, tone of what needs no more than its words.
_PLAIN = {
    EventKind.WAITED: ("{who} asked {first} for something", "hourglass", "wait"),
    EventKind.HELP_ASKED: ("{who} asked the team lead for a hand", "life-buoy", "soon"),
    EventKind.RELEASED: ("Closed: no longer wanted", "ban", ""),
    EventKind.ABANDONED: ("Closed: we cannot keep it", "circle-x", "late"),
    EventKind.VOIDED: ("Closed: logged by mistake", "ban", ""),
    EventKind.REOPENED: ("{who} opened it again", "rotate-ccw", "soon"),
    EventKind.BREACHED: ("Promised time passed", "clock-alert", "late"),
    EventKind.STEP_PASSED_OVER: ("A reminder was left out: its time had passed", "bell", ""),
    EventKind.STEP_COALESCED: ("A reminder was left out: a later one was due too", "bell", ""),
    EventKind.ASKED_AGAIN: ("Asked again whether it is in hand", "bell-ring", "soon"),
    EventKind.UPDATE_MISSED: ("{first} was to hear from us, and has not", "eye-off", "soon"),
    EventKind.NUDGED: ("{first} reminded of what we need", "bell", "wait"),
    EventKind.DECISION_ASKED: ("No answer from {first}: decide what to do", "bell-ring", "soon"),
    EventKind.CHECK_IN_PLANNED: ("Check-in planned", "calendar-clock", ""),
    EventKind.CHECK_IN_HELD: ("Check-in held back", "pause", ""),
    EventKind.CHECK_IN_DROPPED: ("Check-in dropped", "ban", ""),
    EventKind.CHECK_IN_ANSWERED: ("{first} answered the check-in", "smile", "kept"),
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
    return Line(title=_fill("Note from {who}", event, cast), icon="lock", tone="soon", at=event.at)


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


def _reassigned(event: Event, commitment: Commitment, cast: Cast) -> Line:
    old, new = event.changes.get("owner_id", [None, None])
    title = f"Handed from {cast.called(old)} to {cast.called(new)}"
    return Line(title=title, icon="arrow-right-left", at=event.at)


def _acknowledged(event: Event, commitment: Commitment, cast: Cast) -> Line:
    _, until = _instants(event, "acknowledged_until")
    title = _fill("{who} has it", event, cast)
    return Line(title=title, icon="hand", tone="kept", at=event.at, until=until)


def _fulfilled(event: Event, commitment: Commitment, cast: Cast) -> Line:
    _, outcome = event.changes.get("outcome", ["", ""])
    said = states.ENDINGS[Outcome(outcome)].words if outcome else ""
    title = _fill("{who} marked it done", event, cast)
    return Line(title=title, icon="circle-check", tone="kept", at=event.at, note=said)


def _step(event: Event, commitment: Commitment, cast: Cast) -> Line:
    who = [name for name in event.audience.split(",") if name]
    meant = {name: [_CALLED.get(name, name)] for name in who}
    title = step_in_words(meant, first=cast.first) or "Nobody is left to ask"
    return Line(title=title, icon="bell-ring", tone="soon", at=event.at)


def step_in_words(meant: Mapping[str, Sequence[str]], *, first: str) -> str:
    """`Ana and Dev are reminded; Tom gets an automatic note`, from each audience's people."""
    done: dict[str, list[str]] = {}
    for audience, people in meant.items():
        deed = _NOTED if audience == "customer" else _DONE_TO.get(audience, "told")
        done.setdefault(deed, []).extend(people)
    return saying.sentence_case("; ".join(_deed(deed, done[deed], first) for deed in done))


def _deed(deed: str, people: Sequence[str], first: str) -> str:
    if deed == _NOTED:
        return f"{first} gets an automatic note"
    each = list(dict.fromkeys(people))  # one person may be meant twice
    return f"{' and '.join(each)} {'is' if len(each) == 1 else 'are'} {deed}"


def _sent(event: Event, commitment: Commitment, cast: Cast) -> Line:
    title = f"{_what(event)} sent to {cast.first}"
    return Line(title=title, icon="mail", tone="kept", at=event.at)


def _not_sent(event: Event, commitment: Commitment, cast: Cast) -> Line:
    audience = event.audience.partition(":")[0]
    whom = cast.first if audience == "customer" else "a colleague"
    title = f"{_what(event)} not sent to {whom}"
    return Line(
        title=title, icon="triangle-alert", tone="late", at=event.at, note=event.words, words=" "
    )


def _what(event: Event) -> str:
    return _SENT.get(event.audience.partition(":")[2], "Message")


def _undone(event: Event, commitment: Commitment, cast: Cast) -> Line:
    return Line(
        title=_fill("{who} took back the last action", event, cast), icon="undo-2", at=event.at
    )


def _instants(event: Event, name: str) -> tuple[datetime | None, datetime | None]:
    """The old and the new instant of a field that the event changed."""
    old, new = event.changes.get(name, [None, None])
    return (parse_datetime(old) if old else None, parse_datetime(new) if new else None)


_WRITERS: dict[EventKind, Callable[[Event, Commitment, Cast], Line]] = {
    EventKind.MADE: _made,
    EventKind.UPDATED: _updated,
    EventKind.MOVED: _moved,
    EventKind.RESUMED: _resumed,
    EventKind.REASSIGNED: _reassigned,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.FULFILLED: _fulfilled,
    EventKind.STEP_TAKEN: _step,
    EventKind.MESSAGE_SENT: _sent,
    EventKind.MESSAGE_NOT_SENT: _not_sent,
    EventKind.UNDONE: _undone,
}


def known_kinds() -> frozenset[EventKind]:
    """Every kind of event that has a line; a new one needs its words here."""
    return frozenset(_WRITERS) | frozenset(_PLAIN)
