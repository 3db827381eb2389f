"""The customer's pages on a phone, with and without script, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from commitments import checkins, messages, services, sweep
from commitments.models import CheckIn, CheckInAnswer, Commitment, Customer
from tests.makers import DAY, HOUR, MINUTE, a_commitment, ana

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FETCHED = """[...performance.getEntriesByType("navigation"),
 ...performance.getEntriesByType("resource")].map(each => [each.name, each.transferSize])"""
READING_TIME = 2_200  # ms; an answer within two seconds is asked about once more


@pytest.fixture
def phone(chrome: Browser, office: str) -> Iterator[Page]:
    """Tom's phone, with scripts switched off."""
    context = chrome.new_context(
        base_url=office, java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def states(now: datetime) -> dict[str, str]:
    """A page for each state a promise may be in, and one with two promises."""
    customer = Customer.objects.create(name="Tim Reed", email="tim@customers.example")
    before = now - 2 * DAY

    def made(wording: str, *, due_at: datetime, **fields: Any) -> Commitment:
        return a_commitment(wording=wording, due_at=due_at, now=before, customer=customer, **fields)

    track = made("Call you with a decision", due_at=now + DAY, keep_by="phone")
    services.update(track.pk, by=ana(), words="Nearly there.", tell_customer=True, now=before)
    moved = made("Send the replacement", due_at=now + DAY)
    told = {"told": services.Told.MESSAGE, "now": before}
    services.move(moved.pk, by=ana(), due_at=now + 2 * DAY, reason="The stock is low.", **told)
    missed = made("Explain the invoice", due_at=now - MINUTE)
    needed = made("Read the meter again", due_at=now + DAY)
    services.wait(needed.pk, by=ana(), what="A photo of the meter", now=before)
    done = made("Refund the fee", due_at=now - HOUR)
    services.fulfil(
        done.pk, by=ana(), how="The refund is on its way.", cause="slipped", now=now - MINUTE
    )
    broken = made("Keep the old price", due_at=now + DAY)
    services.abandon(
        broken.pk, by=ana(), reason="It has ended.", offer="A credit.", cause="outside", now=before
    )
    unwanted = made("Book a visit", due_at=now + DAY)
    services.release(unwanted.pk, by=ana(), reason="Solved", now=before)
    made("Also credit the account", due_at=now + DAY, conversation_id=track.conversation_id)
    wrong = made("Swap the meter", due_at=now + DAY)
    services.dispute(wrong.pk, words="It was the other one.", now=now - MINUTE)
    let_go = made("Send a new key", due_at=now + DAY)
    services.need_no_more(let_go.pk, now=now - MINUTE)
    asked = made("Call about the tariff", due_at=now + DAY)
    services.confirm(asked.pk, now=now - 2 * MINUTE)
    services.reply(asked.pk, words="Which number do you call?", now=now - MINUTE)
    sweep.run(now)
    all_states = (track, moved, missed, needed, done, broken, unwanted, wrong, let_go, asked)
    return {each.wording: link(each, now=now) for each in all_states}


def deeds(now: datetime) -> list[str]:
    """Every page on which something can be done."""
    promise = a_commitment(wording="Explain the bill", due_at=now + DAY, now=now - DAY)
    done = a_commitment(wording="Read the meter", due_at=now + DAY, now=now - DAY)
    services.fulfil(done.pk, by=ana(), how="Read.", now=now - HOUR)
    let_go = a_commitment(wording="Send a key", due_at=now + DAY, now=now - DAY)
    services.need_no_more(let_go.pk, now=now - HOUR)
    of_live = ("reply", "other-time", "right", "wrong", "not-needed", "stop")
    return [
        *(f"{link(promise, now=now)}{deed}/" for deed in of_live),
        f"{link(done, now=now)}not-done/",
        f"{link(let_go, now=now)}needed/",
    ]


def link(commitment: Commitment, *, now: datetime) -> str:
    return messages.status_path(commitment.conversation, now=now)


def a_check_in(now: datetime) -> CheckIn:
    """Rosa was asked just now."""
    rosa = Customer.objects.create(name="Rosa Lima", email="rosa@customers.example")
    kept = a_commitment(
        wording="Call you about the refund", due_at=now - DAY, now=now - 9 * DAY, customer=rosa
    )
    services.fulfil(kept.pk, by=ana(), how="Ana called. It was approved.", now=now - 8 * DAY)
    CheckIn.objects.filter(customer=rosa).update(send_at=now)
    checkins.run(now)
    return CheckIn.objects.get(customer=rosa)


def faults(page: Page) -> list[str]:
    found: Any = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    return [
        f"{page.url}: {fault['id']} at {[node['target'] for node in fault['nodes']]}"
        for fault in found.response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody_on_a_phone(
    chrome: Browser, office: str, scheme: Any
) -> None:
    now = datetime.now(UTC)
    context = chrome.new_context(
        base_url=office, viewport={"width": 390, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    asked = messages.check_in_path(a_check_in(now), now=now)
    found: list[str] = []

    for address in (*states(now).values(), *deeds(now), asked, "/c/made-up/"):
        page.goto(address)
        found += faults(page)
    page.goto(asked)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    found += faults(page)

    assert found == []


def test_no_page_scrolls_sideways(chrome: Browser, office: str) -> None:
    now = datetime.now(UTC)
    page = chrome.new_page(base_url=office)
    asked = messages.check_in_path(a_check_in(now), now=now)

    for address in (*states(now).values(), *deeds(now), asked):
        page.goto(address)
        for width in (320, 390, 720):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_01_a_check_in_is_answered_without_script(phone: Page) -> None:
    now = datetime.now(UTC)
    check_in = a_check_in(now)
    phone.goto(messages.check_in_path(check_in, now=now) + "?r=2")

    phone.get_by_text("Partly").click()
    phone.get_by_text("Yes, something is still open").click()
    phone.get_by_label("Anything you would like us to know?").fill("The sum is wrong.")
    phone.wait_for_timeout(READING_TIME)
    phone.get_by_role("button", name="Send my answer").click()

    expect(phone.get_by_role("heading", name="Thank you for telling us, Rosa")).to_be_visible()
    expect(phone.get_by_text("Ana gets back to you by")).to_be_visible()
    answer = CheckInAnswer.objects.get()
    assert (answer.done, answer.rating, answer.still_open) == ("partly", 2, True)
    assert Commitment.objects.get(follows__isnull=False).owner == ana()


def test_an_answer_in_a_hurry_is_sent_with_one_more_press(phone: Page) -> None:
    now = datetime.now(UTC)
    phone.goto(messages.check_in_path(a_check_in(now), now=now) + "?r=5")

    phone.locator("input[name=done][value=yes]").check(force=True)
    phone.locator("input[name=open][value=no]").check(force=True)
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_role("heading", name="Send this answer?")).to_be_visible()
    assert not CheckInAnswer.objects.exists()
    phone.get_by_role("button", name="Send this answer").click()

    expect(phone.get_by_role("heading", name="Thank you, Rosa")).to_be_visible()
    assert CheckInAnswer.objects.get().rating == 5


def test_11_a_scanner_with_scripts_that_opens_every_link_answers_nothing(
    chrome: Browser, office: str
) -> None:
    now = datetime.now(UTC)
    path = messages.check_in_path(a_check_in(now), now=now)
    page = chrome.new_page(base_url=office)

    for query in (*(f"?r={number}" for number in range(1, 6)), "?open=yes"):
        page.goto(path + query)
        page.wait_for_load_state("networkidle")

    assert not CheckInAnswer.objects.exists()


def test_15_a_page_is_light_and_asks_nobody_else(chrome: Browser, office: str) -> None:
    now = datetime.now(UTC)
    asked = messages.check_in_path(a_check_in(now), now=now)
    two_promises = states(now)["Call you with a decision"]

    for address in (asked, two_promises):
        page = chrome.new_page(base_url=office)
        complaints: list[str] = []
        page.on("console", lambda said, to=complaints: to.append(said.text))
        page.goto(address, wait_until="networkidle")
        fetched = page.evaluate(FETCHED)
        assert 5_000 < sum(size for _, size in fetched) < 50_000, address
        assert {name.startswith(office) for name, _ in fetched} == {True}
        assert complaints == []
