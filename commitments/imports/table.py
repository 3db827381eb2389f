"""A CSV file as numbered rows: UTF-8, with or without byte order mark, divided by commas.

What is no such file is refused with a sentence that names the line. A line that is too long to be
one is never held whole, so a file that is no text at all costs no memory.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

from commitments.errors import CommitmentError

COLUMNS: Final = (
    *("conversation", "channel", "agent", "customer", "customer_email"),
    *("promised_at", "wording", "kind", "due"),
)
_LONGEST_LINE: Final = 1_000_000
_HEAD: Final = 1000
_SHOWN: Final = 5  # of the columns that should not be there

_SAVE_AS: Final = "Save it as CSV in UTF-8, divided by commas, and try again."
_NOT_TEXT: Final = {
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"PK\x05\x06": "a zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WRONG_CSV: Final = {
    "new-line character": "has a carriage return alone as its line end",
    "unexpected end of data": "opens a quotation mark that is never closed",
    "field larger than": "has a cell of more than 131,072 characters; perhaps a quotation mark is "
    "opened and never closed",
    "expected after": "has a quotation mark inside a cell; it must be written twice",
}


class WrongFile(CommitmentError):
    """This is not a table of promises; nothing of it was brought in."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row by the line on which it begins. `trouble`: why it cannot be read, if it cannot."""

    line: int
    cells: Mapping[str, str]
    trouble: str = ""


def rows(path: Path) -> Iterator[Row]:
    """The rows below the header, in order; blank ones are left out. Raises WrongFile."""
    try:
        with path.open("rb") as file:
            _check_head(file.read(_HEAD))
            file.seek(0)
            yield from _rows(file)
    except OSError as error:
        raise WrongFile(f"{path} cannot be read: {error.strerror}.") from error


def _rows(file: BinaryIO) -> Iterator[Row]:
    reader = csv.reader(_lines(file), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if header is None:
                header = _header(cells)
            elif any(cell.strip() for cell in cells):
                yield _row(line, header, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise WrongFile(_in_words(error, line)) from error
    if header is None:
        raise WrongFile(f"The file is empty. Its first line must name: {', '.join(COLUMNS)}.")


def _lines(file: BinaryIO) -> Iterator[str]:
    for number in count(1):
        raw = file.readline(_LONGEST_LINE)
        if not raw:
            return
        if len(raw) == _LONGEST_LINE:
            raise WrongFile(f"Line {number} does not end within a million characters. {_SAVE_AS}")
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = f"0x{raw[error.start]:02x}"
            raise WrongFile(f"Line {number} is not UTF-8 (byte {byte}). {_SAVE_AS}") from error


def _check_head(head: bytes) -> None:
    for beginning, what in _NOT_TEXT.items():
        if head.startswith(beginning):
            raise WrongFile(f"Line 1: this is {what}, not a CSV file. {_SAVE_AS}")
    if head.startswith(_UTF_16) or b"\x00" in head.partition(b"\n")[0]:
        raise WrongFile(f"Line 1: this file is in UTF-16, or no text at all. {_SAVE_AS}")
    if head.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise WrongFile(f"Line 1: this is a web page, not a CSV file. {_SAVE_AS}")


def _header(cells: Sequence[str]) -> list[str]:
    """The columns in the file's own order, which may be any."""
    names = [cell.strip().casefold() for cell in cells]
    if len(names) == 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if mark in names[0]:
                raise WrongFile(f"Line 1: the columns are divided by {word}. {_SAVE_AS}")
    troubles = [
        ("has no column", [name for name in COLUMNS if name not in names]),
        ("names twice", [name for name, times in Counter(names).items() if times > 1]),
        ("has the unknown column", [name for name in names if name not in COLUMNS]),
    ]
    said = [f"{trouble} {_list(found)}" for trouble, found in troubles if found]
    if said:
        raise WrongFile(f"Line 1 {'; it '.join(said)}. The columns are: {', '.join(COLUMNS)}.")
    return names


def _row(line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        trouble = f"It has {len(cells)} cells where the header has {len(header)}."
        return Row(line=line, cells={}, trouble=trouble)
    return Row(line=line, cells=dict(zip(header, cells, strict=True)))


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name[:40]}”" for name in names[:_SHOWN])
    left = len(names) - _SHOWN
    return f"{shown} and {left} more" if left > 0 else shown


def _in_words(error: csv.Error, line: int) -> str:
    for beginning, words in _WRONG_CSV.items():
        if beginning in str(error):
            return f"The row at line {line} {words}. {_SAVE_AS}"
    return f"The row at line {line} is not CSV: {error}. {_SAVE_AS}"
