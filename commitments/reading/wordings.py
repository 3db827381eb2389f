"""The wording of a promise, from the sentence in which it was made: what will be done.

"Um, sure, I'll send you a new lid by Friday." is "Send you a new lid": who keeps it and by when
stand beside it. Where little would be left, or somebody else acts, the sentence stays as it was
said. The customer reads it: `is_ready` tells whether somebody has to look at it before.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 120  # characters; a longer "sentence" is a transcript without full stops
_BULLET: Final = re.compile(r"(?:[-*•·▪◦‣]|\d{1,3}[.)])\s+")
_WORD_END: Final = r"(?![\w'\u2019-])"
_GREETING: Final = (
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))"
    r"(?: [^\W\d_][\w'\u2019-]{0,30}){0,3}[,.!]"
)
# These say nothing even without a comma; the others only where one follows, or a promise begins.
_SOUND: Final = rf"(?:um+|uh+|erm?|hm+|mhm|ah+|oh|and|but|ok|okay|yeah|yep){_WORD_END}[,.!…]?"
_ASIDE: Final = (
    r"(?:sure|right|so|yes|great|fine|perfect|no problem|no worries|of course|certainly|absolutely|"
    r"alright|all right|well|then|now|thanks|thank you|don['\u2019]t worry|like|you know|look|"
    r"listen|actually|basically|good|awesome|lovely|i see|got it|i understand|i mean|"
    r"let['\u2019]s see)"
)
_FILLER: Final = re.compile(
    rf"(?:(?:{_GREETING}|{_SOUND}|{_ASIDE}[,.!…])\s+){{1,8}}(?=\w)", re.IGNORECASE
)
_OPENING: Final = re.compile(
    rf"(?:(?:{_GREETING}|{_SOUND}|{_ASIDE}{_WORD_END}[,.!…]?)\s+){{1,8}}", re.IGNORECASE
)
_I_WILL: Final = re.compile(
    r"(?:(?:i|we)(?:['\u2019]ll| will| shall| can(?= go ahead)|"
    r"(?:['\u2019]?m| am|['\u2019]re| are) (?:going to|gonna))|ill)[\s,]+"
    r"(?:(?:also|then|now|definitely|certainly|personally|gladly|just|actually|um+|uh+|"
    r"go ahead and)[\s,]+){0,4}(?=\w)",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(rf"\b{_I_WILL.pattern}", re.IGNORECASE)
_UNREADY: Final = re.compile(
    r"\b(?:him|her|hers|his|he|she|their|theirs|the (?:customer|client|caller)|um+|uh+|erm|hmm+|"
    r"gonna|wanna|(?:call|ring|phone|e-?mail|tell|inform|update|refund|contact|notify|let|give|"
    r"write to|get back to) them)\b",
    re.IGNORECASE,
)
_LEAST: Final = 8  # characters that still say something
_ENDS: Final = " \t.!,;:…\u2013\u2014-"


def wording_of(quote: str, *, deadline: str = "", limit: int) -> str:
    """What to call it, in at most `limit` characters, begun with a capital.

    "" where a text without full stops says nothing that could be one.
    """
    said = " ".join(quote.split())
    bullet = _BULLET.match(said)
    said = said[bullet.end() :] if bullet else said
    opening = _OPENING.match(said)
    began = _I_WILL.match(said, opening.end() if opening else 0)
    act = _without(deadline, said[began.end() :]) if began else ""
    words = act if len(act) >= _LEAST else _without_fillers(said)
    if len(words) > LONGEST:
        words = _act_inside(said, deadline=deadline)
    return _cut(words[:1].upper() + words[1:], limit=min(limit, LONGEST))


def is_ready(wording: str) -> bool:
    """Whether the customer can read it as it is: short, clean, and not about somebody absent."""
    is_whole = 0 < len(wording) <= LONGEST and not wording.endswith("…") and "\n" not in wording
    return is_whole and not _UNREADY.search(wording) and not _FILLER.match(wording)


def _without_fillers(said: str) -> str:
    filler = _FILLER.match(said)
    return said[filler.end() :] if filler else said


def _act_inside(said: str, *, deadline: str) -> str:
    """The promise from where it begins, its end left open: nobody knows where it was."""
    began = _INSIDE.search(said)
    act = _without(deadline, said[began.end() :]) if began else ""
    return f"{act}…" if len(act) >= _LEAST else ""


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
    words = words.rstrip("…")
    return f"{words[: limit - 1].rpartition(' ')[0] or words[: limit - 1]}…"
