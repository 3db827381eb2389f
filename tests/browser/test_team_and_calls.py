"""A lead hands over from the board; an agent logs two tries with one thumb."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from commitments.models import CallAttempt, Commitment
from tests import makers
from tests.browser.conftest import promise, sign_in
from tests.makers import DAY, HOUR

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, chrome: Browser, office: str) -> Iterator[Page]:
    """Somebody's browser, once with scripts and once without."""
    context = chrome.new_context(base_url=office, java_script_enabled=request.param)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def a_call(wording: str) -> Commitment:
    """To Tom, from an hour ago until in two hours."""
    now = datetime.now(UTC)
    return makers.a_commitment(
        wording=wording,
        kind="callback",
        keep_by="phone",
        window_start=now - HOUR,
        due_at=now + 2 * HOUR,
        now=now - DAY,
        summary=False,
    )


@pytest.fixture
def scripted(chrome: Browser, office: str) -> Iterator[Page]:
    """With a clock that goes when it is told to."""
    context = chrome.new_context(base_url=office)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def a_minute_passes(page: Page, address: str) -> None:
    with page.expect_response(f"**{address}"):
        page.clock.run_for(61_000)


def test_a_lead_hands_two_promises_over_from_the_board(page: Page) -> None:
    sign_in(page, name="dev")
    page.goto("/team/")

    page.get_by_label("Tick: Call Tom back").check()
    page.get_by_label("Tick: Send the number").check()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_label("To whom?").select_option(f"person-{makers.ines().pk}")
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_text("Two promises go to Ines Duarte")).to_be_visible()
    page.get_by_role("button", name="Hand over").click()

    expect(page).to_have_url(f"/team/?team={makers.a_team().pk}")
    expect(page.get_by_text("Two promises handed to Ines Duarte.")).to_be_visible()
    handed = [promise("Call Tom back"), promise("Send the number")]
    assert [each.owner for each in handed] == [makers.ines()] * 2


def test_two_tries_are_logged_on_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    call = a_call("Ring about the meter")
    sign_in(page)

    for outcome in ("No answer", "Left a message"):
        page.goto("/calls/")
        row = page.get_by_role("listitem").filter(has_text="Ring about the meter").first
        assert row.get_by_role("link", name="Call 0755").get_attribute("href") == "tel:07555550142"
        row.locator("summary").click()
        row.get_by_role("button", name=outcome, exact=True).click()
        expect(page).to_have_url("/calls/")

    expect(page.get_by_text("It counts as attempted now.")).to_be_visible()
    expect(page.get_by_text("Two tries in the window.")).to_be_visible()
    tries = CallAttempt.objects.filter(commitment=call).values_list("outcome", flat=True)
    assert list(tries) == ["no_answer", "voicemail"]
    call.refresh_from_db()
    assert call.attempted_at is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_board_is_renewed_each_minute_around_what_is_in_hand(scripted: Page) -> None:
    sign_in(scripted, name="dev")
    scripted.goto("/team/")
    scripted.locator("details.fold summary").first.click()
    scripted.get_by_label("Tick: Send the number").check()
    scripted.get_by_label("Tick: Call Tom back").check()
    Commitment.objects.filter(wording="Send the number").update(wording="Send it by post")
    makers.a_commitment(wording="Made meanwhile", due_at=datetime.now(UTC) + HOUR)
    a_minute_passes(scripted, "/team/")

    expect(scripted.get_by_role("link", name="Made meanwhile")).to_be_visible()
    expect(scripted.get_by_label("Tick: Call Tom back")).to_be_focused()
    expect(scripted.get_by_label("Tick: Call Tom back")).to_be_checked()
    expect(scripted.get_by_label("Tick: Send it by post")).to_be_checked()
    expect(scripted.get_by_label("Tick: Made meanwhile")).not_to_be_checked()
    expect(scripted.locator("details.fold").first).to_have_js_property("open", True)


def test_the_calls_are_renewed_each_minute_and_say_when_they_could_not_be(scripted: Page) -> None:
    a_call("Ring about the meter")
    sign_in(scripted)
    scripted.goto("/calls/")
    scripted.get_by_role("link", name="Ring about the meter", exact=True).focus()
    a_call("Ring about the bill")
    a_minute_passes(scripted, "/calls/")

    expect(scripted.get_by_role("link", name="Ring about the bill", exact=True)).to_be_visible()
    expect(scripted.get_by_role("link", name="Ring about the meter", exact=True)).to_be_focused()

    scripted.route("**/calls/", lambda route: route.abort())
    scripted.clock.run_for(61_000)

    expect(scripted.get_by_text("We could not refresh. This list is from")).to_be_visible()
