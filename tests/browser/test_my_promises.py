"""The agent's day in a browser, with the script: checks 2 and 4 to 8 of the page plan by number."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core import mail
from playwright.sync_api import Browser, Locator, Page, expect

from commitments import services
from commitments.models import Commitment, Customer, EventKind
from commitments.rules.lifecycle import Outcome, Status
from notifications import delivery
from tests import makers
from tests.browser.conftest import promise, sign_in
from tests.makers import DAY, HOUR, MINUTE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST = "@tom call back with refund decision fri 10am"
FOCUS = "document.activeElement.id || document.activeElement.textContent.trim()"
RENEW = "htmx.trigger(document.body, 'promises-changed')"


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page)
    page.goto("/promises/mine/")
    yield page
    context.close()


def line(page: Page) -> Locator:
    return page.get_by_label("What did you promise?")


def said(page: Page) -> Locator:
    return page.locator("#said")


def group(page: Page, title: str) -> Locator:
    return page.locator("section.group", has=page.get_by_role("heading", name=title, exact=True))


def row(page: Page, wording: str) -> Locator:
    return page.locator(".rows > li", has_text=wording)


def renewed(page: Page) -> None:
    """A minute has passed."""
    with page.expect_response("**/promises/mine/"):
        page.evaluate(RENEW)


def test_02_n_a_line_and_enter_log_a_promise_within_ten_seconds(page: Page) -> None:
    started = time.monotonic()
    page.keyboard.press("n")
    page.keyboard.type(FIRST, delay=100)
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Logged for Tom, Fri")
    took = time.monotonic() - started

    expect(group(page, "Coming up")).to_contain_text("Call back with refund decision")
    expect(line(page)).to_be_focused()
    expect(line(page)).to_have_value("")
    assert said(page).inner_text().startswith("Logged for Tom, Fri ")
    assert "10:00 am. Summary goes out in 30 seconds." in said(page).inner_text()
    assert took < 10


def test_04_undo_takes_it_off_every_list_and_nothing_was_sent(page: Page) -> None:
    line(page).fill("@tom ring about the kettle in 2h")
    line(page).press("Enter")
    expect(row(page, "Ring about the kettle")).to_be_visible()

    page.keyboard.press("Escape")
    page.keyboard.press("z")

    expect(said(page)).to_contain_text("Taken back. Nothing was sent.")
    expect(row(page, "Ring about the kettle")).to_have_count(0)
    kettle = promise("Ring about the kettle")
    delivery.run(datetime.now(UTC) + HOUR)
    assert (kettle.status, kettle.outcome) == (Status.VOID, Outcome.VOID)
    assert [each for each in mail.outbox if "kettle" in each.body] == []


def test_05_a_double_enter_makes_one_promise(page: Page) -> None:
    line(page).fill("@tom ring about the kettle in 2h")
    page.evaluate(
        """() => {
            const form = document.querySelector('.quick form');
            form.requestSubmit();
            form.requestSubmit();
        }"""
    )

    expect(said(page)).to_contain_text("Logged for Tom")
    assert Commitment.objects.filter(wording="Ring about the kettle").count() == 1


def test_06_the_groups_stand_in_order_and_the_tab_counts_what_is_overdue(page: Page) -> None:
    titles = page.locator("section.group h2").all_inner_texts()

    assert titles == ["Overdue", "Due today", "Waiting on the customer", "Coming up"]
    assert page.title() == "(2) My promises · Followthrough"

    late = promise("Send the number")
    Commitment.objects.filter(pk=late.pk).update(due_at=datetime.now(UTC) - MINUTE)
    renewed(page)

    expect(page).to_have_title("(3) My promises · Followthrough")
    expect(page.locator("#late-count")).to_have_text(", 3 overdue")


def test_06_a_row_that_holds_the_focus_is_renewed_around(page: Page) -> None:
    link = page.get_by_role("link", name="Explain the invoice", exact=True)
    link.focus()
    link.evaluate("each => { each.marked = true; }")
    Commitment.objects.filter(wording="Explain the invoice").update(wording="Another wording")
    makers.a_commitment(wording="Sent by somebody", due_at=datetime.now(UTC) + 4 * DAY)
    renewed(page)

    expect(row(page, "Sent by somebody")).to_be_visible()
    assert page.evaluate("document.activeElement.marked") is True
    assert page.evaluate(FOCUS) == "Explain the invoice"

    line(page).focus()
    renewed(page)

    expect(row(page, "Another wording")).to_be_visible()
    expect(line(page)).to_be_focused()


def test_06_a_row_that_somebody_else_has_closed_stays_while_it_holds_the_focus(page: Page) -> None:
    row(page, "Send the number").locator(".ttl").focus()
    other = promise("Send the number")
    services.fulfil(other.pk, by=makers.dev(), how="Sent", now=datetime.now(UTC))
    makers.a_commitment(wording="Sent by somebody", due_at=datetime.now(UTC) + 4 * DAY)
    renewed(page)

    expect(row(page, "Sent by somebody")).to_be_visible()
    assert page.evaluate(FOCUS) == "Send the number"

    line(page).focus()
    renewed(page)

    expect(row(page, "Send the number")).to_have_count(0)


def test_06_what_is_being_typed_outlives_a_refresh(page: Page) -> None:
    line(page).press_sequentially("@tom ring back")
    renewed(page)

    expect(line(page)).to_have_value("@tom ring back")
    expect(line(page)).to_be_focused()


def test_06_a_refresh_that_fails_says_how_old_the_list_is(page: Page) -> None:
    page.route("**/promises/mine/", lambda route: route.abort())
    page.evaluate(RENEW)

    expect(page.locator("#day .stale")).to_have_text(
        re.compile(r"We could not refresh\. This list is from \d+:\d\d [ap]m\.")
    )

    page.unroute("**/promises/mine/")
    renewed(page)

    expect(page.locator("#day .stale")).to_be_hidden()
    assert page.locator("#day").get_attribute("aria-busy") is None


def test_07_j_and_k_move_the_focus_from_row_to_row(page: Page) -> None:
    titles = page.locator(".rows .ttl").all_inner_texts()
    walked = []
    for key in ("j", "j", "ArrowDown", "k", "ArrowUp", "k", "k"):
        page.keyboard.press(key)
        walked.append(page.evaluate(FOCUS))

    assert walked == [titles[at] for at in (0, 1, 2, 1, 0, 0, 0)]


def test_07_letters_do_nothing_inside_fields_nor_with_other_keys(page: Page) -> None:
    line(page).press_sequentially("jkdumnz?/")

    expect(line(page)).to_have_value("jkdumnz?/")
    expect(line(page)).to_be_focused()

    page.keyboard.press("Escape")
    page.keyboard.press("Control+j")

    assert page.evaluate(FOCUS) != page.locator(".rows .ttl").first.inner_text()


def test_07_switched_off_no_key_does_anything_and_no_hint_is_left(page: Page) -> None:
    makers.User.objects.filter(email=makers.ana().email).update(keys_on=False)
    page.reload()

    for key in ("n", "j", "d", "z", "Control+Enter"):
        page.keyboard.press(key)

    assert page.evaluate("document.activeElement === document.body")
    assert page.locator("[aria-keyshortcuts]").count() == 0
    assert page.locator("kbd:visible").count() == 0
    expect(page.get_by_role("heading", name="Keys")).to_have_count(0)


def untold(page: Page) -> Locator:
    """How many customers nobody has told, as the report counts them."""
    return page.locator(".tile", has_text="customer not told").locator("b")


def test_08_what_is_overdue_in_silence_is_told_in_place(page: Page) -> None:
    late = promise("Call Tom back")
    tell = row(page, "Call Tom back").get_by_role("link", name="Tell Tom")
    expect(tell).to_have_class("btn s")  # the one primary button of the row
    page.goto("/reports/overdue/")
    expect(untold(page)).to_have_text("1")
    page.goto("/promises/mine/")

    tell.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Update", exact=True)).to_be_focused()  # what is to be written
    dialog.get_by_label("Update", exact=True).fill("I am sorry, I ring you at four.")
    dialog.get_by_role("button", name=re.compile("^Send")).click()

    expect(said(page)).to_contain_text("Tom")
    expect(dialog).to_be_hidden()
    delivery.run(datetime.now(UTC) + MINUTE)
    renewed(page)

    expect(page.get_by_role("link", name="Tell Tom")).to_have_count(0)
    page.goto("/reports/overdue/")
    expect(untold(page)).to_have_text("0")
    assert late not in Commitment.objects.not_told(datetime.now(UTC))


def test_19_a_form_refused_in_place_leads_to_its_fields(page: Page) -> None:
    row(page, "Send the number").locator(".ttl").focus()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New time").fill("sometime")
    dialog.get_by_label("The reason").fill("Kept as it was typed.")
    page.keyboard.press("Control+Enter")

    expect(dialog.locator(".errs")).to_be_focused()
    assert page.title().startswith("Error: ")
    dialog.get_by_role("link", name="By when?").click()
    expect(dialog.get_by_label("New time")).to_be_focused()
    expect(dialog.get_by_label("The reason")).to_have_value("Kept as it was typed.")

    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(page).to_have_title("(2) My promises · Followthrough")
    assert page.evaluate(FOCUS) == "Send the number"


def test_after_done_in_place_the_focus_goes_on_to_the_next_row(page: Page) -> None:
    titles = page.locator(".rows .ttl").all_inner_texts()
    at = titles.index("Send the number")
    row(page, "Send the number").locator(".ttl").focus()
    page.keyboard.press("d")
    page.get_by_role("dialog").get_by_role("button", name="Done", exact=True).click()

    expect(said(page)).to_contain_text("Done: Send the number.")
    expect(row(page, "Send the number")).to_have_count(0)
    assert page.evaluate(FOCUS) == titles[at + 1]
    assert promise("Send the number").outcome == Outcome.ON_TIME


def test_after_the_last_one_the_focus_goes_to_the_list(page: Page) -> None:
    last = page.locator(".rows .ttl").last
    wording = last.inner_text()
    last.focus()
    page.keyboard.press("d")
    page.get_by_role("dialog").get_by_role("button", name="Done", exact=True).click()

    expect(row(page, wording)).to_have_count(0)
    assert page.evaluate(FOCUS) == "group-overdue"


def test_a_promise_closed_by_somebody_else_leads_to_its_page(page: Page) -> None:
    other = promise("Send the number")
    services.fulfil(other.pk, by=makers.dev(), how="Sent", now=datetime.now(UTC))
    row(page, "Send the number").get_by_role("link", name=re.compile("^Done")).click()

    page.wait_for_url("**/done/?back=mine")
    expect(page.get_by_role("main")).to_contain_text("Dev")


def test_what_could_not_be_sent_stays_and_says_so(page: Page) -> None:
    page.route("**/promises/new/", lambda route: route.abort())
    line(page).fill("@tom ring about the kettle in 2h")
    line(page).press("Enter")

    expect(page.locator(".quick [data-lost]")).to_contain_text("Your text is still here.")
    expect(line(page)).to_have_value("@tom ring about the kettle in 2h")

    page.unroute("**/promises/new/")
    line(page).press("Enter")

    expect(said(page)).to_contain_text("Logged for Tom")


def test_a_session_that_ended_while_typing_gives_the_text_back(page: Page) -> None:
    line(page).fill("@tom ring about the kettle in 2h")
    page.context.clear_cookies(name="sessionid")
    renewed(page)
    expect(line(page)).to_have_value("@tom ring about the kettle in 2h")

    line(page).press("Enter")

    expect(page.get_by_role("heading", name="Your text is still here")).to_be_visible()
    expect(page.get_by_label("Your line")).to_have_value("@tom ring about the kettle in 2h")
    assert not Commitment.objects.filter(wording="Ring about the kettle").exists()


def test_a_customer_who_waits_to_be_asked_again_is_nudged_in_place(page: Page) -> None:
    row(page, "Read the meter").get_by_role("link", name="Nudge").click()
    page.get_by_role("dialog").get_by_role("button", name="Send the reminder").click()

    expect(said(page)).to_contain_text("Reminder noted. Tom is told in 30 seconds.")
    nudged = promise("Read the meter")
    assert nudged.is_waiting
    assert nudged.events.filter(kind=EventKind.NUDGED, actor=makers.ana()).count() == 1


def test_hostile_names_are_only_words(page: Page) -> None:
    Customer.objects.filter(name="Tom Okafor").update(name="<img src=x onerror=alert(1)> \u202eTom")
    page.reload()
    line(page).press_sequentially("@<img", delay=20)

    expect(page.get_by_role("option")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0
