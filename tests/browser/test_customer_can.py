"""What customers do on their page, in a browser that takes no script, no cookies and no fonts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from commitments import services
from commitments.models import Attachment, Commitment, Event, OnceKey
from notifications.models import Delivery
from tests.makers import DAY, HOUR, a_commitment, ana, fresh

from .test_customer_pages import FETCHED, READING_TIME, link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00"


@pytest.fixture
def bare(chrome: Browser, office: str) -> Iterator[Page]:
    """A phone without script that refuses every cookie and loads no font."""
    context = chrome.new_context(
        base_url=office, java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    context.set_default_timeout(15_000)
    context.route("**/*.{woff,woff2,ttf,otf}", lambda route: route.abort())
    context.route("**/c/**", _without_cookies)
    yield context.new_page()
    context.close()


def _without_cookies(route: Route) -> None:
    headers = {name: each for name, each in route.request.headers.items() if name != "cookie"}
    answer = route.fetch(headers=headers, max_redirects=0)
    kept = {name: each for name, each in answer.headers.items() if name != "set-cookie"}
    route.fulfill(response=answer, headers=kept)


def kettle(now: datetime) -> Commitment:
    return a_commitment(wording="Send the lid", due_at=now + DAY, now=now - DAY)


def rows() -> list[object]:
    models = (Commitment, Event, Attachment, OnceKey, Delivery)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_photo_is_sent_with_a_few_words(bare: Page) -> None:
    now = datetime.now(UTC)
    promise = kettle(now)
    photo: Any = {"name": "lid.png", "mimeType": "image/png", "buffer": PNG}
    bare.goto(link(promise, now=now))

    bare.get_by_role("link", name="Add something or ask a question").click()
    bare.get_by_label("Your message").fill("This one is missing.")
    bare.get_by_label("A photo or a document").set_input_files(photo)
    bare.get_by_role("button", name="Send").click()
    expect(bare.get_by_text("Please press the button once more")).to_be_visible()
    bare.get_by_label("Choose lid.png once more").set_input_files(photo)
    bare.get_by_role("button", name="Send").click()

    expect(bare.get_by_text("Thank you, your message has reached us.")).to_be_visible()
    assert Attachment.objects.get().name == "lid.png"
    assert fresh(promise).customer_asked_at is not None


def test_15_everything_can_be_done_without_script_and_cookies(bare: Page) -> None:
    now = datetime.now(UTC)
    promise = kettle(now)
    bare.goto(link(promise, now=now))

    for press, told in (
        ("That's right", "Thank you. Good to know that we agree."),
        ("Something's off", "Thank you for telling us."),
        ("That time does not work for me", "Thank you, we have your wish."),
        ("I no longer need this", "We have closed it."),
        ("I need it after all", "We are on it again."),
    ):
        bare.get_by_role("link", name=press).click()
        _fill_in(bare)
        bare.locator("main form button").click()
        bare.locator("main form button").click()
        expect(bare.get_by_role("status")).to_contain_text(told)

    kinds = promise.events.exclude(actor=None).values_list("kind", flat=True)
    assert list(kinds) == ["made"]
    assert fresh(promise).is_live
    assert fresh(promise).disputed_at is None  # they let go of it in between


def _fill_in(page: Page) -> None:
    if page.locator("input[name=slot]").count():
        page.locator("input[name=slot]").first.check(force=True)
    elif page.locator("textarea").count():
        page.locator("textarea").fill("Because.")


def test_mails_are_stopped_from_the_foot_of_the_page(bare: Page) -> None:
    now = datetime.now(UTC)
    promise = kettle(now)
    bare.goto(link(promise, now=now))

    bare.get_by_role("link", name="Stop e-mails about this").click()
    bare.get_by_role("button", name="Stop e-mails").click()
    bare.get_by_role("button", name="Stop e-mails").click()

    expect(bare.get_by_role("heading", name="You get no more e-mails")).to_be_visible()
    bare.get_by_role("link", name="Back to your page").click()
    expect(bare.get_by_role("heading", name="Send the lid")).to_be_visible()
    assert fresh(promise).customer.stopped_at is not None


def test_with_script_and_cookies_once_is_enough(chrome: Browser, office: str) -> None:
    now = datetime.now(UTC)
    promise = kettle(now)
    page = chrome.new_page(base_url=office)
    page.goto(f"{link(promise, now=now)}right/")

    page.wait_for_timeout(READING_TIME)
    page.get_by_role("button", name="That's right").click()

    expect(page.get_by_text("You told us that this is right.")).to_be_visible()


def test_11_a_scanner_with_scripts_that_opens_every_link_changes_nothing(
    chrome: Browser, office: str
) -> None:
    now = datetime.now(UTC)
    promise, done = kettle(now), kettle(now)
    services.fulfil(done.pk, by=ana(), how="Sent", now=now - HOUR)
    page = chrome.new_page(base_url=office)
    before = rows()

    opened = []
    for address in (link(promise, now=now), link(done, now=now)):
        page.goto(address)
        paths = page.eval_on_selector_all("main a[href^='/c/']", "all => all.map(a => a.href)")
        opened += [path for path in paths if "calendar.ics" not in path]
    for path in opened:
        page.goto(path, wait_until="networkidle")

    assert len(opened) == 9
    assert rows() == before


def test_15_every_page_is_light(chrome: Browser, office: str) -> None:
    now = datetime.now(UTC)
    promise = kettle(now)

    for deed in ("", "reply/", "other-time/", "wrong/", "stop/"):
        page = chrome.new_page(base_url=office)
        page.goto(f"{link(promise, now=now)}{deed}", wait_until="networkidle")
        fetched = page.evaluate(FETCHED)
        assert 5_000 < sum(size for _, size in fetched) < 50_000, deed
        assert {name.startswith(office) for name, _ in fetched} == {True}
        page.close()


@pytest.mark.parametrize(
    "media",
    [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"media": "print"}],
    ids=["dark", "forced", "print"],
)
def test_24_the_state_is_told_by_icon_and_word_in_every_light(
    chrome: Browser, office: str, media: Any
) -> None:
    now = datetime.now(UTC)
    promise = kettle(now)
    services.dispute(promise.pk, words="It was two.", now=now)
    page = chrome.new_page(base_url=office)
    page.emulate_media(**media)

    page.goto(link(promise, now=now))

    state = page.locator(".eta .st")
    expect(state).to_have_text("You told us this is not right")
    expect(state.locator("svg")).to_be_visible()
