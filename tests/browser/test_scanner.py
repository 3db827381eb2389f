"""A mail scanner: it opens every link of every mail to customers, and nothing has changed.

The mails are those that a mail server really received while the story was told, in each language.
The scanner is a real browser that runs scripts; it looks ahead, it asks for heads and options, and
it opens what stands on the pages as well. Then every row of every table is compared, whole, with
the version that the database gives it: a row written anew with the same values would be told, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
import time_machine
from django.db import connection, transaction
from playwright.sync_api import Browser, BrowserContext, Page

from commitments.messages.customer import Template
from commitments.models import Commitment, Customer
from commitments.public.deed_forms import FORMS
from notifications import delivery
from notifications.models import Delivery
from tests import smtp
from tests.commitments.messages import story
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]

READ_AT = story.ASKED_AT + 3 * HOUR
BESIDE = {"commitments_session", "django_migrations"}
LOOKS_AHEAD = {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch", "X-Moz": "prefetch"}
DEEDS = tuple(f"/{deed}/" for deed in FORMS)
NOT_A_LIMIT = 1_000_000  # scanners come from many addresses; how many looks one has is no matter


@pytest.fixture
def site(settings: Any, live_server: Any) -> str:
    """The server that the links in the mails lead to."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PUBLIC_URL = str(live_server.url)
    # The story is told in strides of days; nothing dies of age between two of them.
    settings.NOTIFICATIONS_EXPIRY = dict.fromkeys(Template, 30 * DAY)
    settings.COMMITMENTS_LENGTHS = {
        "stale_after": 30 * DAY,
        "check_in_stale_after": 30 * DAY,
        "customer_pages_a_minute": NOT_A_LIMIT,
        "customer_pages_a_minute_from_one_address": NOT_A_LIMIT,
    }
    return str(live_server.url)


@pytest.fixture
def sink(settings: Any) -> Iterator[smtp.Sink]:
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url
        yield far_end


@pytest.fixture
def scanner(chrome: Browser) -> Iterator[BrowserContext]:
    context = chrome.new_context(java_script_enabled=True)
    context.set_default_timeout(60_000)
    yield context
    context.close()


def mails(sink: smtp.Sink, *, language: str) -> list[smtp.Mail]:
    """All that customers were sent in the story: each of the mails once at least."""

    def deliver(promise: Commitment, now: Any) -> None:
        delivery.run(now + MINUTE)

    with transaction.atomic():
        story.tell(deliver, language=language)
        for instant in (NOON + 2 * MINUTE, NOON + 5 * HOUR, story.ASKED_AT + HOUR + 2 * MINUTE):
            delivery.run(instant)
    sent = Delivery.objects.filter(audience="customer", state="sent")
    assert set(sent.values_list("template", flat=True)) == set(Template)
    customers = set(Customer.objects.values_list("email", flat=True))
    received = [mail for mail in sink.accepted if mail.recipient in customers]
    assert {mail.headers["Content-Language"] for mail in received} == {language}
    return received


def links_in(mail: smtp.Mail) -> set[str]:
    """Of both its texts, and what a mail program's own buttons lead to."""
    message = mail.message
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    found = re.findall(r"https?://[^\s<>\"]+", text.get_content())
    found += [unescape(each) for each in re.findall(r'href="(http[^"]+)"', html.get_content())]
    found += re.findall(r"<(https?://[^>]+)>", str(message["List-Unsubscribe"] or ""))
    return {urldefrag(each).url for each in found}


def rows() -> dict[str, list[tuple[object, ...]]]:
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - BESIDE
        return {name: _rows_of(cursor, name) for name in sorted(names)}


def _rows_of(cursor: Any, name: str) -> list[tuple[object, ...]]:
    table = connection.ops.quote_name(name)
    if connection.vendor == "postgresql":
        cursor.execute(f"SELECT ctid::text, xmin::text, it::text FROM {table} it ORDER BY ctid")
    else:
        cursor.execute(f"SELECT * FROM {table} ORDER BY rowid")
    return list(cursor.fetchall())


def changed(before: dict[str, list[tuple[object, ...]]]) -> list[str]:
    after = rows()
    return [name for name in before if before[name] != after[name]]


def open_like_a_scanner(page: Page, link: str) -> set[str]:
    """Open it in each way; answers the links that stand on the page."""
    ask = page.context.request
    path = urlsplit(link).path
    # What can be done no more is answered with a page that says so.
    right = {200, 409} if path.endswith(DEEDS) else {200}
    assert ask.fetch(link, method="HEAD").status in right, link
    assert ask.fetch(link, method="OPTIONS").status in {200, 405}, link
    assert ask.fetch(link, headers=LOOKS_AHEAD).status in right, link
    if path.endswith(".ics"):  # is saved, not shown
        return set()
    for _ in range(2):
        answer = page.goto(link, wait_until="load")
        assert answer is not None
        assert answer.status in right, link
    assert page.evaluate("1 + 1") == 2  # scripts are run
    found: list[str] = page.evaluate("[...document.links].map(each => each.href)")
    return {urldefrag(each).url for each in found if each.startswith("http")}


def one_of_each(links: Iterable[str]) -> list[str]:
    """Every mail has a token of its own; what stands beneath it is the same for all of them."""
    by_page = {link.partition("/c/")[2].partition("/")[2]: link for link in sorted(links)}
    return list(by_page.values())


@pytest.mark.parametrize("language", ["en", "es"])
def test_11_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(
    scanner: BrowserContext, site: str, sink: smtp.Sink, language: str
) -> None:
    received = mails(sink, language=language)
    of_mails = {link for mail in received for link in links_in(mail)}
    ratings = {link.partition("?")[2] for link in of_mails if "/check-in/" in link}
    assert {f"r={number}" for number in range(1, 6)} | {"open=yes"} <= ratings
    assert all(link.startswith(f"{site}/c/") for link in of_mails)
    page = scanner.new_page()

    with time_machine.travel(READ_AT, tick=True):
        before = rows()
        of_pages: set[str] = set()
        for link in sorted(of_mails):
            of_pages |= open_like_a_scanner(page, link)
        beneath = one_of_each(link for link in of_pages - of_mails if link.startswith(f"{site}/c/"))
        for link in beneath:
            open_like_a_scanner(page, link)

        assert len(beneath) > 5
        assert changed(before) == []
        stop = next(link for link in of_mails if link.endswith("/stop/"))
        page.context.request.post(stop, form={"List-Unsubscribe": "One-Click"})
        assert "commitments_customer" in changed(before)  # what is written is told
