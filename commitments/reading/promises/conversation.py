"""What goes in and what comes out: the turns of a conversation, and suggested promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Speaker = Literal["agent", "customer"]
Promisor = Literal["agent", "team"]


@dataclass(frozen=True)
class Turn:
    """What one side said without a break. `number` is what its source calls the turn."""

    speaker: Speaker
    text: str
    at: datetime | None = None
    number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A sentence in which something was promised; never more than a suggestion.

    `turn` counts from 0 in the turns that were given, `start` and `end` count in its text:
    `text[start:end] == quote`. `kind` is the code of a kind. `deadline_text` is "" where no
    deadline was said. `reason` is a sentence for people.
    """

    turn: int
    start: int
    end: int
    quote: str
    kind: str
    deadline_text: str
    deadline_is_vague: bool
    is_conditional: bool
    promisor: Promisor
    reason: str
