"""The bookmark, pressed in somebody else's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment
from commitments.web import bookmarklet
from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ELSEWHERE = "https://tickets.example/4711"
TICKET = """<!doctype html><meta charset="utf-8"><title>Ticket</title>
<p id="said">call back
   fri 10am — “as agreed” &amp; 100 % sure 😀</p><p id="rest">and more</p><a id="mark">mark</a>"""
SELECT = "id => getSelection().selectAllChildren(document.getElementById(id))"


@pytest.fixture
def page(chrome: Browser, office: str, settings: LazySettings) -> Iterator[Page]:
    settings.PUBLIC_URL = office
    context = chrome.new_context(base_url=office)
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page)
    page.route("https://tickets.example/**", lambda route: route.fulfill(body=TICKET))
    page.goto(ELSEWHERE)
    page.evaluate("href => { mark.href = href }", bookmarklet.bookmark())
    yield page
    context.close()


def pressed(page: Page) -> Page:
    """The window that opens; a press takes no selection away, as on a bar of bookmarks."""
    with page.expect_popup() as opened:
        page.evaluate("mark.click()")
    return opened.value


def test_what_is_selected_elsewhere_stands_in_the_form(page: Page) -> None:
    before = Commitment.objects.count()
    page.evaluate(SELECT, "said")

    form = pressed(page)

    expect(form.get_by_label("What did you promise?")).to_have_value(
        "call back — as agreed & 100 % sure 😀"
    )
    expect(form.get_by_label("By when?")).to_have_value("fri 10am")
    assert page.url == ELSEWHERE
    assert Commitment.objects.count() == before


def test_nothing_selected_opens_an_empty_form(page: Page) -> None:
    expect(pressed(page).get_by_label("What did you promise?")).to_have_value("")


def test_a_long_selection_is_cut_between_characters(page: Page) -> None:
    page.evaluate("text => { said.textContent = text }", "w" * (bookmarklet.LONGEST - 1) + "😀")
    page.evaluate(SELECT, "said")

    expect(pressed(page).get_by_label("What did you promise?")).to_have_value(
        "w" * (bookmarklet.LONGEST - 1)
    )
