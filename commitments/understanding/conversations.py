"""A conversation as somebody has it at hand: who is one of us, when it was said, and what seems to
be promised in it. It is read and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.errors import CommitmentError
from commitments.reading import promises, transcript
from commitments.reading.promises import Suggestion, Turn
from commitments.reading.transcript import Side, Speaker, Transcript

LONGEST: Final = 100_000  # characters
MOST_TURNS: Final = 2_000
MOST_SHOWN: Final = 40  # promises
FIRST_DAY: Final = date(1990, 1, 1)
SIDES: Final[tuple[Side, ...]] = ("agent", "customer")
_NOT_THEN: Final = "Give the day of the conversation: from 1990, and not ahead."
_UNTYPED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The conversation, and the promises that seem to be in it. `turns` and what the transcript
    has `said` are the same, one by one.
    """

    transcript: Transcript
    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    suggestions: tuple[Suggestion, ...]

    @property
    def shown(self) -> tuple[Suggestion, ...]:
        return self.suggestions[:MOST_SHOWN]

    @property
    def unshown(self) -> int:
        return len(self.suggestions) - len(self.shown)


def cleaned(pasted: str) -> str:
    """Without what no person typed: a text that is not kept is mended, not refused (0052).

    Raises CommitmentError where nothing is left, or too much.
    """
    text = _UNTYPED.sub(" ", _LINE_END.sub("\n", pasted))
    if not text.strip():
        raise CommitmentError("Paste the conversation: a call, a chat or a mail.", field="text")
    if len(text) > LONGEST:
        raise CommitmentError(
            f"The conversation is {len(text):,} characters long; keep it to {LONGEST:,}. "
            "Paste the part in which something was promised.",
            field="text",
        )
    return text


def check_day(on: date, *, now: datetime) -> None:
    """A day on which people may have written to each other; today may be tomorrow elsewhere."""
    if not FIRST_DAY <= on <= (now + timedelta(days=1)).date():
        raise CommitmentError(_NOT_THEN, field="on")


def taken_apart(text: str, *, known: Sequence[str]) -> Transcript:
    """Who said what; `known` are names that may stand in it. Raises CommitmentError."""
    conversation = transcript.read(text, known=known)
    turns = len(conversation.said)
    if turns > MOST_TURNS:
        raise CommitmentError(
            f"The conversation has {turns:,} turns; keep it to {MOST_TURNS:,}. "
            "Paste the part in which something was promised.",
            field="text",
        )
    return conversation


def hear(
    conversation: Transcript,
    *,
    ours: Sequence[str],
    theirs: Sequence[str],
    chosen: Mapping[str, Side],
    zone: str,
    on: date | None,
    now: datetime,
) -> Heard:
    """`ours` and `theirs` are names; what was `chosen` for a speaker, by their key, goes before.

    Clocks without a day are those of `on`, in `zone`; without it, the last such ones before `now`.
    """
    speakers = transcript.sides_of(conversation, ours=ours, theirs=theirs, chosen=chosen)
    instants = _instants(conversation, zone=zone, on=on, now=now)
    turns = transcript.turns_of(conversation, speakers, instants=instants)
    return Heard(
        transcript=conversation,
        speakers=speakers,
        turns=turns,
        suggestions=promises.suggest(turns),
    )


def _instants(
    conversation: Transcript, *, zone: str, on: date | None, now: datetime
) -> list[datetime | None]:
    placed = transcript.instants_of(conversation, zone=zone, now=now, on=on)
    local = now.astimezone(ZoneInfo(zone))
    if on is None or on >= local.date():
        return list(placed)
    then = datetime.combine(on, local.time(), local.tzinfo).astimezone(UTC)
    return [at or then for at in placed]
