"""What is said of a conversation besides its promises: whose it is, of when, in which language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commitments.reading import transcript
from commitments.reading.transcript import Speaker, Transcript
from commitments.rules import saying

ONLY_ENGLISH = (
    "This text does not seem to be in English, and we read only English. "
    "You can log its promises one by one."
)
_DAY = timedelta(days=1)
_MOST_NAMES = 2


def of_somebody_else(speakers: Sequence[Speaker], *, customer: str) -> str:
    """A note where the customer of the text is called differently from the one who was chosen."""
    strangers = transcript.strangers(speakers, customer=customer)
    if not strangers:
        return ""
    names = " and ".join(strangers[:_MOST_NAMES])
    return f"This conversation is with {names}, and the promises go to {customer}."


def of_yesterday(
    conversation: Transcript, instants: Sequence[datetime | None], *, zone: str, now: datetime
) -> str:
    """A note where clocks without a day, later than now, were taken for those of yesterday."""
    first = min((at for at in instants if at is not None), default=None)
    if first is None or transcript.has_days(conversation):
        return ""
    there = ZoneInfo(zone)
    if first.astimezone(there).date() != now.astimezone(there).date() - _DAY:
        return ""
    return f"{saying.say_clock(first, zone=zone)} was read as yesterday."
