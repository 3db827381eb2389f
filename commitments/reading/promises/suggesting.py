"""A conversation read turn by turn, each sentence of the agent for a promise in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from . import conditions, formulas, futures, signs, times, words
from .conversation import Suggestion, Turn
from .sentences import sentences
from .signs import Sign
from .words import Word

# A sentence without one of these is read no further: most have none.
_CUE: Final = re.compile(
    r"will|shall|should|['\u2019\u2018`\u00b4]l|\b(?:ill|well|gonna|gona|\w+ll|wil|about|due|set|bound"
    r"|going|expect\w*|plan\w*|intend\w*|promis\w*|aim\w*|commit|undertake|guarantee|pledge"
    r"|endeavou?r|vow|scheduled|looking|\w+ing)\b",
    re.IGNORECASE,
)

_LAST_WORDS: Final = 300


def suggest(turns: Sequence[Turn]) -> tuple[Suggestion, ...]:
    """What the agent seems to have promised, in the order in which it was said. Raises nothing."""
    return tuple(
        suggestion
        for number, turn in enumerate(turns)
        if turn.speaker == "agent"
        for suggestion in _in_turn(number, turns)
    )


def _in_turn(number: int, turns: Sequence[Turn]) -> Iterator[Suggestion]:
    text = turns[number].text
    asked = _said_before(number, turns)
    before: list[list[Word]] = []
    for start, end in sentences(text):
        said = words.words(text, start, end)
        sign = _sign_in(said, text[start:end], asked, before)
        if sign:
            yield _suggestion(number, text, (start, end), said, sign)
        before = [*before[-1:], said]


def _said_before(number: int, turns: Sequence[Turn]) -> list[Word]:
    """What the customer said right before: its end, for that is what is answered."""
    if not number or turns[number - 1].speaker != "customer":
        return []
    text = turns[number - 1].text
    return words.words(text, max(0, len(text) - _LAST_WORDS), len(text))


def _sign_in(
    said: Sequence[Word], text: str, asked: Sequence[Word], before: Sequence[Sequence[Word]]
) -> tuple[Sign, str] | None:
    """The first sign of the sentence, and on what condition it was given."""
    is_question = bool(said) and said[-1].text == "?"
    for future in futures.futures(said) if _CUE.search(text) else ():
        sign = signs.of(said, future)
        if sign is None:
            continue
        condition = conditions.in_sentence(said, future)
        if condition or not is_question:
            return sign, condition or conditions.in_sentences_before(before)
    sign = None if is_question else formulas.of(said, asked=asked)
    return (sign, "") if sign else None


def _suggestion(
    number: int, text: str, span: tuple[int, int], said: Sequence[Word], found: tuple[Sign, str]
) -> Suggestion:
    sign, condition = found
    start, end = span
    begins, promised = said[sign.start].start, said[sign.end - 1].end
    due = times.deadline(text, start=start, end=end, begins=begins, promised=promised)
    ending = f", but {condition}." if condition else "."
    return Suggestion(
        turn=number,
        start=start,
        end=end,
        quote=text[start:end],
        kind=sign.kind,
        deadline_text=due.words if due else "",
        deadline_is_vague=due is not None and due.is_vague,
        is_conditional=bool(condition),
        promisor=sign.promisor,
        reason=f"“{text[begins:promised]}” {sign.says}{ending}",
    )
