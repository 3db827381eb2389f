"""One company, worked out by hand: page, CSV, workbook, mail of the week and API say the same.

The figures are derived on the page of `tests.reports_company`; Ines looks on Monday, 25 May, 8:30.

Now, of Billing care: overdue are b2, b3 and b4, of which b3's customer was told on Friday: not told
2, of two customers. Due until 12:30 are c1, c5 and c2, and c2 is nobody's; c3 follows at 17:00, so
four are due today.

First due in the nine weeks that a report begins with (30 March to 25 May): kept on time a1 and b1;
moved a2; late a3, a4 and b5; not kept a5; overdue b2, b3 and b4: 2 of 10 on time. Of these, first
due last week (18 to 24 May) are b1 on time, b5 late, and b2, b3, b4 overdue: 1 of 5.

Not kept in time are seven: a3 slipped, a4 took longer, a5 was outside, and of b2 to b5 nobody has
said why. Answered have four of five, with 5, 4, 1 and 3: too few for an average.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client

from commitments import mailings, schedules
from notifications import rendering
from notifications.models import Delivery
from tests.api.callers import a_program
from tests.makers import DAY
from tests.reports_company import MONDAY, Company, a_company
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATE = ("b2", "b3", "b4")
SILENT = ("b2", "b4")


@pytest.fixture
def company(traveller: time_machine.Coordinates) -> Iterator[Company]:
    traveller.move_to(MONDAY)
    return a_company()


@pytest.fixture
def ines(company: Company) -> Client:
    return pages.signed_in(company.ines)


def api(company: Company, name: str) -> Any:
    return a_program(company.ines).get(f"/api/v1/reports/{name}/", "").json()


def exported(client: Client, kind: str) -> list[dict[str, str]]:
    content = b"".join(client.get(f"/reports/overdue.{kind}").streaming_content)  # type: ignore[attr-defined]  # a download
    if kind == "csv":
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.active is not None
        table = [[str(cell or "") for cell in row] for row in book.active.values]
    head, *rows = table
    return [dict(zip(head, row, strict=True)) for row in rows if row[0] != "End of the export"]


def figures(client: Client, name: str) -> dict[tuple[str, str, str], str]:
    """By what they are called, of whom, and what they count."""
    content = client.get(f"/reports/{name}.csv").content.decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(content))
    return {(title, of, what): figure for title, of, what, figure in rows}


def is_told(row: dict[str, str]) -> bool:
    """Since the time that was promised."""
    told, due = row["Customer told"], row["Due"]
    return bool(told) and datetime.fromisoformat(told) >= datetime.fromisoformat(due)


def mailed(company: Company, report: str = "") -> str:
    """The mail of the week, or of a report, as words on one line without its addresses."""
    if report:
        wish = mailings.Wish(report=report, asked={}, at=time(8), weekday=0)
        mailings.subscribe(company.ines, wish, now=MONDAY - 3 * DAY)
    else:
        mailings.begin_weekly(MONDAY - 3 * DAY)
    schedules.run(MONDAY)
    template = "report" if report else "weekly"
    mail = Delivery.objects.get(template=template, channel="email", person=company.ines)
    words = rendering.words(template, mail.context, channel="email", language="en")
    return " ".join(re.sub(r"(\S+: )?https?://\S+", "", words.text).split())


def test_who_is_waiting_is_the_same_everywhere(company: Company, ines: Client) -> None:
    page = pages.text(ines.get("/reports/overdue/"))
    week, report = mailed(company), mailed(company, "overdue")
    asked = api(company, "overdue")

    sentence = "Two customers are waiting without word. Start there."
    for said in (page, week, report):
        assert sentence in said
        assert re.search(r"Overdue, customer not told:? 2 of 3 overdue now", said)
        assert re.search(r"Due in the next 4 hours:? 3 1 has no owner on shift", said)
    assert [asked[name] for name in ("overdue", "told", "not_told", "due_soon")] == [3, 1, 2, 3]
    for kind in ("csv", "xlsx"):
        rows = exported(ines, kind)
        assert {row["Reference"] for row in rows} == {company[name].reference for name in LATE}
        silent = {row["Reference"] for row in rows if not is_told(row)}
        assert silent == {company[name].reference for name in SILENT}


def test_the_week_names_those_who_wait_and_those_who_are_due(company: Company) -> None:
    week = mailed(company)

    waiting = week.partition("* Waiting without word")[2].partition("* About to slip")[0]
    ahead = week.partition("* About to slip: due by tonight")[2].partition("* Why promises")[0]
    assert re.findall(r"- Promise (\w\d)", waiting) == ["b4", "b2"]  # the longest wait first
    assert re.findall(r"for Customer (\w\d)", ahead) == ["C1", "A3", "C2", "C3"]


def test_how_promises_were_kept_is_the_same_everywhere(company: Company, ines: Client) -> None:
    page, report = pages.text(ines.get("/reports/kept/")), mailed(company, "kept")
    asked = api(company, "kept")["all"]

    assert "2 of 10 promises were kept on time." in page
    assert "2 of 10 promises were kept on time." in report
    assert "Kept on time 20% 2 of 10" in page
    assert "Kept on time: 20% 2 of 10" in report
    assert "Kept rate 30% 3 of 10" in page
    assert "Kept rate: on time, or moved and told first: 30% of 10" in report
    for label, number in (
        *(("Moved, told first", 1), ("Kept late", 3), ("Not kept", 1), ("Overdue so far", 3)),
    ):
        assert f"{label} {number}" in page
        assert f"{label}: {number}" in report
    assert [asked[name] for name in ("on_time", "moved", "late", "broken", "overdue", "n")] == [
        *(2, 1, 3, 1, 3, 10)
    ]
    assert (asked["on_time_share"], asked["kept_share"]) == (0.2, 0.3)
    copied = figures(ines, "kept")
    counts = {"Kept on time": 2, "Share": "20%", "Moved, told first": 1, "Kept late": 3}
    counts |= {"Not kept": 1, "Overdue": 3, "Of": 10}
    for what, number in counts.items():
        assert copied["By team", "Billing care", what] == str(number)


def test_last_week_by_mail_is_last_week_on_the_page(company: Company, ines: Client) -> None:
    week = mailed(company)
    page = pages.text(ines.get("/reports/kept/?since=2026-05-18&until=2026-05-24"))

    assert "Kept on time, 18 to 24 May: Too few to show 1 of 5" in week
    assert "1 of 5 promises were kept on time." in page
    assert "Kept on time Too few to show 1 of 5" in page


def test_why_promises_break_is_the_same_everywhere(company: Company, ines: Client) -> None:
    page, report = pages.text(ines.get("/reports/causes/")), mailed(company, "causes")
    asked = api(company, "causes")

    sentence = "7 promises were not kept in time; of 4 nobody has said why yet."
    causes = {
        "slipped": ("It slipped out of sight", 1),
        "took_longer": ("It took longer than we thought", 1),
        "outside": ("We waited for somebody outside, such as a bank", 1),
        "": ("Nobody has said why yet", 4),
    }
    assert sentence in page
    assert sentence in report
    for label, number in causes.values():
        promises = "promise" if number == 1 else "promises"
        assert f"{label} {number}" in page
        assert f"- {label} {number} {promises}" in report
    assert {each["cause"]: each["promises"] for each in asked["causes"]} == {
        cause: number for cause, (_, number) in causes.items()
    }
    copied = figures(ines, "causes")
    assert {
        label: int(copied["Causes", label, "Promises"]) for label, _ in causes.values()
    } == dict(causes.values())
    assert sum(int(many) for (title, *_), many in copied.items() if title == "Handed on") == 7


def test_what_customers_said_is_the_same_everywhere(company: Company, ines: Client) -> None:
    page, report = pages.text(ines.get("/reports/ratings/")), mailed(company, "ratings")
    asked = api(company, "ratings")["all"]

    for said in (page, report):
        assert "4 replies to 5 questions about how it went." in said
        assert "Too few to show" in said
        assert "Nobody told me." in said
    assert (asked["answers"], asked["asked"], asked["counts"]) == (4, 5, [1, 0, 1, 1, 1])
    copied = figures(ines, "ratings")
    felt = [figure for (title, _, what), figure in copied.items() if title == "How they felt"]
    assert felt[:5] == ["1", "1", "1", "0", "1"]  # the best first


def test_who_has_what_on_their_hands_is_the_same_everywhere(company: Company, ines: Client) -> None:
    page, report = pages.text(ines.get("/reports/workload/")), mailed(company, "workload")

    sentence = "10 promises are open, 3 of them overdue."
    assert sentence in page
    assert sentence in report
    for name, whole, overdue, today in (
        *(("Ana Moreno", 4, 2, 2), ("Dev Shah", 3, 0, 1), ("Ines Duarte", 1, 0, 0)),
    ):
        later = whole - overdue - today
        loads = [figure for (_, of, _), figure in figures(ines, "workload").items() if of == name]
        assert loads == [str(many) for many in (overdue, today, later, whole)]
        counts = f"{overdue} overdue, {today} due today, {later} later"
        assert f"{name} {whole} open: {counts}" in page
        assert f"- {name} {whole} open · {overdue} overdue · {today} due today" in report
