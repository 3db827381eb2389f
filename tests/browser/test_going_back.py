"""Who goes back in their browser finds what they had typed, though no page of ours is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chrome, office: str) -> Page:
    return chrome.new_page(base_url=office)


def test_what_was_typed_stands_there_again(page: Page) -> None:
    sign_in(page)
    came = page.goto("/promises/suggest/")
    page.get_by_label("The conversation").fill("Ana: I will ring you about the kettle.")

    page.goto("/reminders/")
    page.go_back()

    assert came
    assert "no-store" in came.headers["cache-control"]
    expect(page.get_by_label("The conversation")).to_have_value(
        "Ana: I will ring you about the kettle."
    )


def test_after_signing_out_going_back_shows_nothing(page: Page) -> None:
    sign_in(page)
    page.goto("/promises/")
    expect(page.get_by_text("Explain the invoice").first).to_be_visible()

    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url("**/accounts/login/")
    page.go_back()
    page.go_back()

    expect(page.get_by_text("Explain the invoice")).to_have_count(0)
    expect(page.get_by_label("Password")).to_be_visible()
