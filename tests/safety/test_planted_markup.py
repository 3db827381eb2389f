"""Hostile words, stored in every text there is: wherever they are shown they are words.

The demonstration is filled with them, and every page of the tour, every page of the administration,
every mail, file, calendar and page to be given away is made of it once before and once after.
Nothing in it may be an element or an attribute that its pages do not have without them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import icalendar
import openpyxl
import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments import imports
from commitments.evidence import pack
from commitments.evidence import page as evidence
from commitments.house import calendar_feeds
from commitments.models import (
    Attachment,
    Brand,
    Commitment,
    Customer,
    Event,
    Import,
    MailTally,
    QuarantinedMail,
    User,
)
from config import demo
from notifications import rendering
from notifications.models import (
    AuditFinding,
    Breaker,
    ContactPoint,
    Delivery,
    Suppression,
)
from tests.browser.tour import facts as tour
from tests.browser.tour import routes
from tests.makers import DAY
from tests.safety import planted

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgresql,
    pytest.mark.audit,
    pytest.mark.timeout(1800),
]

TURNS = 3
FILES = ("/promises/export/", *(f"/reports/{name}.csv" for name in (
    "overdue", "kept", "ratings", "workload", "causes", "values",
)))  # fmt: skip
# What may stand at the start of a cell only behind an apostrophe.
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
Parts = set[tuple[str, str]]


class House:
    """The demonstration, and somebody signed in for each of its people."""

    def __init__(self, now: datetime) -> None:
        demo.seed(now)
        self.visits = routes.visits(tour.facts(now))
        people = {visit.who for visit in self.visits} - {""}
        self.clients = {who: self._of(who) for who in people} | {"": Client()}
        self._rest(now)
        self.file = _a_file(User.objects.get(email="ana@larkfield.example"), now)
        self.feed = calendar_feeds.issue(
            User.objects.get(email="ana@larkfield.example"), team_id=None, lasts=DAY, now=now
        )[1]

    def _of(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(email=f"{who}@larkfield.example"))
        return client

    def _rest(self, now: datetime) -> None:
        """What an invented company that is well has none of."""
        ana = User.objects.get(email="ana@larkfield.example")
        wrote = Event.objects.filter(visible=True).order_by("-pk")[0]
        kept = {"stored": "f" * 32, "name": "lid.png", "media_type": "image/png", "size": 9}
        Attachment.objects.create(event=wrote, at=now, **kept)
        Brand.objects.create(pk=1, name="Larkfield Energy")
        MailTally.objects.create(on=now.date(), outcome="quarantined", reason="?", mails=1)
        QuarantinedMail.objects.create(fingerprint="f" * 64, at=now, size=1, content=b"?")
        ContactPoint.objects.create(user=ana, channel="chat", address="slack://x", disabled_at=now)
        Suppression.objects.create(channel="email", address="x", since=now, cause="?")
        Breaker.objects.create(channel="email", opened_at=now, until=now + DAY, reason="?")
        AuditFinding.objects.create(number="I1", about="?", rule="?", found_at=now)
        assert [model for model, _ in planted.places() if not model.objects.exists()] == []

    def pages(self) -> Iterator[tuple[str, str, int]]:
        """Name, markup and status of each page of the tour, and of the administration."""
        for visit in self.visits:
            answer = self.clients[visit.who].get(visit.address)
            yield visit.name, _said(answer), answer.status_code
        sam = self.clients["sam"]
        for model in admin.site._registry:
            place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            addresses = [reverse(f"{place}_changelist")]
            if (row := model._default_manager.order_by("-pk").first()) is not None:
                addresses += [
                    reverse(f"{place}_{each}", args=[row.pk]) for each in ("change", "history")
                ]
            for address in addresses:
                answer = sam.get(address)
                yield address, _said(answer), answer.status_code

    def mails(self) -> Iterator[tuple[str, rendering.Words]]:
        """Each kind of message that there is, in words."""
        kinds = Delivery.objects.filter(channel__in=["email", "inbox"]).exclude(context={})
        for each in kinds.order_by("template", "channel", "-pk").distinct("template", "channel"):
            context = _filled(each.context)
            words = rendering.words(
                each.template, context, channel=each.channel, language=each.language
            )
            yield f"{each.template} by {each.channel}", words

    def given_away(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Name and markup of the pages that leave the house: whoever reads them has no policy."""
        tom = Customer.objects.filter(conversations__isnull=False).earliest("pk")
        held = self.clients["sam"].get(f"/customers/{tom.pk}/personal-data/html/")
        assert held.status_code == 200
        yield "what is held about somebody", _said(held)
        case = Commitment.objects.filter(customer=tom).values_list("conversation", flat=True)[0]
        one = Commitment.objects.filter(conversation=case).select_related("conversation")
        about = one[0].conversation.outside_reference
        packed = pack.pack([each.pk for each in one], about=about, now=now)
        yield "an audit pack", evidence.page(packed, name="audit.json", digest="f" * 64)


def _a_file(ana: User, now: datetime) -> Import:
    """Of rows that cannot be taken, in whose other columns and headings there is all of it."""
    hostile = [*planted.PAYLOADS, *(f"{sign}1+1" for sign in RUN)]
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["wording", "customer", *hostile])
    rows.writerows(["", each, *hostile] for each in hostile)
    team = ana.memberships.select_related("team").order_by("team__name")[0].team
    content = ContentFile(written.getvalue().encode())
    held = imports.take(content, name="hostile.csv", team=team, by=ana, now=now)
    order = imports.Order(held.choices["order"])
    asked = imports.Asked(columns=held.columns, usual_kind="followup", order=order)
    imports.check(held.pk, asked, by=ana, now=now)
    imports.go_on(held.pk, now=now, within=10 * DAY)
    held.refresh_from_db()
    assert held.bad == len(hostile)
    return held


def _said(answer: Any) -> str:
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode()


def _filled(value: Any, turn: int = 0) -> Any:
    """What a message knows, every text in it replaced; addresses, codes and instants stay."""
    if isinstance(value, dict):
        return {name: _filled(each, turn + len(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, turn + place) for place, each in enumerate(value)]
    if isinstance(value, str) and PLANTING and " " in value and not value.startswith("http"):
        first = turn % len(planted.PAYLOADS)
        return " ".join(planted.PAYLOADS[first:] + planted.PAYLOADS[:first])
    return value


PLANTING: list[bool] = []


def test_wherever_hostile_words_are_shown_they_are_words() -> None:
    now = timezone.now()
    house = House(now)
    usual = {name: (planted.Skeleton(page), status) for name, page, status in house.pages()}
    everywhere = set[tuple[str, str]]().union(*(page.parts for page, _ in usual.values()))
    mails = {name: planted.Skeleton(words.html) for name, words in house.mails()}
    given = {name: planted.Skeleton(page) for name, page in house.given_away(now)}

    wrong: list[str] = []
    PLANTING.append(True)
    for turn in range(TURNS):
        assert planted.plant(turn) > 1000
        for name, page, status in house.pages():
            if status != usual[name][1]:
                wrong.append(f"{name}: {status}")
            before = usual[name][0].wrong
            wrong += [f"{name}: {each}" for each in _wrong(page, everywhere) if each not in before]
        for name, words in house.mails():
            wrong += [f"{name}: {each}" for each in _wrong(words.html, mails[name].parts)]
            assert "\n" not in words.subject
        for name, page in house.given_away(now):
            wrong += [f"{name}: {each}" for each in _wrong(page, given[name].parts)]
            assert "&lt;script&gt;planted(1)" in page, name
        wrong += list(_wrong_files(house))
    PLANTING.clear()

    assert sorted(set(wrong)) == []


def _wrong(page: str, usual: Parts) -> list[str]:
    found = planted.Skeleton(page)
    new = sorted(" ".join(part) for part in found.parts - usual)
    return [*new, *found.wrong, *([planted.WORKED_OUT] if planted.WORKED_OUT in page else [])]


def _wrong_files(house: House) -> Iterator[str]:
    left_out = f"/promises/import/{house.file.pk}/left-out.csv"
    for who, address in (*(("ines", each) for each in FILES), ("ana", left_out)):
        answer = house.clients[who].get(address)
        assert answer.status_code == 200, address
        assert answer["Content-Disposition"].isprintable()
        rows = csv.reader(io.StringIO(_said(answer).removeprefix("\ufeff")))
        yield from (f"{address}: {cell[:40]}" for row in rows for cell in row if _runs(cell))
    book = house.clients["ines"].get("/reports/overdue.xlsx")
    for sheet in openpyxl.load_workbook(io.BytesIO(b"".join(book))):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f" or cell.hyperlink:
                yield f"a formula in a workbook: {cell.value}"
    calendar = icalendar.Calendar.from_ical(Client().get(f"/calendar/{house.feed}.ics").content)
    names = {name for part in calendar.walk() for name in part}
    if names - CALENDAR:
        yield f"in the calendar: {names - CALENDAR}"


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would work it out; a number is none of that."""
    return cell.lstrip(" ").startswith(RUN) and not re.fullmatch(r"-?[\d.,:]+", cell)


CALENDAR = {
    *("VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL"),
    *("X-PUBLISHED-TTL", "UID", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "DURATION", "URL"),
    *(
        "CLASS",
        "DESCRIPTION",
        "LAST-MODIFIED",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "CREATED",
        "LOCATION",
    ),
}


@pytest.fixture(autouse=True)
def _often(settings: Any) -> None:
    customers = ("customer_pages_a_minute", "customer_pages_a_minute_from_one_address")
    figures = ("exports_an_hour", "dead_links_a_minute", "dead_links_alarm", *customers)
    settings.COMMITMENTS_LENGTHS = dict.fromkeys(figures, 10**6)
