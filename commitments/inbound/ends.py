"""What becomes of a mail."""

from __future__ import annotations

from dataclasses import dataclass

from commitments.models import MailTally

TAKEN = MailTally.Outcome.TAKEN
DROPPED = MailTally.Outcome.DROPPED
QUARANTINED = MailTally.Outcome.QUARANTINED


@dataclass(frozen=True, kw_only=True)
class End:
    """`said` is a sentence for the log, without a word of the mail; `reason` what it counts as."""

    outcome: MailTally.Outcome
    said: str
    reason: str


class Dropped(Exception):
    """Nothing is lost with it: a machine wrote it, or it says nothing."""

    def __init__(self, reason: str, said: str) -> None:
        super().__init__(said)
        self.reason = reason


class Quarantined(Dropped):
    """Somebody may have meant something with it; we cannot take it."""
