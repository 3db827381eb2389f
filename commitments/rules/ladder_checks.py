"""What a policy's steps may be. Refused is what could not be meant; what is unwise is warned of."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from commitments.errors import CommitmentError

from . import audiences, words
from .ladder import Basis, Ladder, Step

MOST_STEPS: Final = 30
MOST_REPEATS: Final = 20
_HOUR: Final = 3600
# How far from the deadline a step may stand, by what its offset counts, and how that is said.
_FURTHEST: Final = {
    Basis.WORKING: (2_000 * _HOUR, "2,000 working hours"),
    Basis.WORKING_DAYS: (260, "260 working days"),
    Basis.ELAPSED: (366 * 24 * _HOUR, "366 days"),
}
_SOONEST_AGAIN: Final = 300
_LATEST_AGAIN: Final = 30 * 24 * _HOUR


class WrongStep(CommitmentError):
    """A step that will not do; the sentence names its place."""


def checked(steps: Ladder) -> Ladder:
    """The steps with their words cleaned. Raises CommitmentError.

    A number of 0 is a step that has none yet; any other occurs once.
    """
    if not steps:
        raise CommitmentError("A policy needs at least one step.", field="steps")
    if len(steps) > MOST_STEPS:
        raise CommitmentError(f"A policy has at most {MOST_STEPS} steps.", field="steps")
    numbers = Counter(step.number for step in steps if step.number)
    if twice := [number for number, count in numbers.items() if count > 1]:
        raise CommitmentError(f"There are two steps with the number {twice[0]}.", field="steps")
    return tuple(_checked(step, place) for place, step in enumerate(steps, start=1))


def _checked(step: Step, place: int) -> Step:
    try:
        _check_audience(step)
        _check_offset(step)
        _check_repeats(step)
        return replace(step, words=_words(step))
    except CommitmentError as no:
        raise WrongStep(f"Step {place}: {no}", field=no.field) from no


def _check_audience(step: Step) -> None:
    if step.number < 0:
        raise CommitmentError("A number is not negative.", field="number")
    if not step.audience:
        raise CommitmentError("Say who is told.", field="audience")
    if len(step.audience) > audiences.MOST:
        raise CommitmentError(f"At most {audiences.MOST} are told by one step.", field="audience")
    if len(set(step.audience)) < len(step.audience):
        raise CommitmentError("Each is told once by a step.", field="audience")
    for token in step.audience:
        audiences.read(token)
    if step.hands_to and not audiences.can_own(audiences.read(step.hands_to)):
        raise CommitmentError(
            "A promise is handed to a colleague who can keep it.", field="hands_to"
        )


def _check_offset(step: Step) -> None:
    if step.basis is Basis.PERCENT:
        if not 1 <= step.offset <= 99:
            raise CommitmentError(
                "Per cent of the time given go from 1 to 99. Count what comes later from when it is"
                " due.",
                field="offset",
            )
        return
    furthest, said = _FURTHEST[step.basis]
    if abs(step.offset) > furthest:
        raise CommitmentError(f"At most {said} before or after it is due.", field="offset")


def _check_repeats(step: Step) -> None:
    if step.repeat_every is None:
        if step.repeat_cap:
            raise CommitmentError("Say after how long it is said again.", field="repeat_every")
        return
    if not _SOONEST_AGAIN <= step.repeat_every <= _LATEST_AGAIN:
        raise CommitmentError(
            "It is said again after five minutes at the soonest, and 30 days at the latest.",
            field="repeat_every",
        )
    if not 1 <= step.repeat_cap <= MOST_REPEATS:
        raise CommitmentError(
            f"Say how often it is said again, from 1 to {MOST_REPEATS} times.", field="repeat_cap"
        )


def _words(step: Step) -> str:
    if step.words and "customer" not in step.audience:
        raise CommitmentError(
            "Words for the customer belong to a step that tells the customer.", field="words"
        )
    return words.clean(step.words, what="The words", limit=500, required=False)
