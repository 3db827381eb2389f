"""A verb that finds nothing to do, said after the due time and before a sweep has been round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from commitments import services, sweep
from commitments.models import Commitment, EventKind
from config.audit import histories
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + HOUR
LATE = DUE + MINUTE


def show(kettle: Commitment, *, now: datetime) -> None:
    services.show_on_page(kettle.pk, by=makers.ana(), now=now)


def edit(kettle: Commitment, *, now: datetime) -> None:
    same = {"name": kettle.customer.name}
    services.edit_customer(kettle.customer_id, same, by=makers.ana(), now=now)


def stop(kettle: Commitment, *, now: datetime) -> None:
    services.stop_mails(kettle.conversation, now=now)


def write(kettle: Commitment, *, now: datetime) -> None:
    services.write_after_all(kettle.customer_id, by=makers.ana(), now=now)


@pytest.fixture(params=[show, edit, stop, write])
def again(request: pytest.FixtureRequest) -> Callable[..., None]:
    """What has been done before, done once more."""
    found: Callable[..., None] = request.param
    return found


@pytest.fixture
def kettle(again: Callable[..., None]) -> Commitment:
    made = makers.a_commitment(due_at=DUE)
    if again in (stop, write):
        stop(made, now=NOON)
    if again is write:
        write(made, now=NOON)
    return made


def test_the_breach_it_met_is_written_down_whole(
    kettle: Commitment, again: Callable[..., None]
) -> None:
    again(kettle, now=LATE)

    found = makers.fresh(kettle)
    assert found.breached_at == DUE
    assert found.event_count == found.events.count()
    assert found.events.filter(kind=EventKind.BREACHED).count() == 1
    assert list(histories.differing([kettle.pk])) == []


def test_the_promise_goes_on(kettle: Commitment, again: Callable[..., None]) -> None:
    again(kettle, now=LATE)

    sweep.run(LATE + MINUTE)
    again(kettle, now=LATE + HOUR)
    services.acknowledge(kettle.pk, by=makers.ana(), now=LATE + HOUR)
    sweep.run(LATE + DAY)

    kinds = makers.events_of(kettle)
    assert kinds.count(EventKind.BREACHED) == 1
    assert kinds.count(EventKind.STEP_TAKEN) >= 1
    assert list(histories.differing([kettle.pk])) == []
