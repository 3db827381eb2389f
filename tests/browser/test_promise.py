"""A promise in a browser: its forms open in place, and the message is seen before it is sent."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment
from commitments.rules.lifecycle import Outcome
from notifications.models import Delivery
from tests.browser.conftest import promise, sign_in
from tests.makers import fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(chrome: Browser, office: str) -> Iterator[Page]:
    """The same with scripts switched off."""
    context = chrome.new_context(base_url=office, java_script_enabled=False)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def open_promise(page: Page, wording: str) -> Commitment:
    found = promise(wording)
    sign_in(page)
    page.goto(f"/promises/{found.reference}/")
    return found


def look(page: Page, name: str) -> None:
    """A picture for whoever wants to see, where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_promise_is_kept_in_place_and_the_outcome_said_once(page: Page) -> None:
    number = open_promise(page, "Send the number")
    look(page, "promise")
    address = page.url

    page.keyboard.press("d")
    form = page.get_by_role("dialog")
    expect(form.get_by_role("heading", name="Mark it done")).to_be_visible()
    expect(form.get_by_label("What Tom will read")).to_contain_text("Done: Send the number")
    form.get_by_label("How did it end?").fill("It went out by post.")
    expect(form.get_by_label("What Tom will read")).to_contain_text("It went out by post.")
    look(page, "done")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status").first).to_contain_text("Done: Send the number.")
    expect(page.locator("#promise")).to_contain_text("Kept on time")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == address
    assert fresh(number).outcome == Outcome.ON_TIME


def test_what_is_refused_in_place_is_shown_there_with_the_focus_on_it(page: Page) -> None:
    number = open_promise(page, "Send the number")
    page.keyboard.press("m")
    form = page.get_by_role("dialog")
    form.get_by_label("New time").fill("yesterday 1pm")
    form.get_by_label("The reason").fill("The number is not there yet.")

    form.get_by_role("button", name="Set the new time").click()

    box = form.locator(".errs")
    expect(box).to_be_focused()
    assert page.title().startswith("Error: ")
    expect(form.get_by_label("The reason")).to_have_value("The number is not there yet.")
    look(page, "refused")
    box.get_by_role("link").first.click()
    expect(form.get_by_label("New time")).to_be_focused()
    assert fresh(number).due_at == number.due_at


def test_a_failed_form_says_what_is_wrong_without_script(plain_page: Page) -> None:
    page = plain_page
    number = promise("Send the number")
    sign_in(page)
    page.goto(f"/promises/{number.reference}/move/")
    page.get_by_label("New time").fill("yesterday 1pm")
    page.get_by_label("The reason").fill("The number is not there yet.")

    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.get_by_role("button", name="Set the new time").click()

    assert answered.value.status == 422
    assert page.title().startswith("Error: ")
    expect(page.locator(".errs")).to_be_focused()
    expect(page.get_by_label("The reason")).to_have_value("The number is not there yet.")
    page.locator(".errs").get_by_role("link").first.click()
    assert page.url.endswith("#id_when")


def test_who_was_not_told_is_told_first_and_then_is(page: Page) -> None:
    late = open_promise(page, "Call Tom back")
    expect(page.get_by_role("link", name="Tell Tom and set a new time")).to_be_visible()
    look(page, "overdue")
    page.goto("/reports/overdue/")
    before = page.locator("main").inner_text()
    assert "Call Tom back" in before

    page.goto(f"/promises/{late.reference}/")
    page.keyboard.press("u")
    box = page.get_by_role("textbox", name="Update")
    expect(box).to_be_focused()
    box.fill("I said I would call and I have not. I am sorry. I will ring you tonight.")
    expect(page.locator("#preview-update")).to_contain_text("I am sorry. I will ring you tonight.")
    look(page, "update")
    page.get_by_role("button", name="Send update").click()

    expect(page.get_by_role("status").first).to_contain_text("Update saved.")
    sent = Delivery.objects.get(about=late.about, template="progress")
    assert "I will ring you tonight." in sent.text
    Commitment.objects.filter(pk=late.pk).update(told_at=sent.not_before)
    page.goto(f"/promises/{late.reference}/")
    expect(page.get_by_role("link", name="Tell Tom and set a new time")).to_have_count(0)


def test_a_new_time_is_read_and_the_message_shown_before_one_press_sends_it(page: Page) -> None:
    number = open_promise(page, "Send the number")
    page.keyboard.press("m")
    form = page.get_by_role("dialog")

    form.get_by_label("New time").fill("in 3 hours")
    form.get_by_label("The reason").fill("It takes a little longer.")

    expect(form.locator(".preview")).to_contain_text("We read:")
    expect(form.get_by_label("What Tom will read")).to_contain_text("It takes a little longer.")
    look(page, "move")
    form.get_by_role("button", name="Set the new time").click()
    expect(page.get_by_role("status").first).to_contain_text("Moved to")
    assert fresh(number).due_at > number.due_at


def test_a_text_is_filled_in_on_the_page_itself(page: Page) -> None:
    open_promise(page, "Call Tom back")
    page.get_by_text("Use a template").click()
    page.get_by_label("Start from a text").select_option("We are late")

    page.get_by_role("button", name="Fill in").click()

    box = page.get_by_role("textbox", name="Update")
    expect(box).to_have_value(re.compile("^I said I would do this by"))


def test_handing_over_tells_the_colleague_and_not_the_customer(page: Page) -> None:
    number = open_promise(page, "Send the number")
    page.keyboard.press("h")
    form = page.get_by_role("dialog")
    form.get_by_label("To whom?").select_option(label="Dev Shah, no open promises")
    form.get_by_label("What should they know?").fill("He prefers mail.")
    form.get_by_role("button", name="Hand over").click()

    expect(page.get_by_role("status").first).to_contain_text("Handed to Dev Shah.")
    assert fresh(number).due_at == number.due_at
    told = Delivery.objects.filter(about=number.about, template="handed_over")
    assert {row.person.first_name for row in told if row.person} == {"Dev"}
    assert (
        not Delivery.objects.filter(about=number.about, audience="customer")
        .exclude(template="agreement")
        .exists()
    )


def test_the_link_for_the_customer_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_promise(page, "Call Tom back")

    page.get_by_text("Copy link").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    link = page.get_by_label("Link for Tom").input_value()
    assert "/c/" in link
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_without_the_clipboard_the_link_is_there_to_be_copied(plain_page: Page) -> None:
    open_promise(plain_page, "Call Tom back")

    plain_page.get_by_text("Copy link").click()

    expect(plain_page.get_by_label("Link for Tom")).to_be_visible()
    expect(plain_page.get_by_text("Copied.")).to_be_hidden()


def test_a_long_word_of_another_promise_stays_in_its_card(page: Page) -> None:
    open_promise(page, "Send the number")

    expect(page.get_by_role("link", name="wwww")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_at_390_in_the_dark(chrome: Browser, office: str) -> None:
    context = chrome.new_context(
        base_url=office, viewport={"width": 390, "height": 900}, color_scheme="dark"
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    open_promise(page, "Call Tom back")
    look(page, "narrow")
    page.get_by_role("link", name="I have it").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, "narrow-have")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
