"""A CSV file as lines of cells, in whatever way a spreadsheet wrote it.

Which letters its bytes stand for, what divides its columns and how its lines end is found out, and
said: UTF-8, UTF-16 or Windows-1252; commas, semicolons, tabs or bars; LF, CRLF or CR alone. What is
none of these is refused with a sentence that names the line. A line that is too long to be one is
never held whole, so a file that is no text at all costs no memory.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from .wrong import WrongFile

_LONGEST_LINE: Final = 1_000_000
_HEAD: Final = 1000
_AT_ONCE: Final = 1 << 16

SAVE_AS: Final = "Save it as CSV in UTF-8, or as a workbook (.xlsx), and try again."
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAYS_SEPARATOR: Final = re.compile("sep=([,;|\t])[\r\n]*", re.IGNORECASE)
_NOT_TEXT: Final = {
    b"PK\x03\x04": "a zip archive, and no workbook that can be read",
    b"PK\x05\x06": "a zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet, or one with a password",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SPOKEN: Final = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
_WRONG_CSV: Final = {
    "new-line character": "has a carriage return inside a cell that is not quoted",
    "unexpected end of data": "opens a quotation mark that is never closed",
    "field larger than": "has a cell of more than 131,072 characters; perhaps a quotation mark is "
    "opened and never closed",
    "expected after": "has a quotation mark inside a cell; it must be written twice",
}


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a file was written. `begins` is where the text does, in bytes."""

    encoding: str
    begins: int
    separator: str
    says_separator: bool  # its first line is `sep=;`, as spreadsheets write it for themselves

    def in_words(self) -> str:
        """`CSV in Windows-1252, divided by semicolons`."""
        return f"CSV in {_SPOKEN[self.encoding]}, divided by {SEPARATORS[self.separator]}"


def manner_of(path: Path, *, is_known: Callable[[str], bool]) -> Manner:
    """How this file was written; `is_known` knows the names of columns. Raises WrongFile."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        _check_head(head)
        encoding, begins = _encoding(head)
        if encoding == "utf-8":
            encoding = _utf_8_or_older(file, begins)
        first = _first_line(file, encoding, begins)
    said = _SAYS_SEPARATOR.fullmatch(first)
    return Manner(
        encoding=encoding,
        begins=begins,
        separator=said[1] if said else _separator(first, is_known),
        says_separator=said is not None,
    )


def lines(path: Path, manner: Manner) -> Iterator[tuple[int, Sequence[str]]]:
    """The cells of each row by the line on which it begins, header and all. Raises WrongFile."""
    with path.open("rb") as file:
        text = _text(file, manner.encoding, manner.begins)
        skipped = 1 if manner.says_separator else 0
        if skipped:
            text.readline(_LONGEST_LINE)
        reader = csv.reader(_short_lines(text), delimiter=manner.separator, strict=True)
        line = 1 + skipped
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1 + skipped
        except csv.Error as error:
            raise WrongFile(_in_words(error, line)) from error


def _check_head(head: bytes) -> None:
    for beginning, what in _NOT_TEXT.items():
        if head.startswith(beginning):
            raise WrongFile(f"Line 1: this is {what}, not a CSV file. {SAVE_AS}")
    if head.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise WrongFile(f"Line 1: this is a web page, not a CSV file. {SAVE_AS}")


def _encoding(head: bytes) -> tuple[str, int]:
    """By its mark; or by where the zeros lie, which text in UTF-16 is full of."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = len(head) // 4
    if odd > most and not even:
        return "utf-16-le", 0
    if even > most and not odd:
        return "utf-16-be", 0
    if 0 in head.partition(b"\n")[0]:
        raise WrongFile(f"Line 1: this is no text: it holds zeros. {SAVE_AS}")
    return "utf-8", 0


def _utf_8_or_older(file: BinaryIO, begins: int) -> str:
    """UTF-8 to the last byte, or else Windows-1252, which has a letter for almost every byte."""
    file.seek(begins)
    if _first_wrong_byte(file, "utf-8") is None:
        return "utf-8"
    file.seek(begins)
    wrong = _first_wrong_byte(file, "cp1252")
    if wrong is None:
        return "cp1252"
    line, byte = wrong
    raise WrongFile(f"Line {line} is neither UTF-8 nor Windows-1252 (byte 0x{byte:02x}). {SAVE_AS}")


def _first_wrong_byte(file: BinaryIO, encoding: str) -> tuple[int, int] | None:
    """Its line and the byte; None where all of it can be read."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    while True:
        part = file.read(_AT_ONCE)
        try:
            decoder.decode(part, final=not part)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n"), error.object[error.start]
        if not part:
            return None
        line += part.count(b"\n")


def _first_line(file: BinaryIO, encoding: str, begins: int) -> str:
    text = _text(file, encoding, begins)
    first = next(_short_lines(text), "")
    text.detach()
    return first


def _text(file: BinaryIO, encoding: str, begins: int) -> TextIOWrapper:
    file.seek(begins)
    return TextIOWrapper(file, encoding=encoding, newline="")


def _short_lines(text: TextIO) -> Iterator[str]:
    for number in count(1):
        try:
            line = text.readline(_LONGEST_LINE)
        except UnicodeDecodeError as error:
            raise WrongFile(f"Line {number} is not the text it should be. {SAVE_AS}") from error
        if not line:
            return
        if len(line) == _LONGEST_LINE:
            raise WrongFile(f"Line {number} does not end within a million characters. {SAVE_AS}")
        yield line


def _separator(first: str, is_known: Callable[[str], bool]) -> str:
    """The one by which the most columns have a name that is known; else the one used most."""

    def fits(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=separator), [])
        except csv.Error:
            return 0, 0
        return sum(map(is_known, cells)), len(cells)

    return max(SEPARATORS, key=fits)  # of those that fit alike the first, which is the comma


def _in_words(error: csv.Error, line: int) -> str:
    for beginning, words in _WRONG_CSV.items():
        if beginning in str(error):
            return f"The row at line {line} {words}. {SAVE_AS}"
    return f"The row at line {line} is not CSV: {error}. {SAVE_AS}"
