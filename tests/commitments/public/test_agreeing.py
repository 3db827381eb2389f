"""Customers confirm, dispute, wish for another time, let go, and say that it is not done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commitments import services
from commitments.models import (
    EventKind,
)
from commitments.rules.lifecycle import Status
from notifications.models import Delivery
from tests.makers import DAY, MINUTE, NOON, a_commitment, ana, events_of, fresh, ines

from .makers import (
    AT,
    LATER,
    SECOND,
    SIX,
    Browser,
    do,
    link_of,
    page_of,
    seen,
    told,
    value_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_another_time_is_wished_for_and_nothing_moves():
    promise = a_commitment(due_at=SIX)
    form = Browser().get(link_of(promise, "other-time"), now=AT)
    assert "Friday 22 May, 12:00 noon" in seen(form)
    assert "Friday 22 May, 3:00 pm" in seen(form)
    assert "Tuesday 26 May" not in seen(form)

    do(promise, "other-time", slot="2026-05-22T15:00:00+00:00", words="")

    asked = promise.events.get(kind=EventKind.OTHER_TIME_ASKED)
    assert asked.changes["wanted_at"] == "2026-05-22T15:00:00+00:00"
    assert fresh(promise).due_at == SIX
    assert told() == ["ana@larkfield.example"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"slot": "2026-05-23T03:00:00+00:00", "words": ""}, "Choose one of the times"),
        ({"slot": "", "words": ""}, "Choose a time, or write your own."),
        ({"slot": "other", "words": " "}, "Write which time would suit you."),
        ({"slot": "other", "words": "a\x00b"}, "NUL"),
        ({"slot": "other", "words": "x" * 10_000}, "10,000 characters long"),
    ],
)
def test_a_time_that_was_not_offered_is_refused_in_words(said: dict[str, str], why: str):
    promise = a_commitment(due_at=SIX)

    response = do(promise, "other-time", **said)

    assert response.status_code == 422
    assert why in seen(response)
    assert "<title>Error: " in response.content.decode()
    assert events_of(promise) == ["made"]


def test_what_is_right_is_confirmed_and_asked_no_more():
    promise = a_commitment(due_at=SIX)
    assert "Is this what we agreed?" in page_of(promise, now=AT)

    do(promise, "right")

    page = page_of(promise, now=LATER)
    assert "You told us that this is right." in page
    assert "Is this what we agreed?" not in page
    assert events_of(promise) == ["made", "confirmed"]


def test_something_off_is_disputed_at_once_and_says_who_answers_by_when():
    promise = a_commitment(due_at=SIX)

    do(promise, "wrong")

    assert fresh(promise).disputed_at == LATER
    assert told("customer_disputes") == ["ana@larkfield.example"]
    page = page_of(promise, now=LATER)
    assert "You told us this is not right Ana looks into it and answers you by" in page
    assert "Thursday 21 May, 5:00 pm" in page
    assert "two o'clock" not in page


def test_an_answer_ends_the_dispute():
    promise = a_commitment(due_at=SIX)
    do(promise, "wrong")

    services.answer(
        promise.pk, by=ana(), words="It was three.", told=services.Told.MESSAGE, now=LATER + MINUTE
    )

    assert (fresh(promise).disputed_at, fresh(promise).customer_asked_at) == (None, None)
    assert Delivery.objects.filter(template="progress", audience="customer").count() == 1
    page = page_of(promise, now=LATER + 3 * MINUTE)
    assert "On track" in page
    assert "It was three." in page


def test_an_answer_that_is_taken_back_leaves_the_dispute_open():
    promise = a_commitment(due_at=SIX)
    do(promise, "wrong")
    answered_at = LATER + MINUTE
    services.answer(promise.pk, by=ana(), words="Oops", told=services.Told.MESSAGE, now=answered_at)

    answer = promise.events.get(kind=EventKind.CUSTOMER_ANSWERED)
    services.undo(answer.pk, by=ana(), now=answered_at + 10 * SECOND)

    assert fresh(promise).disputed_at == LATER
    assert "Oops" not in page_of(promise, now=answered_at + MINUTE)


def test_what_is_no_longer_needed_is_closed_and_may_be_taken_back_for_two_weeks():
    promise = a_commitment(due_at=NOON + 30 * DAY)

    do(promise, "not-needed")

    assert fresh(promise).status == Status.RELEASED
    assert told() == ["ana@larkfield.example"]
    page = page_of(promise, now=LATER)
    assert "You can take that back until Thursday 4 June" in page
    assert "I need it after all" in page
    assert "I bought one." not in page

    do(promise, "needed", now=LATER + 13 * DAY)

    assert fresh(promise).status == Status.OPEN
    assert told("reopened") == ["ana@larkfield.example"]


def test_after_two_weeks_it_stays_closed():
    promise = a_commitment(due_at=NOON + 30 * DAY)
    do(promise, "not-needed")
    late = LATER + timedelta(days=14, seconds=1)

    response = Browser().get(link_of(promise, "needed", now=late), now=late)

    assert response.status_code == 409
    assert "I need it after all" not in page_of(promise, now=late)
    with pytest.raises(services.undoing.IllegalMoveError):
        services.need_after_all(promise.pk, now=late)
    assert fresh(promise).status == Status.RELEASED


def test_what_we_closed_ourselves_is_not_opened_from_outside():
    promise = a_commitment(due_at=SIX)
    services.release(promise.pk, by=ana(), reason="Solved", now=NOON)

    response = Browser().get(link_of(promise, "needed"), now=AT)

    assert response.status_code == 409
    assert "It stands differently now" in seen(response)


def test_what_is_not_done_is_opened_again_and_hears_by_when():
    promise = a_commitment(due_at=SIX)
    services.fulfil(promise.pk, by=ana(), how="Sent", now=NOON)

    do(promise, "not-done")

    assert fresh(promise).status == Status.OPEN
    assert told("reopened") == ["ana@larkfield.example"]
    assert Delivery.objects.filter(template="still_open", audience="customer").count() == 1
    assert "The lid is missing." not in page_of(promise, now=LATER + MINUTE)


def test_what_is_not_offered_any_more_is_refused_on_a_page_of_its_own():
    promise = a_commitment(due_at=SIX)
    browser, link = Browser(), link_of(promise, "not-needed")
    data = {"value": value_on(browser.get(link, now=AT)), "words": ""}
    services.fulfil(promise.pk, by=ines(), how="Sent", now=AT)

    response = browser.post(link, data, now=LATER)

    assert response.status_code == 409
    assert "It stands differently now" in seen(response)
    assert fresh(promise).status == Status.FULFILLED
