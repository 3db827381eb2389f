"""Promises exported as CSV, beside PostgreSQL's own COPY of the very same query.

Both end in a sink that forgets what it was given. What the export holds in memory is counted beside
a process that has the same code and exports nothing.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Min

from commitments.models import Commitment
from commitments.models.commitment import CommitmentQuerySet
from commitments.web.lists import spreadsheet
from tests.load.bench.filling import MADE
from tests.load.bench.measuring import Taken, apart
from tests.load.bench.table import head, line

_AT_LEAST = 0.5  # of COPY's speed
_MEMORY = 100  # MiB beyond idle


def measure(count: int) -> None:
    """Of so many promises, the first that were stored."""
    head("Export, as CSV", "rows/s", "of COPY", "MiB beyond idle")
    copied = apart(lambda: _copy(count))
    exported = apart(lambda: _export(count))
    idle = apart(lambda: _export(1))
    beyond = exported.memory - idle.memory
    line(f"COPY of the same query, {count:,} promises", _speed(copied, count), 1.0, "")
    share = copied.seconds / exported.seconds
    line(f"the export, {exported.answer:,} bytes", _speed(exported, count), share, beyond)
    line("wanted", "", f">= {_AT_LEAST}", f"< {_MEMORY}")


def _speed(taken: Taken, count: int) -> float:
    return count / taken.seconds


def _first(count: int) -> CommitmentQuerySet:
    lowest = Commitment.objects.aggregate(pk=Min("pk"))["pk"] or 0
    return Commitment.objects.filter(pk__lt=lowest + count)


def _export(count: int) -> int:
    rows = spreadsheet.rows(_first(count), zone="Europe/London", now=MADE)
    return sum(len(page.encode()) for page in spreadsheet.csv_of(rows))


class _Sink:
    """A file that counts what it is given."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


def _copy(count: int) -> int:
    sink = _Sink()
    query = spreadsheet.query(_first(count), now=MADE)
    sql, values = query.query.sql_with_params()
    with connection.cursor() as cursor:
        bare: Any = cursor.cursor  # Any: the driver's own
        asked = bare.mogrify(sql, values).decode()
        bare.copy_expert(f"copy ({asked}) to stdout (format csv)", sink)
    return sink.size
