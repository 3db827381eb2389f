"""Promises as lines of a table for a spreadsheet, and these lines as CSV or as a workbook.

They are read by a cursor of the server and written while they are read, so that a million take no
more memory than ten. The database itself makes a line out of a promise, harmless and quoted: in
Python each of its sixteen cells would cost as much as the whole line does now. The last line of a
CSV says how many promises there were: without it, it was cut off.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from io import StringIO
from itertools import chain, islice
from typing import IO, Any, Final, TypeAlias, cast
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import (
    Coalesce,
    Left,
    LTrim,
    NullIf,
    Ord,
    Replace,
    StrIndex,
)
from django.db.models.lookups import GreaterThan, In, Range
from django.db.models.sql.compiler import SQLCompiler
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font

from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import reference, spreadsheets
from commitments.rules.lifecycle import Status
from commitments.web import states

COLUMNS: Final = (
    *("Reference", "Promise", "Customer", "E-mail", "Phone", "Case", "Kind", "Team", "Owner"),
    *("State", "Urgent", "Promised", "First due", "Due", "Customer told", "Closed"),
)
_WIDTHS: Final = (11, 44, 24, 28, 18, 12, 16, 18, 20, 24, 8, 26, 26, 26, 26, 26)
_WRITTEN: Final = (  # by people
    *("wording", "customer__name", "customer__email", "customer__phone"),
    *("conversation__outside_reference", "kind__name", "team__name"),
)
_PERSONAL: Final = frozenset(_WRITTEN[:5])  # of the customer, and of what was said to them
_TIMES: Final = ("promised_at", "first_due_at", "due_at", "told_at", "closed_at")
_QUOTED: Final = (",", '"', "\r", "\n")
_AT_A_TIME: Final = 2000
_LETTERS: Final = (ord("A"), 0xFEFF)  # no sign of a formula lies between

Lines: TypeAlias = Generator[list[str], None, None]  # some thousand at a time
_Found: TypeAlias = Generator[tuple[Any, ...], None, None]  # Any: see `query`


class _OnTheReadersClock(Func):
    """`2026-05-22T10:00:00+01:00`, in the zone of the session."""

    function = "to_char"
    template = "%(function)s(%(expressions)s, 'YYYY-MM-DD\"T\"HH24:MI:SSTZH:TZM')"
    output_field = TextField()


class _Joined(Func):
    """Texts one behind the other; none of them null."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class _Line(_Joined):
    """Cells with commas between them."""

    arg_joiner = " || ',' || "

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, Any]:  # Any: as Django declares it
        """The same, without writing the beginning of a line down again for each cell."""
        template = "concat_ws(',', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", ", **more)


def lines(
    promises: CommitmentQuerySet, *, zone: str, bare: Collection[int] = (), now: datetime
) -> Lines:
    """Each with what the columns say, those due first on top; some at a time. Those of the teams
    `bare` say nothing of their customers.

    Closed early, it lets go of the cursor and ends its transaction at once.
    """
    found = cast("_Found", query(promises, bare=bare, now=now).iterator(chunk_size=_AT_A_TIME))
    if connection.vendor != "postgresql":
        yield from _finished(found, place=ZoneInfo(zone))
        return
    # Without a transaction all rows would be read first.
    with transaction.atomic(), _for_a_whole_file(zone), closing(found):
        while batch := list(islice(found, _AT_A_TIME)):
            yield [f"{reference.write(pk)},{line}\r\n" for pk, line in batch]


def query(
    promises: CommitmentQuerySet, *, bare: Collection[int] = (), now: datetime
) -> QuerySet[Any, tuple[Any, ...]]:
    """What is asked of the database: ids, and lines without their references; behind these the
    times where it does not write them. Any: of such tuples.
    """
    cells, times = _cells(bare, now), [*_TIMES]
    if connection.vendor == "postgresql":
        clocks = [_OnTheReadersClock(F(name)) for name in times]
        cells, times = [*cells, *(Coalesce(clock, Value("")) for clock in clocks)], []
    return promises.order_by("due_at", "pk").values_list("pk", _Line(*cells), *times)


def csv_of(lines: Lines) -> Iterator[str]:
    """A batch at a time; begun with the mark by which spreadsheets know UTF-8."""
    count = 0
    yield "\ufeff" + _written(COLUMNS)
    with closing(lines):
        for batch in lines:
            count += len(batch)
            yield "".join(batch)
    said = f"{count:,} {'promise' if count == 1 else 'promises'}"
    yield _written((spreadsheets.END, said, *[""] * (len(COLUMNS) - 2)))


def workbook_of(lines: Lines, *, file: IO[bytes]) -> None:
    """A sheet with a head that stays in sight. What no workbook can hold is marked as lost."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Promises")
    sheet.freeze_panes = "B2"
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.append([_bold(sheet, title) for title in COLUMNS])
    with closing(lines):
        for row in csv.reader(chain.from_iterable(lines)):
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell) for cell in row])
    book.save(file)


def _cells(bare: Collection[int], now: datetime) -> list[Expression]:
    """In the order of the columns, without the reference and the times."""
    named = NullIf("owner__name", Value(""))
    owner = Coalesce(named, "owner__email", Value(""), output_field=TextField())
    urgent = Case(When(urgent=True, then=Value("yes")), default=Value("no"))
    texts: list[Combinable] = [*(_told(name, bare) for name in _WRITTEN), owner]
    return [*(_cell(text) for text in texts), _state(now), urgent]


def _told(name: str, bare: Collection[int]) -> Combinable:
    if not bare or name not in _PERSONAL:
        return F(name)
    nothing = When(team__in=sorted(bare), then=Value(""))
    return Case(nothing, default=F(name), output_field=TextField())


def _cell(text: Combinable) -> Case:
    """As `csv` writes it. What it need not quote is looked at no further."""
    has_signs = Q()
    for sign in _QUOTED:
        has_signs |= Q(GreaterThan(StrIndex(text, Value(sign)), 0))
    harmless = _harmless(text)
    doubled = Replace(harmless, Value('"'), Value('""'))
    quoted = _Joined(Value('"'), doubled, Value('"'))
    return Case(When(has_signs, then=quoted), default=harmless, output_field=TextField())


def _harmless(text: Combinable) -> Case:
    """Text that would be a formula is led by an apostrophe, which a spreadsheet does not show."""
    return Case(
        When(Range(Ord(text), _LETTERS), then=text),
        When(In(Left(LTrim(text), 1), spreadsheets.SIGNS), then=_Joined(Value("'"), text)),
        default=text,
        output_field=TextField(),
    )


def _state(now: datetime) -> Case:
    """As `states.of` says of one."""
    is_owed = Q(next_action="step", next_action_at__lte=now)
    is_soon = Q(status=Status.OPEN) & (Q(climbed__gt=0) | is_owed)
    endings = states.ENDINGS.items()
    return Case(
        When(status=Status.WAITING, then=_said(states.WAITING)),
        When(status=Status.OPEN, due_at__lt=now, then=_said(states.OVERDUE)),
        When(is_soon, then=_said(states.DUE_SOON)),
        When(status=Status.OPEN, then=_said(states.COMING_UP)),
        *(When(outcome=outcome, then=_said(state)) for outcome, state in endings),
        default=Value(""),
        output_field=TextField(),
    )


def _said(state: states.State) -> Value:
    return Value(_written([state.words]).removesuffix("\r\n"))


def _finished(found: _Found, *, place: ZoneInfo) -> Lines:
    """Where the database has no words for a time with its distance from UTC."""
    with closing(found):
        while batch := list(islice(found, _AT_A_TIME)):
            yield [
                f"{reference.write(pk)},{line},{','.join(_at(at, place) for at in times)}\r\n"
                for pk, line, *times in batch
            ]


def _at(at: datetime | None, place: ZoneInfo) -> str:
    return at.astimezone(place).isoformat(timespec="seconds") if at else ""


@contextmanager
def _for_a_whole_file(zone: str) -> Iterator[None]:
    """The session in the reader's zone, and with plans for all rows instead of the first few, until
    the transaction ends; the zone until this does.
    """
    options = "set_config('TimeZone', %s, true), set_config('cursor_tuple_fraction', '1', true)"
    with connection.cursor() as cursor:
        cursor.execute(f"select {options}", [zone])
        yield
        cursor.execute("select set_config('TimeZone', %s, true)", [connection.timezone_name])


def _written(row: Iterable[str]) -> str:
    page = StringIO()
    csv.writer(page).writerow(row)
    return page.getvalue()


def _bold(sheet: Any, title: str) -> Cell:  # Any: the library's own
    cell = WriteOnlyCell(sheet, value=title)
    cell.font = Font(bold=True)
    return cell
