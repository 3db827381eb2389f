"""What is a table of promises and what is not, with the line that says so."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path

import pytest

from commitments.imports import COLUMNS, Table, WrongFile, guess, opened

from .files import GOOD, a_row, csv_of, written

HEADER = ",".join(COLUMNS)


def rows_of(path: Path) -> list[Mapping[str, str]]:
    return [row.cells for row in table_at(path)]


def table_at(path: Path) -> list[Table]:
    table = opened(path)
    return list(table.rows(guess(table.header)))


def lines_of(path: Path) -> list[int]:
    return [row.line for row in table_at(path)]


def refusal_of(path: Path) -> str:
    with pytest.raises(WrongFile) as refused:
        table_at(path)
    return str(refused.value)


def test_a_row_is_known_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    text = csv_of(a_row(), a_row(wording="Send it\nby post"), a_row()) + "\n,,,,,,,,\n"

    assert lines_of(written(tmp_path, text.encode())) == [2, 3, 5]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = written(tmp_path, codecs.BOM_UTF8 + csv_of(a_row(customer="Zoë")).encode())

    assert [row["customer"] for row in rows_of(path)] == ["Zoë"]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = written(tmp_path, csv_of(a_row(), columns=COLUMNS[::-1]).encode())

    assert rows_of(path) == [a_row()]


def test_cells_are_taken_as_they_are(tmp_path: Path) -> None:
    for words in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "1", "\uff1d1"):
        path = written(tmp_path, csv_of(a_row(wording=words)).encode())

        assert [row["wording"] for row in rows_of(path)] == [words]


def test_the_apostrophe_of_an_export_is_no_part_of_a_cell(tmp_path: Path) -> None:
    for words in ("=1+1", " +1", "-1", "@SUM(A1)", "\t=1", "\n=1", "\uff1d1"):
        path = written(tmp_path, csv_of(a_row(wording=f"'{words}")).encode())

        assert [row["wording"] for row in rows_of(path)] == [words]

    path = written(tmp_path, csv_of(a_row(wording="'Tis done")).encode())
    assert [row["wording"] for row in rows_of(path)] == ["'Tis done"]


def test_the_last_line_of_an_export_is_no_row(tmp_path: Path) -> None:
    text = csv_of(a_row()) + "End of the export,1 promise,,,,,,,\n"

    assert lines_of(written(tmp_path, text.encode())) == [2]


def test_a_row_of_another_length_is_troubled_and_the_others_are_not(tmp_path: Path) -> None:
    text = csv_of(a_row()) + "too,short\n" + csv_of(a_row()).partition("\n")[2]

    rows = table_at(written(tmp_path, text.encode()))

    assert [row.trouble for row in rows] == ["", "It has 2 cells where the header has 9.", ""]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_a_file_is_read_as_it_was_written(
    tmp_path: Path, separator: str, end: str, encoding: str, said: str
) -> None:
    row = a_row(customer="Zoë “the kettle” Müller", wording=f"One{separator} two")
    text = csv_of(row, a_row(conversation="case-2"), separator=separator, end=end)
    path = written(tmp_path, text.encode(encoding))

    table = opened(path)

    assert table.how.startswith(f"CSV in {said}, divided by ")
    rows = list(table.rows(guess(table.header)))
    assert [each.cells for each in rows] == [row, a_row(conversation="case-2")]
    assert [each.line for each in rows] == [2, 3]


def test_a_spreadsheet_may_say_what_divides_its_columns(tmp_path: Path) -> None:
    path = written(tmp_path, b"sep=;\r\n" + csv_of(a_row(), separator=";", end="\r\n").encode())

    assert rows_of(path) == [GOOD]
    assert lines_of(path) == [3]


def test_a_header_may_stand_below_blank_lines(tmp_path: Path) -> None:
    assert lines_of(written(tmp_path, b"\n,,\n" + csv_of(a_row()).encode())) == [4]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (
            csv_of(a_row(), a_row(customer="Zo\x81")).encode("latin-1"),
            "Line 3 is neither UTF-8 nor Windows-1252 (byte 0x81)",
        ),
        (csv_of(a_row()).encode("utf-16")[:-1], "is not the text it should be"),
        (b"conversation\x00,channel\n", "Line 1: this is no text: it holds zeros"),
        (f'{HEADER}\n"a,b\nc\n'.encode(), "The row at line 2 opens a quotation mark"),
        (f'{HEADER}\n{",".join("a" * 9)}\n"a"b,c\n'.encode(), "The row at line 3 has a quotation"),
        (f'{HEADER}\n"{"a" * 140_000}"\n'.encode(), "The row at line 2 has a cell of more than"),
        (f"{HEADER}\n{'a' * 2_000_000}\n".encode(), "Line 2 does not end within a million"),
        (b"PK\x03\x04 and so on", "This workbook cannot be read."),
        (b"\x7fELF and so on", "Line 1: this is a program"),
        (b"<!DOCTYPE html><p>Sign in", "Line 1: this is a web page"),
        (
            f"{HEADER.replace('wording', 'wrdng')}\n".encode(),
            "Choose a column for: The promise.",
        ),
        (b"=cmd|x\n", "Choose a column for: The promise, Customer."),
        (
            (HEADER + "".join(f",c{n}" for n in range(992))).encode(),
            "Line 1 names more than 1,000 columns.",
        ),
    ],
)
def test_what_is_no_table_of_promises_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refusal_of(written(tmp_path, data))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal_of(tmp_path / "gone.csv")
    assert "cannot be read: Is a directory" in refusal_of(tmp_path)
