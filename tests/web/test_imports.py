"""Promises from a file, on the pages: uploaded, understood, checked, and then brought in."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from commitments import imports
from commitments.models import Commitment, Import, ImportRemark, Membership, Role, Team, User
from commitments.rules import spreadsheets
from tests.commitments.imports.files import a_row, csv_of
from tests.commitments.imports.test_workbooks import COLUMNS, ROW, a_workbook
from tests.commitments.imports.uploads import LONG, an_upload, checked, fresh, rows
from tests.makers import a_team, a_user, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

UPLOADS = "/promises/import/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(page: HttpResponse) -> str:
    return " ".join(page.content.decode().split())


def upload(client: Client, data: bytes, *, name: str = "promises.csv", **fields: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    given = {"once": "1", "team": str(a_team().pk), "file": file} | fields
    return client.post(UPLOADS, given)


def page_of(held: Import, query: str = "") -> str:
    return f"{UPLOADS}{held.pk}/{query}"


def fields_of(held: Import) -> dict[str, str]:
    """The form as it is shown."""
    places = {f"column_{code}": str(place) for code, place in held.columns.items()}
    return places | {"order": held.choices["order"], "usual_kind": "", "press": "check"}


def test_a_file_goes_all_the_way_in() -> None:
    a_team()
    client = signed_in(ana())

    shown = upload(client, csv_of(*rows(2), a_row(kind="refnd")).encode())
    held = Import.objects.get()
    assert shown.url == page_of(held)
    page = text_of(client.get(shown.url))
    assert "CSV in UTF-8, divided by commas" in page
    assert "Send the kettle&#x27;s replacement part" in page
    assert not Commitment.objects.exists()

    assert client.post(page_of(held), fields_of(held)).url == page_of(held)
    page = text_of(client.get(page_of(held)))
    assert "Bring in 2 promises" in page
    assert "There is no kind “refnd”" in page
    assert not Commitment.objects.exists()

    client.post(page_of(held), {"press": "begin"})
    page = text_of(client.get(page_of(held)))
    assert "The promises are here" in page
    assert Commitment.objects.count() == 2
    assert "2 promises made, 1 left out" in text_of(client.get(UPLOADS))


def test_what_a_column_means_can_be_changed() -> None:
    a_team()
    client = signed_in(ana())
    upload(client, b"Thing,Who,What\nCall,Tom,refund\n")
    held = Import.objects.get()
    assert held.columns == {"wording": 2}

    given = {"column_wording": "0", "column_customer": "1", "column_kind": "2"}
    looked = client.post(page_of(held), given | {"order": "year", "press": "look"})
    assert ">Call<" in looked.content.decode()
    assert fresh(held).columns == {"wording": 2}

    client.post(page_of(held), given | {"order": "year", "press": "check"})
    assert (fresh(held).columns, fresh(held).good) == (
        {"wording": 0, "customer": 1, "kind": 2},
        1,
    )
    again = text_of(client.get(page_of(held, "?columns=1")))
    assert "What do the columns mean?" in again


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"column_wording": ""}, "Choose a column for: The promise."),
        ({"column_wording": "99"}, "Choose one of the answers offered for “The promise”."),
        ({"column_customer": "6"}, "The column “wording” is chosen twice."),
        ({"order": "sideways"}, "Choose one of the answers offered for “Dates are written”."),
        ({"usual_kind": "none"}, "Choose one of the answers offered"),
    ],
)
def test_a_reading_that_cannot_be_is_said_and_begins_nothing(
    changed: dict[str, str], said: str
) -> None:
    held = an_upload(a_row())

    page = signed_in(ana()).post(page_of(held), fields_of(held) | changed)

    assert page.status_code == 422
    assert said in text_of(page)
    assert fresh(held).state == "taken"


def test_another_sheet_is_looked_at_before_it_is_checked(tmp_path: Path) -> None:
    a_team()
    client = signed_in(ana())
    book = a_workbook(
        tmp_path, Promises=[COLUMNS, ROW], Old=[("Subject", "Client"), ("Call", "Al")]
    )
    upload(client, book.read_bytes(), name="book.xlsx")
    held = Import.objects.get()

    given = fields_of(held) | {"shown": "Promises", "sheet": "Old"}
    page = text_of(client.post(page_of(held), given))
    assert "the sheet “Old” of a workbook" in page
    assert fresh(held).state == "taken"

    given = {"column_wording": "0", "column_customer": "1", "order": "year", "sheet": "Old"}
    given |= {"shown": "Old", "usual_kind": "callback", "press": "check"}
    client.post(page_of(held), given)
    assert (fresh(held).sheet, fresh(held).good) == ("Old", 1)


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 422, "That file is empty."),
        (b"%PDF-1.7", 422, "this is a PDF, not a CSV file"),
        (b"PK\x03\x04 and so on", 422, "This workbook cannot be read."),
        (b"\x7fELF", 422, "this is a program"),
        (b"x" * (1024 * 1024 + 1), 413, "The file is larger than 1 MB."),
    ],
)
def test_a_file_that_will_not_do_is_refused_in_words(
    settings: Settings, data: bytes, status: int, said: str
) -> None:
    settings.COMMITMENTS_LENGTHS = {"import_bytes_at_most": 1024 * 1024}
    a_team()

    page = upload(signed_in(ana()), data)

    assert page.status_code == status
    assert said in text_of(page)
    assert not Import.objects.exists()


def test_a_file_that_is_sent_twice_is_kept_once(imports_folder: Path) -> None:
    a_team()
    client = signed_in(ana())

    first = upload(client, csv_of(a_row()).encode())
    again = upload(client, csv_of(a_row()).encode())

    assert again.url == first.url
    assert len(list(imports_folder.iterdir())) == 1


def test_only_for_teams_in_which_somebody_makes_promises() -> None:
    a_team()
    other = a_team("Tech care")
    Membership.objects.filter(team=other, user=ana()).delete()

    page = upload(signed_in(ana()), csv_of(a_row()).encode(), team=str(other.pk))

    assert page.status_code == 422
    assert not Import.objects.exists()


def test_a_retired_team_is_not_offered() -> None:
    Team.objects.filter(pk=a_team().pk).update(retired_at="2026-05-20T00:00Z")

    assert signed_in(ana()).get(UPLOADS).status_code == 403


def test_an_auditor_brings_nothing_in() -> None:
    noor = a_user("Noor")
    Membership.objects.create(user=noor, team=a_team(), role=Role.AUDITOR)

    assert signed_in(noor).get(UPLOADS).status_code == 403
    assert upload(signed_in(noor), csv_of(a_row()).encode()).status_code == 403


@pytest.mark.parametrize("press", ["", "check", "begin", "stop", "forget", "look"])
def test_the_file_of_somebody_else_is_not_there(press: str) -> None:
    held = checked(an_upload(a_row(), a_row(kind="refnd")))
    boss = a_user("Sam", is_superuser=True)

    for user in (dev(), boss):
        client = signed_in(user)
        for address in (page_of(held), f"{page_of(held)}left-out.csv"):
            assert client.get(address).status_code == 404
        if press:
            sent = fields_of(held) | {"press": press}
            assert client.post(page_of(held), sent).status_code == 404
    assert fresh(held).state == "judged"
    assert held.name not in text_of(signed_in(dev()).get(UPLOADS))


def test_strangers_sign_in_first() -> None:
    held = an_upload(a_row())

    for address in (UPLOADS, page_of(held), f"{page_of(held)}left-out.csv"):
        assert Client().get(address).url.startswith("/accounts/login/")


def test_looking_changes_nothing(imports_folder: Path) -> None:
    held = checked(an_upload(a_row(), a_row(kind="refnd")))
    before = (Import.objects.values().get(), sorted(imports_folder.iterdir()))
    client = signed_in(ana())

    for query in ("", "?columns=1", "left-out.csv"):
        client.get(page_of(held, query))

    assert (Import.objects.values().get(), sorted(imports_folder.iterdir())) == before


def test_a_large_file_goes_on_without_the_page(settings: Settings) -> None:
    settings.COMMITMENTS_LENGTHS = {"import_in_passing": -LONG}
    held = an_upload(*rows(3))
    client = signed_in(ana())

    client.post(page_of(held), fields_of(held))
    page = text_of(client.get(page_of(held)))
    assert "Checking the file" in page
    assert '<meta http-equiv="refresh" content="5">' in page
    assert "0 rows checked so far." in page

    imports.run(fresh(held).next_at)
    assert "Bring in 3 promises" in text_of(client.get(page_of(held)))
    client.post(page_of(held), {"press": "begin"})
    assert "0 of 3 rows done." in text_of(client.get(page_of(held)))

    client.post(page_of(held), {"press": "stop"})
    assert fresh(held).state == "taken"
    assert not Commitment.objects.exists()


def test_what_is_pressed_too_late_is_said() -> None:
    held = checked(an_upload(a_row()))
    client = signed_in(ana())
    client.post(page_of(held), {"press": "begin"})

    page = client.post(page_of(held), {"press": "begin"}, follow=True)

    assert "promises.csv is at another point: brought in." in text_of(page)
    assert Commitment.objects.count() == 1
    assert client.post(page_of(held), {"press": "dance"}).status_code == 404


def test_a_refused_file_says_why_and_can_be_read_otherwise() -> None:
    held = checked(an_upload(data=b"wording,customer\n"))

    page = text_of(signed_in(ana()).get(page_of(held)))

    assert "no row follows them" in page
    assert "What do the columns mean?" in page


def test_a_file_that_is_gone_says_so() -> None:
    held = an_upload(a_row())
    held.path.unlink()
    client = signed_in(ana())

    assert "The file is gone" in text_of(client.get(page_of(held)))
    assert "The file is gone" in text_of(client.post(page_of(held), fields_of(held)))
    assert client.get(f"{page_of(held)}left-out.csv").status_code == 404


def test_the_rows_left_out_are_a_file() -> None:
    held = checked(an_upload(a_row(kind="=cmd|x", wording="=1+1"), *rows(1)))

    answer = signed_in(ana()).get(f"{page_of(held)}left-out.csv")

    text = answer.getvalue().decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert answer["Content-Disposition"].startswith('attachment; filename="left-out-2026-05-21.csv')
    assert (row[6], row[7], row[-2]) == ("'=1+1", "'=cmd|x", "2")
    assert head[-1] == "Why it was left out"


def test_nothing_of_the_file_of_rows_left_out_is_worked_out() -> None:
    hostile = [*spreadsheets.SIGNS, *(f"{sign}1+1" for sign in spreadsheets.SIGNS), ' =HYPER("x")']
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(["wording", "customer", *hostile])
    lines.writerow(["", "=2+2", *hostile])
    held = checked(an_upload(data=written.getvalue().encode(), name="=1+1\r\nSet-Cookie: x=1.csv"))
    ImportRemark.objects.update(says="=1+1")

    answer = signed_in(ana()).get(f"{page_of(held)}left-out.csv")

    head, row = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline=""))
    cells = [cell for cell in (*head, *row) if cell.lstrip().startswith(spreadsheets.SIGNS)]
    assert (cells, row[1], row[-1]) == ([], "'=2+2", "'=1+1")
    assert answer["Content-Disposition"] == 'attachment; filename="left-out-2026-05-21.csv"'


def test_a_file_is_removed_with_its_bytes(
    imports_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    held = checked(an_upload(a_row()))

    with django_capture_on_commit_callbacks(execute=True):
        gone = signed_in(ana()).post(page_of(held), {"press": "forget"})

    assert gone.url == UPLOADS
    assert not list(imports_folder.iterdir())


def test_what_stands_in_a_file_is_only_text() -> None:
    data = b"wording,customer,<img src=x onerror=alert(1)>\n<script>alert(1)</script>,{{7*7}},x\n"
    held = an_upload(data=data, name="<b>promises</b>.csv")

    page = signed_in(ana()).get(page_of(held)).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>promises" not in page
    assert "{{7*7}}" in page


def test_more_files_take_no_more_queries(django_assert_num_queries: Any) -> None:
    client = signed_in(ana())
    an_upload(a_row())
    client.get(UPLOADS)
    with django_assert_num_queries(6):
        client.get(UPLOADS)
    for _ in range(5):
        an_upload(a_row())

    with django_assert_num_queries(6):
        client.get(UPLOADS)
