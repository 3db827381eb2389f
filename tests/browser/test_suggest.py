"""Paste a conversation, as a person does: with the keyboard alone, small, dark, without script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment
from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUGGEST = "/promises/suggest/"
CHAT = """Ana: Good morning Tom, how can I help?
Tom: The lid of my kettle broke, and I was charged twice.
Ana: I'll send you a new lid by tomorrow 4pm. Somebody will call you tomorrow at 11am.
Ana: I'll refund the 12 euros as soon as possible.
Ana: If you send me a photo, I will also check the base.
Tom: <script>alert(1)</script> averyveryveryverylongwordwithoutanyspaceinitatallreally
"""
PARTS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    """Somebody's browser in front of the house."""
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def found_in(page: Page, text: str = CHAT) -> None:
    """Paste and ask, by whatever means."""
    page.goto(SUGGEST)
    page.get_by_label("The conversation").fill(text)
    page.get_by_label("To whom?").fill("tom")
    page.get_by_role("button", name="Find the promises").click()
    expect(page.get_by_role("heading", name="in this conversation")).to_be_visible()
    page.wait_for_load_state()


def faults(page: Page) -> list[str]:
    found: Any = Axe().run(page, options={"runOnly": PARTS, "resultTypes": ["violations"]})
    return [
        f"{fault['id']} at {[node['target'] for node in fault['nodes']]}"
        for fault in found.response["violations"]
    ]


def logged() -> set[str]:
    latest = Commitment.objects.order_by("-pk").first()
    assert latest is not None
    return set(latest.conversation.commitments.values_list("wording", flat=True))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_conversation_is_pasted_and_accepted_with_the_keyboard_alone(page: Page) -> None:
    sign_in(page)
    page.goto(SUGGEST)
    expect(page.get_by_label("The conversation")).to_be_focused()
    page.keyboard.insert_text(CHAT)
    press(page, "Tab")
    page.keyboard.type("tom")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Four promises in this conversation")).to_be_focused()
    page.wait_for_load_state()
    before = Commitment.objects.count()

    press(page, "j", "d", "k", "a", "d", "a", "e")
    page.keyboard.type("Check the base of the kettle, J, K, A and D")
    press(page, "Escape", "a")
    expect(page.get_by_text("3 of 4 accepted. 1 is left out.")).to_be_visible()
    expect(page.get_by_role("button", name="Save 3 promises · 1 left out")).to_be_focused()
    press(page, "Enter")

    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")
    assert Commitment.objects.count() == before + 3
    assert logged() == {
        "Send you a new lid",
        "Refund the 12 euros",
        "Check the base of the kettle, J, K, A and D",
    }


def test_control_and_enter_save_from_within_a_field(page: Page) -> None:
    sign_in(page)
    found_in(page)
    press(page, "e")
    page.keyboard.type("Post the lid")

    press(page, "Control+Enter")

    expect(page.get_by_role("status").first).to_contain_text("Post the lid")


def test_keys_do_nothing_once_they_are_switched_off(page: Page) -> None:
    sign_in(page)
    page.goto(SUGGEST)
    type(Commitment.objects.earliest("pk").owner).objects.update(keys_on=False)  # type: ignore[union-attr]  # Ana's
    found_in(page)

    press(page, "j", "d")

    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.locator("kbd").count() == 0


def test_it_all_works_without_script(chrome: Browser, office: str) -> None:
    page = chrome.new_context(base_url=office, java_script_enabled=False).new_page()
    sign_in(page)
    found_in(page)
    card = page.locator(".suggestion").nth(2)
    card.locator(".seg label").first.click()
    card.locator("summary", has_text="Edit").click()
    card.get_by_label("By when?").fill("tomorrow 3pm")

    assert page.locator("kbd:visible").count() == 0
    expect(page.get_by_text("accepted.", exact=False).locator("visible=true")).to_have_count(0)
    page.get_by_role("button", name="Save what is accepted").click()
    expect(page.get_by_text("Something reads differently")).to_be_visible()
    expect(page.get_by_text("3 of 4 accepted. 1 is left out.")).to_be_visible()
    page.get_by_role("button", name="Save 3 promises · 1 left out").click()

    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")
    assert {"Send you a new lid", "Refund the 12 euros"} <= logged()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_both_steps_can_be_used_by_everybody(
    chrome: Browser, office: str, width: int, scheme: Any
) -> None:
    size: Any = {"width": width, "height": 900}
    page = chrome.new_context(base_url=office, viewport=size, color_scheme=scheme).new_page()
    sign_in(page)
    page.goto(SUGGEST)
    found = faults(page)

    found_in(page)
    found += faults(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found += faults(page)
    page.locator("[name$=-when]").first.fill("blue")
    page.get_by_role("button", name="Save 2 promises").click()
    found += faults(page)

    assert page.title().startswith("Error: ")
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 720, 1160])
def test_nothing_scrolls_sideways_or_is_too_small(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page)
    page.goto(SUGGEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    found_in(page)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll('main :is(a, button, summary, input, select)')]
                .filter(each => !each.closest('p') && each.type !== 'hidden')
                .map(each => [each.outerHTML.slice(0, 90),
                    (each.closest('label') || each).getBoundingClientRect()])
                .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
                .map(([html]) => html)"""
        )
        == []
    )


def test_no_policy_is_broken_and_nothing_is_asked_of_others(page: Page, office: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    sign_in(page)

    found_in(page)
    press(page, "j", "a", "e", "Escape", "k")

    assert [url for url in asked if not url.startswith(office)] == []
    assert complaints == []


def test_a_mark_leads_to_its_card_and_back(page: Page) -> None:
    sign_in(page)
    found_in(page)

    page.locator("mark a").nth(2).click()
    expect(page.locator(".suggestion").nth(2)).to_be_in_viewport()
    page.locator(".suggestion").nth(2).locator(".num").click()

    expect(page.locator("mark").nth(2)).to_be_in_viewport()
