"""The file of the rows that were left out: the person's own columns, and why."""

from __future__ import annotations

import csv
import io

import pytest

from commitments import imports
from commitments.imports import WrongFile
from commitments.models import Import
from tests.makers import DAY, NOON

from .files import a_row, csv_of
from .uploads import an_upload, brought_in, checked, fresh, rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def lines_of(upload: Import) -> list[list[str]]:
    text = "".join(imports.result_lines(fresh(upload)))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_the_rows_left_out_stand_there_as_they_were_with_the_reason() -> None:
    upload = checked(an_upload(*rows(2), a_row(kind="refnd"), *rows(1, wording=" ")))

    head, first, second = lines_of(upload)

    assert head[-2:] == ["Line", "Why it was left out"]
    assert first[:-2] == list(a_row(kind="refnd").values())
    assert (first[-2], second[-2]) == ("4", "5")
    assert first[-1].startswith("There is no kind “refnd”.")
    assert second[-1] == "The promise is empty. Please write something."


def test_nothing_in_it_is_a_formula() -> None:
    data = csv_of(a_row(kind="=cmd|x", wording="@SUM(1)")).replace("channel", "+channel", 1)
    upload = checked(an_upload(data=data.replace("+channel", "channel", 1).encode()))

    _, row = lines_of(upload)

    assert (row[7], row[6]) == ("'=cmd|x", "'@SUM(1)")


def test_put_right_it_can_be_brought_in_itself() -> None:
    upload = brought_in(an_upload(*rows(2), *rows(1, kind="refnd", wording="=1+1")))
    text = "".join(imports.result_lines(fresh(upload))).replace("refnd", "refund", 1)

    again = brought_in(an_upload(data=text.encode()))

    assert (again.made, again.bad) == (1, 0)


def test_rows_without_the_right_number_of_cells_stand_there_too() -> None:
    upload = checked(an_upload(data=csv_of(*rows(1)).encode() + b"too,short\n"))

    assert lines_of(upload)[1] == ["too", "short", "3", "It has 2 cells where the header has 9."]


def test_once_the_file_is_gone_there_is_none() -> None:
    upload = checked(an_upload(a_row(kind="refnd")))
    imports.prune(NOON + 15 * DAY)

    with pytest.raises(WrongFile, match="The file is gone"):
        lines_of(upload)
