"""What customers do on their page: explained by GET, done by POST, once."""

from __future__ import annotations

import pytest

from commitments import services
from commitments.models import (
    Customer,
)
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, ana, events_of, tom

from .makers import (
    AT,
    DEEDS,
    FILLED_IN,
    LATER,
    SECOND,
    SIX,
    Browser,
    all_rows,
    do,
    link_of,
    page_of,
    seen,
    status_link,
    told,
    value_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_looking_at_what_can_be_done_does_nothing():
    promise = a_commitment(due_at=SIX)
    done = a_commitment(due_at=SIX)
    services.fulfil(done.pk, by=ana(), how="Sent", now=NOON)
    before = all_rows()

    for each, deeds in ((promise, (*DEEDS, "stop")), (done, ("reply", "not-done", "stop"))):
        for deed in deeds:
            for how in ("GET", "GET", "HEAD", "OPTIONS"):
                response = Browser().get(link_of(each, deed), now=AT, how=how)
                assert response.status_code in {200, 405}, deed
            Browser().get(link_of(each, deed), now=AT, **{"Sec-Purpose": "prefetch"})
    Browser().get(f"{status_link(promise)}calendar.ics", now=AT)

    assert all_rows() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_pressed_twice_it_is_done_once(deed: str):
    promise = a_commitment(due_at=SIX)
    browser, link = Browser(), link_of(promise, deed)
    data = FILLED_IN[deed] | {"value": value_on(browser.get(link, now=AT))}

    first = browser.post(link, data, now=LATER)
    after_first = events_of(promise)
    second = browser.post(link, data, now=LATER + SECOND)

    assert first.status_code == 302
    assert second.status_code in {302, 409}
    assert events_of(promise) == after_first
    assert len(after_first) == 2


@pytest.mark.parametrize("deed", [*DEEDS, "stop"])
def test_without_cookies_it_is_asked_for_once_more_and_then_done(deed: str):
    promise = a_commitment(due_at=SIX)
    browser, link = Browser(cookies=False), link_of(promise, deed)
    data = FILLED_IN[deed] | {"value": value_on(browser.get(link, now=AT))}

    confirm = browser.post(link, data, now=LATER)

    assert confirm.status_code == 200
    assert "press the button once more" in seen(confirm)
    assert events_of(promise) == ["made"]
    again = FILLED_IN[deed] | {"value": value_on(confirm)}
    browser.post(link, again, now=LATER + SECOND)
    assert len(events_of(promise)) == 2


@pytest.mark.parametrize("deed", [*DEEDS, "stop"])
@pytest.mark.parametrize("value", ["", "a:b:c", "é\x00", "9" * 5000])
def test_a_post_without_a_value_of_ours_does_nothing(deed: str, value: str):
    promise = a_commitment(due_at=SIX)
    before = all_rows()

    response = Browser().post(link_of(promise, deed), FILLED_IN[deed] | {"value": value}, now=LATER)

    assert response.status_code == 403
    assert all_rows() == before


@pytest.mark.parametrize("deed", [*DEEDS, "stop"])
def test_a_post_from_another_site_does_nothing(deed: str):
    promise = a_commitment(due_at=SIX)
    browser, link = Browser(), link_of(promise, deed)
    data = FILLED_IN[deed] | {"value": value_on(browser.get(link, now=AT))}
    before = all_rows()

    response = browser.post(link, data, now=LATER, **{"Sec-Fetch-Site": "cross-site"})

    assert "press the button once more" in seen(response)
    assert all_rows() == before


def test_the_value_of_one_deed_is_no_use_for_another():
    promise = a_commitment(due_at=SIX)
    browser = Browser()
    value = value_on(browser.get(link_of(promise, "right"), now=AT))

    response = browser.post(link_of(promise, "not-needed"), {"value": value}, now=LATER)

    assert response.status_code == 403
    assert events_of(promise) == ["made"]


def test_another_promise_than_the_links_own_is_a_dead_link():
    mine = a_commitment(due_at=SIX)
    tim = Customer.objects.create(name="Tim Reed", email="tim@customers.example")
    theirs = a_commitment(due_at=SIX, customer=tim)
    before = all_rows()

    for deed in DEEDS:
        link = f"{link_of(mine, deed)}?about={theirs.reference}"
        assert Browser().get(link, now=AT).status_code == 404
        assert Browser().post(link, FILLED_IN[deed], now=AT).status_code == 404
    assert Browser().get(f"{link_of(mine, 'reply')}?about=%00", now=AT).status_code == 404
    ics = f"{status_link(mine)}calendar.ics?about={theirs.reference}"
    assert Browser().get(ics, now=AT).status_code == 404
    assert all_rows() == before


def test_of_several_promises_the_one_that_is_meant_is_asked_for():
    first = a_commitment(due_at=SIX)
    second = a_commitment(due_at=SIX, wording="Call back", conversation_id=first.conversation_id)
    browser = Browser()

    link = f"{link_of(first, 'right')}?about={second.reference}"
    form = browser.get(link, now=AT)
    browser.post(link, {"value": value_on(form)}, now=LATER)
    unsaid = link_of(first, "right")
    nowhere = browser.get(unsaid, now=AT)

    assert "Call back" in seen(form)
    assert events_of(second) == ["made", "confirmed"]
    assert events_of(first) == ["made"]
    assert nowhere["Location"] == unsaid.removesuffix("right/")


def test_mails_are_stopped_and_the_page_goes_on_working():
    promise = a_commitment(due_at=SIX)
    services.update(promise.pk, by=ana(), words="Soon", tell_customer=True, now=AT)

    response = do(promise, "stop")

    assert response.status_code == 200
    assert "You get no more e-mails" in seen(response)
    assert tom().stopped_at == LATER
    assert events_of(promise)[-1] == "mails_stopped"
    assert told() == ["ana@larkfield.example"]
    going = Delivery.objects.filter(audience="customer", state="queued")
    assert not going.exists()
    assert "On track" in page_of(promise, now=LATER)
    assert "You get no e-mails from us" in page_of(promise, now=LATER)


def test_one_click_of_a_mail_program_stops_them_without_a_cookie():
    promise = a_commitment(due_at=SIX)
    link = link_of(promise, "stop")

    one_click = {"List-Unsubscribe": "One-Click"}
    response = Browser(cookies=False).post(link, one_click, now=AT)
    again = Browser().post(link, one_click, now=LATER)

    assert (response.status_code, again.status_code) == (200, 200)
    assert tom().stopped_at == AT
    assert events_of(promise) == ["made", "mails_stopped"]


def test_the_calendar_has_the_promise_and_no_link():
    promise = a_commitment(due_at=SIX)

    response = Browser().get(f"{status_link(promise)}calendar.ics", now=AT)

    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="promise.ics"'
    assert f"UID:{promise.reference}@" in text
    assert "DTSTART:20260521T174500Z" in text
    assert "DTEND:20260521T180000Z" in text
    assert "Send the kettle" in text
    assert "/c/" not in text


def test_a_promise_that_moved_takes_its_entrys_place_in_the_calendar():
    promise = a_commitment(due_at=SIX)
    link = f"{status_link(promise)}calendar.ics"
    first = Browser().get(link, now=AT).content.decode()
    services.move(
        promise.pk,
        by=ana(),
        due_at=SIX + DAY,
        reason="Slow",
        told=services.Told.PHONE,
        now=AT,
    )

    second = Browser().get(link, now=AT + HOUR).content.decode()

    assert "SEQUENCE:1" in first
    assert "SEQUENCE:2" in second
    assert "DTEND:20260522T180000Z" in second
