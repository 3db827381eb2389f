"""A file as a table: its header, and its rows by what their columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from commitments.rules import spreadsheets

from . import columns, text_files, workbooks
from .columns import Places
from .text_files import Manner
from .wrong import WrongFile

_SHOWN: Final = 3


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row by the line on which it begins: `own` as it stands there, `cells` by what they say.

    `trouble`: why it cannot be read, if it cannot.
    """

    line: int
    own: Sequence[str]
    cells: Mapping[str, str]
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """`how` says how the file was read; `sheet` and `sheets` are empty where it is no workbook."""

    path: Path
    header: tuple[str, ...]
    begins: int  # the line of the header
    how: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    manner: Manner | None = None

    @property
    def is_workbook(self) -> bool:
        return self.manner is None

    def rows(self, places: Places) -> Iterator[Row]:
        """The rows below the header, in order; blank ones are left out. Raises WrongFile."""
        columns.check(places, self.header)
        for line, own in self.lines():
            yield self._row(line, own, places)

    def lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The same as they stand in the file."""
        with _speaking(self.path):
            for line, cells in _lines(self.path, self.manner, self.sheet, len(self.header) + 1):
                if line > self.begins and _says_something(cells):
                    yield line, _padded(cells, len(self.header)) if self.is_workbook else cells

    def samples(self, most: int = _SHOWN) -> list[Sequence[str]]:
        """The first few, to be looked at."""
        return [cells for _, cells in islice(self.lines(), most)]

    def _row(self, line: int, own: Sequence[str], places: Places) -> Row:
        if len(own) != len(self.header):
            trouble = f"It has {len(own)} cells where the header has {len(self.header)}."
            return Row(line=line, own=own, cells={}, trouble=trouble)
        cells = {code: spreadsheets.plain(own[place]) for code, place in places.items()}
        return Row(line=line, own=own, cells=cells, trouble=self._trouble(own, places))

    def _trouble(self, own: Sequence[str], places: Places) -> str:
        if not self.is_workbook:
            return ""
        for place in places.values():
            cell, name = own[place], self.header[place][:40]
            if cell == workbooks.NO_VALUE:
                return f"“{name}” is a formula that was never worked out. Put its value there."
            if cell.startswith(workbooks.IN_ERROR):
                return f"“{name}” holds {shown(cell)}, an error of the spreadsheet."
        return ""


def opened(path: Path, *, sheet: str = "") -> Table:
    """What this file is, and its header: that of the sheet named, or of the one that fits best.

    Raises WrongFile.
    """
    with _speaking(path):
        with path.open("rb") as file:
            is_workbook = workbooks.is_one(file.read(4))
        if is_workbook:
            return _workbook(path, sheet)
        manner = text_files.manner_of(path, is_known=columns.is_known)
        begins, header = _header(_lines(path, manner, "", 0))
        return Table(path=path, header=header, begins=begins, how=manner.in_words(), manner=manner)


def shown(cell: str) -> str:
    """A cell as its writer sees it."""
    return "" if cell == workbooks.NO_VALUE else cell.removeprefix(workbooks.IN_ERROR)


def _workbook(path: Path, sheet: str) -> Table:
    names = workbooks.sheets(path)
    if not names:
        raise WrongFile("This workbook has no sheet that holds a table.")
    if sheet and sheet not in names:
        raise WrongFile(f"The workbook has no sheet “{sheet[:60]}”.")
    headers = {name: _header_if_any(path, name) for name in ([sheet] if sheet else names)}
    best = max(headers, key=lambda name: sum(map(columns.is_known, headers[name][1])))
    begins, header = headers[best]
    if not header:
        raise WrongFile(_empty())
    how = f"the sheet “{best}” of a workbook"
    return Table(path=path, header=header, begins=begins, how=how, sheet=best, sheets=tuple(names))


def _header_if_any(path: Path, sheet: str) -> tuple[int, tuple[str, ...]]:
    try:
        return _header(workbooks.lines(path, sheet=sheet, width=columns.MOST + 1))
    except WrongFile:
        return 0, ()


def _lines(
    path: Path, manner: Manner | None, sheet: str, width: int
) -> Iterator[tuple[int, Sequence[str]]]:
    if manner is None:
        return workbooks.lines(path, sheet=sheet, width=width)
    return text_files.lines(path, manner)


def _header(lines: Iterator[tuple[int, Sequence[str]]]) -> tuple[int, tuple[str, ...]]:
    """The first line that says anything."""
    for line, cells in lines:
        names = tuple(cell.strip() for cell in cells)
        if any(names):
            if len(names) > columns.MOST:
                raise WrongFile(f"Line {line} names more than {columns.MOST:,} columns.")
            return line, names
    raise WrongFile(_empty())


def _empty() -> str:
    names = [column.code for column in columns.ALL if column.is_needed]
    return f"The file is empty. Its first line must name its columns, such as {', '.join(names)}."


def _says_something(cells: Sequence[str]) -> bool:
    """Not blank, and not the line with which our own exports end."""
    return any(cell.strip() for cell in cells) and cells[0] != spreadsheets.END


def _padded(cells: Sequence[str], length: int) -> Sequence[str]:
    """A sheet does not say where a row ends: what misses at its end is empty."""
    return [*cells, *[""] * (length - len(cells))]


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WrongFile(f"{path.name} cannot be read: {error.strerror}.") from error
