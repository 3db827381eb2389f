"""What may lead a piece of a deadline, and what may stand around it and changes nothing."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from commitments.reading.times.cursor import Cursor, Phrases

Lead: TypeAlias = Literal["by", "before", "on", "at", "in"]

_LEADS: Final[Phrases[Lead]] = Phrases(
    {
        "by|until|till|til|untill|through|thru": "by",
        "up until|till": "by",
        "between now and": "by",
        "by or before": "by",
        "no|not longer than": "in",
        "[by] no|not later than|then": "by",
        "on or before|by": "by",
        "at the latest by|on": "by",
        "before|b4": "before",
        "prior to": "before",
        "ahead of": "before",
        "on or about|around": "on",
        "shortly|just before": "before",
        "on": "on",
        "at|@": "at",
        "in|within|inside|w/in": "in",
        "during": "in",
        "inside of": "in",
        "over|throughout the": "in",
    }
)
_NOTHING: Final = Phrases(
    {
        "about|abt|around|approximately|approx|roughly|circa|nearly": "",
        "closer|close to": "",
        "toward|towards|near|like": "",
        "anywhere|somewhere": "",
        "during|over|in the course of": "",
        "up to [and] [including]": "",
        "give me|us": "",
        "upto": "",
        "less|fewer than": "",
        "no|not more than": "",
        "at most": "",
        "under|maximum|max": "",
        "[a] maximum of": "",
        "sometime|anytime": "",
        "some|any time": "",
        "at some point|stage": "",
        "take|takes|taking|allow|allows": "",
        "please allow": "",
        "it|that|this will|may|can take": "",
        "may|can|should|will|would|might|could take": "",
        "maybe|perhaps|possibly|probably|likely|ideally|hopefully": "",
        "bright and": "",
        "some point": "",
        "either|just|only|exactly|precisely|even": "",
        "as late as": "",
        "at the latest": "",
        "latest": "",
        "asap|soon": "",
        "as soon|quickly|fast as possible": "",
        "as soon|quickly|fast as i|we|you|they can": "",
    }
)
_AFTERWARDS: Final = Phrases(
    {
        "at the [very] latest": True,
        "latest|max|maximum|tops|sharp|prompt|sometime|anytime|absolute": True,
        "approximately|approx|roughly": True,
        "some|any time": True,
        "at most": True,
        "at some point|stage": True,
        "on the dot": True,
        "or so|less|sooner|earlier|before|thereabouts": True,
        "if not sooner|before|earlier": True,
        "or thereabouts": True,
    }
)
_BY_MARK: Final[dict[str, Lead]] = {"+": "in", "@": "at"}


def taken(cursor: Cursor) -> frozenset[Lead]:
    """What stands before a piece: by, on, before ..., each at most once."""
    found: set[Lead] = set()
    while True:
        before = cursor.at
        if _said_nothing(cursor):
            continue
        lead = _BY_MARK.get(cursor.mark(*_BY_MARK)) or cursor.said(_LEADS)
        if lead is None or lead in found:
            cursor.at = before
            return frozenset(found)
        found.add(lead)


def pass_afterwards(cursor: Cursor) -> None:
    """Pass what may follow a piece and changes nothing: at the latest, or so."""
    while cursor.attempt(_afterwards):
        pass


def _afterwards(cursor: Cursor) -> bool | None:
    cursor.mark(",")
    return cursor.said(_AFTERWARDS)


def pass_nothing(cursor: Cursor) -> None:
    """Pass words that change nothing: anywhere between."""
    while _said_nothing(cursor):
        pass


def _said_nothing(cursor: Cursor) -> bool:
    is_passed = cursor.said(_NOTHING) is not None
    if is_passed:
        cursor.mark(",")
    return is_passed


FIRST_WORDS: Final = _LEADS.first_words | _NOTHING.first_words
WORDS: Final = _LEADS.words | _NOTHING.words
