"""The pages of the API: drawn by a script, under the same policy as every other page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    """Ana's browser; what it complains of fails the test."""
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(page)
    yield page
    context.close()
    assert [said for said in complaints if "404" not in said] == []


def test_a_call_is_tried_from_the_page(page: Page) -> None:
    page.goto("/api/docs/")
    page.locator("#operations-commitments-commitments_list").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(page.locator(".live-responses-table")).to_contain_text("Call Tom back")


def test_something_is_written_from_the_page(page: Page) -> None:
    page.goto("/api/docs/")
    page.locator("#operations-commitments-commitments_help").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("reference").fill("AAAAA")
    page.get_by_role("button", name="Execute").click()

    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("404")
