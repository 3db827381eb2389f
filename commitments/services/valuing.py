"""What a promise is worth is held against what is usual, by whoever enters it.

Outside of what is usual a word of reason is asked for, and kept beside the value for the manager.
What programs bring in has been decided elsewhere: it is kept as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from commitments.errors import CommitmentError
from commitments.models import Commitment, Kind, User, ValueReason
from commitments.models.valuing import usual
from commitments.rules import words
from commitments.rules.usual_value import Usual

_LARGEST: Final = Decimal("9999999999.99")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, kw_only=True)
class Worth:
    """A value, and why it differs from what is usual. `because`: the cause it makes up for."""

    value: Decimal
    currency: str
    reason: str = ""
    because: str = ""


def check(worth: Worth, *, kind: Kind) -> None:
    """Raises CommitmentError for what is no value, or none of this kind."""
    if not kind.has_value:
        raise CommitmentError(
            f"{kind.name} has no value. Leave it empty, or choose another kind.", field="value"
        )
    if not Decimal(0) < worth.value <= _LARGEST or worth.value != round(worth.value, 2):
        raise CommitmentError("Give an amount like 42.50, above 0.", field="value")
    if not _CURRENCY.fullmatch(worth.currency):
        raise CommitmentError("Give a currency by its three letters, like EUR.", field="currency")


def reason_for(
    commitment: Commitment, worth: Worth, *, by: User, now: datetime
) -> ValueReason | None:
    """What is to be kept beside the value; None where it is usual, or nothing is usual yet.

    Raises CommitmentError where a reason is missing.
    """
    found = usual(
        team_id=commitment.team_id,
        kind_id=commitment.kind_id,
        currency=worth.currency,
        cause=worth.because,
        now=now,
    )
    if found is None or found.holds(worth.value):
        return None
    said = words.clean(
        worth.reason, what="The reason", limit=300, required=False, field="value_reason"
    )
    if not said:
        raise CommitmentError(_asked(found, worth.currency), field="value_reason")
    kept = {"low": found.low, "median": found.median, "high": found.high}
    return ValueReason(by=by, words=said, at=now, **kept)


def _asked(found: Usual, currency: str) -> str:
    return (
        f"It is usually {found.low:,} to {found.high:,} {currency}. "
        "Say in a few words why this one differs."
    )
