"""Two at once, and a database that does not answer: said plainly, and nothing half-done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from commitments import once
from commitments.models import Commitment
from tests.api.callers import a_program, a_promise
from tests.makers import a_commitment, a_team, events_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_a_second_request_with_the_key_of_one_at_work_is_put_off():
    a_team()
    program = a_program()
    ask = once.Ask.of(principal=f"token:{program.token.partition('.')[0]}", door="api", key="k")

    with elsewhere(lambda: once.claim(ask)):
        refused = program.post(a_promise(), Idempotency_Key="k")
    taken = program.post(a_promise(), Idempotency_Key="k")

    assert (refused.status_code, refused["Retry-After"]) == (409, "1")
    assert taken.status_code == 201
    assert Commitment.objects.count() == 1


@pytest.fixture
def impatient() -> Iterator[None]:
    """Waits a moment for what somebody else holds, not three seconds."""
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '50ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("reset lock_timeout")


@pytest.mark.usefixtures("impatient")
def test_a_promise_that_somebody_else_holds_is_to_be_tried_again():
    kettle = a_commitment()
    program = a_program()

    with elsewhere(lambda: Commitment.objects.select_for_update().get(pk=kettle.pk)):
        refused = program.fulfil(kettle.reference, {"how": "Sent."})

    assert (refused.status_code, refused["Retry-After"]) == (503, "1")
    assert refused["Content-Type"] == "application/problem+json"
    assert events_of(kettle) == ["made"]


def test_of_two_who_fulfil_at_once_one_is_told_that_it_is_done():
    kettle = a_commitment()
    programs, answers = [a_program(), a_program()], []
    start = threading.Barrier(2)

    def fulfil(program) -> None:
        start.wait(20)
        answers.append(program.fulfil(kettle.reference, {"how": "Sent."}).status_code)
        connection.close()

    threads = [threading.Thread(target=fulfil, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 409]
    assert events_of(kettle).count("fulfilled") == 1


@contextmanager
def elsewhere(hold) -> Iterator[None]:
    """While this lasts, another connection holds what `hold` takes."""
    held, done = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            hold()
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(20)
    yield
    done.set()
    thread.join()
