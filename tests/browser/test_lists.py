"""Many at once, and the list that is filtered as one types, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from notifications.models import Delivery
from tests import makers
from tests.browser.conftest import promise, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(chrome: Browser, office: str) -> Iterator[Page]:
    """The same with scripts switched off."""
    context = chrome.new_context(base_url=office, java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def told() -> set[tuple[str, str]]:
    rows = Delivery.objects.filter(template__startswith="handed")
    return {(row.template, row.address.partition("@")[0]) for row in rows}


def hand_two_to_dev(page: Page) -> None:
    sign_in(page, name="ines")
    page.goto("/promises/?state=overdue")
    page.get_by_label("Select: Call Tom back").check()
    page.get_by_label("Select: Book the visit").check()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_label("To whom?").select_option(label="Dev Shah, no open promises, at work now")
    page.get_by_label("What should they know?").fill("Ana is out this afternoon")
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("status").filter(has_text="handed to Dev Shah")).to_be_visible()


@pytest.mark.parametrize("script", ["with", "without"])
def test_17_two_are_reassigned_both_are_told_and_the_customer_is_not(
    script: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue("page" if script == "with" else "plain_page")
    before = {name: promise(name).due_at for name in ("Call Tom back", "Book the visit")}
    customers = Delivery.objects.filter(audience="customer").count()

    hand_two_to_dev(page)

    for name, due_at in before.items():
        handed = promise(name)
        assert (handed.owner, handed.due_at) == (makers.dev(), due_at)
        last = handed.events.get(kind="reassigned")
        assert (last.actor, last.words) == (makers.ines(), "Ana is out this afternoon")
    assert told() == {("handed_over", "dev"), ("handed_on", "ana")}
    assert Delivery.objects.filter(audience="customer").count() == customers


def test_undo_gives_all_of_them_back(page: Page) -> None:
    hand_two_to_dev(page)

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status").filter(has_text="Taken back.")).to_be_visible()
    assert promise("Call Tom back").owner == makers.ana()
    assert promise("Book the visit").owner == makers.ana()


def test_keys_search_walk_select_and_open(page: Page) -> None:
    sign_in(page, name="ines")
    page.goto("/promises/?state=live")

    page.keyboard.press("/")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("tbody tr").nth(1)
    expect(second.locator("td.main a").first).to_be_focused()
    page.keyboard.press("x")
    expect(second.get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/promises/[0-9A-Z]{5}/$"))


def test_the_list_follows_what_is_typed_and_says_how_many(page: Page) -> None:
    sign_in(page, name="ines")
    page.goto("/promises/")

    page.locator("#id_q").fill("invoice")
    expect(page.locator("#announced")).to_have_text("One promise")
    expect(page.get_by_role("link", name="Explain the invoice")).to_be_visible()
    expect(page.get_by_role("link", name="Call Tom back")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"q=invoice"))
    expect(page.locator("#id_q")).to_be_focused()

    page.reload()
    expect(page.locator("#count")).to_have_text("One promise")


def test_without_script_the_filters_are_a_form(plain_page: Page) -> None:
    page = plain_page
    sign_in(page, name="ines")
    page.goto("/promises/")

    page.get_by_label("State").select_option("waiting")
    page.get_by_role("button", name="Apply").click()

    expect(page.locator("#count")).to_have_text("One promise")
    expect(page.get_by_role("link", name="Read the meter")).to_be_visible()


def test_a_promise_is_logged_on_its_customers_page(page: Page) -> None:
    sign_in(page)
    page.goto(f"/customers/{makers.tom().pk}/")

    page.get_by_label("What did you promise?").fill("ring about the kettle in 2h")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Logged for Tom").first).to_be_visible()
    expect(page.get_by_role("link", name="Ring about the kettle", exact=True)).to_be_visible()
