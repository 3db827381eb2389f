"""What customers see and send, in a browser: checks 9 to 14 of the page plan by number.

Check 15 stands in `test_customer_can` and `test_customer_pages`, the scanner of check 11 in
`test_scanner`, 20 to 24 in `test_tour`, 25 in `test_mails`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from commitments import messages, reports, services
from commitments.models import (
    CheckIn,
    CheckInAnswer,
    Commitment,
    Conversation,
)
from notifications.models import Delivery
from tests.makers import DAY, HOUR, MINUTE, a_commitment, ana, dev

from .conftest import sign_in
from .test_customer_pages import READING_TIME, a_check_in, faults, link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECRET = "between ourselves"


@pytest.fixture
def browsers(chrome: Browser, office: str) -> Iterator[list[BrowserContext]]:
    """Two of the customer's, with cookies of their own."""
    contexts = [chrome.new_context(base_url=office) for _ in range(2)]
    for context in contexts:
        context.set_default_timeout(60_000)
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture
def page(browsers: list[BrowserContext]) -> Page:
    return browsers[0].new_page()


def asked(now: datetime) -> str:
    return messages.check_in_path(a_check_in(now), now=now)


def fill_in(page: Page, address: str, *, rating: int, still_open: str = "no") -> None:
    """Open the form, choose, and take the time that a person takes."""
    page.goto(address)
    done = "yes" if rating > 2 else "no"
    page.locator(f"input[name=done][value={done}]").check(force=True)
    page.locator(f"input[name=rating][value='{rating}']").check(force=True)
    page.locator(f"input[name=open][value={still_open}]").check(force=True)
    page.wait_for_timeout(READING_TIME)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def average() -> tuple[float | None, int]:
    said = reports.said(Commitment.objects.all(), since=datetime.now(UTC) - DAY)
    return said.average, said.answers


def mail(template: str) -> Delivery:
    return Delivery.objects.filter(audience="customer", template=template).latest("pk")


def move(promise: Commitment, *, due_at: datetime, now: datetime) -> None:
    told = services.Told.MESSAGE
    services.move(promise.pk, by=ana(), due_at=due_at, reason="It snows.", told=told, now=now)


def test_09_moved_before_the_old_time_the_mail_is_not_sorry_and_the_page_shows_both(
    page: Page,
) -> None:
    now = datetime.now(UTC)
    promise = a_commitment(wording="Swap the meter", due_at=now + DAY, now=now - DAY)

    move(promise, due_at=now + 2 * DAY, now=now - HOUR)
    page.goto(link(promise, now=now))

    told = mail("new_time")
    assert "sorry" not in f"{told.text}{told.html}".lower()
    panel = page.locator(".eta")
    expect(panel).to_contain_text("New time")
    expect(panel.locator("del time")).to_have_attribute("datetime", iso(now + DAY))
    expect(panel.locator(".big time")).to_have_attribute("datetime", iso(now + 2 * DAY))
    assert "sorry" not in page.locator("main").inner_text().lower()


def test_09_moved_after_the_old_time_the_mail_is_sorry_and_the_page_shows_both(
    page: Page,
) -> None:
    now = datetime.now(UTC)
    promise = a_commitment(wording="Swap the meter", due_at=now - DAY, now=now - 2 * DAY)

    move(promise, due_at=now + DAY, now=now - HOUR)
    page.goto(link(promise, now=now))

    told = mail("slip")
    assert "sorry" in told.text
    assert "sorry" in told.html
    panel = page.locator(".eta")
    expect(panel).to_contain_text("New time")
    expect(panel).to_contain_text("We missed that")
    expect(panel.locator("del time")).to_have_attribute("datetime", iso(now - DAY))
    expect(panel.locator(".big time")).to_have_attribute("datetime", iso(now + DAY))


def iso(at: datetime) -> re.Pattern[str]:
    """An instant as pages write it, to the minute."""
    return re.compile(at.strftime("%Y-%m-%dT%H:%M"))


def test_10_what_is_for_the_team_only_stands_on_no_page_and_in_no_mail(page: Page) -> None:
    now = datetime.now(UTC)
    before = now - HOUR
    promise = a_commitment(
        wording="Read the meter", due_at=now + DAY, now=now - DAY, team_note=SECRET
    )
    pk, told = promise.pk, services.Told.NO
    services.update(pk, by=dev(), words=SECRET, tell_customer=False, now=before)
    services.help(pk, by=ana(), reason=SECRET, now=before)
    services.reassign(pk, by=ana(), owner_id=dev().pk, note=SECRET, now=before)
    services.move(pk, by=dev(), due_at=now + 2 * DAY, reason=SECRET, told=told, now=before)
    services.update(pk, by=dev(), words="We are on it.", tell_customer=True, now=before)
    status = link(promise, now=now)

    for address in (status, *(f"{status}{deed}/" for deed in ("reply", "wrong", "stop"))):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert SECRET not in page.content()
    page.goto(status)
    expect(page.get_by_text("We are on it.")).to_be_visible()
    ics = page.context.request.get(f"{status}calendar.ics").text()
    assert "Read the meter" in ics
    assert SECRET not in ics
    services.fulfil(pk, by=dev(), how="Read.", evidence=SECRET, now=now - MINUTE)
    page.goto(status)
    expect(page.get_by_text("Read.", exact=True)).to_be_visible()
    assert SECRET not in page.content()
    mails = Delivery.objects.filter(audience="customer", about=promise.about)
    assert {each.template for each in mails} >= {"agreement", "progress", "done"}
    assert not [each for each in mails if SECRET in f"{each.subject}{each.text}{each.html}"]


def test_11_sent_without_the_cookie_nothing_is_stored_and_the_page_asks_once_more(
    page: Page,
) -> None:
    fill_in(page, asked(datetime.now(UTC)), rating=4)
    page.context.clear_cookies()

    page.get_by_role("button", name="Send my answer").click()

    expect(page.get_by_role("heading", name="Send this answer?")).to_be_visible()
    assert not CheckInAnswer.objects.exists()
    assert CheckIn.objects.get(customer__name="Rosa Lima").state == "sent"
    page.get_by_role("button", name="Send this answer").click()
    expect(page.get_by_role("heading", name="Thank you, Rosa")).to_be_visible()
    assert CheckInAnswer.objects.get().rating == 4


def test_12_of_two_answers_from_one_browser_both_are_kept_and_the_second_counts(
    page: Page,
) -> None:
    address = asked(datetime.now(UTC))
    fill_in(page, address, rating=2)
    send(page)

    fill_in(page, address, rating=5)
    expect(page.get_by_text("the newer one counts")).to_be_visible()
    send(page)

    said = CheckInAnswer.objects.order_by("pk").values_list("rating", "confirmed")
    assert list(said) == [(2, True), (5, True)]
    assert average() == (5, 1)


def test_12_an_answer_from_another_browser_that_contradicts_puts_both_in_doubt(
    browsers: list[BrowserContext],
) -> None:
    address = asked(datetime.now(UTC))
    phone, laptop = (context.new_page() for context in browsers)
    fill_in(phone, address, rating=5)
    send(phone)

    fill_in(laptop, address, rating=1)
    send(laptop)

    said = CheckInAnswer.objects.order_by("pk").values_list("rating", "confirmed")
    assert list(said) == [(5, False), (1, False)]
    assert average() == (None, 0)
    phone.goto(address)
    expect(phone.get_by_text("We have two answers that say different things.")).to_be_visible()
    assert faults(phone) == []
    staff = laptop
    sign_in(staff)
    kept = CheckIn.objects.get(customer__name="Rosa Lima").commitments()[0]
    staff.goto(f"/promises/{kept.reference}/")
    doubt = staff.get_by_role("region", name="Two answers that contradict each other")
    assert faults(staff) == []
    doubt.get_by_role("link", name="Note which one is right").click()
    expect(staff.get_by_role("heading", name="Which answer is right?")).to_be_visible()
    assert faults(staff) == []
    staff.get_by_text("Very unhappy, 1 of 5.").click()
    staff.get_by_role("button", name="This one is right").click()
    expect(staff.get_by_text("Ana noted which answer is right")).to_be_visible()
    assert average() == (1, 1)


def test_13_what_is_still_open_is_promised_on_the_thanks_page_and_on_the_agents(
    page: Page, browsers: list[BrowserContext]
) -> None:
    fill_in(page, asked(datetime.now(UTC)), rating=2, still_open="yes")
    send(page)

    follow_up = Commitment.objects.get(follows__isnull=False)
    assert timedelta(hours=3) < follow_up.due_at - follow_up.promised_at <= timedelta(hours=4)
    by = page.locator(".eta .big time")
    expect(by).to_have_attribute("datetime", iso(follow_up.due_at))
    staff = browsers[1].new_page()
    sign_in(staff)
    staff.goto("/promises/mine/")
    title = f"Look into what is still open: {follow_up.follows.wording}"  # type: ignore[union-attr]
    expect(staff.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_14_expired_revoked_and_made_up_links_are_one_page_that_tells_nobody(
    page: Page, office: str
) -> None:
    now = datetime.now(UTC)
    promise = a_commitment(wording="Swap the meter", due_at=now + DAY, now=now - DAY)
    revoked = link(promise, now=now)
    Conversation.objects.filter(pk=promise.conversation_id).update(link_version=2)
    renewed = Commitment.objects.with_everything().get(pk=promise.pk)
    alive, expired = link(renewed, now=now), link(renewed, now=now - 91 * DAY)
    strangers: list[str] = []
    page.on("request", lambda each: strangers.append(each.url))

    shown = []
    for address in (expired, revoked, "/c/made-up/"):
        answer = page.goto(address)
        assert answer is not None
        shown.append((answer.status, page.content(), private(answer.headers)))
    opened = page.goto(alive)

    assert opened is not None
    assert (opened.status, private(opened.headers)) == (200, shown[0][2])
    assert shown == [shown[0]] * 3
    assert shown[0][0] == 404
    assert "This link no longer works" in shown[0][1]
    assert "Swap the meter" not in shown[0][1]
    assert [url for url in strangers if not url.startswith(office)] == []


def private(headers: dict[str, str]) -> tuple[str, str]:
    said = (headers["x-robots-tag"], headers["referrer-policy"])
    assert said == ("noindex, nofollow", "no-referrer")
    return said
