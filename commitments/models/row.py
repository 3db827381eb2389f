"""Rows in their thousands: models that are filled at once, not column by column.

Django's own constructor looks at each field of each row, which is most of what a sweep would cost.
What it adds (signals, defaults) nothing here relies on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models.base import ModelState
from django.utils.duration import duration_iso_string

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Row(models.Model):
    """A model whose instances come out of the database in one step."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(  # type: ignore[override]  # the stubs know a parameter of a later Django
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],  # Any: column values of every type
    ) -> Self:
        """Columns that were not read stay away, and are fetched when they are asked for."""
        row = cls.__new__(cls)
        row.__dict__.update(zip(field_names, values, strict=True))
        row._state = ModelState()
        row._state.adding, row._state.db = False, db
        return row

    @classmethod
    def filled(cls, columns: Mapping[str, Any]) -> Self:  # Any: column values of every type
        """A new row that holds exactly these columns, by their names in the database."""
        row = cls.__new__(cls)
        row.__dict__.update(columns)
        row._state = ModelState()
        return row


def plain(value: Any) -> Any:  # Any: column values in, JSON values out
    """A column's value as JSON holds it; instants and lengths in ISO 8601."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    return str(value) if isinstance(value, StrEnum) else value
