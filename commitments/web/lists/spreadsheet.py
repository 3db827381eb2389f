"""Promises as rows of a table for a spreadsheet, and these rows as CSV or as a workbook.

They are read by a cursor of the server and written while they are read, so that a million take no
more memory than ten. PostgreSQL writes the times itself: in Python they would take longer than all
the rest. The last line of a CSV says how many promises there were: without it, it was cut off.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from itertools import islice
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Case, CharField, F, Func, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font

from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import reference
from commitments.rules.lifecycle import Status
from commitments.web import states

COLUMNS: Final = (
    *("Reference", "Promise", "Customer", "E-mail", "Phone", "Case", "Kind", "Team", "Owner"),
    *("State", "Urgent", "Promised", "First due", "Due", "Customer told", "Closed"),
)
END: Final = "End of the export"
_WIDTHS: Final = (11, 44, 24, 28, 18, 12, 16, 18, 20, 24, 8, 26, 26, 26, 26, 26)
_TEXTS: Final = slice(1, 9)  # what people wrote
_TIMES: Final = ("promised_at", "first_due_at", "due_at", "told_at", "closed_at")
_COMMAS: Final = len(COLUMNS) - 1
_QUOTED: Final = ('"', "\r", "\n")
_AT_A_TIME: Final = 2000
# A spreadsheet takes what begins like this for a formula, and runs it; the last four are the same
# signs as East Asian keyboards write them.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SUSPECT: Final = frozenset((" ", *_FORMULA))

Row = Sequence[str]


class _OnTheReadersClock(Func):
    """`2026-05-22T10:00:00+01:00`, in the zone of the session."""

    function = "to_char"
    template = "%(function)s(%(expressions)s, 'YYYY-MM-DD\"T\"HH24:MI:SSTZH:TZM')"
    output_field = CharField()


def rows(promises: CommitmentQuerySet, *, zone: str, now: datetime) -> Iterator[list[str]]:
    """Each with what the columns say, harmless; those due first on top."""
    found = query(promises, now=now)
    if connection.vendor != "postgresql":
        place = ZoneInfo(zone)
        for row in found.iterator(chunk_size=_AT_A_TIME):
            yield _row((*row[: -len(_TIMES)], *(_at(at, place) for at in row[-len(_TIMES) :])))
        return
    with transaction.atomic(), _clock(zone):  # without a transaction all rows were read first
        for row in found.iterator(chunk_size=_AT_A_TIME):
            yield _row(row)


def query(promises: CommitmentQuerySet, *, now: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """What is asked of the database. Any: ids, texts, and times where it does not write them."""
    return promises.order_by("due_at", "pk").values_list(*_values(now))


def csv_of(rows: Iterable[Row]) -> Iterator[str]:
    """Some rows at a time; begun with the mark by which spreadsheets know UTF-8."""
    remaining, count = iter(rows), 0
    yield "\ufeff" + _lines([COLUMNS])
    while batch := list(islice(remaining, _AT_A_TIME)):
        count += len(batch)
        yield _lines(batch)
    said = f"{count:,} {'promise' if count == 1 else 'promises'}"
    yield _lines([(END, said, *[""] * (len(COLUMNS) - 2))])


def workbook_of(rows: Iterable[Row], *, file: IO[bytes]) -> None:
    """A sheet with a head that stays in sight. What no workbook can hold is marked as lost."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Promises")
    sheet.freeze_panes = "B2"
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.append([_bold(sheet, title) for title in COLUMNS])
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell) for cell in row])
    book.save(file)


def harmless(cell: str) -> str:
    """Text that would be a formula is led by an apostrophe, which a spreadsheet does not show."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _values(now: datetime) -> list[str | Combinable]:
    """In the order of the columns."""
    related = ("customer__name", "customer__email", "customer__phone")
    named = NullIf("owner__name", Value(""))
    owner = Coalesce(named, "owner__email", Value(""), output_field=CharField())
    urgent = Case(When(urgent=True, then=Value("yes")), default=Value("no"))
    is_here = connection.vendor == "postgresql"
    return [
        *("pk", "wording", *related, "conversation__outside_reference", "kind__name", "team__name"),
        *(owner, _state(now), urgent),
        *(_OnTheReadersClock(F(name)) if is_here else name for name in _TIMES),
    ]


def _state(now: datetime) -> Case:
    """As `states.of` says of one."""
    is_owed = Q(next_action="step", next_action_at__lte=now)
    is_soon = Q(status=Status.OPEN) & (Q(climbed__gt=0) | is_owed)
    endings = states.ENDINGS.items()
    return Case(
        When(status=Status.WAITING, then=Value(states.WAITING.words)),
        When(status=Status.OPEN, due_at__lt=now, then=Value(states.OVERDUE.words)),
        When(is_soon, then=Value(states.DUE_SOON.words)),
        When(status=Status.OPEN, then=Value(states.COMING_UP.words)),
        *(When(outcome=outcome, then=Value(state.words)) for outcome, state in endings),
        default=Value(""),
        output_field=CharField(),
    )


def _row(values: Sequence[Any]) -> list[str]:  # Any: the id among texts
    texts = [harmless(cell) if cell[:1] in _SUSPECT else cell for cell in values[_TEXTS]]
    *known, told, closed = values[_TEXTS.stop :]
    return [reference.write(values[0]), *texts, *known, told or "", closed or ""]


def _at(at: datetime | None, place: ZoneInfo) -> str:
    return at.astimezone(place).isoformat(timespec="seconds") if at else ""


@contextmanager
def _clock(zone: str) -> Iterator[None]:
    """The session in the reader's zone until the transaction ends, or this does."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('TimeZone', %s, true)", [zone])
        yield
        cursor.execute("select set_config('TimeZone', %s, true)", [connection.timezone_name])


def _lines(rows: Iterable[Row]) -> str:
    return "".join([_line(row) for row in rows])


def _line(row: Row) -> str:
    """As `csv` writes it, which is asked where something has to be quoted: it looks at each letter,
    and takes ten times as long for all the others.
    """
    line = ",".join(row)
    if line.count(",") == _COMMAS and not any(sign in line for sign in _QUOTED):
        return f"{line}\r\n"
    page = StringIO()
    csv.writer(page).writerow(row)
    return page.getvalue()


def _bold(sheet: Any, title: str) -> Cell:  # Any: the library's own
    cell = WriteOnlyCell(sheet, value=title)
    cell.font = Font(bold=True)
    return cell
