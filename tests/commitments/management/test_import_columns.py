"""What a file calls its columns, and what a row may say beside the usual."""

from __future__ import annotations

from pathlib import Path

import pytest

from commitments import services
from commitments.imports import COLUMNS
from commitments.models import Channel, Commitment, Customer
from tests.commitments.imports.files import GOOD, a_file, a_row, csv_of, written
from tests.commitments.imports.test_workbooks import a_workbook
from tests.makers import HOUR, NOON, a_commitment, a_draft, a_team, a_user, ana

from .test_import_commitments import bring_in, refusal_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_file_with(folder: Path, *rows: dict[str, str]) -> Path:
    """With whatever columns these rows have."""
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return written(folder, csv_of(*rows, columns=columns).encode())


def test_a_workbook_is_brought_in_like_a_file(tmp_path: Path) -> None:
    a_team()

    said = bring_in(a_workbook(tmp_path, Promises=[COLUMNS, tuple(GOOD.values())]))

    assert said[0] == "1 promise imported for Billing care."
    assert Commitment.objects.get().promised_at == NOON


def test_columns_go_by_other_names_too(tmp_path: Path) -> None:
    a_team()
    row = {
        "Subject": "Call back about the second bill",
        "Requester": "Tom Okafor",
        "Requester e-mail": "tom@customers.example",
        "Ticket number": "48213",
        "Created at": "2026-05-21 12:00",
        "Due date": "2026-05-26",
        "Type": "Callback",
        "Assignee": "ana moreno",
        "Via": "E-mail",
    }

    bring_in(a_file_with(tmp_path, row))

    made = Commitment.objects.get()
    assert (made.wording, made.kind.code, made.owner) == (row["Subject"], "callback", ana())
    assert made.conversation.outside_reference == "48213"
    assert made.conversation.channel == Channel.EMAIL
    assert made.due_at.isoformat() == "2026-05-26T17:30:00+00:00"


def test_an_unknown_column_is_named_unless_it_is_left_out(tmp_path: Path) -> None:
    a_team()
    path = a_file_with(tmp_path, a_row() | {"Mood": "fair", "deu": "tomorrow"})

    assert refusal_of(path)[1].startswith("Line 1 has the unknown column “Mood”, “deu”. The col")
    assert not Commitment.objects.exists()

    bring_in(path, skip_columns=True)
    assert Commitment.objects.count() == 1


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    a_team()
    path = written(tmp_path, csv_of(a_row(), columns=(*COLUMNS, "due")).encode())

    assert refusal_of(path)[1] == "Line 1 names twice “due”."


def test_a_column_is_what_one_says_it_is(tmp_path: Path) -> None:
    a_team()
    path = a_file_with(tmp_path, {"Thing": "Send it", "Who": "Tom", "kind": "visit"})

    bring_in(path, map=["wording=Thing", "customer=Who"])

    made = Commitment.objects.get()
    assert (made.wording, made.customer.name, made.promised_at) == ("Send it", "Tom", NOON)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("colour=Thing", "is nothing that a row can say"), ("wording=Gone", "has no column “Gone”")],
)
def test_a_column_that_cannot_be_mapped_is_refused(tmp_path: Path, said: str, refusal: str) -> None:
    a_team()

    assert refusal in refusal_of(a_file(tmp_path, a_row()), map=[said])[1]


def test_rows_that_name_no_kind_are_of_the_one_chosen(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, a_row(kind=""))

    assert "There is no kind “”" in refusal_of(path)[0][0]
    bring_in(path, kind="refund")

    assert Commitment.objects.get().kind.code == "refund"


def test_dates_are_read_in_the_order_that_was_chosen(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, a_row(promised_at="05/02/2026", due="6/2/2026"))

    assert "is not a date and a time" in refusal_of(path)[0][0]
    bring_in(path, dates="day")

    made = Commitment.objects.get()
    assert made.promised_at.isoformat() == "2026-02-05T00:00:00+00:00"
    assert made.due_at.isoformat() == "2026-02-06T17:30:00+00:00"


def test_a_number_from_elsewhere_says_alone_what_is_meant(tmp_path: Path) -> None:
    a_team()
    first, again = a_row() | {"id": "7"}, a_row(wording="Put right") | {"id": "7"}
    other = a_row() | {"id": "8"}

    said = bring_in(a_file_with(tmp_path, first, again, other))

    assert said[0] == "Line 3 repeats line 2."
    assert Commitment.objects.count() == 2


def test_a_row_that_names_a_promise_of_ours_makes_none(tmp_path: Path) -> None:
    here = a_commitment()
    path = a_file_with(tmp_path, a_row() | {"Reference": here.reference.lower()})

    said = bring_in(path)

    assert said[1].startswith("1 promise there already")
    assert Commitment.objects.count() == 1


def test_a_reference_of_another_team_is_like_one_of_nobodys(tmp_path: Path) -> None:
    a_team()
    other = a_team("Tech care")
    theirs = services.make(a_draft(team=other), by=ana(), now=NOON)

    said = {
        refusal_of(a_file_with(tmp_path, a_row() | {"Reference": reference}))[0][0]
        for reference in (theirs.reference, "ZZZZZ", "what?")
    }

    assert said == {"Line 2 is bad: Billing care has no promise with this reference."}


def test_a_row_of_another_team_is_refused(tmp_path: Path) -> None:
    a_team()
    rows = [a_row() | {"Team": "billing CARE"}, a_row() | {"Team": "Tech care"}]

    listed, _ = refusal_of(a_file_with(tmp_path, *rows))

    assert listed == [
        "Line 3 is bad: It is of “Tech care”, and these are brought in for Billing care."
    ]


def test_what_else_a_row_says_is_kept(tmp_path: Path) -> None:
    a_team()
    row = a_row(customer_email="") | {
        "customer_phone": "0755 555 0142",
        "case_url": "https://help.example.org/1",
        "urgent": "Yes",
        "team_note": "Two lines\nof it",
    }

    bring_in(a_file_with(tmp_path, row, row | {"conversation": "2", "wording": "More"}))

    made = Commitment.objects.order_by("pk").first()
    assert made is not None
    assert (made.urgent, made.team_note) == (True, "Two lines\nof it")
    assert made.conversation.outside_url == "https://help.example.org/1"
    assert Customer.objects.get().phone == "0755 555 0142"


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("urgent", "perhaps", "Urgent is yes or no, not “perhaps”."),
        ("case_url", "javascript:alert(1)", "“javascript:alert(1)” is no link."),
        ("team_note", "x" * 2001, "keep it to 2,000"),
        ("customer_phone", "x" * 41, "keep it to 40"),
        ("id", "x" * 201, "keep it to 200"),
    ],
)
def test_what_else_may_be_wrong_is_said(tmp_path: Path, column: str, cell: str, said: str) -> None:
    a_team()

    listed, _ = refusal_of(a_file_with(tmp_path, a_row() | {column: cell}))

    assert said in listed[0]


def test_two_of_one_name_are_told_apart_by_their_addresses(tmp_path: Path) -> None:
    team = a_team()
    twin = a_user("Anna2", is_active=True)
    type(twin).objects.filter(pk=twin.pk).update(name="Ana Moreno")
    team.memberships.create(user=twin, role="agent")

    listed, _ = refusal_of(a_file(tmp_path, a_row(agent="Ana Moreno")))

    assert listed == [
        "Line 2 is bad: Several people are called Ana Moreno. Give an e-mail address."
    ]


def test_a_promise_is_due_when_its_instant_says(tmp_path: Path) -> None:
    a_team()

    bring_in(a_file(tmp_path, a_row(due="2026-05-21T19:00:00+02:00")))

    assert Commitment.objects.get().due_at == NOON + 5 * HOUR
