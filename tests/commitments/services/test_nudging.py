"""A person reminds the customer of what we need, before the clock does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commitments import services, sweep
from commitments.models import Commitment, EventKind
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError
from notifications import delivery
from notifications.models import Delivery, State
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_user, ana, dev, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECOND = timedelta(seconds=1)


def waiting() -> Commitment:
    """On a photo of the meter, since noon of Thursday; the clock would nudge on Monday at noon."""
    kettle = a_commitment(due_at=NOON + 20 * DAY, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)
    delivery.run(NOON + MINUTE)
    return fresh(kettle)


def nudges(state: State) -> int:
    return Delivery.objects.filter(template__contains="nudge", state=state).count()


def test_a_nudge_waits_for_the_undo_and_goes_out_then() -> None:
    kettle = waiting()

    services.nudge(kettle.pk, by=ana(), now=NOON + HOUR)
    delivery.run(NOON + HOUR + 29 * SECOND)
    held = nudges(State.SENT)
    delivery.run(NOON + HOUR + 31 * SECOND)

    assert (held, nudges(State.SENT)) == (0, 1)
    assert fresh(kettle).is_waiting


def test_the_clocks_own_nudge_does_not_follow_and_a_person_is_asked_after_as_many_days() -> None:
    kettle = waiting()

    services.nudge(kettle.pk, by=ana(), now=NOON + DAY)
    sweep.run(NOON + 4 * DAY)
    after_the_weekend = events_of(kettle).count(EventKind.NUDGED)
    sweep.run(NOON + 5 * DAY + MINUTE)

    assert after_the_weekend == 1
    assert events_of(kettle).count(EventKind.NUDGED) == 1
    assert events_of(kettle)[-1] == EventKind.DECISION_ASKED


def test_an_undone_nudge_reaches_nobody_and_leaves_the_clock_as_it_was() -> None:
    kettle = waiting()
    services.nudge(kettle.pk, by=ana(), now=NOON + HOUR)
    nudged = kettle.events.get(kind=EventKind.NUDGED)

    services.undo(nudged.pk, by=ana(), now=NOON + HOUR + 20 * SECOND)
    delivery.run(NOON + 2 * HOUR)

    assert nudges(State.SENT) == 0
    now = fresh(kettle)
    assert (now.nudged_at, now.next_action) == (None, "nudge")
    assert now.next_action_at == kettle.next_action_at


def test_only_a_promise_that_waits_is_nudged_about() -> None:
    kettle = a_commitment(due_at=NOON + DAY, summary=False)

    with pytest.raises(IllegalMoveError, match="is not waiting on the customer"):
        services.nudge(kettle.pk, by=ana(), now=NOON)

    assert events_of(kettle) == ["made"]


def test_a_stranger_nudges_nobody() -> None:
    kettle = waiting()

    with pytest.raises(NotAllowedError):
        services.nudge(kettle.pk, by=a_user("Zed Stranger"), now=NOON + HOUR)

    assert fresh(kettle).nudged_at is None


def test_a_colleague_may_nudge_twice_and_both_are_told_apart() -> None:
    kettle = waiting()

    services.nudge(kettle.pk, by=ana(), now=NOON + HOUR)
    services.nudge(kettle.pk, by=dev(), now=NOON + DAY)
    delivery.run(NOON + DAY + MINUTE)

    assert events_of(kettle).count(EventKind.NUDGED) == 2
    assert nudges(State.SENT) == 2
