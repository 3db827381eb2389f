"""Promises exported as CSV, beside PostgreSQL's own COPY of the very same query, and of a query by
hand that only reads the columns.

All end in a sink that forgets what it was given. What the export holds in memory is counted beside
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


_BY_HAND = """
select promise.id, wording, customer.name, customer.email, customer.phone, spoken.outside_reference,
    kind.name, team.name, coalesce(nullif(owner.name, ''), owner.email, ''), case
        when status = 'waiting' then 'Waiting on the customer'
        when status = 'open' and due_at < %(now)s then 'Overdue'
        when status = 'open' and climbed > 0 then 'Due soon'
        when status = 'open' then 'Coming up'
        when outcome = 'on_time' then 'Kept on time'
        when outcome = 'moved' then 'Moved, customer told first'
        when outcome = 'late' then 'Kept late'
        when outcome = 'broken' then 'We cannot keep it'
        when outcome = 'released' then 'No longer wanted'
        else 'Logged by mistake'
    end, case when urgent then 'yes' else 'no' end, to_char(promised_at, %(form)s),
    to_char(first_due_at, %(form)s), to_char(due_at, %(form)s), to_char(told_at, %(form)s),
    to_char(closed_at, %(form)s)
from commitments_commitment as promise
join commitments_customer as customer on customer.id = promise.customer_id
join commitments_conversation as spoken on spoken.id = promise.conversation_id
join commitments_kind as kind on kind.id = promise.kind_id
join commitments_team as team on team.id = promise.team_id
left join commitments_user as owner on owner.id = promise.owner_id
where promise.id < %(end)s
order by due_at, promise.id
"""
_FORM = 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM'


def measure(count: int) -> None:
    """Of so many promises, the first that were stored."""
    head("Export, as CSV", "rows/s", "of COPY", "MiB beyond idle")
    by_hand = apart(lambda: _copy(_by_hand(count)))
    copied = apart(lambda: _copy(_same(count)))
    exported = apart(lambda: _export(count))
    idle = apart(lambda: _export(1))
    beyond = exported.memory - idle.memory
    line(f"COPY of columns by hand, {count:,} promises", _speed(by_hand, count), "", "")
    line("COPY of the same query", _speed(copied, count), "", "")
    for name, other in (("by hand", by_hand), ("of the same query", copied)):
        share = other.seconds / exported.seconds
        line(f"the export, beside COPY {name}", _speed(exported, count), share, beyond)
    line("wanted", "", f">= {_AT_LEAST}", f"< {_MEMORY}")


def _speed(taken: Taken, count: int) -> float:
    return count / taken.seconds


def _first(count: int) -> CommitmentQuerySet:
    lowest = Commitment.objects.aggregate(pk=Min("pk"))["pk"] or 0
    return Commitment.objects.filter(pk__lt=lowest + count)


def _export(count: int) -> int:
    lines = spreadsheet.lines(_first(count), zone="Europe/London", now=MADE)
    return sum(len(page.encode()) for page in spreadsheet.csv_of(lines))


class _Sink:
    """A file that counts what it is given."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


def _same(count: int) -> tuple[str, object]:
    asked: tuple[str, object] = spreadsheet.query(_first(count), now=MADE).query.sql_with_params()
    return asked


def _by_hand(count: int) -> tuple[str, object]:
    lowest = Commitment.objects.aggregate(pk=Min("pk"))["pk"] or 0
    return _BY_HAND, {"now": MADE, "form": _FORM, "end": lowest + count}


def _copy(asked: tuple[str, object]) -> int:
    sink = _Sink()
    with connection.cursor() as cursor:
        bare: Any = cursor.cursor  # Any: the driver's own
        statement = bare.mogrify(*asked).decode()
        bare.copy_expert(f"copy ({statement}) to stdout (format csv)", sink)
    return sink.size
