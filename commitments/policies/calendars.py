"""What edited hours or holidays mean for promises that were made under the old ones.

A promised time never moves because hours were edited: what was said was said. The clocks of open
promises do follow, as `looking_again` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commitments.errors import CommitmentError
from commitments.models import Calendar, Commitment
from commitments.rules import again, saying
from commitments.rules.business_time import Hours

LOOKED_AT = 5_000  # promises: those that are due first
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A promise, and when it would be due had these hours been in force; it is not moved."""

    commitment: Commitment
    would_be_due_at: datetime

    def sentence(self, *, zone: str, now: datetime) -> str:
        """`K7Q2M, due Fri 22 May, 5:00 pm: would be Mon 25 May, 5:00 pm`."""
        due = saying.say_time(self.commitment.due_at, zone=zone, now=now)
        would_be = saying.say_time(self.would_be_due_at, zone=zone, now=now)
        return f"{self.commitment.reference}, due {due}: would be {would_be}"


@dataclass(frozen=True, kw_only=True)
class Differences:
    """`total` open promises of these hours, `looked_at` of them; `count` would be due elsewhen."""

    total: int
    looked_at: int
    count: int
    shown: Sequence[Moved]

    def sentence(self) -> str:
        """`Twelve open promises were promised under other hours; none was moved.`"""
        if not self.count:
            return "No open promise would be due at another time."
        were = "was" if self.count == 1 else "were"
        count = saying.sentence_case(saying.say_count(self.count, "open promise"))
        among = f", of the {self.looked_at:,} due first," if self.looked_at < self.total else ""
        return f"{count}{among} {were} promised under other hours; none was moved."

    def unsaved(self) -> str:
        """Before: `Twelve open promises would be due at another time by these hours.`"""
        if not self.count:
            return "No open promise would be due at another time."
        stay = "It stays" if self.count == 1 else "They stay"
        count = saying.sentence_case(saying.say_count(self.count, "open promise"))
        among = f", of the {self.looked_at:,} due first," if self.looked_at < self.total else ""
        return (
            f"{count}{among} would be due at another time by these hours. {stay} as promised; to"
            " move one, open it and tell the customer."
        )


def what_would_differ(
    calendar: Calendar,
    hours: Hours,
    *,
    due_from: datetime | None = None,
    made_before: datetime | None = None,
) -> Differences:
    """The open promises of this calendar's teams that would be due at another time by these hours.

    Worked out anew from the steps kept with each. Two queries. What no hours had a part in, and
    what these hours cannot work out, is not among them. Looked at are those that are due from, and
    were made before, these instants, where given.
    """
    under = Commitment.objects.live().filter(team__calendar=calendar)
    if due_from is not None:
        under = under.filter(due_at__gte=due_from)
    if made_before is not None:
        under = under.filter(promised_at__lt=made_before)
    commitments = list(under.order_by("due_at", "pk").select_related("customer")[:LOOKED_AT])
    found = [moved for each in commitments if (moved := _moved(each, hours)) is not None]
    return Differences(
        total=under.count(),
        looked_at=len(commitments),
        count=len(found),
        shown=found[:SHOWN],
    )


def _moved(commitment: Commitment, hours: Hours) -> Moved | None:
    chain = commitment.due_chain
    if not chain:
        return None
    try:
        would_be = again.due_at(chain, hours)
    except CommitmentError:
        return None
    if would_be == commitment.due_at:
        return None
    return Moved(commitment=commitment, would_be_due_at=would_be)
