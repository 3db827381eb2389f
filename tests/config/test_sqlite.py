"""How instants are read back from SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db.utils import ConnectionHandler


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


def test_django_takes_it_as_it_was_read_and_text_as_ever() -> None:
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    operations = ConnectionHandler({"default": sqlite})["default"].ops
    ten = datetime(2026, 5, 22, 10, tzinfo=UTC)

    taken = [
        operations.convert_datetimefield_value(each, None, None)
        for each in (ten, "2026-05-22 10:00:00", datetime(2026, 5, 22, 10), None)  # noqa: DTZ001
    ]

    assert taken == [ten, ten, ten, None]
    assert taken[0] is ten
