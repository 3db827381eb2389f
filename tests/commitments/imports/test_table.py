"""What is a table of promises and what is not, with the line that says so."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from commitments.imports import COLUMNS, WrongFile, table

from .files import a_row, csv_of, written

HEADER = ",".join(COLUMNS)


def lines_of(path: Path) -> list[int]:
    return [row.line for row in table.rows(path)]


def refusal_of(path: Path) -> str:
    with pytest.raises(WrongFile) as refused:
        list(table.rows(path))
    return str(refused.value)


def test_a_row_is_known_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    text = csv_of(a_row(), a_row(wording="Send it\nby post"), a_row()) + "\n,,,,,,,,\n"

    assert lines_of(written(tmp_path, text.encode())) == [2, 3, 5]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = written(tmp_path, codecs.BOM_UTF8 + csv_of(a_row(customer="Zoë")).encode())

    assert [row.cells["customer"] for row in table.rows(path)] == ["Zoë"]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = written(tmp_path, csv_of(a_row(), columns=COLUMNS[::-1]).encode())

    assert [row.cells for row in table.rows(path)] == [a_row()]


def test_cells_are_taken_as_they_are(tmp_path: Path) -> None:
    for words in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "1", "\uff1d1"):
        path = written(tmp_path, csv_of(a_row(wording=words)).encode())

        assert [row.cells["wording"] for row in table.rows(path)] == [words]


def test_a_row_of_another_length_is_troubled_and_the_others_are_not(tmp_path: Path) -> None:
    text = csv_of(a_row()) + "too,short\n" + csv_of(a_row()).partition("\n")[2]

    rows = list(table.rows(written(tmp_path, text.encode())))

    assert [row.trouble for row in rows] == ["", "It has 2 cells where the header has 9.", ""]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (csv_of(a_row()).encode("utf-16"), "Line 1: this file is in UTF-16"),
        (csv_of(a_row()).encode("utf-16-le"), "Line 1: this file is in UTF-16"),
        (
            csv_of(a_row(), a_row(customer="Zoë")).encode("cp1252"),
            "Line 3 is not UTF-8 (byte 0xeb)",
        ),
        (csv_of(a_row()).replace(",", ";").encode(), "Line 1: the columns are divided by semi"),
        (csv_of(a_row()).replace(",", "\t").encode(), "Line 1: the columns are divided by tabs"),
        (csv_of(a_row()).replace("\n", "\r").encode(), "The row at line 1 has a carriage return"),
        (f'{HEADER}\n"a,b\nc\n'.encode(), "The row at line 2 opens a quotation mark"),
        (f'{HEADER}\n{",".join("a" * 9)}\n"a"b,c\n'.encode(), "The row at line 3 has a quotation"),
        (f'{HEADER}\n"{"a" * 140_000}"\n'.encode(), "The row at line 2 has a cell of more than"),
        (f"{HEADER}\n{'a' * 2_000_000}\n".encode(), "Line 2 does not end within a million"),
        (b"PK\x03\x04 and so on", "Line 1: this is a spreadsheet or a zip archive"),
        (b"\x7fELF and so on", "Line 1: this is a program"),
        (b"<!DOCTYPE html><p>Sign in", "Line 1: this is a web page"),
        (
            f"{HEADER.replace('due', 'deu')}\n".encode(),
            "Line 1 has no column “due”; it has the unk",
        ),
        (f"{HEADER},due\n".encode(), "Line 1 names twice “due”"),
        (b"=cmd|x\n", "Line 1: the columns are divided by bars"),
        ((HEADER + "".join(f",c{n}" for n in range(991))).encode(), "and 986 more"),
    ],
)
def test_what_is_no_table_of_promises_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refusal_of(written(tmp_path, data))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal_of(tmp_path / "gone.csv")
    assert "cannot be read: Is a directory" in refusal_of(tmp_path)
