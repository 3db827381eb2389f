"""SQLite keeps instants as text. What is read holds the same few of them again and again: each
text is understood once, and is the same instant for all who read it.

Django looks once more at every value, whether it is text still or without a zone: sixteen times
for each promise of a sweep. What has a zone is taken as it is.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import django.db.backends.sqlite3.base  # noqa: F401  # registers a reader: ours comes after it
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.utils.dateparse import parse_datetime

_look_again = DatabaseOperations.convert_datetimefield_value


def keep_instants() -> None:
    """From now on, for every connection of this process."""
    sqlite3.register_converter("datetime", _instant)
    # Django has no setting for it.
    DatabaseOperations.convert_datetimefield_value = _as_read  # type: ignore[method-assign]


def _as_read(
    self: DatabaseOperations,
    value: Any,
    expression: Any,
    connection: Any,  # Any: as Django's own says
) -> Any | None:
    if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
        return value
    return _look_again(self, value, expression, connection)


@lru_cache(maxsize=4096)
def _instant(text: bytes) -> datetime | None:
    """In UTC, as every date column here is written."""
    read = parse_datetime(text.decode())
    return None if read is None else read.replace(tzinfo=UTC)
