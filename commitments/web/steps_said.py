"""What the ladder did, in words for the team."""

from __future__ import annotations

from collections.abc import Iterator

from commitments import lengths
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event
from commitments.rules import audiences, saying
from commitments.understanding import steps_ahead

from .lines import Cast, Line

_FALLBACK = "whoever is left to ask"
_PROGRAM = "a program"
_WHY_NOT = {
    "nobody": "Nobody is left to ask. Give the team a lead.",
    "late": "Its time had long passed, so a colleague is asked to call {first} instead.",
    "unreachable": "{first} has no address for e-mails, so a colleague is asked to call instead.",
}


def taken(event: Event, commitment: Commitment, cast: Cast) -> Line:
    meant = {name: [_called(name, cast)] for name in _names(event)}
    title = steps_ahead.in_words(
        meant, is_before_due=event.step in cast.reminders, first=cast.first
    )
    title = title or "A step came, and nobody was to hear of it"
    note = ""
    if event.repetition:
        note = f"Said again, {saying.say_count(event.repetition, 'time')} by now."
    elif event.changes.get("not_handed_to"):
        note = "It was to change hands, and there was nobody to take it."
    return Line(title=title, icon="bell-ring", tone="soon", at=event.at, note=note)


def passed_over(event: Event, commitment: Commitment, cast: Cast) -> Line:
    if event.changes.get("because") != "second_breach":
        title = "A reminder was left out: its time had passed"
        return Line(title=title, icon="bell", at=event.at)
    called = " and ".join(_called(name, cast) for name in _names(event))
    note = f"{cast.first} was let down not long before, so a manager is asked at once."
    return Line(title=f"The step for {called} was left out", icon="bell", at=event.at, note=note)


def breached(event: Event, commitment: Commitment, cast: Cast) -> Line:
    note = ""
    if event.changes.get("breached_again", [False, False])[1]:
        days = lengths.current().second_breach_within.days
        note = f"The second time for {cast.first} within {days} days."
    return Line(
        title="Promised time passed", icon="clock-alert", tone="late", at=event.at, note=note
    )


def handed_over(event: Event, commitment: Commitment, cast: Cast) -> Line:
    old, new = event.changes.get("owner_id", [None, None])
    to = event.changes.get("handed_to") or cast.called(new)
    title = f"Handed from {cast.called(old)} to {to}" if old else f"Handed to {to}"
    note = "" if event.actor_id else "By a step of its policy."
    return Line(title=title, icon="arrow-right-left", at=event.at, note=note)


def why_not_sent(event: Event, cast: Cast) -> str:
    """In our words, where nobody has said it in theirs."""
    return _WHY_NOT.get(str(event.changes.get("because")), "").format(first=cast.first)


def people_in(event: Event) -> Iterator[int]:
    """The ids of colleagues that a line about this event names."""
    yield from (pk for pk in event.changes.get("owner_id", []) if pk)
    for name in _names(event):
        what, _, pk = name.partition(":")
        if what == "person" and pk.isdecimal():
            yield int(pk)


def _names(event: Event) -> list[str]:
    return [name for name in event.audience.split(",") if name]


def _called(name: str, cast: Cast) -> str:
    if name == "fallback":
        return _FALLBACK
    what, _, pk = name.partition(":")
    if what == "webhook":
        return _PROGRAM
    if what == "person":
        return cast.called(int(pk)) if pk.isdecimal() else name
    try:
        return audiences.say(name, {})
    except CommitmentError:
        return name
