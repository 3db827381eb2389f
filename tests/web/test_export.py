from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment, Customer
from commitments.web.lists import spreadsheet
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
EXPORT = "/promises/export/"


def rows(answer: Any) -> list[list[str]]:
    """The head and the promises; the last line says how many there are."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    *found, (end, many, *rest) = csv.reader(io.StringIO(text))
    count = len(found) - 1
    assert end == "End of the export"
    assert many == f"{count:,} {'promise' if count == 1 else 'promises'}"
    assert not any(rest)
    return found


def sheet(answer: Any) -> list[list[str]]:
    """The same of a workbook, which has no last line: cut off, it cannot be opened."""
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]


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
    answer = ines.get(EXPORT, {"team": "30000000", "q": "kettle"})

    assert answer.status_code == 302
    assert answer["Location"] == "/promises/?team=30000000&q=kettle"


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


def test_lines_are_written_as_they_are_read() -> None:
    def endless() -> spreadsheet.Lines:
        while True:
            yield [f"a,{'b' * 200}\r\n" for _ in range(2_000)]

    lines = spreadsheet.csv_of(endless())
    next(lines)
    next(lines)
    tracemalloc.start()
    for _ in range(100):
        next(lines)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 3_000_000


def test_what_was_cut_off_lacks_its_last_line() -> None:
    whole = "".join(spreadsheet.csv_of(batch for batch in [["a,b\r\n"] * 2, ["a,b\r\n"]]))

    assert whole.endswith("End of the export,3 promises,,,,,,,,,,,,,,\r\n")
    assert "End of the export" not in whole[:-60]


@pytest.mark.parametrize(
    ("zone", "promised", "due"),
    [
        ("Europe/London", "2026-03-28T12:00:00+00:00", "2026-03-29T13:00:00+01:00"),
        ("America/St_Johns", "2026-03-28T09:30:00-02:30", "2026-03-29T09:30:00-02:30"),
        ("Asia/Kathmandu", "2026-03-28T17:45:00+05:45", "2026-03-29T17:45:00+05:45"),
    ],
)
def test_times_keep_their_distance_from_utc_across_the_change_of_clocks(
    ines: Client, zone: str, promised: str, due: str
) -> None:
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    makers.User.objects.filter(pk=makers.ines().pk).update(zone=zone)
    makers.a_commitment(due_at=saturday + DAY, now=saturday)

    head, row = rows(ines.get(EXPORT))

    said = dict(zip(head, row, strict=True))
    assert (said["Promised"], said["Due"]) == (promised, due)


def of_every_state() -> dict[str, Commitment]:
    """By the words of its state."""
    made = {
        name: makers.a_commitment(wording=name, due_at=NOON + DAY, now=NOON - DAY)
        for name in ("Coming up", "Due soon", "Waiting on the customer", "Kept on time")
    }
    made["Overdue"] = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    Commitment.objects.filter(pk=made["Due soon"].pk).update(climbed=1)
    Commitment.objects.filter(pk=made["Coming up"].pk).update(climbed=0, next_action_at=NOON + HOUR)
    services.wait(
        made["Waiting on the customer"].pk, by=makers.ana(), what="a photo", now=NOON - HOUR
    )
    services.fulfil(made["Kept on time"].pk, by=makers.ana(), how="Sent", now=NOON)
    return made


def test_each_state_is_said_as_the_list_says_it(ines: Client) -> None:
    made = of_every_state()

    _, *found = rows(ines.get(EXPORT))

    assert {row[0]: row[9] for row in found} == {
        promise.reference: state for state, promise in made.items()
    }


def test_a_workbook_holds_the_same_rows_as_the_csv(ines: Client) -> None:
    of_every_state()
    makers.a_commitment(wording="=1+1")

    answer = ines.get(EXPORT, {"as": "xlsx"})

    assert 'filename="promises-2026-05-21.xlsx"' in answer["Content-Disposition"]
    assert sheet(answer) == rows(ines.get(EXPORT))


def test_a_workbook_runs_nothing_and_takes_what_no_workbook_can_hold(ines: Client) -> None:
    made = makers.a_commitment()
    Commitment.objects.filter(pk=made.pk).update(wording="bell\x07 and \x1b[31mred")
    Customer.objects.update(name="=HYPERLINK(1)")

    answer = ines.get(EXPORT, {"as": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert cells[1].value == "bell\ufffd and \ufffd[31mred"
    assert cells[2].value == "'=HYPERLINK(1)"


def test_too_many_for_a_workbook_are_offered_as_csv(ines: Client, settings: LazySettings) -> None:
    settings.COMMITMENTS_LENGTHS = settings.COMMITMENTS_LENGTHS | {"workbook_rows_at_most": 1}
    for number in range(2):
        makers.a_commitment(wording=f"Number {number}")

    answer = ines.get(EXPORT, {"as": "xlsx", "q": "number"}, follow=True)

    assert answer.redirect_chain == [("/promises/?q=number", 302)]
    assert "A workbook holds 1 promises at most" in pages.text(answer)


def test_nobodys_promise_has_no_owner_and_who_has_no_name_is_known_by_mail(ines: Client) -> None:
    makers.a_commitment(owner_id=None, due_at=NOON + HOUR)
    makers.a_commitment(due_at=NOON + 2 * HOUR)
    makers.User.objects.filter(pk=makers.ana().pk).update(name="")

    _, nobodys, anas = rows(ines.get(EXPORT))

    assert (nobodys[8], anas[8]) == ("", "ana@larkfield.example")


def test_so_many_are_given_in_an_hour_and_then_it_says_when_the_next_one_is(
    ines: Client, client: Client, settings: Any, traveller: time_machine.Traveller
) -> None:
    settings.COMMITMENTS_LENGTHS = settings.COMMITMENTS_LENGTHS | {"exports_an_hour": 2}
    traveller.move_to(NOON + 50 * MINUTE)
    # Anew: neither is to be asked for a password.
    ines, client = pages.signed_in(makers.ines()), pages.signed_in(makers.ana())
    address = "/promises/export/?q=kettle"

    given = [ines.get(f"{address}{kind}").status_code for kind in ("", "&as=xlsx")]
    refused = ines.get(address)
    others = client.get(address).status_code
    traveller.move_to(NOON + HOUR)

    assert (given, refused.status_code, others) == ([200, 200], 429, 200)
    assert refused["Retry-After"] == "600"
    assert "The next one can be taken today at 1:00 pm" in pages.text(refused)
    assert 'href="/promises/?q=kettle"' in refused.content.decode()
    assert ines.get(address).status_code == 200
