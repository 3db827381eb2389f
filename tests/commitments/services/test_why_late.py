"""What was not kept in time does not close before somebody has said why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from commitments import services, sweep
from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.rules.lifecycle import NotAllowedError
from commitments.services import Told
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_user, ana, dev, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 5 * HOUR
LATE = DUE + MINUTE

Verb = Callable[..., Commitment]


def fulfil(kettle: Commitment, *, now: datetime, **fields: Any) -> Commitment:  # Any: a cause
    return services.fulfil(kettle.pk, by=ana(), how="Sent", now=now, **fields)


def release(kettle: Commitment, *, now: datetime, **fields: Any) -> Commitment:  # Any: a cause
    return services.release(kettle.pk, by=ana(), reason="Not wanted", now=now, **fields)


def abandon(kettle: Commitment, *, now: datetime, **fields: Any) -> Commitment:  # Any: a cause
    return services.abandon(kettle.pk, by=ana(), reason="Cannot", now=now, **fields)


ENDS: dict[str, Verb] = {"fulfilled": fulfil, "released": release, "abandoned": abandon}


@pytest.mark.parametrize("is_swept", [True, False], ids=["noticed", "between two sweeps"])
@pytest.mark.parametrize("kind", ENDS)
def test_a_late_end_asks_for_the_cause(kind: str, is_swept: bool) -> None:
    kettle = a_commitment(due_at=DUE)
    if is_swept:
        sweep.run(LATE)
    before = events_of(kettle)

    with pytest.raises(CommitmentError, match="why it was not kept in time") as refused:
        ENDS[kind](kettle, now=LATE)

    assert refused.value.field == "cause"
    assert events_of(kettle) == before
    assert fresh(kettle).is_live


@pytest.mark.parametrize("kind", ENDS)
def test_a_late_end_keeps_the_cause_in_its_event(kind: str) -> None:
    kettle = a_commitment(due_at=DUE)

    ENDS[kind](kettle, cause="outside", now=LATE)

    assert fresh(kettle).cause == "outside"
    assert kettle.events.get(kind=kind).changes["cause"] == ["", "outside"]


@pytest.mark.parametrize("kind", ["fulfilled", "released"])
@pytest.mark.parametrize("at", [DUE - MINUTE, DUE])
def test_what_ends_in_time_needs_no_cause_and_keeps_none(kind: str, at: datetime) -> None:
    kettle = a_commitment(due_at=DUE)

    ENDS[kind](kettle, cause="outside", now=at)

    assert fresh(kettle).cause == ""


def test_what_we_cannot_keep_has_a_cause_in_time_too() -> None:
    kettle = a_commitment(due_at=DUE)

    with pytest.raises(CommitmentError, match="Give the cause"):
        abandon(kettle, now=NOON)
    abandon(kettle, cause="too_much", now=NOON)

    assert fresh(kettle).cause == "too_much"


def test_a_cause_that_is_known_is_not_asked_for_again() -> None:
    kettle = a_commitment(due_at=DUE)
    services.name_cause(kettle.pk, by=ana(), cause="slipped", now=LATE)

    fulfil(kettle, now=LATE)

    assert fresh(kettle).cause == "slipped"


def test_a_promise_that_was_late_once_asks_even_where_a_new_time_was_kept() -> None:
    kettle = a_commitment(due_at=DUE)
    services.move(kettle.pk, by=ana(), due_at=NOON + DAY, reason="x", told=Told.PHONE, now=LATE)

    with pytest.raises(CommitmentError, match="Give the cause"):
        fulfil(kettle, now=LATE + HOUR)


def test_the_customer_is_never_asked_why_we_were_late() -> None:
    kettle = a_commitment(due_at=DUE)

    services.need_no_more(kettle.pk, words="I went elsewhere.", now=LATE)

    assert (fresh(kettle).outcome, fresh(kettle).cause) == ("released", "")


def test_what_was_logged_by_mistake_was_never_owed_and_has_no_cause() -> None:
    kettle = a_commitment(due_at=DUE)

    services.void(kettle.pk, by=dev(), reason="Twice", now=LATE)

    assert (fresh(kettle).outcome, fresh(kettle).cause) == ("void", "")


def test_the_cause_is_named_afterwards_and_changed_and_only_the_team_reads_it() -> None:
    kettle = a_commitment(due_at=DUE)
    services.need_no_more(kettle.pk, now=LATE)

    services.name_cause(kettle.pk, by=dev(), cause="system", now=LATE + HOUR)
    services.name_cause(kettle.pk, by=ana(), cause="other_team", now=LATE + 2 * HOUR)

    named = list(kettle.events.filter(kind="updated").order_by("sequence"))
    assert [event.visible for event in named] == [False, False]
    assert [event.changes["cause"] for event in named] == [
        ["", "system"],
        ["system", "other_team"],
    ]
    assert named[0].words == "Why it was not in time: A system or a tool did not work."
    assert fresh(kettle).outcome == "released"


def test_naming_the_cause_can_be_taken_back() -> None:
    kettle = a_commitment(due_at=DUE)
    fulfil(kettle, cause="slipped", now=LATE)
    services.name_cause(kettle.pk, by=ana(), cause="system", now=LATE)

    services.undo(kettle.events.get(kind="updated").pk, by=ana(), now=LATE)

    assert fresh(kettle).cause == "slipped"


def test_what_was_never_late_has_no_cause_to_name() -> None:
    kettle = a_commitment(due_at=DUE)
    fulfil(kettle, now=NOON)

    with pytest.raises(CommitmentError, match="never late"):
        services.name_cause(kettle.pk, by=ana(), cause="slipped", now=LATE)


def test_nobody_else_names_a_cause() -> None:
    kettle = a_commitment(due_at=DUE)

    with pytest.raises(NotAllowedError):
        services.name_cause(kettle.pk, by=a_user("Noor Haddad"), cause="slipped", now=LATE)
    with pytest.raises(CommitmentError, match="one of these"):
        services.name_cause(kettle.pk, by=ana(), cause="weather", now=LATE)

    assert fresh(kettle).cause == ""


@pytest.mark.parametrize("kind", ENDS)
def test_undoing_a_late_end_forgets_its_cause(kind: str) -> None:
    kettle = a_commitment(due_at=DUE)
    ENDS[kind](kettle, cause="outside", now=LATE)

    services.undo(kettle.events.get(kind=kind).pk, by=ana(), now=LATE)

    assert (fresh(kettle).cause, fresh(kettle).status) == ("", "open")
