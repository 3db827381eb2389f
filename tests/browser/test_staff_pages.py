from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment, Customer
from commitments.rules.lifecycle import Outcome
from tests.browser.conftest import promise, sign_in, sign_in_by_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TALL = 900
LOOKS = [(1440, "light"), (390, "dark")]  # each width and each scheme once: half the time
VERBS = ["update", "done", "move", "make-right", "acknowledge", "hand-over", "close", "help"]


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    """Somebody's browser in front of the house."""
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": TALL})
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


def addresses() -> list[str]:
    late, waiting = promise("Call Tom back"), promise("Read the meter")
    return [
        "/promises/mine/",
        "/promises/new/",
        "/promises/",
        "/promises/?q=nothing+like+it",
        "/reports/overdue/",
        "/reminders/",
        f"/promises/{late.reference}/",
        f"/promises/{waiting.reference}/",
        f"/promises/{promise('w' * 200).reference}/",
        f"/promises/{promise('Refund the fee').reference}/",
        *(f"/promises/{late.reference}/{verb}/" for verb in VERBS),
        f"/promises/{promise('Send the number').reference}/wait/",
        "/nowhere/",
    ]


def faults(page: Page) -> list[str]:
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
    # Of what passes nobody wants to know where it stands: that would take as long again.
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found: Any = Axe().run(page, options=options)
    return [
        f"{page.url}: {fault['id']} at {[node['target'] for node in fault['nodes']]}"
        for fault in found.response["violations"]
    ]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_can_be_used_by_everybody(
    chrome: Browser, office: str, width: int, scheme: Any
) -> None:
    size = {"width": width, "height": TALL}
    context = chrome.new_context(base_url=office, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]  # a ViewportSize
    page = context.new_page()
    page.goto("/accounts/login/")
    found = faults(page)
    sign_in(page)

    for address in addresses():
        page.goto(address)
        found += faults(page)

    assert found == []


def test_pages_ask_nothing_of_others_and_break_no_policy(page: Page, office: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    sign_in_by_form(page)

    for address in addresses()[:-1]:
        page.goto(address)

    assert [url for url in asked if not url.startswith(office)] == []
    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 720])
def test_nothing_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": TALL})
    sign_in(page)

    wide = []
    for address in addresses():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)

    assert wide == []


def test_nothing_to_press_is_too_small(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": TALL})
    sign_in(page)

    small = []
    for address in addresses():
        page.goto(address)
        small += page.evaluate(
            """() => [...document.querySelectorAll('a, button, summary, input, select')]
                .filter(each => !each.closest('p, .skip, td') && each.type !== 'hidden')
                .map(each => [each.outerHTML.slice(0, 90),
                    (each.closest('label') || each).getBoundingClientRect()])
                .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
                .map(([html]) => html)"""
        )

    assert small == []


def test_01_a_promise_is_logged_moved_and_kept_without_script(plain_page: Page) -> None:
    page = plain_page
    sign_in_by_form(page)
    page.get_by_label("What did you promise?").fill("@tom #ref ring about the kettle in 2h")
    page.get_by_role("button", name="Log promise").click()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")

    page.get_by_role("link", name="Ring about the kettle", exact=True).click()
    page.get_by_role("link", name="Move the time").click()
    page.get_by_label("New time").fill("in 3 hours")
    page.get_by_label("The reason").fill("The line was busy.")
    page.get_by_role("button", name="Set the new time").click()
    page.get_by_role("button", name="Set the new time").click()
    expect(page.get_by_role("status").first).to_contain_text("Moved to")

    page.get_by_role("link", name="Mark done").click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("status").first).to_contain_text("Done: Ring about the kettle.")
    assert promise("Ring about the kettle").outcome == Outcome.ON_TIME


def test_undo_takes_a_promise_off_every_list(plain_page: Page) -> None:
    page = plain_page
    sign_in(page)
    page.goto("/promises/mine/")
    page.get_by_label("What did you promise?").fill("@tom ring about the kettle")
    page.get_by_role("button", name="Log promise").click()
    page.get_by_role("button", name="Log it").click()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status").first).to_contain_text("Taken back. Nothing was sent.")
    expect(page.get_by_role("link", name="Ring about the kettle", exact=True)).to_have_count(0)
    assert promise("Ring about the kettle").outcome == Outcome.VOID


def test_a_double_press_makes_one_promise(page: Page) -> None:
    sign_in(page)
    page.goto("/promises/mine/")
    page.get_by_label("What did you promise?").fill("@tom ring about the kettle")

    page.get_by_role("button", name="Log promise").dblclick(no_wait_after=True)

    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")
    assert Commitment.objects.filter(wording="Ring about the kettle").count() == 1


def test_a_failed_form_leads_to_its_fields(page: Page) -> None:
    sign_in(page)
    page.goto(f"/promises/{promise('Send the number').reference}/move/")
    page.get_by_label("New time").fill("sometime")
    page.get_by_label("The reason").fill("Kept as it was typed.")
    page.get_by_role("button", name="Set the new time").click()

    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "errs"
    page.get_by_role("link", name="By when?").click()
    expect(page.get_by_label("New time")).to_be_focused()
    expect(page.get_by_label("The reason")).to_have_value("Kept as it was typed.")


def test_telling_the_customer_ends_the_silence(page: Page) -> None:
    sign_in(page)
    page.goto("/promises/mine/")
    late = promise("Call Tom back")
    expect(page.get_by_role("link", name=re.compile("^Tell Tom"))).to_be_visible()

    page.goto(f"/promises/{late.reference}/")
    page.get_by_role("link", name="Tell Tom and set a new time").click()
    page.get_by_label("What happened?").fill("I did not get to it.")
    page.get_by_label("New time").fill("in 2 hours")
    page.get_by_label("I have told Tom by phone").check()
    page.get_by_label("It slipped out of sight").check()
    expect(page.get_by_text("You have told Tom by phone")).to_be_visible()
    page.get_by_role("button", name="Tell Tom and set the new time").click()
    expect(page.get_by_role("status").first).to_contain_text("New time:")

    page.goto("/promises/mine/")
    expect(page.get_by_role("link", name=re.compile("^Tell Tom"))).to_have_count(0)


def test_focus_is_seen_and_never_under_the_bar(page: Page) -> None:
    sign_in(page)
    page.goto("/promises/mine/")

    for _ in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const focused = document.activeElement, style = getComputedStyle(focused);
                const box = focused.getBoundingClientRect();
                const bar = document.querySelector('.top').getBoundingClientRect();
                const inBar = focused.closest('.top, .skip');
                return [style.outlineWidth, Boolean(inBar) || box.top >= bar.bottom - 1];
            }"""
        )
        assert seen == ["3px", True], page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("media", ["forced", "print"])
def test_states_are_told_by_words_too(page: Page, media: str) -> None:
    if media == "print":
        page.emulate_media(media="print")
    else:
        page.emulate_media(forced_colors="active")
    sign_in(page)
    page.goto("/promises/")

    words = page.locator("tbody .st").all_inner_texts()

    assert {"Overdue", "Waiting on the customer", "Kept on time"} <= {
        each.strip() for each in words
    }


@pytest.mark.parametrize("width", [1160, 1440])
def test_buttons_end_in_one_line_and_stand_clear_of_the_time(
    page: Page, office: str, width: int
) -> None:
    Customer.objects.filter(name="Tom Okafor").update(name="Maximiliana Okafor")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page)
    page.goto("/promises/mine/")

    rows = page.locator(".rows > li").all()
    times = [row.locator(".due").bounding_box() for row in rows]
    buttons = [row.locator(".acts > .btn").first.bounding_box() for row in rows]
    menus = [row.locator(".acts > .menu").bounding_box() for row in rows]

    assert len({box["x"] for box in menus if box}) == 1
    for time, button in zip(times, buttons, strict=True):
        assert time is not None
        assert button is not None
        assert time["x"] + time["width"] < button["x"]
