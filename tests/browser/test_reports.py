"""The overdue report in a real browser: check 16 of the page plan by number, keys and deeds.

Check 8 stands in `test_my_promises`, 17 in `test_lists`, 20 to 24 in `test_tour`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from commitments.models import Commitment, Customer
from notifications.models import Delivery
from tests import makers
from tests.browser.conftest import promise, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPORT = "/reports/overdue/"


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, name="ines")
    yield page
    context.close()


@pytest.fixture
def plain_page(chrome: Browser, office: str) -> Iterator[Page]:
    """The same with scripts switched off."""
    context = chrome.new_context(base_url=office, java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, name="ines")
    yield page
    context.close()


def chart(page: Page, title: str) -> Locator:
    return page.locator("figure.chart", has=page.get_by_role("heading", name=title))


def number(at: Locator) -> int:
    found = re.match(r"[\d,]+", at.inner_text().strip())
    assert found
    return int(found[0].replace(",", ""))


def exported(page: Page, link: Locator) -> list[list[str]]:
    """The rows of the file behind a link, without its head and its last line."""
    with page.expect_download() as download:
        link.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    _, *rows, end = csv.reader(io.StringIO(text))
    assert end[0] == "End of the export"
    return rows


@pytest.mark.parametrize("script", ["with", "without"])
def test_16_tiles_bars_table_and_file_agree(script: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue("page" if script == "with" else "plain_page")
    Commitment.objects.filter(pk=promise("Call Tom back").pk).update(wording="=1+1")
    Customer.objects.filter(pk=makers.tom().pk).update(name="@SUM(A1)")

    page.goto(REPORT)
    tile = page.locator(".tile", has_text="customer not told")
    silent, late = number(tile.locator("b")), number(tile.locator("small a"))
    waits = chart(page, "How long they have waited")
    bars = waits.locator("a.ln")
    by_bar = [number(each.locator(".v")) for each in bars.all()]
    rows = page.locator("#list tbody tr")
    assert (silent, late, sum(by_bar), rows.count()) == (1, 2, 2, 2)
    assert rows.filter(has_text="Not told").count() == silent

    in_file = exported(page, page.get_by_role("link", name="Export CSV"))
    assert sorted(row[1] for row in in_file) == ["'=1+1", "Book the visit"]
    assert {row[2] for row in in_file} == {"'@SUM(A1)"}

    longest = next(place for place, many in enumerate(by_bar) if many)
    bars.nth(longest).click()
    expect(page.locator("#count")).to_have_text(re.compile("promise"))
    assert page.locator("#results tbody tr").count() == by_bar[longest]
    behind = exported(page, page.get_by_role("link", name="Export all as CSV"))
    assert len(behind) == by_bar[longest]


def test_each_figure_opens_its_list(page: Page) -> None:
    page.goto(REPORT)
    tile = page.locator(".tile", has_text="Due in the next 4 hours")
    soon = number(tile.locator("b"))

    tile.locator("a.whole").click()

    expect(page.locator("#results tbody tr")).to_have_count(soon)


def test_keys_walk_select_open_and_export(page: Page) -> None:
    page.goto(REPORT)
    second = page.locator("#list tbody tr").nth(1)

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(second.locator("td.main > a")).to_be_focused()
    page.keyboard.press("x")
    expect(second.get_by_role("checkbox")).to_be_checked()
    with page.expect_download() as download:
        page.keyboard.press("e")
    assert download.value.suggested_filename.startswith("overdue-")
    page.keyboard.press("k")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/promises/[0-9A-Z]{5}/$"))


def test_the_list_of_all_promises_is_exported_by_a_key_too(page: Page) -> None:
    page.goto("/promises/?state=live")

    with page.expect_download() as download:
        page.keyboard.press("e")

    assert download.value.suggested_filename.startswith("promises-")


@pytest.mark.parametrize("script", ["with", "without"])
def test_those_ticked_go_to_a_colleague_who_is_shown_with_load_and_shift(
    script: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue("page" if script == "with" else "plain_page")
    customers = Delivery.objects.filter(audience="customer").count()
    page.goto(f"{REPORT}?team={makers.a_team().pk}")
    page.get_by_label("Select: Call Tom back").check()
    page.get_by_label("Select: Book the visit").check()
    page.get_by_label("Reassign to").select_option(label="Dev Shah")
    page.get_by_role("button", name="Reassign", exact=True).click()

    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    expect(page.locator("#preview + p")).to_have_text("Two promises go to Dev Shah, at work now.")
    expect(page.get_by_text("Dev Shah then has two open promises")).to_be_visible()
    page.get_by_label("What should they know?").fill("Ana is out this afternoon")
    page.get_by_role("button", name="Hand over").click()

    expect(page).to_have_url(re.compile(r"/reports/overdue/\?team=\d+$"))
    expect(page.get_by_role("status").filter(has_text="handed to Dev Shah")).to_be_visible()
    assert promise("Call Tom back").owner == promise("Book the visit").owner == makers.dev()
    assert Delivery.objects.filter(audience="customer").count() == customers


def test_an_owner_is_asked_from_the_row(page: Page) -> None:
    page.goto(REPORT)
    row = page.locator("#list tbody tr", has_text="Call Tom back")
    row.locator("summary").click()
    row.get_by_role("link", name="Ask for an update").click()

    page.get_by_role("button", name="Ask them").click()

    expect(page.get_by_text("Ana was asked about one promise.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/reports/overdue/$"))
