"""Check 25: every mail to customers on a phone and on a desk, in the light and in the dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, Page

from commitments import services
from commitments.messages.customer import Template
from notifications.models import Delivery
from tests.commitments.messages.story import tell
from tests.makers import HOUR, NOON, a_commitment, ana, tom

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 600)
SCHEMES = ("light", "dark")
LONG = "w" * 200
RIGHT_TO_LEFT = "להחזיר את הכסף עד יום שישי"
# In the dark nothing of the light may be left over: of each element, what is behind its words.
LEFT_BRIGHT = """() => [...document.querySelectorAll("body, td, a")]
 .map(each => [getComputedStyle(each).backgroundColor, each.textContent.trim().slice(0, 40)])
 .filter(([colour]) => {
   const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
   return a > 0 && r > 200 && g > 200 && b > 200;
 })"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def reader(chrome: Browser) -> Iterator[Page]:
    """A mail program: it runs no script, and asks nobody for anything."""
    context = chrome.new_context(java_script_enabled=True)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def opened(page: Page, mail: Delivery, *, width: int, scheme: str) -> list[str]:
    """Show a mail; answers what it asked the network for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two
    page.set_content(mail.html)
    return asked


def words_in(text: str) -> set[str]:
    return set(re.findall(r"[\w'@.]+\w", re.sub(r"https?://\S+", " ", text)))


def links_of(page: Page) -> set[str]:
    found: Any = page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
    return set(found)


def mails() -> list[Delivery]:
    """One of each kind, as the story sends them."""
    with transaction.atomic():
        tell()
    rows = {row.template: row for row in Delivery.objects.filter(audience="customer")}
    assert set(rows) == set(Template)
    return list(rows.values())


def test_25_the_text_holds_every_fact_and_link_of_the_html(reader: Page) -> None:
    for mail in mails():
        opened(reader, mail, width=600, scheme="light")

        read = words_in(reader.inner_text("body"))
        assert read - words_in(f"{mail.subject} {mail.text}") <= heading_of(reader), mail.template
        assert links_of(reader) == set(re.findall(r"https?://\S+", mail.text)), mail.template


def heading_of(page: Page) -> set[str]:
    """The heading says the subject once more, in other words."""
    return words_in(page.inner_text("h1")) | words_in(settings.COMPANY_NAME)


def test_25_no_mail_scrolls_sideways_asks_the_network_or_stays_bright_in_the_dark(
    reader: Page,
) -> None:
    for mail in mails():
        for width in WIDTHS:
            for scheme in SCHEMES:
                asked = opened(reader, mail, width=width, scheme=scheme)
                where = (mail.template, width, scheme)
                assert reader.evaluate(SIDEWAYS) == 0, where
                assert [url for url in asked if not url.startswith("data:")] == [], where
                assert reader.locator("img, script, link, iframe, object").count() == 0, where
                if scheme == "dark":
                    assert reader.evaluate(LEFT_BRIGHT) == [], where


@pytest.mark.parametrize("language", ["en", "es"])
def test_25_endless_words_and_words_from_right_to_left_stay_inside_a_mail(
    reader: Page, language: str
) -> None:
    customer = tom(name=f"{LONG[:80]} Okafor", language=language)
    for words in (LONG, RIGHT_TO_LEFT, "<img src=x onerror=alert(1)>"):
        kept = a_commitment(customer=customer, wording=words)
        services.update(kept.pk, by=ana(), words=words, tell_customer=True, now=NOON + HOUR)

    for mail in Delivery.objects.filter(audience="customer"):
        asked = opened(reader, mail, width=390, scheme="light")
        assert reader.evaluate(SIDEWAYS) == 0, mail.subject
        assert [url for url in asked if not url.startswith("data:")] == []
        assert reader.locator("img").count() == 0
