"""A workbook is read as it shows itself, and none unpacks to more than can be held."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from commitments.imports import COLUMNS, WrongFile, guess, opened

from .files import GOOD, a_row

SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)
MEGABYTE = 1024 * 1024
ROW = tuple(a_row().values())


def a_workbook(folder: Path, **sheets: list[tuple[Any, ...]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "promises.xlsx"
    book.save(path)
    return path


def repacked(path: Path, **parts: bytes) -> Path:
    """The same archive with other bytes in parts of it, by the ends of their names."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, parts.get(Path(name).stem, data))
    return path


def rows_of(path: Path, sheet: str = "") -> list[Any]:
    table = opened(path, sheet=sheet)
    return list(table.rows(guess(table.header)))


def refusal_of(path: Path, sheet: str = "") -> str:
    with pytest.raises(WrongFile) as refused:
        rows_of(path, sheet)
    return str(refused.value)


def test_a_workbook_is_a_table_too(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, Promises=[COLUMNS, ROW, (), ROW])

    rows = rows_of(path)

    assert [(row.line, row.cells) for row in rows] == [(2, GOOD), (4, GOOD)]
    assert opened(path).how == "the sheet “Promises” of a workbook"


def test_dates_are_days_and_times_are_times_to_the_second(tmp_path: Path) -> None:
    at = datetime(2026, 5, 21, 11, 59, 59, 999_600)  # noqa: DTZ001 - a workbook knows no zones
    row = a_row() | {"promised_at": at, "due": date(2026, 5, 22), "conversation": 48213.0}
    path = a_workbook(tmp_path, Promises=[COLUMNS, tuple(row.values())])

    cells = rows_of(path)[0].cells

    assert (cells["promised_at"], cells["due"]) == ("2026-05-21 12:00:00", "2026-05-22")
    assert cells["conversation"] == "48213"


def test_a_date_that_is_only_a_number_stays_one(tmp_path: Path) -> None:
    row = a_row() | {"promised_at": 46054}
    path = a_workbook(tmp_path, Promises=[COLUMNS, tuple(row.values())])

    assert rows_of(path)[0].cells["promised_at"] == "46054"


def test_cells_at_the_end_of_a_row_may_miss_and_too_many_are_said(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, Promises=[COLUMNS, ROW[:-1], (*ROW, "more")])

    first, second = rows_of(path)

    assert (first.trouble, first.cells["due"]) == ("", "")
    assert second.trouble == "It has 10 cells where the header has 9."


def test_the_sheet_that_fits_best_is_read_unless_another_is_named(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path,
        Notes=[("Read me",), ("first",)],
        Promises=[COLUMNS, ROW],
        Old=[COLUMNS, ROW, ROW],
    )

    table = opened(path)

    assert (table.sheet, table.sheets) == ("Promises", ("Notes", "Promises", "Old"))
    assert len(rows_of(path, "Old")) == 2
    assert refusal_of(path, "Notes") == "Choose a column for: The promise, Customer."
    assert refusal_of(path, "Nowhere") == "The workbook has no sheet “Nowhere”."


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(COLUMNS)
    hidden = book.create_sheet("Hidden")
    hidden.append(COLUMNS)
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")

    assert opened(tmp_path / "hidden.xlsx").sheets == ("Sheet",)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert refusal_of(a_workbook(tmp_path, Promises=[])).startswith("The file is empty.")


def test_the_value_of_a_formula_is_taken_and_one_without_is_refused(tmp_path: Path) -> None:
    row = a_row() | {"wording": '="Send "&"it"'}
    path = a_workbook(tmp_path, Promises=[COLUMNS, tuple(row.values())])
    assert rows_of(path)[0].trouble == (
        "“wording” is a formula that was never worked out. Put its value there."
    )

    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    kept = sheet.replace(b"</f><v></v>", b"</f><v>Send it</v>").replace(
        b"</f><v />", b"</f><v>Send it</v>"
    )
    assert kept != sheet
    path = repacked(path, sheet1=kept.replace(b'r="G2"', b'r="G2" t="str"'))

    row = rows_of(path)[0]
    assert (row.trouble, row.cells["wording"]) == ("", "Send it")


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(COLUMNS)
    book.active.append(ROW)
    cell = book.active["G2"]
    cell.value = "=1+1"
    cell.data_type = "s"
    book.save(tmp_path / "text.xlsx")

    assert rows_of(tmp_path / "text.xlsx")[0].cells["wording"] == "=1+1"


def test_an_error_of_the_spreadsheet_is_no_promise(tmp_path: Path) -> None:
    row = a_row() | {"wording": "#REF!"}
    path = a_workbook(tmp_path, Promises=[COLUMNS, tuple(row.values())])

    assert rows_of(path)[0].trouble == "“wording” holds #REF!, an error of the spreadsheet."


def with_texts(path: Path, texts: bytes, *, called: str = "xl/sharedStrings.xml") -> Path:
    """The same workbook with its texts in a part of their own, as spreadsheets write it."""
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/{called}" ContentType="{kind}" /></Types>'
    repacked(path, **{"[Content_Types]": types.replace("</Types>", part).encode()})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(called, texts)
    return path


def test_texts_may_lie_in_a_part_of_their_own(tmp_path: Path) -> None:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    texts = (
        f"<sst {space}><si><t>wording</t></si><si><r><t>Cust</t></r><r><t>omer</t></r></si></sst>"
    )
    sheet = (
        f'<worksheet {space}><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        '<row><c t="inlineStr"><is><t>Call</t></is></c><c t="s"><v>1</v></c></row></sheetData>'
        "</worksheet>"
    )
    path = with_texts(a_workbook(tmp_path, Promises=[COLUMNS]), texts.encode())

    rows = rows_of(repacked(path, sheet1=sheet.encode()))

    assert [row.cells for row in rows] == [{"wording": "Call", "customer": "Customer"}]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    too_much = "This workbook unpacks to more than can be read."
    path = a_workbook(tmp_path, Promises=[COLUMNS, ROW])
    assert too_much in refusal_of(repacked(path, sheet1=b" " * 201 * MEGABYTE))
    assert path.stat().st_size < MEGABYTE

    path = with_texts(a_workbook(tmp_path, Promises=[COLUMNS, ROW]), b" " * 31 * MEGABYTE)
    assert too_much in refusal_of(path)


def test_texts_that_are_named_like_a_sheet_are_weighed_as_texts(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, Promises=[COLUMNS, ROW])
    with_texts(path, b" " * 31 * MEGABYTE, called="xl/worksheets/texts.xml")

    assert "unpacks to more than can be read" in refusal_of(path)


def test_entities_are_not_multiplied(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE sst [<!ENTITY e0 "ha">{levels}]><sst>&e9;</sst>'
    path = with_texts(a_workbook(tmp_path, Promises=[COLUMNS, ROW]), laughs.encode())

    assert "cannot be read" in refusal_of(path)


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet>",
        b"\x00\xff",
        b"",
        SHEET.replace(b"%s", b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'),
        SHEET.replace(b"%s", b'<row r="x"><c r="A1"><v>1</v></c></row>'),
        SHEET.replace(b"%s", b'<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'),
        SHEET.replace(b"%s", b'<row r="1"><c r="A1" t="d"><v>x</v></c></row>'),
    ],
)
def test_a_broken_sheet_is_refused_in_a_sentence(tmp_path: Path, sheet: bytes) -> None:
    path = repacked(a_workbook(tmp_path, Promises=[COLUMNS, ROW]), sheet1=sheet)

    assert refusal_of(path).startswith(("The file is empty.", "This workbook cannot be read."))


def test_a_sheet_is_not_believed_about_how_large_it_is(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, Promises=[COLUMNS, ROW])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'<row r="2"', b'<row r="9000000000"').replace(
        b'"A1:I2"', b'"A1:XFD1048576"'
    )
    assert far != sheet

    assert (
        refusal_of(repacked(path, sheet1=far)) == "The sheet has more rows than a sheet can have."
    )
