"""The wording of a promise, from the sentence in which it was made: what will be done.

"Sure, I'll send you a new lid by Friday." is "Send you a new lid": who keeps it and by when stand
beside it. Where little would be left, or somebody else acts, the sentence stays as it was said.
"""

from __future__ import annotations

import re
from typing import Final

_BULLET: Final = re.compile(r"(?:[-*•·▪◦‣]|\d{1,3}[.)])\s+")
_OPENING: Final = re.compile(
    r"(?:(?:ok|okay|sure|right|so|yes|great|fine|perfect|no problem|no worries|of course|certainly|"
    r"absolutely|alright|well|and|then|now|thanks|thank you|don['\u2019]t worry)[,.!]?\s+){1,4}",
    re.IGNORECASE,
)
_I_WILL: Final = re.compile(
    r"(?:i|we)(?:['\u2019]ll| will| shall|(?:['\u2019]m| am|['\u2019]re| are) going to)\s+"
    r"(?:(?:also|then|now|definitely|certainly|personally|gladly|just)\s+)?(?=\w)",
    re.IGNORECASE,
)
_LEAST: Final = 8  # characters that still say something
_ENDS: Final = " \t.!,;:…\u2013\u2014-"


def wording_of(quote: str, *, deadline: str = "", limit: int) -> str:
    """What to call it, in at most `limit` characters, begun with a capital."""
    said = " ".join(quote.split())
    bullet = _BULLET.match(said)
    said = said[bullet.end() :] if bullet else said
    opening = _OPENING.match(said)
    began = _I_WILL.match(said, opening.end() if opening else 0)
    act = _without(deadline, said[began.end() :]) if began else ""
    words = act if len(act) >= _LEAST else said
    return _cut(words[:1].upper() + words[1:], limit=limit)


def _without(deadline: str, said: str) -> str:
    said, when = said.rstrip(_ENDS), " ".join(deadline.split()).rstrip(_ENDS)
    at = said.casefold().rfind(f" {when.casefold()}") if when else -1
    end = at + 1 + len(when)
    if at < 0 or said[end : end + 1].isalnum():
        return said
    return f"{said[:at].rstrip(_ENDS)} {said[end:].lstrip(_ENDS)}".rstrip()


def _cut(words: str, *, limit: int) -> str:
    if len(words) <= limit:
        return words
    return f"{words[: limit - 1].rpartition(' ')[0] or words[: limit - 1]}…"
