"""Answers that come late: nothing to press moves or is replaced, and what was chosen stays chosen.

A slow server is played by holding its answers back until the test lets them go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from commitments.models import Commitment, OpeningHours
from tests import makers
from tests.browser.conftest import days_ahead, promise, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where everything stands that can be pressed or filled in, but for what the answer itself brings.
PLACES = """form => [...form.querySelectorAll('input, select, textarea, button, a')]
    .filter(each => each.type !== 'hidden' && !each.closest('.preview, .vh'))
    .map(each => { const box = each.getBoundingClientRect();
        return [each.name || each.textContent.trim(), box.x, box.y, box.width, box.height]; })"""
COUNTS_ANSWERS = """document.addEventListener('htmx:afterRequest', () => {
    document.body.dataset.answers = Number(document.body.dataset.answers ?? 0) + 1; })"""


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


class Held:
    """The requests that fit wait, unanswered, until they are let go."""

    def __init__(self, page: Page, fits: Callable[[Request], bool]) -> None:
        self.page, self.fits, self.is_on, self.routes = page, fits, True, list[Route]()
        page.route("**/promises/**", self._take)

    def _take(self, route: Route) -> None:
        if self.is_on and self.fits(route.request):
            self.routes.append(route)
        else:
            route.continue_()

    def stop_at_one(self) -> None:
        """One is held, as soon as it has come; those after it are not."""
        while not self.routes:
            self.page.wait_for_timeout(10)
        self.is_on = False

    def let_go(self) -> None:
        self.is_on = False
        for route in self.routes:
            route.continue_()


def asks_for_preview(request: Request) -> bool:
    return request.method == "POST" and "preview=on" in (request.post_data or "")


def asks_for_reading(request: Request) -> bool:
    return request.url.endswith("/promises/read/")


def sends_done(request: Request) -> bool:
    is_sent = request.method == "POST" and request.url.endswith("/done/")
    return is_sent and not asks_for_preview(request)


def opens_done(request: Request) -> bool:
    return request.method == "GET" and "/done/" in request.url


def logs(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/promises/new/")


def move_dialog(page: Page) -> Locator:
    """That of a promise which is due in twenty minutes."""
    page.goto(f"/promises/{promise('Send the number').reference}/")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Agree a new time with Tom")).to_be_visible()
    return dialog


def line(page: Page) -> Locator:
    return page.get_by_label("What did you promise?")


def closed_now() -> None:
    """The team works on one day of the week, in three days' time."""
    OpeningHours.objects.exclude(weekday=days_ahead(3).weekday()).delete()


def press_down(page: Page, at: Locator) -> None:
    """The mouse goes down there, and stays down."""
    at.scroll_into_view_if_needed()
    box = at.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_to_press_moves_when_the_message_arrives_in_place(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    held = Held(page, asks_for_preview)
    dialog = move_dialog(page)
    dialog.get_by_label("The reason").fill("The line was busy.")
    with page.expect_request(asks_for_preview):
        dialog.get_by_label("New time").fill("in 3 hours")
    before = dialog.evaluate(PLACES)

    held.let_go()
    expect(dialog.get_by_label("What Tom will read")).to_be_visible()

    assert dialog.evaluate(PLACES) == before


def test_nothing_to_press_moves_on_the_page_of_the_form(page: Page) -> None:
    held = Held(page, asks_for_preview)
    page.goto(f"/promises/{promise('Send the number').reference}/move/")
    page.get_by_label("The reason").fill("The line was busy.")
    with page.expect_request(asks_for_preview):
        page.get_by_label("New time").fill("in 3 hours")
    form = page.locator("main form")
    before = form.evaluate(PLACES)

    held.let_go()
    expect(form.get_by_label("What Tom will read")).to_be_visible()

    assert form.evaluate(PLACES) == before


def test_nothing_in_the_update_box_moves_when_its_message_arrives(page: Page) -> None:
    held = Held(page, asks_for_preview)
    page.goto(f"/promises/{promise('Send the number').reference}/")
    with page.expect_request(asks_for_preview):
        page.get_by_role("textbox", name="Update").fill("It is on its way.")
    box = page.locator("#update-box")
    before = box.evaluate(PLACES)

    held.let_go()
    expect(box.get_by_label("What Tom will read")).to_be_visible()

    assert box.evaluate(PLACES) == before


def test_a_choice_made_while_the_message_is_under_way_stays(page: Page) -> None:
    held = Held(page, asks_for_preview)
    dialog = move_dialog(page)
    dialog.get_by_label("The reason").fill("The line was busy.")
    with page.expect_request(asks_for_preview):
        dialog.get_by_label("New time").fill("in 3 hours")

    dialog.get_by_label("I have told Tom by phone").check()
    held.let_go()

    expect(dialog.locator(".preview")).to_contain_text("You have told Tom by phone")
    expect(dialog.get_by_label("I have told Tom by phone")).to_be_checked()


def test_what_is_sent_before_its_reading_has_come_is_asked_about_once(page: Page) -> None:
    held = Held(page, asks_for_preview)
    dialog = move_dialog(page)
    dialog.get_by_label("The reason").fill("The line was busy.")
    with page.expect_request(asks_for_preview):
        dialog.get_by_label("New time").fill("in 3 hours")

    dialog.get_by_role("button", name="Set the new time").click()
    expect(dialog).to_contain_text("Nothing is set yet.")
    held.let_go()

    expect(dialog).to_contain_text("We read:")
    expect(dialog.get_by_role("button", name="Set the new time")).to_be_focused()
    dialog.get_by_role("button", name="Set the new time").click()
    expect(page.get_by_role("status").first).to_contain_text("Moved to")
    assert makers.events_of(promise("Send the number")).count("moved") == 1


def test_a_button_that_is_pressed_is_not_replaced_by_a_late_answer(page: Page) -> None:
    closed_now()
    dialog = move_dialog(page)
    dialog.get_by_label("New time").fill("in 2h")
    use = dialog.get_by_role("button", name="Use ")
    expect(use).to_be_visible()
    held = Held(page, asks_for_preview)
    with page.expect_request(asks_for_preview):
        dialog.get_by_label("The reason").fill("The line was busy.")
    page.evaluate(COUNTS_ANSWERS)

    press_down(page, use)
    held.let_go()
    expect(page.locator("body")).to_have_attribute("data-answers", "1")
    with page.expect_request(lambda request: "take=" in (request.post_data or "")):
        page.mouse.up()

    expect(dialog).to_contain_text("Nothing is set yet.")
    dialog.get_by_role("button", name="Set the new time", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Moved to")
    assert makers.fresh(promise("Send the number")).due_said == "in 2h"


def test_what_was_held_back_for_a_press_is_asked_for_again(page: Page) -> None:
    dialog = move_dialog(page)
    dialog.get_by_label("New time").fill("in 3 hours")
    dialog.get_by_label("The reason").fill("The line was busy.")
    letter = dialog.get_by_label("What Tom will read")
    expect(letter).to_contain_text("The line was busy.")
    held = Held(page, asks_for_preview)
    with page.expect_request(asks_for_preview):
        dialog.get_by_label("The reason").fill("The line was down.")
    page.evaluate(COUNTS_ANSWERS)

    press_down(page, letter.get_by_text("The line was busy."))
    held.let_go()
    expect(page.locator("body")).to_have_attribute("data-answers", "1")
    expect(letter).to_contain_text("The line was busy.")
    page.mouse.up()

    expect(letter).to_contain_text("The line was down.")


def test_a_page_that_shows_a_reading_keeps_its_buttons(page: Page) -> None:
    closed_now()
    page.goto(f"/promises/{promise('Send the number').reference}/move/")
    page.get_by_label("New time").fill("in 2h")
    page.get_by_label("The reason").fill("The line was busy.")
    page.get_by_role("button", name="Set the new time").click()
    expect(page.get_by_role("button", name="Use ")).to_be_focused()
    asked = counted(page, asks_for_preview)

    page.get_by_role("button", name="Use ").click()
    page.get_by_role("button", name="Set the new time", exact=True).click()

    expect(page.get_by_role("status").first).to_contain_text("Moved to")
    assert asked == []


def test_of_two_readings_the_newest_is_shown_whichever_answers_last(page: Page) -> None:
    page.goto("/promises/mine/")
    held = Held(page, asks_for_reading)
    with page.expect_request(asks_for_reading):
        line(page).fill("@tom ring about the kettle in 2h")
    held.stop_at_one()

    with page.expect_event("requestfailed", asks_for_reading):
        line(page).fill("@tom ring about the lid in 2h")
    expect(page.locator("#reading")).to_contain_text("Ring about the lid")
    held.let_go()

    line(page).press("Enter")
    expect(page.locator("#said")).to_contain_text("Logged for Tom")
    assert Commitment.objects.filter(wording="Ring about the lid").exists()


def test_enter_does_not_wait_for_the_reading_and_leaves_none_behind(page: Page) -> None:
    page.goto("/promises/mine/")
    held = Held(page, asks_for_reading)
    with page.expect_request(asks_for_reading):
        line(page).fill("@tom ring about the kettle in 2h")

    line(page).press("Enter")
    expect(page.locator("#said")).to_contain_text("Logged for Tom")
    held.let_go()

    expect(line(page)).to_have_value("")
    expect(line(page)).to_be_focused()
    expect(page.locator("#reading > *")).to_have_count(0)


def test_what_is_typed_while_a_line_is_being_sent_goes_on_in_the_next(page: Page) -> None:
    page.goto("/promises/mine/")
    held = Held(page, logs)
    line(page).fill("@tom ring about the kettle in 2h")
    with page.expect_request(logs):
        line(page).press("Enter")

    page.keyboard.type("@tom book")
    held.let_go()

    expect(page.locator("#said")).to_contain_text("Logged for Tom")
    expect(line(page)).to_have_value("@tom book")
    expect(line(page)).to_be_focused()


def test_a_form_in_place_is_sent_once_and_says_that_it_is_under_way(page: Page) -> None:
    page.goto(f"/promises/{promise('Send the number').reference}/")
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog")
    button = dialog.get_by_role("button", name="Done", exact=True)
    expect(dialog.get_by_label("What Tom will read")).to_be_visible()
    before = button.bounding_box()
    held = Held(page, sends_done)
    sent = counted(page, sends_done)

    button.dblclick()

    expect(button).to_have_attribute("aria-busy", "true")
    assert button.bounding_box() == before
    held.let_go()
    expect(page.get_by_role("status").first).to_contain_text("Done: Send the number.")
    assert len(sent) == 1


def test_the_page_of_a_form_is_sent_once_too(page: Page) -> None:
    page.goto(f"/promises/{promise('Send the number').reference}/done/")
    expect(page.get_by_label("What Tom will read")).to_be_visible()
    held = Held(page, sends_done)
    sent = counted(page, sends_done)

    page.evaluate(
        """() => {
            const button = document.querySelector('main .buttons button');
            button.click();
            button.click();
        }"""
    )

    held.let_go()
    expect(page.get_by_role("status").first).to_contain_text("Done: Send the number.")
    assert len(sent) == 1


def test_what_could_not_be_sent_can_be_sent_again(page: Page) -> None:
    page.goto(f"/promises/{promise('Send the number').reference}/")
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog")
    button = dialog.get_by_role("button", name="Done", exact=True)
    expect(dialog.get_by_label("What Tom will read")).to_be_visible()
    page.route("**/done/", lambda route: route.abort())
    button.click()
    expect(dialog.get_by_text("Not saved. Your text is still here.")).to_be_visible()

    page.unroute("**/done/")
    button.click()

    expect(page.get_by_role("status").first).to_contain_text("Done: Send the number.")


def test_a_link_that_is_pressed_twice_opens_one_form(page: Page) -> None:
    page.goto("/promises/mine/")
    link = page.locator(".rows > li", has_text="Send the number").get_by_role("link", name="Done")
    held = Held(page, opens_done)
    with page.expect_request(opens_done):
        link.click()

    with page.expect_event("requestfailed", opens_done):
        link.click()
    held.let_go()

    expect(page.get_by_role("dialog")).to_be_visible()


def test_what_was_said_stays_until_it_is_dismissed(page: Page) -> None:
    page.clock.install()
    page.goto("/promises/mine/")
    line(page).fill("@tom ring about the kettle in 2h")
    line(page).press("Enter")
    note = page.locator("#said .undo")
    expect(note).to_contain_text("Logged for Tom")

    page.clock.run_for(20_000)
    expect(note).to_be_visible()
    note.get_by_role("button", name="Dismiss this note").click()

    expect(note).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()


def counted(page: Page, fits: Callable[[Request], bool]) -> list[Any]:
    """The requests that fit, as they are made."""
    found = list[Any]()
    page.on("request", lambda request: found.append(request) if fits(request) else None)
    return found
