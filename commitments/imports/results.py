"""The rows that were left out, as a file: the person's own columns, and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

from commitments.models import Import, ImportRemark
from commitments.rules import spreadsheets

from .keeping import table_of
from .table import shown

ADDED: Final = ("Line", "Why it was left out")
_AT_ONCE: Final = 500


def lines(held: Import) -> Iterator[str]:
    """CSV, some rows at a time, begun with the mark by which spreadsheets know UTF-8.

    Nothing of it is a formula. Raises WrongFile where the file is gone.
    """
    table = table_of(held)
    why = _reasons(held)
    yield "\ufeff" + _written([[*table.header, *ADDED]])
    rows = ((line, own) for line, own in table.lines())
    left_out = _matched(rows, why)
    while batch := list(islice(left_out, _AT_ONCE)):
        yield _written(batch)


def _reasons(held: Import) -> Iterator[tuple[int, str]]:
    remarks = held.remarks.filter(what=ImportRemark.What.BAD).order_by("line")
    return remarks.values_list("line", "says").iterator(chunk_size=_AT_ONCE)


def _matched(
    rows: Iterator[tuple[int, Sequence[str]]], why: Iterator[tuple[int, str]]
) -> Iterator[list[str]]:
    """Both in the order of their lines."""
    reason = next(why, None)
    for line, own in rows:
        if reason is None:
            return
        if line == reason[0]:
            yield [*map(shown, own), str(line), reason[1]]
            reason = next(why, None)


def _written(rows: Sequence[Sequence[str]]) -> str:
    page = StringIO()
    csv.writer(page).writerows([spreadsheets.harmless(cell) for cell in row] for row in rows)
    return page.getvalue()
