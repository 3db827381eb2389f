"""Which of the times said in a sentence is the deadline of what is promised in it.

A time after the words that promise is meant, one that says when before one that is vague. Without
one, a time right before them is: "By Friday we'll have it". What waits for an event keeps its
words, as a vague one: "once travel is complete", "as soon as we have news".
"""

from __future__ import annotations

import re
from typing import Final

from commitments.reading import finding
from commitments.reading.finding import Found

_EVENT: Final = re.compile(
    r"\b(?:(?:just )?as (?:soon|quickly|fast|promptly) as|soon as|(?:just )?once|when|after"
    r"|the (?:moment|minute|second|instant)|by the time)\s(?!you\b|we can\b|i can\b|possible)"
    r"|\b(?:(?:\d+|an?|one|two|half an|a few) ?(?:min|hour|hr|day|week)\w*"
    r"|the (?:day|night|evening|week)) (?:before|after|prior to)\b"
    r"|\bbefore (?=(?:\w+ ){1,3}"
    r"(?:arrive|leave|come|go|start|begin|close|open|land|end|depart)s?\b)"
    r"|\b(?:on|at|with|in) (?:your|the) next (?!one\b)(?=[a-z])"
    r"|\bas (?=things|it|we|more)|\bin the [ap]\.?m\b\.?|\bin \w+day's (?=[a-z])",
    re.IGNORECASE,
)
_EVENT_ENDS: Final = re.compile(
    r"[,;.!?(\n]|\s(?:and|but|so|or)\s(?=(?:i|we|you|they|he|she|it|will|please|let|send|call|get|give|tell|email|then)\b)",
    re.IGNORECASE,
)
# "Extended by two weeks", "free for a month", "the 6pm".
_IS_MEASURE: Final = re.compile(r"\b(?:by|for|of|on the)\s$", re.IGNORECASE)
_IS_WHICH: Final = re.compile(r"\b(?:the|your|my|our)\s$", re.IGNORECASE)
_HANDED_OVER: Final = re.compile(r"\b(it|this|that|them|you|come|out)\sover\b", re.IGNORECASE)
_STRAY: Final = re.compile(r"by\s+(?=(?:on|at|in|between)\b)", re.IGNORECASE)
_IS_BEFORE: Final = re.compile(r"\s+(?:before|after|prior|free|off)\b", re.IGNORECASE)
_NEXT_CLAUSE: Final = re.compile(r"[,;]\s(?:and|but|so)\s|\sso that\s", re.IGNORECASE)
_IS_LENGTH: Final = re.compile(
    r"(?:an?|\d+|one|two|three|four|five|six|ten|couple|few|several)\b|\d", re.IGNORECASE
)
# How far from the words that promise a time is still theirs, in characters.
_NEAR: Final = 100
_FAR: Final = 300
_MEASURES: Final = 12
_LONGEST_EVENT: Final = 90
_ASKS_WHEN: Final = re.compile(
    r"\b(?:know|see|tell|confirm|say|advise|is|s)(?: \w+)?\s*$", re.IGNORECASE
)
_RIGHT_BEFORE: Final = re.compile(r"[\s,:-]*(?:then\s)?$", re.IGNORECASE)
# "The fee you were charged on Monday", "your flight tomorrow", "see if it fits on Friday".
_OF_SOMETHING_ELSE: Final = re.compile(
    r"\b(?:you|i|we|he|she|they|that|which)\s(?:\w+ly\s)?"
    r"(?:was|were|had|did|paid|made|sent|bought|got|came|took|[a-z]{3,}ed)\b"
    r"|\b(?:if|whether|hope|hoping|forward)\b"
    r"|\b(?:meeting|flight|appointment|trip|stay|event|interview|class|game|wedding|concert)\s$",
    re.IGNORECASE,
)


def deadline(text: str, *, start: int, end: int, begins: int, promised: int) -> Found | None:
    """The deadline in the sentence text[start:end], which promises in text[begins:promised]."""
    start, end = max(start, begins - _NEAR), min(end, promised + _FAR)
    said = _HANDED_OVER.sub(r"\1 away", text[start:end])  # the same length, and no "over 2 days"
    phrases = [_moved(found, start) for found in finding.phrases(said)]
    after = [found for found in phrases if found.end > begins]
    meant = [found for found in after if _is_meant(text, begins, found)]
    exact = [found for found in meant if not found.is_vague]
    if exact:
        return exact[0]
    earlier = [found for found in phrases if found.end <= begins]
    if earlier and _RIGHT_BEFORE.match(text, earlier[-1].end, begins):
        return earlier[-1]
    clause = _NEXT_CLAUSE.search(text, promised, end)
    return (
        _event(text, promised, clause.start() if clause else end)
        or (meant[0] if meant else None)
        or _opening_event(text, start, begins)
    )


def _opening_event(text: str, start: int, begins: int) -> Found | None:
    """ "Once approved, ": what the sentence waits for, said before the promise."""
    event = _event(text, start, begins)
    return event if event and text[event.end : event.end + 1] in (",", "") else None


def _is_meant(text: str, begins: int, found: Found) -> bool:
    near = max(0, found.start - _MEASURES)
    if found.words[0].isdigit() and _IS_WHICH.search(text, near, found.start):
        return False
    if _IS_LENGTH.match(found.words) and (
        _IS_MEASURE.search(text, near, found.start) or _IS_BEFORE.match(text, found.end)
    ):
        return False
    return not _OF_SOMETHING_ELSE.search(text, begins, max(begins, found.start))


def _event(text: str, at: int, end: int) -> Found | None:
    for opening in _EVENT.finditer(text, at, end):
        is_asked = opening[0].lower().startswith("when") and _ASKS_WHEN.search(
            text, at, opening.start()
        )
        if is_asked:
            continue
        closing = _EVENT_ENDS.search(text, opening.end(), end)
        stop = min(closing.start() if closing else end, opening.start() + _LONGEST_EVENT)
        words = text[opening.start() : stop].rstrip()
        return Found(opening.start(), opening.start() + len(words), words, is_vague=True)
    return None


def _moved(found: Found, by: int) -> Found:
    """The same in the turn; a full stop belongs to the sentence, but in "5 p.m."."""
    words = found.words
    if words.endswith(".") and not words.lower().endswith(".m."):
        words = words.rstrip(".")
    stray = _STRAY.match(words)
    start = found.start + by + (stray.end() if stray else 0)
    words = words[stray.end() :] if stray else words
    return Found(start, start + len(words), words, found.is_vague)
