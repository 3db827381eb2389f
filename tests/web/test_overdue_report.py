"""Overdue commitments: what it says, whom it shows what, and that its figures are those lists."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Customer, Membership, Role, Team
from tests import makers
from tests.makers import HOUR, NOON
from tests.web import figures, pages
from tests.web.a_late_company import a_company, late, mia, move_late, moves

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
REPORT = "/reports/overdue/"
CHARTS = (
    *("How long they have waited", "Kept on time, by week"),
    *("Rating by what happened", "Who could use a hand"),
)


def rows(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    *found, end = csv.reader(io.StringIO(text))
    assert end[0] == "End of the export"
    return found[1:]


def test_it_begins_with_who_waits_without_word(ines: Client) -> None:
    a_company()

    page = ines.get(REPORT)
    said = pages.text(page)

    assert "Thu 21 May, 12:00 noon . One customer is waiting without word. Start there." in said
    assert "Overdue, customer not told 4 of 6 overdue now" in said
    assert "Due in the next 4 hours 2 1 has no owner on shift" in said
    assert "Kept on time, since 23 Mar" in said
    assert "Six overdue promises Longest wait first" in said
    assert pages.title(page) == "(6) Overdue commitments · Followthrough"


def test_each_bar_says_who_was_told_and_who_was_not(ines: Client) -> None:
    a_company()

    said = pages.text(ines.get(REPORT))

    for words in (
        "Under 2 hours 2 overdue: 1 customer told, 1 customer not told",
        "2 to 8 hours 1 overdue: 0 customer told, 1 customer not told",
        "1 working day 1 overdue: 0 customer told, 1 customer not told",
        "2 to 3 days 1 overdue: 1 customer told, 0 customer not told",
        "Over 3 days 1 overdue: 0 customer told, 1 customer not told",
        "Billing care 9 open: 5 overdue, 3 due today, 1 later",
        "Moves 1 open: 1 overdue, 0 due today, 0 later",
    ):
        assert words in said


@pytest.mark.parametrize("asked", ["", "team", "owner", "kind", "nobody"])
def test_every_figure_is_the_count_of_its_list(ines: Client, asked: str) -> None:
    a_company()
    chosen = {
        "": {},
        "team": {"team": makers.a_team().pk},
        "owner": {"owner": makers.ana().pk},
        "kind": {"kind": makers.Kind.objects.get(code="followup").pk},
        "nobody": {"team": moves().pk, "owner": mia().pk},
    }[asked]

    page = ines.get(REPORT, chosen)

    assert len(figures.of(page)) > 20
    assert figures.disagreements(ines, page) == []


def test_an_agents_figures_are_their_own_and_so_are_their_lists(client: Client) -> None:
    a_company()

    page = client.get(REPORT)

    assert "Overdue, customer not told 2 of 4 overdue now" in pages.text(page)
    assert "These are your own figures." in pages.text(page)
    assert 'name="owner"' not in page.content.decode().partition('class="filters')[2][:3000]
    assert figures.disagreements(client, page) == []


def test_who_leads_one_team_and_works_in_another_sees_the_figures_of_the_one() -> None:
    a_company()
    Membership.objects.create(user=makers.dev(), team=moves(), role=Role.AGENT)
    dev = pages.signed_in(makers.dev())

    page = dev.get(REPORT)

    assert "Overdue, customer not told 3 of 5 overdue now" in pages.text(page)
    assert figures.disagreements(dev, page) == []


def test_an_auditor_sees_the_figures_and_nothing_to_press() -> None:
    a_company()
    noor = makers.a_user("Noor Aziz")
    Membership.objects.create(user=noor, team=makers.a_team(), role=Role.AUDITOR)

    page = pages.signed_in(noor).get(REPORT)

    assert "of 5 overdue now" in pages.text(page)
    assert "Reassign" not in pages.text(page)
    assert 'name="pick"' not in page.content.decode()


@pytest.mark.parametrize("address", [REPORT, "/reports/overdue.csv", "/reports/overdue.xlsx"])
@pytest.mark.parametrize(
    "asked",
    [
        *({"team": "999999"}, {"team": "x"}, {"team": "-1"}, {"team": "\x00"}, {"team": "9" * 30}),
        *({"owner": "999999"}, {"agent": "999999"}, {"kind": "999999"}, {"kind": "\u0661"}),
    ],
    ids=repr,
)
def test_whom_one_may_not_see_is_not_there(
    ines: Client, address: str, asked: dict[str, str]
) -> None:
    late()

    assert ines.get(address, asked).status_code == 404


@pytest.mark.parametrize("address", [REPORT, "/reports/overdue.csv", "/reports/overdue.xlsx"])
def test_another_teams_figures_are_as_unknown_as_none(address: str) -> None:
    late()
    elsewhere = Team.objects.create(name="Elsewhere", calendar=makers.a_team().calendar)
    stranger = makers.a_user("Sam Stranger")
    Membership.objects.create(user=stranger, team=elsewhere, role=Role.MANAGER)
    client = pages.signed_in(stranger)

    assert client.get(address, {"team": makers.a_team().pk}).status_code == 404
    assert client.get(address, {"owner": makers.ana().pk}).status_code == 404
    assert pages.signed_in(makers.ana()).get(address, {"agent": makers.dev().pk}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"since": "2026-05-22", "until": "2026-05-01"}, "until", "lies before the first"),
        ({"since": "1976-05-22"}, "since", "between 2000 and 2199"),
        ({"since": "2001-01-01", "until": "2051-01-01"}, "since", "longer than 3 years"),
        ({"until": "tomorrow"}, "until", "such as 2026-05-22"),
        ({"until": "2026-02-30\x00<b>"}, "until", "such as 2026-05-22"),
    ],
)
@pytest.mark.parametrize("address", [REPORT, "/reports/overdue.csv"])
def test_dates_that_make_no_period_are_refused_with_a_sentence(
    ines: Client, address: str, asked: dict[str, str], field: str, sentence: str
) -> None:
    page = ines.get(address, asked)

    assert page.status_code == 422
    assert pages.title(page).startswith("Error: ")
    assert sentence in pages.text(page)
    assert f'href="#id_{field}"' in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"page": "999"}, {"page": "x"}, {"sort": "'; drop"}, {"sort": "-kind"}, {"sort": "told"}],
)
def test_what_makes_no_sense_of_the_table_is_left_out(ines: Client, asked: dict[str, str]) -> None:
    late()

    page = ines.get(REPORT, asked)

    assert page.status_code == 200
    assert "One overdue promise" in pages.text(page)


def test_nothing_overdue_is_said_and_leads_to_what_comes(ines: Client) -> None:
    for number in range(23):
        makers.a_commitment(wording=f"Number {number}", due_at=NOON + HOUR)

    page = ines.get(REPORT)

    said = pages.text(page)
    assert "Nothing is overdue. 23 promises are due in the next 4 hours." in said
    assert "Nobody is waiting for something that is overdue." in said
    assert "Export CSV" not in said
    assert figures.disagreements(ines, page) == []


def test_a_report_over_nothing_at_all_is_honest() -> None:
    newcomer = pages.signed_in(makers.a_user("Nia New"))

    said = pages.text(newcomer.get(REPORT))

    assert "Nothing is overdue. No promises are due in the next 4 hours." in said
    assert "Kept on time, since 23 Mar Too few to show" in said
    assert "Rating, since 23 Mar Too few to show of 5, from 0 replies" in said


def test_everybody_told_is_said(ines: Client) -> None:
    late(told=True)

    said = pages.text(ines.get(REPORT))

    assert "Everybody who is waiting has been told." in said
    assert "Overdue, customer not told 0 of 1 overdue now" in said


def test_what_the_customer_disputes_stands_apart(ines: Client) -> None:
    a_company()

    said = pages.text(ines.get(REPORT))

    apart = said.partition("Customers who wait for an answer")[2].partition("overdue promises")[0]
    assert "Refund Tom Okafor · Ana Moreno" in apart
    assert "Not right, they say" in apart


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ("commitments_absence", {"How long they have waited", "Who could use a hand"}),
        ("commitments_ratedfigure", {"Rating by what happened"}),
        ("commitments_keptfigure", {"Kept on time, by week"}),
        ("commitments_figurenote", set()),
    ],
)
def test_a_figure_fails_alone(ines: Client, broken: str, lost: set[str]) -> None:
    a_company()

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if broken in sql:
            raise DatabaseError("The statement took too long.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        page = ines.get(REPORT)

    failed = " This figure could not be worked out."
    said = pages.text(page)
    assert page.status_code == 200
    assert {title for title in CHARTS if f"{title}{failed}" in said} == lost
    assert said.count("could not be worked out") == len(lost) + (2 if len(lost) == 2 else len(lost))
    assert "Six overdue promises" in said
    assert "Find the credit" in said


def test_the_longest_wait_comes_first_and_each_column_sorts(ines: Client) -> None:
    a_company()

    def order(asked: dict[str, str]) -> list[str]:
        page = ines.get(REPORT, asked)
        return [row.promise.wording for row in page.context["table"].rows]

    longest = [
        *("Find the credit", "Mend the meter", "Send the label", "Explain the bill"),
        *("Call back", "Book the van"),
    ]
    assert order({}) == longest
    assert order({"sort": "late"})[::-1] == [*longest[:4], "Call back", "Book the van"]
    assert order({"sort": "promise"}) == sorted(longest)
    assert order({"sort": "-promise"}) == sorted(longest, reverse=True)
    assert order({"sort": "owner"})[0] == "Send the label"


def test_pages_keep_the_choices(ines: Client) -> None:
    for number in range(27):
        late(f"Number {number:02}")
    team = makers.a_team().pk

    first = ines.get(REPORT, {"team": team, "sort": "-promise"})
    second = ines.get(REPORT, {"team": team, "sort": "-promise", "page": "2"})

    assert "1 to 25 of 27" in pages.text(first)
    assert f"?team={team}&amp;sort=-promise&amp;page=2" in first.content.decode()
    assert "26 to 27 of 27" in pages.text(second)
    assert "Number 01" in pages.text(second)


def test_the_csv_and_the_workbook_hold_exactly_what_is_overdue_of_the_choices(ines: Client) -> None:
    a_company()

    def found(**asked: Any) -> set[str]:
        return {row[1] for row in rows(ines.get("/reports/overdue.csv", asked))}

    everything = ines.get("/reports/overdue.csv")
    assert 'filename="overdue-2026-05-21.csv"' in everything["Content-Disposition"]
    assert len(rows(everything)) == 6
    assert found(team=moves().pk) == {"Book the van"}
    assert found(owner=makers.ana().pk) == {
        *("Call back", "Explain the bill", "Mend the meter", "Find the credit")
    }
    answer = ines.get("/reports/overdue.xlsx", {"team": moves().pk})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [row[1] for row in book.active.iter_rows(min_row=2, values_only=True)] == [
        "Book the van"
    ]


def test_an_agents_export_holds_their_own(client: Client) -> None:
    a_company()

    assert len(rows(client.get("/reports/overdue.csv"))) == 4


def test_reports_begin_with_what_is_overdue(ines: Client) -> None:
    answer = ines.get("/reports/", {"since": "2026-05-01"})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{REPORT}?since=2026-05-01")


def test_the_ways_between_the_reports_keep_the_choices(ines: Client) -> None:
    team = makers.a_team().pk

    page = ines.get(REPORT, {"team": team, "since": "2026-05-01", "until": ""}).content.decode()

    assert f'href="/reports/overdue/?team={team}&amp;since=2026-05-01"' in page
    assert 'value="2026-05-01"' in page
    assert 'value="2026-05-21"' in page


def test_what_people_wrote_is_only_shown(ines: Client) -> None:
    hostile = "<script>alert(1)</script>" + "w" * 150 + "\u202eevil"
    late(hostile)
    Customer.objects.update(name="<b>Tom</b> \u05d0\u05d1")
    Team.objects.update(name="<i>Billing</i>")

    page = ines.get(REPORT).content.decode()

    assert "<script>alert" not in page
    assert "<b>Tom" not in page
    assert "<i>Billing" not in page


def test_more_promises_take_no_more_queries(ines: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ines.get(REPORT).status_code == 200
        return len(queries)

    a_company()
    asked()  # SQLite is asked once in a process what it can do
    few = asked()
    for number in range(8):
        late(f"More {number}", customer=Customer.objects.create(name=f"Customer {number}"))
        move_late(f"Van {number}")

    assert (few, asked()) == (12, 12)  # four of them are the sign-in's and the bar's
