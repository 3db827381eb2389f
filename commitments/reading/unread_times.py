"""What looks like a time in words from which none was read, so that nobody believes it was."""

from __future__ import annotations

import re
from typing import Final

_DAYS: Final = (
    r"mon(?:day)?|tue(?:s|sday)?|wednesday|thu(?:r|rs|rsday)?|fri(?:day)?|saturday|sunday"
    r"|today|tomorrow|tonight|yesterday"
)
_LOOKS_LIKE_A_TIME: Final = re.compile(
    r"\b(?:(?:at|by|before|in|within|until|till)\s+)?"
    rf"(?:(?:{_DAYS})\b|[0-9]{{1,2}}:[0-9]+(?:\s?[ap]m)?\b)"
    r"|\b(?:at|by|before|in|within|until|till)\s+[0-9][0-9.:/]*(?:\s?[a-z]+\b)?",
    re.IGNORECASE,
)


def first_in(text: str) -> str:
    """The first words that look like a time; "" where none do."""
    found = _LOOKS_LIKE_A_TIME.search(text)
    return " ".join(found[0].split()) if found else ""
