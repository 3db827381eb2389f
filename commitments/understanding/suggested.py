"""A suggested promise, with what would be logged for it.

What was said is only where it begins. A time is read as of when it was said; where none was said,
or only "soon", the kind's usual one is offered and somebody has to accept it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commitments.errors import CommitmentError
from commitments.models import Kind
from commitments.reading import deadlines
from commitments.reading.promises import Suggestion
from commitments.reading.wordings import is_ready, wording_of
from commitments.rules.business_time import Hours

from . import kinds
from .dues import Due, as_due, read_due

LONGEST_WORDING: Final = 500
LONGEST_TIME: Final = 200
_OURS: Final = re.compile(r"^what they will do\b")


@dataclass(frozen=True, kw_only=True)
class Moment:
    """As of when words are read, with whose hours, and in whose `zone` the answer is said."""

    read_as_of: datetime
    now: datetime
    hours: Hours
    zone: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """`due` is the time that was said; None where there was none, and `trouble` says why not.

    `is_clear` where nothing is left to ask, and it could be logged as it is.
    """

    wording: str
    due: Due | None
    trouble: str
    is_clear: bool


def proposal(suggestion: Suggestion, *, kind: Kind, moment: Moment) -> Proposal:
    due, trouble = _as_said(suggestion, kind=kind, moment=moment)
    has_time = due is not None and due.next_open is None
    wording = wording_of(suggestion.quote, deadline=suggestion.deadline_text, limit=LONGEST_WORDING)
    return Proposal(
        wording=wording or kind.usual_wording,
        due=due,
        trouble=trouble,
        is_clear=has_time and not suggestion.is_conditional and is_ready(wording),
    )


def read(text: str, *, kind: Kind, moment: Moment) -> Due:
    """Raises CommitmentError."""
    return read_due(
        text,
        read_at=moment.read_as_of,
        now=moment.now,
        zone=moment.zone,
        hours=moment.hours,
        closes=kind.usual_hour,
    )


def usual(said: str, *, kind: Kind, moment: Moment) -> Due:
    """Counted from when it was said; from now, where that would have passed."""
    hours, now = moment.hours, moment.now
    chain = kind.usual_steps(moment.read_as_of, hours=hours)
    if chain[-1].ends_at <= now:
        chain = kind.usual_steps(now, hours=hours)
    at = chain[-1].ends_at
    return as_due(at, said=said, now=now, zone=moment.zone, hours=hours, steps=chain)


def note(trouble: str, kind: Kind) -> str:
    """What is asked where no time was understood."""
    return f"{trouble} Accept the usual time ({kind}: {kinds.usual_length(kind)}), or edit it."


def reason(suggestion: Suggestion) -> str:
    """By which words it was found, said to somebody who may be the one who said them."""
    found, says, what = suggestion.reason.partition("” says ")
    if not says:
        return suggestion.reason
    return f"Found by {found}”: {_OURS.sub('what one of us will do', what, count=1)}"


def _as_said(suggestion: Suggestion, *, kind: Kind, moment: Moment) -> tuple[Due | None, str]:
    """The time that was said; else what is wrong with it, in a sentence."""
    text = suggestion.deadline_text
    if not text:
        return None, "No time was said."
    if suggestion.deadline_is_vague or deadlines.is_vague(text):
        return None, f"“{text}” names no time."
    if len(text) > LONGEST_TIME:
        return None, "What was said is no time that we can read."
    try:
        return read(text, kind=kind, moment=moment), ""
    except CommitmentError as no:
        passed, advice, _ = str(no).partition(" Give a later time.")
        return None, passed if advice else f"“{text}” is no time that we can read."
