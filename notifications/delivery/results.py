"""What may come of an attempt, as the row and its attempt will say it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template import TemplateDoesNotExist

from notifications import lengths
from notifications.channels import KEYED, Receipt
from notifications.delivery import backoff
from notifications.envelope import DeliveryError, Outcome
from notifications.models import Delivery, Ending, State


@dataclass(frozen=True, kw_only=True)
class Result:
    """What becomes of a delivery we hold, in the phase that `row` says.

    `outcome` is what its subject is told: None where nothing has ended, or where the subject itself
    took the message back.
    """

    row: Delivery
    at: datetime
    columns: Mapping[str, object]
    outcome: Outcome | None
    ending: Ending
    answer: str
    code: int | None = None


def accepted(row: Delivery, receipt: Receipt, *, at: datetime) -> Result:
    """The far end took it."""
    columns = _ended(State.SENT, at, reason="") | {"provider_id": receipt.provider_id}
    return Result(
        row=row,
        at=at,
        columns=columns,
        outcome="sent",
        ending=Ending.ACCEPTED,
        answer=receipt.answer,
        code=receipt.code,
    )


def failed(row: Delivery, error: DeliveryError, *, at: datetime) -> Result:
    """The far end said no: for good, or for now."""
    rule = refused if error.permanent else postponed
    return rule(row, error, at=at)


def refused(row: Delivery, error: DeliveryError, *, at: datetime) -> Result:
    """The far end will never take it."""
    return Result(
        row=row,
        at=at,
        columns=_ended(State.FAILED, at, reason=error.answer),
        outcome="failed",
        ending=Ending.REFUSED,
        answer=error.answer,
        code=error.code,
    )


def postponed(row: Delivery, error: DeliveryError, *, at: datetime) -> Result:
    """Not now: try again, later each time."""
    return Result(
        row=row,
        at=at,
        columns=_later(row, at, reason=error.answer, at_least=error.wait),
        outcome=None,
        ending=Ending.POSTPONED,
        answer=error.answer,
        code=error.code,
    )


def unexpected(row: Delivery, error: Exception, *, earlier: int, at: datetime) -> Result:
    """An error nobody foresaw, with so many `earlier` ones: the third time it is poison.

    A template that is not here may be that of a newer version, which is being put in place.
    """
    words = f"{type(error).__name__}: {error}"
    figures = lengths.current()
    is_new = isinstance(error, TemplateDoesNotExist) and at - row.enqueued_at < figures.unknown_for
    is_poison = earlier + 1 >= figures.poison_after and not is_new
    ended = _ended(State.FAILED, at, reason=f"Poison. {words}")
    return Result(
        row=row,
        at=at,
        columns=ended if is_poison else _later(row, at, reason=words),
        outcome="failed" if is_poison else None,
        ending=Ending.UNEXPECTED,
        answer=words,
    )


def doubtful(row: Delivery, words: str, *, at: datetime) -> Result:
    """It may have arrived. A customer is never sent it again by us; staff are, once.

    A receiver that knows it by its key is sent it again like anything that failed.
    """
    if row.channel in KEYED:
        columns = _later(row, at, reason=words)
        return Result(
            row=row, at=at, columns=columns, outcome=None, ending=Ending.UNKNOWN, answer=words
        )
    again_at = at + lengths.current().repeat_after
    columns = _ended(State.UNCERTAIN, at, reason=words)
    ends_here = row.audience_name == "customer" or row.possible_repeat or row.is_expired(again_at)
    if not ends_here:
        columns |= {"attempt_at": again_at, "possible_repeat": True}
    return Result(
        row=row,
        at=at,
        columns=columns,
        outcome="uncertain" if ends_here else None,
        ending=Ending.UNKNOWN,
        answer=words,
    )


def expired(row: Delivery, *, at: datetime) -> Result:
    """Too late to be of use. What may have arrived the first time stays uncertain."""
    words = "Its time had passed."
    if row.possible_repeat:
        return _unsent(row, State.UNCERTAIN, at=at, outcome="uncertain", words=words)
    return _unsent(row, State.EXPIRED, at=at, outcome="expired", words=words)


def suppressed(row: Delivery, *, at: datetime) -> Result:
    """The address takes no messages."""
    words = "This address takes no messages."
    return _unsent(row, State.SUPPRESSED, at=at, outcome="suppressed", words=words)


def refused_by_subject(row: Delivery, *, at: datetime) -> Result:
    """Its reason went away."""
    words = "No longer wanted when it was about to be sent."
    return _unsent(row, State.CANCELLED, at=at, outcome=None, words=words)


def taken_apart(bundle: Delivery, *, at: datetime) -> Result:
    """A single message was left in it, which goes by itself."""
    words = "A single message was left, and goes by itself."
    return _unsent(bundle, State.CANCELLED, at=at, outcome=None, words=words)


def released(row: Delivery, words: str, *, at: datetime) -> Result:
    """Given back untouched: this lease does not count as an attempt that failed."""
    columns = {
        "state": State.QUEUED,
        "phase": "",
        "attempt_at": at,
        "attempts": max(row.attempts - 1, 0),
    }
    return Result(
        row=row, at=at, columns=columns, outcome=None, ending=Ending.RELEASED, answer=words
    )


def _unsent(
    row: Delivery, state: State, *, at: datetime, outcome: Outcome | None, words: str
) -> Result:
    return Result(
        row=row,
        at=at,
        columns=_ended(state, at, reason=words),
        outcome=outcome,
        ending=Ending.RELEASED,
        answer=words,
    )


def _ended(state: State, at: datetime, *, reason: str) -> dict[str, object]:
    return {"state": state, "phase": "", "attempt_at": None, "settled_at": at, "reason": reason}


def _later(
    row: Delivery, at: datetime, *, reason: str, at_least: timedelta | None = None
) -> dict[str, object]:
    """Queued again; if it dies before that, then due when it dies, so that it is said in time."""
    usual = backoff.after(row.attempts, channel=row.channel, key=row.key, lengths=lengths.current())
    again_at = at + max(usual, at_least or usual)
    if row.expires_at is not None:
        again_at = min(again_at, max(row.expires_at, at))
    return {"state": State.QUEUED, "phase": "", "attempt_at": again_at, "reason": reason}
