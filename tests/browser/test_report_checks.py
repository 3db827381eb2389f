"""Reports in a real browser: whose figures somebody finds, and a move that is one click."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from commitments.models import Membership
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


@pytest.mark.parametrize("name", ["agent", "owner"])
def test_18_an_agent_asking_for_anothers_ratings_gets_404_as_for_an_unknown_agent(
    page: Page, name: str
) -> None:
    sign_in(page)

    unknown = page.goto(f"/reports/ratings/?{name}=999999")
    said = page.locator("main").inner_text()
    anothers = page.goto(f"/reports/ratings/?{name}={makers.dev().pk}")
    own = page.locator("main").inner_text()

    assert unknown is not None
    assert anothers is not None
    assert (unknown.status, anothers.status) == (404, 404)
    assert said == own


def test_18_and_the_same_address_is_open_to_whoever_manages_them(page: Page) -> None:
    sign_in(page, name="ines")

    answer = page.goto(f"/reports/ratings/?agent={makers.ana().pk}")

    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("heading", name="Ratings", exact=True)).to_be_visible()


@pytest.mark.parametrize("script", ["with", "without"])
def test_a_suggested_move_is_accepted_and_taken_back(
    script: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue("page" if script == "with" else "plain_page")
    Membership.objects.filter(user=makers.ana()).update(daily_capacity=0)
    sign_in(page, name="ines")
    page.goto("/reports/workload/")

    page.get_by_role("button", name="Explain the invoice").click()
    expect(page.get_by_role("status").filter(has_text="Handed to")).to_be_visible()
    handed = promise("Explain the invoice").owner
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert handed != makers.ana()
    assert promise("Explain the invoice").owner == makers.ana()


def test_the_picture_and_its_table_lead_to_the_same_list(page: Page) -> None:
    sign_in(page, name="ines")
    page.goto("/reports/causes/")

    page.get_by_role("link", name="Nobody has said why yet").first.click()

    expect(page.get_by_text("Counted in a report")).to_be_visible()
    expect(page.get_by_role("heading", name="Two promises")).to_be_visible()
