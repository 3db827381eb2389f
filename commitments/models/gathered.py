"""Rows that belong to a row, read in the same query: a page that shows one thing asks once."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Subquery, Value
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler


class _Gathered(models.Aggregate):
    """All of them as one list of JSON objects."""

    function = "JSONB_AGG"
    output_field = models.JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, Any]:  # Any: as Django declares it
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **more)


def gathered(rows: models.QuerySet[Any], *names: str) -> Subquery:  # Any: any model
    """These columns of some rows, few by nature; None where there are none."""
    one = rows.order_by().annotate(one=Value(1)).values("one")
    columns = JSONObject(**{name: name for name in names})
    listed = one.annotate(listed=_Gathered(columns)).values("listed")
    return Subquery(listed, output_field=models.JSONField())


def nested(value: Any) -> Any:  # Any: a JSON column
    """A column of JSON inside the list: SQLite hands it over as text."""
    return json.loads(value) if isinstance(value, str) else value
