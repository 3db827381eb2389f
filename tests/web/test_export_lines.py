"""A line of the export, letter by letter; and an export that is cut off in the middle."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.models import Commitment, Conversation, Customer
from commitments.web.lists import spreadsheet
from tests import makers
from tests.makers import NOON
from tests.web.test_export import EXPORT, rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
HOSTILE = (
    *(f"{sign}1+1" for sign in _RUN),
    *(f"  {sign}1+1" for sign in _RUN),
    *("+49 755", '=HYPERLINK("x","y")', 'Say "yes", then go', "a,b", '"', '""', "'quoted'", "'=1"),
    *("two\nlines", "two\r\nlines", "\u00a0=1", "\ufeff=1", "\x0b=1", "9=9", "a=1", "[=", "`", "A"),
    *("", " ", "  ", "\u05e9\u05dc\u05d5\u05dd", "\U0001f600", "\U0001f600=1", "%s %(x)s", "\\n"),
)


def test_hostile_texts_are_harmless_and_whole(ines: Client) -> None:
    made = [written(each, [text] * 5) for text in HOSTILE if (each := makers.a_commitment())]

    found = whole(ines)

    assert found.split("\r\n", 1)[1] == expected(made, [[text] * 5 for text in HOSTILE])


@given(st.lists(st.text('a,"\r\n =+@\t\uff1dé', max_size=6), min_size=5, max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_line_is_as_the_library_writes_it(ines: Client, texts: list[str]) -> None:
    made = written(Commitment.objects.first() or makers.a_commitment(), texts)

    found = whole(ines)

    assert found.split("\r\n", 1)[1] == expected([made], [texts])


def written(made: Commitment, texts: list[str]) -> Commitment:
    """With these texts in every place where people write."""
    wording, name, email, phone, case = texts
    tom = Customer.objects.create(name=name, email=email, phone=phone)
    Commitment.objects.filter(pk=made.pk).update(wording=wording, customer=tom)
    Conversation.objects.filter(pk=made.conversation_id).update(outside_reference=case)
    return made


def expected(made: Sequence[Commitment], texts: Sequence[list[str]]) -> str:
    """What `csv` makes of them and of the end."""
    at = ["2026-05-21T12:00:00+00:00", *["2026-05-21T18:00:00+00:00"] * 2]
    page = io.StringIO()
    lines = csv.writer(page)
    for each, written in zip(made, texts, strict=True):
        harmless = [f"'{cell}" if cell.lstrip(" ").startswith(_RUN) else cell for cell in written]
        lines.writerow(
            [
                *(each.reference, *harmless, "Follow-up", "Billing care", "Ana Moreno"),
                *("Coming up", "no", *at, "", ""),
            ]
        )
    count = "1 promise" if len(made) == 1 else f"{len(made)} promises"
    lines.writerow(["End of the export", count, *[""] * 14])
    return page.getvalue()


def whole(client: Client) -> str:
    cache.clear()  # nobody counts how often
    answer: Any = client.get(EXPORT)
    return b"".join(answer.streaming_content).decode()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_whoever_goes_away_in_the_middle_leaves_nothing_open(ines: Client) -> None:
    kettle = makers.a_commitment()
    Commitment.objects.bulk_create(another(kettle) for _ in range(4_500))

    answer: Any = ines.get(EXPORT)
    pieces = iter(answer.streaming_content)
    head, first = next(pieces), next(pieces)
    before = is_open()
    answer.close()

    assert (head.count(b"\r\n"), first.count(b"\r\n")) == (1, 2_000)
    assert (before, is_open()) == ((1, "in transaction"), (0, "idle"))
    assert len(rows(ines.get(EXPORT))) == 4_502


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_whoever_rests_until_the_database_ends_it_has_no_last_line_and_the_next_has(
    ines: Client,
) -> None:
    kettle = makers.a_commitment()
    Commitment.objects.bulk_create(another(kettle) for _ in range(4_500))

    answer: Any = ines.get(EXPORT)
    pieces = iter(answer.streaming_content)
    read = next(pieces) + next(pieces)
    end_our_session()  # as `idle_in_transaction_session_timeout` does
    with pytest.raises(OperationalError):
        next(pieces)
    answer.close()
    close_old_connections()  # as each request does at its end

    assert b"End of the export" not in read
    assert len(rows(ines.get(EXPORT))) == 4_502


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_reads_them_by_a_cursor_of_its_own_and_sets_its_clock_back() -> None:
    kettle = makers.a_commitment()
    Commitment.objects.bulk_create(another(kettle) for _ in range(2_000))
    promises = Commitment.objects.all()

    found = spreadsheet.lines(promises, zone="Asia/Kathmandu", now=NOON)
    first = next(found)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_cursors where not is_holdable and name like '%django%'"
        )
        open_ones = cursor.fetchone()
        found.close()
        cursor.execute("show timezone")
        zone = cursor.fetchone()

    assert (len(first), open_ones, zone) == (2_000, (1,), ("UTC",))


def another(kettle: Commitment) -> Commitment:
    made = copy.copy(kettle)
    made.pk = None
    return made


def end_our_session() -> None:
    other = connection.copy()
    with connection.cursor() as ours, other.cursor() as theirs:
        ours.execute("select pg_backend_pid()")
        theirs.execute("select pg_terminate_backend(%s, 5000)", ours.fetchone())
    other.close()


def is_open() -> tuple[int, str]:
    """Cursors that can still be read from, and whether a transaction has not ended."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_cursors where name like '%django%'")
        (cursors,) = cursor.fetchone()
    return cursors, "in transaction" if connection.in_atomic_block else "idle"
