"""The names that people give to time zones, beside a time on the clock."""

from __future__ import annotations

from typing import Final

from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.tokens import Number

_ZONES: Final[Phrases[str]] = Phrases(
    {
        "utc|gmt|zulu|z": "Etc/UTC",
        "et|est|edt|eastern": "America/New_York",
        "us eastern|est|edt": "America/New_York",
        "ct|cst|cdt|central": "America/Chicago",
        "mt|mst|mdt|mountain": "America/Denver",
        "pt|pst|pdt|pacific": "America/Los_Angeles",
        "akst|akdt|alaska": "America/Anchorage",
        "hst|hawaii": "Pacific/Honolulu",
        "ast|adt|atlantic": "America/Halifax",
        "bst|uk|british|london": "Europe/London",
        "wet|west": "Europe/Lisbon",
        "cet|cest|paris|berlin|madrid|rome|amsterdam": "Europe/Paris",
        "central european": "Europe/Paris",
        "eet|eest": "Europe/Athens",
        "msk|moscow": "Europe/Moscow",
        "ist|indian|india": "Asia/Kolkata",
        "gst|dubai": "Asia/Dubai",
        "sgt|singapore": "Asia/Singapore",
        "hkt": "Asia/Hong_Kong",
        "jst|tokyo|japan": "Asia/Tokyo",
        "kst": "Asia/Seoul",
        "awst|perth": "Australia/Perth",
        "acst|acdt|adelaide": "Australia/Adelaide",
        "aest|aedt|sydney|melbourne": "Australia/Sydney",
        "brisbane": "Australia/Brisbane",
        "nzst|nzdt|auckland": "Pacific/Auckland",
        "new york": "America/New_York",
        "chicago": "America/Chicago",
        "los angeles": "America/Los_Angeles",
        "irish|dublin": "Europe/Dublin",
        "sast": "Africa/Johannesburg",
    }
)
_UTC: Final = "Etc/UTC"
_OURS: Final = Phrases({"local|your|our|my|their time": ""})
_PLACES: Final = (
    *("uk", "british", "london", "paris", "berlin", "madrid", "rome", "amsterdam", "moscow"),
    *("indian", "india", "dubai", "singapore", "tokyo", "japan", "perth", "adelaide", "sydney"),
    *("melbourne", "brisbane", "auckland", "york", "chicago", "angeles", "irish", "dublin"),
    *("west", "alaska", "hawaii", "european"),
)


def zone(cursor: Cursor) -> str | None:
    """The IANA name of the zone that is named here; "" for the zone of whoever reads it."""
    has_bracket = bool(cursor.mark("("))
    found = _zone(cursor)
    return found if not has_bracket or cursor.mark(")") else None


def _zone(cursor: Cursor) -> str | None:
    ours = cursor.said(_OURS)
    if ours is not None:
        return ours
    found = cursor.said(_ZONES)
    if found is None:
        return None
    last = cursor.tokens[cursor.at - 1].what
    if found == _UTC:
        return cursor.attempt(_hours_off) or found
    cursor.word("standard", "daylight", "summer", "winter")
    has_time = bool(cursor.word("time"))
    # A place is a zone only as "London time".
    return found if has_time or getattr(last, "text", "") not in _PLACES else None


def _hours_off(cursor: Cursor) -> str | None:
    """UTC+2, which the names of zones write the other way round."""
    sign = cursor.mark("+", "-")
    what = cursor.peek()
    if not sign or not isinstance(what, Number) or not what.value.is_integer():
        return None
    cursor.at += 1
    return f"Etc/GMT{'-' if sign == '+' else '+'}{int(what.value)}" if what.value <= 12 else None
