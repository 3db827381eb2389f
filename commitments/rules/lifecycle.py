"""What may become of a promise, and how it counted in the end.

Six statuses are stored. A promise is open until somebody ends it; while it waits on the customer
its ladder rests. Late stays late: the outcome is judged by the first due time, which never changes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from commitments.errors import CommitmentError

VOID_BY_OWNER_FOR = timedelta(minutes=15)


class Status(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    FULFILLED = "fulfilled"
    RELEASED = "released"
    BROKEN = "broken"
    VOID = "void"


class Outcome(StrEnum):
    NONE = ""
    ON_TIME = "on_time"
    MOVED = "moved"
    LATE = "late"
    BROKEN = "broken"
    RELEASED = "released"
    VOID = "void"


COUNTED_NOWHERE = frozenset({Outcome.RELEASED, Outcome.VOID})
LIVE = frozenset({Status.OPEN, Status.WAITING})
CLOSED = frozenset(Status) - LIVE

_ENDED = {
    Status.FULFILLED: "done",
    Status.RELEASED: "closed as no longer wanted",
    Status.BROKEN: "closed as one we cannot keep",
    Status.VOID: "closed as logged by mistake",
}

# Verb -> the statuses it may be said of, and what the promise is afterwards (None: unchanged).
_MOVES: dict[str, tuple[frozenset[Status], Status | None]] = {
    "update": (LIVE, None),
    "make_right": (frozenset({Status.OPEN}), None),
    "name_cause": (frozenset(Status) - {Status.VOID}, None),
    "move": (LIVE, Status.OPEN),
    "wait": (frozenset({Status.OPEN}), Status.WAITING),
    "resume": (frozenset({Status.WAITING}), Status.OPEN),
    "nudge": (frozenset({Status.WAITING}), None),
    "reassign": (LIVE, None),
    "acknowledge": (frozenset({Status.OPEN}), None),
    "help": (LIVE, None),
    "attempt": (LIVE, None),
    "ask": (LIVE, None),
    "fulfil": (LIVE, Status.FULFILLED),
    "release": (LIVE, Status.RELEASED),
    "abandon": (LIVE, Status.BROKEN),
    "void": (LIVE, Status.VOID),
    "hear": (frozenset(Status) - {Status.VOID}, None),
    "other_time": (LIVE, None),
    "confirm": (LIVE, None),
    "dispute": (LIVE, None),
    "answer": (frozenset(Status) - {Status.VOID}, None),
    "check_in": (frozenset({Status.FULFILLED}), None),
    "confirm_answer": (frozenset(Status) - {Status.VOID}, None),
    "renew": (frozenset(Status) - {Status.VOID}, None),
    "thank": (frozenset(Status) - {Status.VOID}, None),
    "reopen": (frozenset({Status.FULFILLED, Status.RELEASED, Status.BROKEN}), Status.OPEN),
}


class IllegalMoveError(CommitmentError):
    """The promise is not in a state in which this can be done."""


class NotAllowedError(CommitmentError):
    """This person may not do this."""


def status_after(verb: str, status: str) -> Status:
    """The status a promise has after `verb`; raises `IllegalMoveError` where it makes no sense."""
    current = Status(status)
    legal, after = _MOVES[verb]
    if current in legal:
        return after or current
    raise IllegalMoveError(_refusal(verb, current))


def _refusal(verb: str, status: Status) -> str:
    if status in CLOSED:
        return f"This promise is already {_ENDED[status]}."
    if verb == "reopen":
        return "This promise is still open."
    if verb == "check_in":
        return "This promise is still open. Ask how it went once it is done."
    if verb in ("resume", "nudge"):
        return "This promise is not waiting on the customer."
    return "This promise is waiting on the customer. Resume it first."


def check_may_act(role: str | None) -> None:
    """Agents, leads, managers, administrators and services act; auditors and strangers do not."""
    if role not in {"agent", "lead", "manager", "administrator", "service"}:
        raise NotAllowedError("You can see this promise, but not change it.")


def check_may_ask(role: str | None) -> None:
    """Who sees to a team's promises asks their owners how they stand."""
    if role not in {"lead", "manager", "administrator"}:
        raise NotAllowedError("Only a lead or a manager asks owners for an update.")


def check_may_review(role: str | None) -> None:
    """Reviews are held by who leads or manages the team."""
    if role not in {"lead", "manager", "administrator"}:
        raise NotAllowedError("Only a lead or a manager of the team holds its reviews.")


def check_may_void(role: str | None, *, is_owner: bool, age: timedelta) -> None:
    """Logged by mistake: by its owner within 15 minutes, later by a lead."""
    if role in {"lead", "manager", "administrator"}:
        return
    if not is_owner or age > VOID_BY_OWNER_FOR:
        raise NotAllowedError(
            "Only its owner, for 15 minutes, or a lead can close a promise as logged by mistake."
        )


def check_may_wait(*, due_at: datetime, now: datetime) -> None:
    """A promise that is already late cannot be parked with the customer."""
    if due_at <= now:
        raise IllegalMoveError(
            "The promised time has passed. Tell the customer a new time instead."
        )


def check_may_make_right(*, due_at: datetime, now: datetime) -> None:
    """Nothing is to be made right before the time has passed."""
    if due_at > now:
        raise IllegalMoveError("This promise is not overdue. If it needs longer, move its time.")


def check_may_name_cause(*, is_broken: bool) -> None:
    """Only what was not kept in time has a cause."""
    if not is_broken:
        raise CommitmentError("This promise was never late, so there is no cause to give.")


def check_may_thank(*, status: str, is_recovered: bool) -> None:
    """Thanks are for a promise that was kept, or whose customer was told though it was late."""
    if status != Status.FULFILLED and not is_recovered:
        raise IllegalMoveError(
            "Thanks are for a promise that was kept, or whose customer was told though it was late."
        )


def check_may_acknowledge(*, due_at: datetime, now: datetime) -> None:
    """ "I have it" answers a climb, and nothing climbs before the time has passed."""
    if due_at > now:
        raise IllegalMoveError("This promise is not overdue: nobody else has been asked yet.")


def check_makes_sense(verb: str, *, status: str, due_at: datetime, now: datetime) -> None:
    """Raises `IllegalMoveError` where the verb cannot be said now, whatever is written with it."""
    status_after(verb, status)
    if verb == "wait":
        check_may_wait(due_at=due_at, now=now)
    if verb == "acknowledge":
        check_may_acknowledge(due_at=due_at, now=now)
    if verb == "make_right":
        check_may_make_right(due_at=due_at, now=now)


def outcome_when_fulfilled(
    *, at: datetime, first_due_at: datetime, due_at: datetime, untold_due_at: datetime | None
) -> Outcome:
    """How a promise kept at `at` counts.

    `first_due_at` is the first due time with the working time added that we waited on the customer;
    `untold_due_at` the earliest earlier due time that the customer was not told about in time.
    """
    if at <= first_due_at:
        return Outcome.ON_TIME
    if at <= due_at and untold_due_at is None:
        return Outcome.MOVED
    return Outcome.LATE
