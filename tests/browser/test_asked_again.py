"""An export after a while, in a real browser: the password, then the file, and the way back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from commitments.models import Session
from tests.browser.conftest import sign_in
from tests.browser.test_signing_in import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def exported(context: BrowserContext) -> Page:
    """By Ana, who signed in longer ago than a quarter of an hour; the page she is on then."""
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page)
    session = Session.objects.get()
    Session.objects.update(began_at=session.began_at - timedelta(minutes=16))
    page.goto("/promises/?state=live")
    page.get_by_role("link", name="Export all as CSV").click()
    page.get_by_label("Password").fill("larkfield-demo")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Go on").click()
    file = Path(coming.value.path()).read_text("utf-8-sig")
    assert "Call Tom back" in file
    assert "End of the export" in file
    return page


@pytest.mark.parametrize("script", [True, False])
def test_the_file_comes_after_the_password_and_leads_back(
    chrome: Browser, office: str, script: bool
) -> None:
    page = exported(chrome.new_context(base_url=office, java_script_enabled=script))

    expect(page.get_by_role("heading", name="Your file is on its way")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
    page.get_by_role("link", name="Back to where you were").click()
    expect(page).to_have_url(f"{office}/promises/?state=live")


def test_the_page_that_stays_can_be_used_by_everybody(chrome: Browser, office: str) -> None:
    looked_at(exported(chrome.new_context(base_url=office)), "file")
