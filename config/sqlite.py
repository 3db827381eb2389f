"""SQLite keeps instants as text. What is read holds the same few of them again and again: each
text is understood once, and is the same instant for all who read it.

Django looks once more at every value, whether it is text still, without a zone, or a number in the
place of a truth: twenty times for each promise of a sweep. A column of a table has been read by its
type, whatever stands between the two; where SQLite computes a value, Django looks as ever.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from functools import lru_cache
from typing import Any

import django.db.backends.sqlite3.base  # noqa: F401  # registers a reader: ours comes after it
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.db.models import BooleanField, DateTimeField
from django.db.models.expressions import Col, Expression

_READ_BY_TYPE = (BooleanField, DateTimeField)
_usual_converters = DatabaseOperations.get_db_converters


def keep_instants() -> None:
    """From now on, for every connection of this process."""
    sqlite3.register_converter("datetime", _instant)
    # Django has no setting for it.
    DatabaseOperations.get_db_converters = _converters  # type: ignore[method-assign]


def _converters(
    self: BaseDatabaseOperations, expression: Expression
) -> list[Any]:  # Any: as Django says
    if isinstance(expression, Col) and isinstance(expression.target, _READ_BY_TYPE):
        return []
    return _usual_converters(self, expression)


@lru_cache(maxsize=4096)
def _instant(text: bytes) -> datetime:
    """In UTC, as every date column here is written."""
    return datetime.fromisoformat(f"{text.decode()}+00:00")
