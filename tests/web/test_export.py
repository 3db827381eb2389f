from __future__ import annotations

import csv
import io
import tracemalloc
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment, Customer
from commitments.web.lists import export
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
EXPORT = "/promises/export/"


def rows(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_row_says_everything_on_the_readers_clock(ines: Client) -> None:
    makers.User.objects.filter(pk=makers.ines().pk).update(zone="Europe/London")
    kettle = makers.a_commitment(case="48213", due_at=NOON + HOUR)
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON)

    answer = ines.get(EXPORT)
    head, row = rows(answer)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="promises-2026-05-21.csv"'
    assert dict(zip(head, row, strict=True)) == {
        "Reference": kettle.reference,
        "Promise": "Send the kettle's replacement part",
        "Customer": "Tom Okafor",
        "E-mail": "tom@customers.example",
        "Phone": "0755 555 0142",
        "Case": "48213",
        "Kind": "Follow-up",
        "Team": "Billing care",
        "Owner": "Ana Moreno",
        "State": "Kept on time",
        "Urgent": "no",
        "Promised": "2026-05-21T13:00:00+01:00",
        "First due": "2026-05-21T14:00:00+01:00",
        "Due": "2026-05-21T14:00:00+01:00",
        "Customer told": "",
        "Closed": "2026-05-21T13:00:00+01:00",
    }


@pytest.mark.parametrize(
    "asked", [{}, {"state": "overdue"}, {"q": "number 1"}, {"sort": "-due"}, {"q": "none"}]
)
def test_it_holds_exactly_what_the_list_shows_beyond_its_pages(
    ines: Client, asked: dict[str, str]
) -> None:
    for number in range(55):
        due_at = NOON - HOUR if number % 2 else NOON + HOUR
        makers.a_commitment(wording=f"Number {number}", due_at=due_at, now=NOON - DAY)

    _, *found = rows(ines.get(EXPORT, asked))

    said = pages.text(ines.get("/promises/", asked))
    expected = {"": 55, "state": 28, "q": 11, "sort": 55}[next(iter(asked), "")]
    expected = 0 if asked.get("q") == "none" else expected
    expected = 27 if "state" in asked else expected
    assert len(found) == len({row[0] for row in found}) == expected
    assert (f"{expected} promises" in said) is (expected > 12)


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 755", "-2", "@sum(a1)", " =1+1", "\uff1d1", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_would_run_is_only_shown(ines: Client, text: str) -> None:
    makers.a_commitment(wording=text)
    Customer.objects.update(name=text, phone="+44 755 555 0142")

    _, row = rows(ines.get(EXPORT))

    assert row[1] == f"'{text.strip()}"
    assert row[2] == f"'{text}"
    assert row[4] == "'+44 755 555 0142"


def test_a_line_break_and_a_quote_stay_in_their_cell(ines: Client) -> None:
    made = makers.a_commitment()
    Commitment.objects.filter(pk=made.pk).update(wording='Say "yes",\nthen go')

    _, row = rows(ines.get(EXPORT))

    assert row[1] == 'Say "yes",\nthen go'


def test_promises_of_other_teams_are_not_in_it(ines: Client) -> None:
    makers.a_commitment()

    assert len(rows(pages.signed_in(makers.a_user("Sam Stranger")).get(EXPORT))) == 1


def test_filters_that_choose_nothing_lead_back_to_the_list_that_says_why(ines: Client) -> None:
    answer = ines.get(EXPORT, {"team": "999", "q": "kettle"})

    assert answer.status_code == 302
    assert answer["Location"] == "/promises/?team=999&q=kettle"


def test_where_some_are_ticked_those_are_exported_and_the_file_says_so(ines: Client) -> None:
    late, coming, _ = (makers.a_commitment(wording=f"Number {number}") for number in range(3))
    picks = {"pick": [late.reference, coming.reference], "selected": "1", "q": "nothing like it"}

    answer = ines.get(EXPORT, picks)

    assert "selected-promises-2026-05-21.csv" in answer["Content-Disposition"]
    assert [row[0] for row in rows(answer)[1:]] == [late.reference, coming.reference]


def test_all_that_match_are_exported_where_all_is_ticked_beside_some(ines: Client) -> None:
    made = [makers.a_commitment(wording=f"Number {number}") for number in range(3)]
    picks = {"pick": made[0].reference, "all": "1", "selected": "1", "q": "number"}

    answer = ines.get(EXPORT, picks)

    assert "selected" not in answer["Content-Disposition"]
    assert [row[0] for row in rows(answer)[1:]] == [each.reference for each in made]


def test_with_nothing_ticked_it_says_what_to_do_and_keeps_the_filters(ines: Client) -> None:
    makers.a_commitment()

    answer = ines.get(EXPORT, {"selected": "1", "state": "overdue"}, follow=True)

    assert answer.redirect_chain == [("/promises/?state=overdue", 302)]
    assert "Choose the promises first: tick them in the list." in pages.text(answer)


def test_ticked_promises_of_other_teams_are_not_in_it(ines: Client) -> None:
    unseen = makers.a_commitment()
    stranger = pages.signed_in(makers.a_user("Sam Stranger"))

    answer = stranger.get(EXPORT, {"pick": unseen.reference, "selected": "1"})

    assert (answer.status_code, answer["Location"]) == (302, "/promises/")


def test_more_rows_take_no_more_queries(ines: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            rows(ines.get(EXPORT))
        return len(queries)

    makers.a_commitment()
    few = asked()
    for number in range(6):
        makers.a_commitment(wording=f"Number {number}")

    assert asked() == few


def test_rows_are_written_as_they_are_read() -> None:
    def endless() -> Any:
        while True:
            yield ["=a", "b" * 1000]

    lines = export.lines(endless())
    next(lines)
    tracemalloc.start()
    for _ in range(20_000):
        next(lines)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 1_000_000
