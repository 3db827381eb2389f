"""Why a promise was not kept in time: chosen from a short list, for the team alone.

A cause names what happened to the work, never who is to blame. What was not kept in time, or will
not be kept, is not closed by one of us before its cause is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from commitments.errors import CommitmentError


class Cause(StrEnum):
    TOO_TIGHT = "too_tight"
    TOOK_LONGER = "took_longer"
    TOO_MUCH = "too_much"
    SLIPPED = "slipped"
    HANDED_ON = "handed_on"
    OTHER_TEAM = "other_team"
    OUTSIDE = "outside"
    SYSTEM = "system"
    NOT_REACHED = "not_reached"
    OTHER = "other"


SAID: Final[Mapping[Cause, str]] = {
    Cause.TOO_TIGHT: "The time we gave was too tight",
    Cause.TOOK_LONGER: "It took longer than we thought",
    Cause.TOO_MUCH: "Too much was due at once",
    Cause.SLIPPED: "It slipped out of sight",
    Cause.HANDED_ON: "It got lost between two people or shifts",
    Cause.OTHER_TEAM: "We waited for another team",
    Cause.OUTSIDE: "We waited for somebody outside, such as a bank",
    Cause.SYSTEM: "A system or a tool did not work",
    Cause.NOT_REACHED: "We tried, and did not reach the customer",
    Cause.OTHER: "Something else",
}

_NAMES: Final = ", ".join(each.value for each in Cause)


def known(cause: str) -> Cause:
    """The cause that this value names. Raises CommitmentError where the list has no such."""
    try:
        return Cause(cause)
    except ValueError:
        raise CommitmentError(f"The cause is one of these: {_NAMES}.", field="cause") from None


def said(cause: str) -> str:
    """In words for the team; what an earlier list knew is said as it is."""
    return SAID[Cause(cause)] if cause in set(Cause) else cause


def at_the_end(given: str, *, known_before: str, is_broken: bool) -> str:
    """The cause that a promise closes with. Raises CommitmentError where one is missing.

    `is_broken`: a promised time passed, or we will not keep it. Else there is nothing to explain,
    and a cause that somebody gave, because they could not know, is left out.
    """
    if not is_broken:
        return known_before
    if given:
        return known(given).value
    if not known_before:
        raise CommitmentError(
            f"Give the cause, why it was not kept in time: one of {_NAMES}.", field="cause"
        )
    return known_before
