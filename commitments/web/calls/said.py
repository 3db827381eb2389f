"""A call as a line of the history, in words for the team."""

from __future__ import annotations

from typing import Final

from commitments.models import Commitment, Event
from commitments.rules.calling import Call
from commitments.web.lines import Cast, Line

ATTEMPTED: Final = "Tried twice in its window, and left word: it counts as attempted."
# Title, icon, tone.
_CAME_OF_IT: Final = {
    Call.REACHED: ("{who} reached {first} by phone", "phone-call", "kept"),
    Call.NO_ANSWER: ("{who} called {first}, no answer", "phone-missed", "soon"),
    Call.VOICEMAIL: ("{who} called {first} and left a message", "voicemail", "soon"),
    Call.BUSY: ("{who} called {first}, the line was busy", "phone-missed", "soon"),
    Call.WRONG_NUMBER: ("{who} called a wrong number", "phone-off", "late"),
}


def tried(event: Event, commitment: Commitment, cast: Cast) -> Line:
    title, icon, tone = _CAME_OF_IT[Call(event.changes["call"])]
    who = event.actor.first_name if event.actor else cast.first
    title = title.replace("{who}", who).replace("{first}", cast.first)
    return Line(title=title, icon=icon, tone=tone, at=event.at, note=note_on(event))


def note_on(event: Event) -> str:
    """A sentence where this made it count as attempted."""
    _, marked_at = event.changes.get("attempted_at", [None, None])
    return ATTEMPTED if marked_at else ""
