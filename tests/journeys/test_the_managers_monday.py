"""The manager's Monday: from the mail of the week to a promise that nobody waits for in silence.

Ines reads at half past eight who waits without word, tells both from their rows, looks into why
promises break, has somebody promise what is to change, accepts a move, and takes away an export
that says what the screen says. The company is that of `tests.reports_company`.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from commitments import mailings, schedules, sweep
from commitments.models import Membership, Review
from notifications import delivery
from tests import makers, smtp
from tests.makers import DAY, HOUR, MINUTE
from tests.reports_company import MONDAY, Company, a_company
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OVERDUE = "/reports/overdue/"
HOST = "http://testserver"


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[smtp.Sink]:
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url
        yield far_end


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


class Morning:
    """Ines's browser and her mail, and the clock on her wall."""

    def __init__(
        self, company: Company, client: Client, clock: time_machine.Traveller, sink: smtp.Sink
    ) -> None:
        self.company, self.client, self.clock, self.sink = company, client, clock, sink
        self.now = MONDAY
        self.work()

    def later(self, length: timedelta) -> None:
        self.now += length
        self.work()

    def work(self) -> None:
        """What the worker does whenever it looks."""
        self.clock.move_to(self.now, tick=False)
        sweep.run(self.now)
        schedules.run(self.now)
        delivery.run(self.now)

    def mails_to(self, address: str) -> list[str]:
        return [_text_of(mail) for mail in self.sink.accepted if mail.recipient == address]

    def reads(self, address: str) -> str:
        return pages.text(self.client.get(address))

    def sends(self, address: str, **fields: str) -> Any:  # a response
        """Fill in the form that stands there; where it first shows what it read, send it again."""
        form, action = pages.hidden(self.client.get(address)), address.partition("?")[0]
        sent = self.client.post(action, form | fields)
        if sent.status_code == 200:
            sent = self.client.post(action, pages.hidden(sent) | fields)
        assert sent.status_code == 302, pages.text(sent)
        return sent


def _text_of(mail: smtp.Mail) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return f"{mail.message['Subject']}\n{body.get_content()}"


@pytest.fixture
def morning(clock: time_machine.Traveller, sink: smtp.Sink) -> Morning:
    """One promise a day is what fits for Ana, who has two today."""
    company = a_company()
    Membership.objects.filter(user=makers.ana()).update(daily_capacity=1)
    mailings.begin_weekly(MONDAY - 3 * DAY)
    return Morning(company, pages.signed_in(company.ines), clock, sink)


def test_from_the_mail_of_the_week_to_nobody_waiting_in_silence(morning: Morning) -> None:
    week = _the_mail_says_in_a_minute_what_matters(morning)
    _its_number_opens_the_two_who_wait(morning, week)
    _both_are_told_from_their_rows(morning)
    _a_cause_leads_to_a_review_with_an_owned_decision(morning, week)
    _a_suggested_move_is_accepted(morning)
    _the_export_says_what_the_screen_says(morning)
    _it_does_not_come_again_before_next_monday(morning)


def _the_mail_says_in_a_minute_what_matters(morning: Morning) -> str:
    [week] = [
        text for text in morning.mails_to("ines@larkfield.example") if text.startswith("Your week")
    ]
    for words in (
        "Two customers are waiting without word. Start there.",
        "Overdue, customer not told: 2",
        "- Promise b4, for Customer B4",
        "- Promise b2, for Customer B2",
        "- Promise c1, for Customer C1",
        "- Nobody has said why yet",
        "- Ana Moreno: Promise a2",
    ):
        assert words in week
    headings = [week.index(f"* {each}") for each in ("Waiting", "About to", "Why", "Whom")]
    assert headings == sorted(headings)
    others = [mail.recipient for mail in morning.sink.accepted if "Your week" in _text_of(mail)]
    assert sorted(others) == ["ines@larkfield.example", "rhys@larkfield.example"]
    return week


def _way_beneath(text: str, line: str) -> str:
    """The first address that stands below a line of a mail."""
    found = re.search(rf"{re.escape(HOST)}(\S+)", text.partition(line)[2])
    assert found, text
    return found[1]


def _its_number_opens_the_two_who_wait(morning: Morning, week: str) -> None:
    page = morning.client.get(_way_beneath(week, "Overdue, customer not told: 2"))

    markup = page.content.decode()
    assert "Two promises" in pages.text(page)
    for name in ("b2", "b4"):
        assert f"/promises/{morning.company[name].reference}/" in markup


def _both_are_told_from_their_rows(morning: Morning) -> None:
    company = morning.company
    assert "Two customers are waiting without word." in morning.reads(OVERDUE)
    for name in ("b4", "b2"):
        reference = company[name].reference
        page = morning.client.get(OVERDUE).content.decode()
        tell = re.search(rf'href="(/promises/{reference}/update/\?back=[^"]*)"', page)
        assert tell

        sent = morning.sends(
            html.unescape(tell[1]),
            words=f"I am looking into {name} myself, and write by noon.",
            seen="customer",
        )
        assert sent["Location"].startswith(OVERDUE)
        assert makers.fresh(company[name]).is_not_told(morning.now)  # it may still be taken back
        morning.later(MINUTE)

        told = morning.mails_to(f"{name}@customers.example")[-1]
        assert f"I am looking into {name} myself, and write by noon." in told
        assert not makers.fresh(company[name]).is_not_told(morning.now)
    said = morning.reads(OVERDUE)
    assert "Everybody who is waiting has been told." in said
    assert "Overdue, customer not told 0 of 3 overdue now" in said


def _a_cause_leads_to_a_review_with_an_owned_decision(morning: Morning, week: str) -> None:
    causes = morning.client.get("/reports/causes/")
    assert "7 promises were not kept in time" in pages.text(causes)
    ways = re.findall(r'href="(/reports/reviews/new/[^"]*)"', causes.content.decode())
    [begin] = {way for way in ways if "cause=slipped" in way}

    address = html.unescape(begin)
    reference = morning.company["a3"].reference
    assert reference in morning.client.get(address).content.decode()
    begun = morning.sends(
        address,
        title="What slips out of sight",
        happened="A call was promised and stood on no list.",
        why="Nobody looks at the list of the day before.",
        team=str(morning.company.billing.pk),
        promises=reference,
    )
    review = Review.objects.get()
    assert begun["Location"].startswith(f"/reports/reviews/{review.pk}/")
    morning.sends(
        f"/reports/reviews/{review.pk}/decide/",
        wording="Read yesterday's list first thing",
        owner=str(makers.dev().pk),
        day="2026-05-29",
    )

    decision = review.decisions.get().commitment
    assert decision.owner == makers.dev()
    assert decision.due_at == datetime(2026, 5, 29, 17, 30, tzinfo=UTC)
    assert decision.next_action_at is not None  # it stands on the ladder like any other
    said = morning.reads(f"/reports/reviews/{review.pk}/")
    assert "Read yesterday's list first thing Coming up Dev Shah, by Fri 29 May, 5:30 pm" in said
    assert "Nobody has said why yet" in week


def _a_suggested_move_is_accepted(morning: Morning) -> None:
    page = morning.client.get("/reports/workload/")
    assert "Ana Moreno has more ahead than fits into a day." in pages.text(page)
    form = pages.hidden(page)

    done = morning.client.post("/reports/workload/move/", form, follow=True)

    moved = next(
        each for each in map(makers.fresh, morning.company.promises.values())
        if each.reference == form["pick"]
    )  # fmt: skip
    assert moved.owner != makers.ana()
    assert f"Handed to {moved.owner}: {moved.wording}." in pages.text(done)
    assert makers.events_of(moved)[-1] == "reassigned"
    assert moved.due_at == moved.first_due_at


def _the_export_says_what_the_screen_says(morning: Morning) -> None:
    page = morning.client.get(OVERDUE)
    on_screen = set(re.findall(r'name="pick" value="(\w+)"', page.content.decode()))
    shown = re.search(r"not told (\d+) of (\d+) overdue now", pages.text(page))
    assert shown

    for kind in ("csv", "xlsx"):
        rows = _exported(morning.client.get(f"/reports/overdue.{kind}"), kind)
        silent = [row for row in rows if not _is_told(row)]
        assert {row["Reference"] for row in rows} == on_screen
        assert (len(silent), len(rows)) == (int(shown[1]), int(shown[2]))


def _is_told(row: dict[str, str]) -> bool:
    """Since the time that was promised."""
    told, due = row["Customer told"], row["Due"]
    return bool(told) and datetime.fromisoformat(told) >= datetime.fromisoformat(due)


def _exported(answer: Any, kind: str) -> list[dict[str, str]]:
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        *table, end = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        assert end[0] == "End of the export"
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.active is not None
        table = [[str(cell or "") for cell in row] for row in book.active.values]
        table = [row for row in table if row[0] != "End of the export"]
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def _it_does_not_come_again_before_next_monday(morning: Morning) -> None:
    for _ in range(3):
        morning.later(12 * HOUR)

    weeks = [text for text in morning.mails_to("ines@larkfield.example") if "Your week" in text]
    assert len(weeks) == 1
