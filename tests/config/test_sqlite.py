"""How instants are read back from SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import cast

import pytest
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.db.models import BooleanField, DateTimeField, Expression, Max, Value
from django.db.utils import ConnectionHandler

from commitments.models import Commitment


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """As Django opens one: its columns say by their types how they are read."""
    found = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
    with closing(found) as database:
        database.execute("create table promise (due_at datetime)")
        yield database


def read(database: sqlite3.Connection, *texts: str | None) -> list[object]:
    database.executemany("insert into promise values (?)", [(text,) for text in texts])
    return [at for (at,) in database.execute("select due_at from promise order by rowid")]


def test_an_instant_is_read_as_one_in_utc(database: sqlite3.Connection) -> None:
    texts = ["2026-03-29 01:30:00", "2026-10-25 02:30:00.000001", None]

    assert read(database, *texts) == [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, 0, 1, tzinfo=UTC),
        None,
    ]


def test_one_that_many_rows_hold_is_understood_once(database: sqlite3.Connection) -> None:
    first, second = read(database, "2026-05-22 10:00:00", "2026-05-22 10:00:00")

    assert first is second


@pytest.fixture
def operations() -> DatabaseOperations:
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    return cast("DatabaseOperations", ConnectionHandler({"default": sqlite})["default"].ops)


@pytest.mark.parametrize("name", ["due_at", "urgent"])
def test_django_takes_a_column_as_it_was_read(operations: DatabaseOperations, name: str) -> None:
    column = Commitment._meta.get_field(name).get_col("promise")

    assert operations.get_db_converters(column) == []


@pytest.mark.parametrize(
    ("computed", "read", "taken"),
    [
        (
            Max("due_at", output_field=DateTimeField()),
            "2026-05-22 10:00:00",
            datetime(2026, 5, 22, 10, tzinfo=UTC),
        ),
        (Value(1, output_field=BooleanField()), 1, True),
    ],
)
def test_django_looks_at_what_was_computed(
    operations: DatabaseOperations, computed: Expression, read: object, taken: object
) -> None:
    (convert,) = operations.get_db_converters(computed)

    assert convert(read, computed, None) == taken


def test_columns_keep_their_types_whatever_stands_between(database: sqlite3.Connection) -> None:
    database.execute("insert into promise values ('2026-05-22 10:00:00')")
    ten = datetime(2026, 5, 22, 10, tzinfo=UTC)

    for rows in (
        "select due_at from (select due_at from promise order by due_at limit 1)",
        "select due_at from promise union all select due_at from promise limit 1",
        "with late as materialized (select due_at from promise) select due_at from late",
        "select due_at from promise group by due_at",
        "insert into promise select due_at from promise returning due_at",
    ):
        assert database.execute(rows).fetchall() == [(ten,)], rows
