"""What somebody does with a file: nothing is kept of one that will not do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from commitments import imports
from commitments.imports import Asked, NotNow, Order, TooLarge, WrongFile
from commitments.models import Commitment, Import, ImportRemark
from tests.makers import DAY, NOON, a_team, ana, dev

from .files import a_row, csv_of
from .uploads import an_upload, asked_of, brought_in, checked, fresh, rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_kept_under_a_name_that_nobody_chose(imports_folder: Path) -> None:
    upload = an_upload(a_row(), name="../../etc/\u202epromises\r\n.csv")

    assert upload.name == "promises.csv"
    assert names_in(imports_folder) == [upload.stored]
    assert upload.path.read_text() == csv_of(a_row())
    assert len(an_upload(a_row(), name="x" * 5000).name) <= 120


def test_what_its_columns_mean_is_guessed() -> None:
    upload = an_upload(data=b"Subject;Client;Due date;Mood\nCall;Tom;21/05/2026;fair\n")

    assert upload.columns == {"wording": 0, "customer": 1, "due": 2}
    assert (upload.choices["order"], upload.choices["usual_kind"]) == ("day", "followup")
    assert an_upload(a_row()).choices["usual_kind"] == ""
    assert (upload.state, upload.next_at) == ("taken", None)


def test_nothing_is_kept_of_a_file_that_is_none(imports_folder: Path) -> None:
    a_team()

    with pytest.raises(WrongFile, match="this is a PDF"):
        an_upload(data=b"%PDF-1.7")

    assert names_in(imports_folder) == []
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_not_looked_at(
    imports_folder: Path, settings: Settings
) -> None:
    settings.COMMITMENTS_LENGTHS = {"import_bytes_at_most": 2 * 1024 * 1024}

    with pytest.raises(TooLarge, match="larger than 2 MB"):
        an_upload(data=b"x" * (2 * 1024 * 1024 + 1))

    assert names_in(imports_folder) == []


def test_columns_that_will_not_do_begin_nothing() -> None:
    upload = an_upload(a_row())

    for columns in ({"wording": 0}, {"wording": 0, "customer": 99}, {"wording": 1, "customer": 1}):
        with pytest.raises(WrongFile):
            imports.check(upload.pk, Asked(columns=columns), by=ana(), now=NOON)

    assert fresh(upload).state == "taken"


def test_another_reading_forgets_what_the_first_one_said() -> None:
    upload = checked(an_upload(a_row(), a_row(kind="refnd")))
    assert (upload.good, upload.bad, ImportRemark.objects.count()) == (1, 1, 1)

    columns = {code: place for code, place in upload.columns.items() if code != "kind"}
    again = Asked(columns=columns, usual_kind="refund", order=Order.YEAR)
    imports.check(upload.pk, again, by=ana(), now=NOON)

    held = fresh(upload)
    assert (held.good, held.bad, held.done_upto, held.state) == (0, 0, 0, "judging")
    assert not ImportRemark.objects.exists()


def test_each_thing_is_done_at_its_own_time() -> None:
    upload = an_upload(a_row())
    with pytest.raises(NotNow):
        imports.begin(upload.pk, by=ana(), now=NOON)
    with pytest.raises(NotNow):
        imports.stop(upload.pk, by=ana())

    imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)
    for deed in (
        lambda: imports.begin(upload.pk, by=ana(), now=NOON),
        lambda: imports.forget(upload.pk, by=ana()),
        lambda: imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON),
    ):
        with pytest.raises(NotNow, match="being checked"):
            deed()

    imports.stop(upload.pk, by=ana())
    assert (fresh(upload).state, fresh(upload).next_at) == ("taken", None)


def test_where_nothing_is_good_nothing_begins() -> None:
    upload = checked(an_upload(a_row(kind="refnd")))

    with pytest.raises(NotNow, match="nothing to bring in"):
        imports.begin(upload.pk, by=ana(), now=NOON)


def test_what_is_finished_is_not_begun_again() -> None:
    upload = brought_in(an_upload(*rows(2)))

    with pytest.raises(NotNow):
        imports.begin(upload.pk, by=ana(), now=NOON)

    assert Commitment.objects.count() == 2


def test_nobody_touches_the_file_of_somebody_else() -> None:
    upload = checked(an_upload(a_row()))

    for deed in (
        lambda: imports.begin(upload.pk, by=dev(), now=NOON),
        lambda: imports.forget(upload.pk, by=dev()),
        lambda: imports.stop(upload.pk, by=dev()),
        lambda: imports.check(upload.pk, asked_of(upload), by=dev(), now=NOON),
    ):
        with pytest.raises(Import.DoesNotExist):
            deed()

    assert fresh(upload).state == "judged"


@pytest.mark.django_db(transaction=True)
def test_a_file_is_forgotten_with_all_that_was_said_of_it(imports_folder: Path) -> None:
    upload = checked(an_upload(a_row(), a_row(kind="refnd")))
    with transaction.atomic():
        imports.forget(upload.pk, by=ana())
        transaction.set_rollback(True)
    assert names_in(imports_folder) == [upload.stored]

    imports.forget(upload.pk, by=ana())

    assert names_in(imports_folder) == []
    assert not Import.objects.exists()
    assert not ImportRemark.objects.exists()


def test_old_files_go_and_what_came_of_them_stays(imports_folder: Path) -> None:
    upload = brought_in(an_upload(a_row(), a_row(kind="refnd")))
    other = an_upload(a_row(), now=NOON + 2 * DAY)

    assert imports.prune(NOON + 15 * DAY) == 1

    held = fresh(upload)
    assert (held.stored, held.made, held.bad) == ("", 1, 1)
    assert not ImportRemark.objects.exists()
    assert names_in(imports_folder) == [other.stored]
    with pytest.raises(WrongFile, match="The file is gone"):
        imports.table_of(held)


def test_what_no_row_knows_goes_after_some_days(imports_folder: Path) -> None:
    upload = an_upload(a_row())
    for name, days in (("a" * 32, 8), ("b" * 32 + "seen", 8), ("c" * 32, 6)):
        (imports_folder / name).write_text("left behind")
        old = (NOON - days * DAY).timestamp()
        os.utime(imports_folder / name, (old, old))

    assert imports.prune(NOON) == 2
    assert names_in(imports_folder) == sorted([upload.stored, "c" * 32])


def test_there_may_be_no_folder_yet() -> None:
    assert imports.prune(NOON) == 0
