"""Two sweeps at once do every row once; a killed one leaves nothing half done."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from commitments import services, sweep
from commitments.models import Customer, Event
from commitments.rules.lifecycle import IllegalMoveError
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, a_draft, a_team, ana, events_of, fresh

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.faults,
]


def at_once(*jobs: object) -> list[object]:
    """Run them in threads that start together; answers what each returned or raised."""
    barrier = Barrier(len(jobs))

    def one(job: object) -> object:
        try:
            barrier.wait(timeout=10)
            return job()  # type: ignore[operator]  # a callable
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def test_four_sweeps_at_once_do_every_row_once() -> None:
    promises = [
        a_commitment(
            due_at=NOON + 3 * HOUR,
            case=str(number),
            customer=Customer.objects.create(name=f"Tom {number}"),
            summary=False,
        )
        for number in range(60)
    ]
    at = NOON + 3 * HOUR

    rounds = at_once(*[lambda: sweep.run(at, batch=7)] * 4)

    kinds = Counter(Event.objects.values_list("kind", flat=True))
    assert kinds == {"made": 60, "passed_over": 60, "breached": 60, "step_taken": 60}
    assert Delivery.objects.count() == 120  # inbox and e-mail
    assert all(fresh(promise).event_count == 4 for promise in promises)
    assert sum(done.done for done in rounds if isinstance(done, sweep.Round)) == 60


def test_a_verb_and_a_sweep_at_once_follow_one_another() -> None:
    for number in range(10):
        kettle = a_commitment(due_at=NOON + 3 * HOUR, case=str(number), summary=False)
        close = partial(services.fulfil, kettle.pk, by=ana(), how="Sent", cause="slipped")

        at_once(partial(sweep.run, NOON + 3 * HOUR), partial(close, now=NOON + 3 * HOUR))

        kinds = events_of(kettle)
        assert kinds.count("breached") == 1
        assert kinds.index("breached") < kinds.index("fulfilled")
        assert "step_taken" not in kinds[kinds.index("fulfilled") :]


def test_of_two_people_who_close_it_at_once_one_wins() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)

    answers = at_once(
        lambda: services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON),
        lambda: services.release(kettle.pk, by=ana(), reason="Not wanted", now=NOON),
    )

    refused = [answer for answer in answers if isinstance(answer, IllegalMoveError)]
    assert len(refused) == 1
    assert fresh(kettle).event_count == len(events_of(kettle))


def test_two_promises_to_one_customer_kept_at_once_share_a_check_in() -> None:
    first, second = a_commitment(case="a"), a_commitment(case="b")

    answers = at_once(
        lambda: services.fulfil(first.pk, by=ana(), how="Sent", now=NOON),
        lambda: services.fulfil(second.pk, by=ana(), how="Sent", now=NOON),
    )

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert first.customer.check_ins.get().items.count() == 2


def test_a_new_customer_two_colleagues_speak_with_at_once_is_one_customer() -> None:
    team = a_team()

    def make() -> None:
        with transaction.atomic():
            customer = services.customer_for(team=team, name="Maya", email="maya@post.example")
            services.make(a_draft(customer=customer), by=ana(), now=NOON)

    answers = at_once(make, make)

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Customer.objects.filter(email="maya@post.example").count() == 1


def test_a_transaction_that_dies_leaves_the_row_due() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    def die() -> None:
        with connection.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select 1 from commitments_commitment for update")
        connection.close()  # as a killed process does

    at_once(die)
    done = sweep.run(NOON + 2 * DAY)

    assert done.done == 1
    assert events_of(kettle).count("breached") == 1
