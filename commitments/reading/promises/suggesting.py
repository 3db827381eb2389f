"""A conversation read turn by turn, each sentence of the agent for a promise in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Final

from . import conditions, formulas, futures, hints, kinds, signs, times
from .context import Context
from .conversation import Suggestion, Turn
from .futures import Future
from .signs import Sign
from .subjects import Who
from .wordlist import wordlist
from .words import Word

# A sentence without one of these is read no further: most have none.
_CUE: Final = re.compile(
    r"will|shall|should|would|['\u2019\u2018`\u00b4]l|on it\b|\w(?:ll|ing)\b"
    r"|\bships?\b|\byes\b|to (?:follow|come)\b"
    r"|\b(?:ill|gonna|gona|wil|about|due|set|bound|expect|plan|intend|promis|aim|commit|decided"
    r"|undertake|guarantee|pledge|endeavou?r|vow|scheduled|look|allow|give|let|lemme|leave|consider|count"
    r"|watch)",
    re.IGNORECASE,
)
_LONGEST_ANSWER: Final = 80
_ASKS: Final = wordlist("when what where why how who which")
_ASKED: Final = wordlist("do does did are is can could would should")
_MEANS_IT: Final = frozenset({Who.IT, Who.THEY, Who.YOU})
# Nobody promises more in one breath, or looks through more suggestions.
_MOST_IN_SENTENCE: Final = 12
_MOST: Final = 500


def suggest(turns: Sequence[Turn]) -> tuple[Suggestion, ...]:
    """What the agent seems to have promised, in the order in which it was said. Raises nothing.

    No more than the first 500: a text that holds more is no conversation.
    """
    agents = (number for number, turn in enumerate(turns) if turn.speaker == "agent")
    found = (_in_turn(Context(turns=turns, number=number)) for number in agents)
    return tuple(islice(chain.from_iterable(found), _MOST))


def _in_turn(context: Context) -> Iterator[Suggestion]:
    is_asked_when = formulas.asks_when(context.asked)
    for place, (start, end) in enumerate(context.spans):
        may_answer = is_asked_when and end - start < _LONGEST_ANSWER
        if not may_answer and not _CUE.search(context.text, start, end):
            continue
        said = context.said(place)
        sign = _future(said, context, place) or _formula(said, context)
        if sign and not _is_done_at_once(said, sign, context, place):
            yield _suggestion(context, place, said, sign)


def _is_done_at_once(
    said: Sequence[Word], found: tuple[Sign, str], context: Context, place: int
) -> bool:
    """ "I'll check that for you", and the talk goes on: the answer comes in it."""
    sign, condition = found
    if condition or sign.kind != "followup":
        return False
    if sign.is_lookup and context.goes_on:
        return True
    return hints.is_at_once(context.after(place)) and not hints.has_time(said, sign.start)


def _future(said: Sequence[Word], context: Context, place: int) -> tuple[Sign, str] | None:
    """The first sign of the sentence and its condition; a question promises only on one."""
    for future in islice(futures.futures(said), _MOST_IN_SENTENCE):
        sign = signs.of(said, _with_it(future, said, context, place))
        if sign:
            condition = conditions.in_sentence(said, future)
            if condition or not _is_question(said):
                return sign, condition
    return None


def _is_question(said: Sequence[Word]) -> bool:
    """ "When do you think you'll have it" asks without a mark, too."""
    opening = [word.text for word in said[:2]]
    return said[-1].text == "?" or (opening[0] in _ASKS and opening[-1] in _ASKED)


def _with_it(future: Future, said: Sequence[Word], context: Context, place: int) -> Future:
    """ "I've ordered a new card. It will be there on Monday": what it is was said before."""
    if future.subject.who not in _MEANS_IT and not future.subject.is_left_out:
        return future
    it = kinds.named_last(said[: future.subject.start])
    return replace(future, it=it or context.named(place))


def _formula(said: Sequence[Word], context: Context) -> tuple[Sign, str] | None:
    if not said or _is_question(said):
        return None
    sign = formulas.of(said, asked=context.asked)
    return (sign, "") if sign else None


def _condition_around(context: Context, place: int, said: Sequence[Word], sign: Sign) -> str:
    """ "We'll look. Please send a photo" waits; "We'll refund you. Please rate us" does not."""
    condition = conditions.in_sentences_before(context.before(place))
    if condition or sign.kind != "followup" or hints.has_time(said, sign.start):
        return condition
    return conditions.in_sentence_after(context.after(place))


def _suggestion(
    context: Context, place: int, said: Sequence[Word], found: tuple[Sign, str]
) -> Suggestion:
    sign, condition = found
    if not condition and not sign.is_formula:
        condition = _condition_around(context, place, said, sign)
    start, end = context.spans[place]
    begins, promised = said[sign.start].start, said[sign.end - 1].end
    due = times.deadline(context.text, start=start, end=end, begins=begins, promised=promised)
    ending = f", but {condition}." if condition else "."
    return Suggestion(
        turn=context.number,
        start=start,
        end=end,
        quote=context.text[start:end],
        kind=sign.kind,
        deadline_text=due.words if due else "",
        deadline_is_vague=due is not None and due.is_vague,
        is_conditional=bool(condition),
        promisor=sign.promisor,
        reason=f"“{context.text[begins:promised]}” {sign.says}{ending}",
    )
