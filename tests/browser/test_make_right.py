"""A promised time has passed, in a browser: one screen from the overdue promise to what is next."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment
from notifications.models import Delivery
from tests.browser.conftest import promise, sign_in
from tests.makers import ana, fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HAPPENED = "I was in a long call and did not see the time. That is no excuse."
LOOKS = [(width, scheme) for width in (1440, 390) for scheme in ("light", "dark")]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, chrome: Browser, office: str) -> Iterator[Page]:
    """Somebody's browser, once with scripts and once without."""
    context = chrome.new_context(
        base_url=office,
        java_script_enabled=request.param,
        viewport={"width": 1440, "height": 900},
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(chrome: Browser, office: str) -> Iterator[Page]:
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def fill_in(page: Page, *, with_amends: bool = True) -> None:
    page.get_by_label("What happened?").fill(HAPPENED)
    page.get_by_label("New time").fill("in 3 hours")
    page.get_by_label("It slipped out of sight").check()
    if with_amends:
        page.get_by_text("To make up for it").first.click()
        page.get_by_label("What do we do to make up for it?").fill("Credit the call-out fee")
        page.get_by_label("By when?").fill("in 2 days")


def send(page: Page) -> None:
    page.get_by_role("button", name="Tell Tom and set the new time", exact=True).click()


def letter(page: Page) -> Any:  # a locator
    return page.get_by_label("What Tom will read")


def words_of(text: str) -> str:
    """Without links: each is signed with the second in which it was written."""
    return " ".join(re.sub(r"https?://\S+", "", text).split())


def look(page: Page, name: str) -> None:
    """A picture for whoever wants to see, where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_what_was_missed_is_said_explained_and_made_up_for(page: Page) -> None:
    late = promise("Call Tom back")
    sign_in(page)
    page.goto(f"/promises/{late.reference}/")
    page.get_by_role("link", name="Tell Tom and set a new time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make it right with Tom")

    fill_in(page)
    page.get_by_role("button", name="Preview").click()
    expect(letter(page)).to_contain_text("Credit the call-out fee")
    expect(letter(page)).to_contain_text(HAPPENED)
    shown = words_of(letter(page).locator(".letter-text").inner_text())
    send(page)

    said = page.get_by_role("status").first
    expect(said).to_contain_text("Tom is told now. What makes up for it is promised by")
    expect(page.locator("#promise")).to_contain_text("It slipped out of sight")
    now_so = fresh(late)
    assert now_so.due_at > late.due_at
    assert now_so.cause == "slipped"
    amends = Commitment.objects.get(follows=late)
    assert (amends.wording, amends.owner) == ("Credit the call-out fee", ana())
    sent = Delivery.objects.get(about=late.about, template="slip")
    assert words_of(sent.text) == shown
    page.get_by_role("link", name=amends.reference).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Credit the call-out fee")


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(page: Page) -> None:
    late = promise("Call Tom back")
    sign_in(page)
    page.goto(f"/promises/{late.reference}/make-right/")
    page.get_by_label("What happened?").fill(HAPPENED)
    page.get_by_label("New time").fill("in 3 hours")

    page.locator("form.right").evaluate("form => form.noValidate = true")
    send(page)

    box = page.locator(".errs")
    expect(box).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("What happened?")).to_have_value(HAPPENED)
    box.get_by_role("link", name="Choose why it was not in time.").click()
    expect(page.get_by_label("The time we gave was too tight")).to_be_focused()
    assert fresh(late).due_at == late.due_at


def test_the_message_is_seen_while_it_is_written_and_one_press_sends_it(scripted: Page) -> None:
    page, late = scripted, promise("Call Tom back")
    sign_in(page)
    page.goto(f"/promises/{late.reference}/")

    page.keyboard.press("m")
    expect(page.get_by_role("heading", level=1)).to_have_text("Make it right with Tom")
    fill_in(page, with_amends=False)

    expect(letter(page)).to_contain_text(HAPPENED)
    expect(page.locator(".preview")).to_contain_text("We read:")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("New time:")
    assert fresh(late).due_at > late.due_at
    assert Commitment.objects.filter(follows=late).count() == 0


def test_it_is_reached_from_the_row_and_leads_back_to_the_day(scripted: Page) -> None:
    page, late = scripted, promise("Call Tom back")
    sign_in(page)
    page.goto("/promises/mine/")
    row = page.locator(f"#promise-{late.reference}")
    row.locator(".menu > summary").click()

    row.get_by_role("link", name="Make it right").click()
    fill_in(page, with_amends=False)
    expect(letter(page)).to_contain_text(HAPPENED)
    send(page)

    expect(page).to_have_url(re.compile("/promises/mine/$"))
    expect(page.get_by_role("status").first).to_contain_text("Tom is told now.")


def test_done_late_asks_why_in_place(scripted: Page) -> None:
    page, late = scripted, promise("Call Tom back")
    sign_in(page)
    page.goto(f"/promises/{late.reference}/")
    page.keyboard.press("d")
    form = page.get_by_role("dialog")

    form.get_by_label("How did it end?").fill("We spoke.")
    form.get_by_label("Why was it not in time?").select_option("Too much was due at once")
    form.get_by_role("button", name="Done", exact=True).click()

    expect(page.locator("#promise")).to_contain_text("Kept late")
    assert fresh(late).cause == "too_much"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_fits_reads_and_can_be_used_by_everybody(
    chrome: Browser, office: str, width: int, scheme: Any
) -> None:
    context = chrome.new_context(
        base_url=office, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page)
    page.goto(f"/promises/{promise('Call Tom back').reference}/make-right/")
    look(page, f"right-empty-{width}-{scheme}")
    fill_in(page)
    expect(letter(page)).to_contain_text("Credit the call-out fee")
    look(page, f"right-{width}-{scheme}")

    tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
    found: Any = Axe().run(page, options={"runOnly": tags, "resultTypes": ["violations"]})
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
