"""Rows in their thousands: models that are filled at once, not column by column.

Django's own constructor looks at each field of each row, which is most of what a sweep would cost.
What it adds (signals, defaults) nothing here relies on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState
from django.utils.duration import duration_iso_string

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_R = TypeVar("_R", bound=models.Model)


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
        # A dict made at once: one that grows name by name costs three times as much.
        row.__dict__ = dict(zip(field_names, values, strict=True))
        row._state = state = ModelState()
        state.adding, state.db = False, db
        return row

    @classmethod
    def filled(cls, columns: dict[str, Any]) -> Self:  # Any: column values of every type
        """A new row that holds exactly these columns, by their names in the database, and keeps
        the dict itself.
        """
        row = cls.__new__(cls)
        row.__dict__ = columns
        row._state = ModelState()
        return row


def read(rows: models.QuerySet[_R]) -> list[_R]:
    """What Django reads of a query, but each row that it joins is made once, however many share it:
    ten thousand colleagues have two hundred teams. Nothing is prefetched.
    """
    compiler = rows.query.get_compiler(using=rows.db)
    found = compiler.results_iter(compiler.execute_sql())
    one = _Model(compiler.klass_info or {}, compiler.select, rows.db)
    annotations = (compiler.annotation_col_map or {}).items()
    made = []
    for columns in found:
        row = one.made_of(columns)
        for name, place in annotations:
            setattr(row, name, columns[place])
        made.append(row)
    return made


def insert(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model as they stand, in their order, and give an id to those without.

    What bulk_create does besides, looking at each column several times, is most of what the
    statement costs. All of them have an id, or none.
    """
    if not rows:
        return
    fields = _fields(type(rows[0]), gives_ids=rows[0].pk is None)
    size = connection.ops.bulk_batch_size(fields, rows)
    for start in range(0, len(rows), size):
        _insert(rows[start : start + size], besides=())


def insert_with(rows: Sequence[models.Model], *, besides: Sequence[Sequence[models.Model]]) -> None:
    """The same, and rows of other models before them, which are given no ids: where the database
    can, in one statement.
    """
    if connection.vendor == "postgresql":
        _insert(rows, besides=[each for each in besides if each])
        return
    for each in besides:
        insert(each)
    insert(rows)


def _insert(rows: Sequence[models.Model], *, besides: Sequence[Sequence[models.Model]]) -> None:
    database = connections[DEFAULT_DB_ALIAS]  # asked for every value: not through its stand-in
    parts, values = [], []
    for each in (*besides, rows):
        fields = _fields(type(each[0]), gives_ids=each[0].pk is None)
        begins, one = _beginning(type(each[0]), gives_ids=each[0].pk is None)
        parts.append(f"{begins} values {', '.join([one] * len(each))}")
        values += [
            field.get_db_prep_save(getattr(row, field.attname), database)
            for row in each
            for field in fields
        ]
    *before, last = parts
    named = ", ".join(f"part_{place} as ({part})" for place, part in enumerate(before))
    statement = f"with {named} {last}" if named else last
    gives_ids = rows[0].pk is None
    with database.cursor() as cursor:
        cursor.execute(f"{statement} returning id" if gives_ids else statement, values)
        if gives_ids:
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = pk
    for each in (*besides, rows):
        for row in each:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _fields(model: type[models.Model], *, gives_ids: bool) -> list[models.Field[Any, Any]]:
    return [each for each in model._meta.concrete_fields if not (gives_ids and each.primary_key)]


@cache
def _beginning(model: type[models.Model], *, gives_ids: bool) -> tuple[str, str]:
    """Of a statement that inserts, and the places of one row's values."""
    names = [each.column for each in _fields(model, gives_ids=gives_ids)]
    quoted = ", ".join(f'"{name}"' for name in names)
    places = ", ".join(["%s"] * len(names))
    return f'insert into "{model._meta.db_table}" ({quoted})', f"({places})"


class _Model:
    """Where the columns of a model stand in a row, and what has been made of them."""

    def __init__(self, info: Mapping[str, Any], select: Sequence[Any], db: str) -> None:
        places = info["select_fields"]
        self._columns = slice(places[0], places[-1] + 1)
        self._names = [column.target.attname for column, *_ in select[self._columns]]
        self._model, self._db = info["model"], db
        self._key = places[self._names.index(self._model._meta.pk.attname)]
        self._joined = [
            (each["local_setter"], _Model(each, select, db))
            for each in info.get("related_klass_infos", ())
        ]
        self._known: dict[object, Any] = {}

    def made_of(self, columns: Sequence[Any]) -> Any:
        """None where nothing was joined."""
        key = columns[self._key]
        if key is None:
            return None
        row = self._known.get(key)
        if row is None:
            row = self._model.from_db(self._db, self._names, columns[self._columns])
            self._known[key] = row
            for keep, joined in self._joined:
                keep(row, joined.made_of(columns))
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
