"""The day on which something falls, on the clocks of the zone that its own row names.

A promise's first due time and the zone it was promised in never change, so neither does its day:
figures by day are the same for readers in every zone, and so are the lists behind them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q
from django.db.models.sql.compiler import SQLCompiler

# No zone has ever been further from UTC: a local day lies between these.
_EARLIEST, _LATEST = timedelta(hours=15), timedelta(hours=13)


class LocalDay(Func):
    """Of an instant and the name of a zone, both columns."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = models.DateField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, Any]:  # Any: as Django declares it
        template = "django_datetime_cast_date(%(expressions)s, 'UTC')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", ", **more)


FIRST_DUE_ON = LocalDay(F("first_due_at"), F("due_zone"))


def day_of(first_due_at: datetime, due_zone: str) -> date:
    """The same, of one promise."""
    return first_due_at.astimezone(ZoneInfo(due_zone)).date()


def around(since: date, until: date) -> Q:
    """First due about then: all of these days in any zone, so that an index finds them."""
    begins = datetime.combine(since, time.min, UTC) - _EARLIEST
    ends = datetime.combine(until, time.min, UTC) + timedelta(days=1) + _LATEST
    return Q(first_due_at__gte=begins, first_due_at__lt=ends)
