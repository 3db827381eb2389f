"""What calls cost the database: `make bench` says what that is in time (`--only api`)."""

from __future__ import annotations

import pytest
from django.db import connection

from commitments import services
from commitments.models import Customer
from tests.api.callers import a_program, a_promise, ana_of_billing
from tests.api.counting import after, queries_of
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

_OF_A_TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE")


def test_what_is_open_and_what_is_closed_come_in_one_order_page_by_page():
    made = [a_commitment(due_at=NOON + HOUR + n * MINUTE, case=str(n)) for n in range(7)]
    for each in made[::2]:
        services.fulfil(each.pk, by=ana(), how="Posted.", now=NOON)

    found, page = [], a_program().get(query={"page_size": 2}).json()
    while True:
        found += [each["reference"] for each in page["results"]]
        if page["next"] is None:
            break
        page = a_program().get(after(page)).json()

    assert found == [each.reference for each in made]


def test_a_page_asks_no_more_however_many_promises_there_are():
    ana_of_billing()
    program, counts = a_program(), []
    program.get()
    for more in (2, 20):
        for number in range(more):
            a_commitment(case=f"{more}-{number}")
        counts.append(len(queries_of(program.get)))

    # The token, which they are (SQLite: the live and the closed), and what is said of them.
    assert counts == ([3, 3] if connection.vendor == "postgresql" else [4, 4])


@pytest.mark.postgresql
def test_a_page_is_found_by_two_indexes_without_sorting_what_there_is():
    a_commitment()
    program = a_program()
    program.get()
    (page,) = [each["sql"] for each in queries_of(program.get) if "LIMIT 51" in each["sql"]]

    with connection.cursor() as cursor:
        for name in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
            cursor.execute(f"set local enable_{name} = off")
        cursor.execute(f"explain {page}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "commitment_live_in_order" in plan
    assert "commitment_closed_by_due" in plan
    assert "Sort Key" not in plan


def test_making_a_promise_asks_as_often_whatever_is_there_already():
    ana_of_billing()
    program = a_program()
    program.post(a_promise())
    body = a_promise(customer=Customer.objects.get().pk)

    counts = []
    for _ in range(3):
        asked = [each["sql"] for each in queries_of(lambda: program.post(body))]
        counts.append(sum(not sql.startswith(_OF_A_TRANSACTION) for sql in asked))

    # SQLite writes the promise, its event and its notes one after another.
    assert counts == ([6, 6, 6] if connection.vendor == "postgresql" else [8, 8, 8])
