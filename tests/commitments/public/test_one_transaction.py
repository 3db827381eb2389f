"""An answer and the promise that it opens are one transaction: whatever breaks, both or neither.

What breaks it is the database itself, asked to by a trigger: it refuses a row, or hangs up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import CheckIn, CheckInAnswer, Commitment, Customer, Event, OnceKey
from config.logs import Plain
from notifications.models import Delivery, InboxItem
from tests.makers import ana

from .makers import ASKED_AT, SECOND, Browser, a_check_in, an_answer, check_in_link, seen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

LATER = ASKED_AT + 5 * SECOND
# All that an answer with "still open" is written to, in the order in which it is.
TABLES = (
    OnceKey._meta.db_table,
    CheckInAnswer._meta.db_table,
    Event._meta.db_table,
    Commitment._meta.db_table,
    Delivery._meta.db_table,
)
REFUSE = {
    "postgresql": "RAISE EXCEPTION 'The disk is full.';",
    "sqlite": "SELECT RAISE(ABORT, 'The disk is full.');",
}
HANG_UP = "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1);"


@contextmanager
def broken(table: str, how: str) -> Iterator[None]:
    """No row can be added to this table for a while."""
    made = f"CREATE TRIGGER broken BEFORE INSERT ON {table}"
    if connection.vendor == "sqlite":
        make, mend = [f"{made} BEGIN {how} END"], ["DROP TRIGGER broken"]
    else:
        body = f"BEGIN {how} RETURN NEW; END".replace("'", "''")
        make = [
            f"CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS '{body}'",
            f"{made} FOR EACH ROW EXECUTE FUNCTION broken()",
        ]
        mend = [f"DROP TRIGGER broken ON {table}", "DROP FUNCTION broken()"]
    _execute(make)
    try:
        yield
    finally:
        connection.close()  # it may have hung up
        _execute(mend)


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows() -> list[object]:
    models = (Commitment, Customer, Event, CheckIn, CheckInAnswer, OnceKey, Delivery, InboxItem)
    return [list(model.objects.order_by("pk").values()) for model in models]


def a_filled_in_form(check_in: CheckIn) -> tuple[Browser, dict[str, str]]:
    browser = Browser()
    browser.client.raise_request_exception = False
    form = browser.get(check_in_link(check_in), now=ASKED_AT)
    return browser, an_answer(form, open="yes", rating="2", words="The lid is missing.")


def is_saved_and_promised(response: Any) -> bool:
    answer, follow_up = CheckInAnswer.objects.get(), Commitment.objects.get(follows__isnull=False)
    thanks = Browser().get(response["Location"], now=LATER)
    return (
        answer.words == "The lid is missing."
        and follow_up.owner == ana()
        and "Ana gets back to you by Thursday 28 May, 4:00 pm" in seen(thanks)
    )


def test_an_answer_and_its_promise_are_committed_once() -> None:
    check_in = a_check_in()
    browser, data = a_filled_in_form(check_in)

    with CaptureQueriesContext(connection) as asked:
        response = browser.post(check_in_link(check_in), data, now=LATER)

    said = [query["sql"] for query in asked.captured_queries]
    assert said.count("COMMIT") == 1
    begun = next(place for place, sql in enumerate(said) if sql.startswith("BEGIN"))
    ended = said.index("COMMIT")
    changes = ("INSERT", "UPDATE", "WITH")
    writing = [place for place, sql in enumerate(said) if sql.startswith(changes)]
    assert len(writing) > len(TABLES)
    assert begun < min(writing)
    assert max(writing) < ended
    assert is_saved_and_promised(response)


@pytest.mark.parametrize("table", TABLES)
def test_refused_halfway_nothing_is_kept_and_the_same_form_can_be_sent_again(
    table: str, caplog: pytest.LogCaptureFixture
) -> None:
    check_in = a_check_in()
    browser, data = a_filled_in_form(check_in)
    before = rows()

    with broken(table, REFUSE[connection.vendor]):
        failed = browser.post(check_in_link(check_in), data, now=LATER)

    assert failed.status_code >= 500
    assert rows() == before
    token = check_in_link(check_in).split("/")[2]
    logged = [Plain().format(record) for record in caplog.records]
    assert any("/c/…/check-in/" in line for line in logged)
    assert not [line for line in logged if token in line]
    again = browser.post(check_in_link(check_in), data, now=LATER)
    assert is_saved_and_promised(again)


@pytest.mark.postgresql
@pytest.mark.parametrize("table", TABLES)
def test_cut_off_halfway_nothing_is_kept_and_the_same_form_can_be_sent_again(table: str) -> None:
    check_in = a_check_in()
    browser, data = a_filled_in_form(check_in)
    before = rows()

    with broken(table, HANG_UP):
        failed = browser.post(check_in_link(check_in), data, now=LATER)

    assert failed.status_code >= 500
    assert rows() == before
    again = browser.post(check_in_link(check_in), data, now=LATER)
    assert is_saved_and_promised(again)
