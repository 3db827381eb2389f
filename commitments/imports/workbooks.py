"""A workbook (.xlsx) as lines of cells: one of its sheets, as it shows it.

It is a zip archive of XML, written by whoever, and small ones can unpack to anything. So its parts
are weighed before they are opened, rows are read one by one, and nothing in it is believed about
how large it is. Of a formula the value is taken that was last worked out; where none was kept, the
row is refused and says so.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.packaging.manifest import Manifest
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import ARC_CONTENT_TYPES, SHARED_STRINGS
from openpyxl.xml.functions import fromstring

from .wrong import WrongFile

_MEGABYTE: Final = 1024 * 1024
_SHEETS_AT_MOST: Final = 200 * _MEGABYTE  # unpacked; a hundred thousand rows are well below it
_REST_AT_MOST: Final = 30 * _MEGABYTE  # texts and styles are held as a whole
_MOST_PARTS: Final = 2000
_MOST_ROWS: Final = 1_048_576  # of a sheet, by the format
_SECOND: Final = timedelta(seconds=1)

NO_VALUE: Final = "\x00formula"  # no cell can hold it
IN_ERROR: Final = "\x00error"
_BROKEN: Final = (
    *(
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OverflowError,
        OSError,
        EOFError,
    ),
    *(ParseError, zipfile.BadZipFile, InvalidFileException, NotImplementedError, RuntimeError),
)
_HOW: Final = "Open it in a spreadsheet, save it again, and try once more."


def is_one(head: bytes) -> bool:
    """Whether a file that begins so may be a workbook."""
    return head.startswith(b"PK\x03\x04")


def sheets(path: Path) -> list[str]:
    """The names of the sheets that are shown and hold cells. Raises WrongFile."""
    with _opened(path) as book:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def lines(path: Path, *, sheet: str, width: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Up to `width` cells of each row by its number, the blank ones too. Raises WrongFile."""
    with _opened(path) as book:
        if sheet not in book.sheetnames:
            raise WrongFile(f"The workbook has no sheet “{sheet[:60]}”.")
        if not _has_formulas(path):
            yield from _rows(book, sheet, width)
            return
    # A value that was never worked out looks like an empty cell: only the formula tells.
    with _opened(path) as shown, _opened(path, formulas=True) as meant:
        both = zip(_rows(shown, sheet, width), _rows(meant, sheet, width), strict=False)
        for (number, cells), (_, written) in both:
            yield number, [_worked_out(*pair) for pair in zip(cells, written, strict=False)]


@contextmanager
def _opened(path: Path, *, formulas: bool = False) -> Iterator[Workbook]:
    """What it is called does not matter."""
    _weigh(path)
    with path.open("rb") as file:
        with _in_words(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it speaks of styles and of what is not read anyway
            book = load_workbook(file, read_only=True, data_only=not formulas, keep_links=False)
        yield book
        book.close()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except WrongFile:
        raise
    except _BROKEN as error:
        raise WrongFile(f"This workbook cannot be read. {_HOW}") from error


def _weigh(path: Path) -> None:
    """By the sizes that the archive declares: more than these is never unpacked of a part."""
    with _in_words(), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or any(part.flag_bits & 1 for part in parts):
            raise WrongFile(
                "This is no workbook that can be read: it has a password, or odd parts."
            )
        of_sheets = sum(part.file_size for part in parts if _is_sheet(part))
        of_the_rest = sum(part.file_size for part in parts) - of_sheets
        if of_sheets <= _SHEETS_AT_MOST and of_the_rest <= _REST_AT_MOST:
            texts = _part_of_texts(archive)
            if not texts or archive.getinfo(texts).file_size <= _REST_AT_MOST:
                return
    raise WrongFile("This workbook unpacks to more than can be read. Divide it, or save it as CSV.")


def _part_of_texts(archive: zipfile.ZipFile) -> str:
    """It says itself which part holds its texts: that may be named like a sheet. Or nothing."""
    said: Any = fromstring(archive.read(ARC_CONTENT_TYPES))  # Any: the library's own, as below
    manifest: Any = Manifest.from_tree(said)
    found = manifest.find(SHARED_STRINGS)
    return str(found.PartName)[1:] if found is not None else ""


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has one: looked for in the bytes, a piece at a time."""
    with _in_words(), zipfile.ZipFile(path) as archive:
        for part in filter(_is_sheet, archive.infolist()):
            with archive.open(part) as file:
                before = b""
                while piece := file.read(1 << 16):
                    if b"<f>" in (seen := before + piece) or b"<f " in seen or b":f" in seen:
                        return True
                    before = piece[-2:]
    return False


def _rows(book: Workbook, sheet: str, width: int) -> Iterator[tuple[int, Sequence[str]]]:
    found: Any = book[sheet]  # Any: the library's own kinds of sheets
    found.reset_dimensions()  # what a sheet says of its size is not believed
    with _in_words(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = found.iter_rows(max_col=width, values_only=True)
        for number, values in enumerate(rows, 1):
            if number > _MOST_ROWS:
                raise WrongFile("The sheet has more rows than a sheet can have.")
            yield number, [_written(value) for value in _without_tail(values)]


def _without_tail(values: Sequence[Any]) -> Sequence[Any]:  # Any: what cells hold
    """Rows are filled up with nothing to the last column there can be."""
    length = len(values)
    while length and values[length - 1] is None:
        length -= 1
    return values[:length]


def _written(value: object) -> str:
    """As it would stand in a CSV file. A day without a time is a date."""
    match value:
        case None:
            said = ""
        case bool():
            said = "yes" if value else "no"
        case float() if value.is_integer():
            said = str(int(value))
        case datetime():
            at = _to_the_second(value)
            said = at.date().isoformat() if at.time() == time() else at.isoformat(sep=" ")
        case str() if value in ERROR_CODES:
            said = IN_ERROR + value
        case str() | int() | float() | time() | timedelta():
            said = str(value)
        case _:
            said = "="  # a formula of many cells
    return said


def _to_the_second(at: datetime) -> datetime:
    """Spreadsheets keep times as parts of a day, which miss the second by a little."""
    return (at + _SECOND / 2).replace(microsecond=0)


def _worked_out(shown: str, meant: str) -> str:
    return NO_VALUE if not shown and meant.startswith("=") else shown
