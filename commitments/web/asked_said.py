"""Check-ins and their answers, as lines of a promise's history and in words."""

from __future__ import annotations

from typing import Final

from commitments.models import CheckInAnswer, Commitment, Event
from commitments.rules import ratings

from .lines import Cast, Line

_DONE: Final = {
    "yes": "We did what we said",
    "partly": "We did what we said in part",
    "no": "We did not do what we said",
}
_IN_DOUBT = "It contradicts another answer of the same minutes: neither counts for now."


def in_words(answer: CheckInAnswer) -> str:
    """`Happy, 4 of 5. We did what we said in part. Something is still open.`"""
    return _in_words(answer.rating, answer.done, still_open=answer.still_open)


def _in_words(rating: int, done: str, *, still_open: bool) -> str:
    feels = ratings.IN_WORDS[rating].capitalize()
    rest = "Something is still open." if still_open else "Nothing is open."
    return f"{feels}, {rating} of 5. {_DONE[done]}. {rest}"


def planned(event: Event, commitment: Commitment, cast: Cast) -> Line:
    if event.actor is None or not event.changes.get("by_hand"):
        return Line(title="Check-in planned", icon="calendar-clock", at=event.at)
    title = f"{event.actor.first_name} asked {cast.first} how it went"
    return Line(title=title, icon="smile", tone="kept", at=event.at)


def answered(event: Event, commitment: Commitment, cast: Cast) -> Line:
    """By the customer; or a colleague who has asked which of two answers is right."""
    said = event.changes
    note = ""
    if "rating" in said:  # older ones do not say it
        note = _in_words(said["rating"], said["done"], still_open=said["still_open"])
    if event.actor is not None:
        title = f"{event.actor.first_name} noted which answer is right"
        return Line(title=title, icon="circle-check", tone="kept", at=event.at, note=note)
    title = f"{cast.first} answered the check-in"
    if said.get("doubted"):
        note = f"{note} {_IN_DOUBT}"
        return Line(title=title, icon="circle-question-mark", tone="soon", at=event.at, note=note)
    tone = "soon" if said.get("still_open") or ratings.is_low(said.get("rating", 5)) else "kept"
    return Line(title=title, icon="smile", tone=tone, at=event.at, note=note)
