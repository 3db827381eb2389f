"""What columns mean is guessed from their names, and only where these say it."""

from __future__ import annotations

import pytest

from commitments.imports import ALL, COLUMNS, Order, WrongFile, columns, guess, left_over
from commitments.imports.dates import guess as order_of
from commitments.imports.dates import in_iso
from commitments.web.lists import spreadsheet


def test_our_own_names_are_known_in_any_order_and_writing() -> None:
    header = ["  Due ", "CUSTOMER_EMAIL", "promised at", *COLUMNS]

    found = guess(header)

    assert (found["due"], found["customer_email"], found["promised_at"]) == (0, 1, 2)
    assert {header[place] for place in found.values()} >= {"wording", "kind", "agent", "channel"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Subject", "wording"),
        ("Requester e-mail", "customer_email"),
        ("Ticket number", "conversation"),
        ("Assigned to", "agent"),
        ("Created at", "promised_at"),
        ("Due date:", "due"),
        ("Teléfono", "customer_phone"),
    ],
)
def test_what_other_systems_call_it_is_known(name: str, code: str) -> None:
    assert guess([name]) == {code: 0}


def test_what_says_nothing_is_not_guessed() -> None:
    assert guess(["", "deu", "=cmd", "Colour", "🙂"]) == {}


def test_a_column_is_one_thing_and_a_thing_stands_in_one_column() -> None:
    header = ["Title", "wording", "Description", "Customer", "Client"]

    assert guess(header) == {"wording": 1, "customer": 3}
    assert left_over(header, guess(header)) == ["Title", "Description", "Client"]


def test_the_columns_of_our_own_export_are_known() -> None:
    found = guess(spreadsheet.COLUMNS)

    said = {code: spreadsheet.COLUMNS[place] for code, place in found.items()}
    assert said == {
        "reference": "Reference",
        "wording": "Promise",
        "customer": "Customer",
        "customer_email": "E-mail",
        "customer_phone": "Phone",
        "conversation": "Case",
        "kind": "Kind",
        "team": "Team",
        "agent": "Owner",
        "urgent": "Urgent",
        "promised_at": "Promised",
        "due": "Due",
    }


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({"wording": 0}, "Choose a column for: Customer."),
        ({"wording": 0, "customer": 0}, "The column “One” is chosen twice."),
        ({"wording": 0, "customer": 2}, "The file has no such column."),
        ({"wording": 0, "customer": -1}, "The file has no such column."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(places: dict[str, int], said: str) -> None:
    with pytest.raises(WrongFile, match=said):
        columns.check(places, ["One", "Two"])


def test_no_name_means_two_things() -> None:
    every = [name for column in ALL for name in {*column.names, column.code.replace("_", "")}]

    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2026-05-21", "tomorrow"], Order.YEAR),
        (["05/06/2026", "21/05/2026"], Order.DAY),
        (["05/06/2026", "5/21/26 2:30 PM"], Order.MONTH),
        (["05/06/2026"], Order.DAY),
    ],
)
def test_the_order_of_dates_is_that_which_all_can_have(cells: list[str], order: Order) -> None:
    assert order_of(cells) is order


@pytest.mark.parametrize(
    ("text", "order", "said"),
    [
        ("21/05/2026", Order.DAY, "2026-05-21"),
        ("5/6/26", Order.DAY, "2026-06-05"),
        ("5/6/26", Order.MONTH, "2026-05-06"),
        ("2/30/26", Order.MONTH, "2026-02-30"),
        ("5.6.2026 14:30", Order.DAY, "2026-06-05 14:30"),
        ("5/6/2026, 2:30 pm", Order.MONTH, "2026-05-06 14:30"),
        ("5/6/2026 12:05 AM", Order.MONTH, "2026-05-06 00:05"),
        ("01/02/2026", Order.YEAR, "01/02/2026"),
        ("tomorrow", Order.DAY, "tomorrow"),
    ],
)
def test_a_date_is_read_in_its_order(text: str, order: Order, said: str) -> None:
    assert in_iso(text, order) == said
