"""What may become of a promise, as a table."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from commitments.rules import lifecycle
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError, Outcome, Status
from tests.makers import HOUR, MINUTE, NOON

LEGAL = {
    ("update", "open"): "open",
    ("update", "waiting"): "waiting",
    ("move", "open"): "open",
    ("move", "waiting"): "open",
    ("wait", "open"): "waiting",
    ("resume", "waiting"): "open",
    ("make_right", "open"): "open",
    ("reassign", "open"): "open",
    ("reassign", "waiting"): "waiting",
    ("acknowledge", "open"): "open",
    ("help", "open"): "open",
    ("help", "waiting"): "waiting",
    ("fulfil", "open"): "fulfilled",
    ("fulfil", "waiting"): "fulfilled",
    ("release", "open"): "released",
    ("release", "waiting"): "released",
    ("abandon", "open"): "broken",
    ("abandon", "waiting"): "broken",
    ("void", "open"): "void",
    ("void", "waiting"): "void",
    ("reopen", "fulfilled"): "open",
    ("reopen", "released"): "open",
    ("reopen", "broken"): "open",
}
VERBS = sorted({verb for verb, _ in LEGAL})


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", list(Status))
def test_every_move_is_in_the_table_or_refused(verb: str, status: Status) -> None:
    if (verb, status.value) in LEGAL:
        assert lifecycle.status_after(verb, status) == LEGAL[verb, status.value]
    else:
        with pytest.raises(IllegalMoveError):
            lifecycle.status_after(verb, status)


def test_a_refusal_says_how_the_promise_stands() -> None:
    with pytest.raises(IllegalMoveError, match="already closed as no longer wanted"):
        lifecycle.status_after("fulfil", "released")


@pytest.mark.parametrize(
    ("at", "due_at", "untold", "outcome"),
    [
        (NOON, NOON, False, Outcome.ON_TIME),
        (NOON + MINUTE, NOON, False, Outcome.LATE),
        (NOON + HOUR, NOON + HOUR, False, Outcome.MOVED),
        (NOON + HOUR, NOON + HOUR, True, Outcome.LATE),
        (NOON + 2 * HOUR, NOON + HOUR, False, Outcome.LATE),
        (NOON, NOON + HOUR, True, Outcome.ON_TIME),
    ],
)
def test_the_outcome_of_a_kept_promise(
    at: object, due_at: object, untold: bool, outcome: Outcome
) -> None:
    judged = lifecycle.outcome_when_fulfilled(
        at=at,  # type: ignore[arg-type]  # instants, by the table above
        first_due_at=NOON,
        due_at=due_at,  # type: ignore[arg-type]
        untold_due_at=NOON if untold else None,
    )

    assert judged is outcome


@pytest.mark.parametrize(
    ("role", "is_owner", "minutes", "may"),
    [
        ("agent", True, 15, True),
        ("agent", True, 16, False),
        ("agent", False, 1, False),
        ("lead", False, 9000, True),
        ("manager", False, 9000, True),
        ("administrator", False, 9000, True),
    ],
)
def test_who_may_call_a_promise_a_mistake(
    role: str, is_owner: bool, minutes: int, may: bool
) -> None:
    age = timedelta(minutes=minutes)

    if may:
        lifecycle.check_may_void(role, is_owner=is_owner, age=age)
    else:
        with pytest.raises(NotAllowedError):
            lifecycle.check_may_void(role, is_owner=is_owner, age=age)


@pytest.mark.parametrize("role", ["auditor", None])
def test_auditors_and_strangers_do_not_act(role: str | None) -> None:
    with pytest.raises(NotAllowedError, match="not change it"):
        lifecycle.check_may_act(role)


@pytest.mark.parametrize(
    ("verb", "status", "due_at", "sentence"),
    [
        ("fulfil", "fulfilled", NOON + HOUR, "This promise is already done."),
        ("reopen", "open", NOON + HOUR, "This promise is still open."),
        ("wait", "open", NOON, "The promised time has passed. Tell the customer a new time"),
        ("acknowledge", "open", NOON + MINUTE, "This promise is not overdue: nobody else"),
    ],
)
def test_what_makes_no_sense_is_known_before_anything_is_written(
    verb: str, status: str, due_at: datetime, sentence: str
) -> None:
    with pytest.raises(IllegalMoveError, match=sentence):
        lifecycle.check_makes_sense(verb, status=status, due_at=due_at, now=NOON)


@pytest.mark.parametrize(("verb", "due_at"), [("wait", NOON + MINUTE), ("acknowledge", NOON)])
def test_what_makes_sense_may_be_asked(verb: str, due_at: datetime) -> None:
    lifecycle.check_makes_sense(verb, status="open", due_at=due_at, now=NOON)
