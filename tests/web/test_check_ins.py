"""Check-ins on the pages of the staff: asked by hand, answered, and answered twice otherwise."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from commitments import checkins, services
from commitments.models import CheckIn, CheckInAnswer, Commitment
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON, events_of
from tests.web import pages
from tests.web.test_verbs import path, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    makers.a_team()
    return pages.signed_in(makers.ana())


@pytest.fixture
def done(kettle: Commitment) -> Commitment:
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON - 10 * MINUTE)
    return kettle


def page_of(client: Client, promise: Commitment) -> str:
    return pages.text(client.get(f"/promises/{promise.reference}/"))


def press(client: Client, promise: Commitment, verb: str, **fields: str) -> Any:  # a response
    form = client.get(path(promise, verb))
    assert form.status_code == 200, pages.text(form)
    return client.post(path(promise, verb), pages.hidden(form) | fields)


def says(check_in: CheckIn, *, rating: int, browser: str, words: str = "") -> CheckInAnswer:
    reply = checkins.Reply(
        done="yes" if rating > 2 else "no",
        still_open=False,
        rating=rating,
        words=words,
        browser_key=browser,
    )
    return checkins.answer(check_in.pk, reply, now=NOON).answer


def in_doubt(promise: Commitment) -> tuple[CheckInAnswer, CheckInAnswer]:
    checkins.send_by_hand(promise.pk, by=makers.ana(), now=NOON)
    check_in = CheckIn.objects.get()
    good = says(check_in, rating=5, browser="scanner")
    return good, says(check_in, rating=1, browser="phone", words="Nobody came")


def test_how_it_went_is_asked_from_the_page_of_what_is_done(
    client: Client, done: Commitment
) -> None:
    before = client.get(f"/promises/{done.reference}/").content.decode()

    told = said(client, press(client, done, "check-in"))

    assert f'href="{path(done, "check-in")}' in before
    assert "The question is on its way. Tom is told in 30 seconds." in told
    assert "Ana asked Tom how it went" in told
    mail = Delivery.objects.get(template="check_in")
    assert (mail.address, mail.not_before) == ("tom@customers.example", NOON + MINUTE / 2)


def test_the_question_is_shown_before_it_is_asked(client: Client, done: Commitment) -> None:
    form = client.get(path(done, "check-in"))

    shown = client.post(path(done, "check-in"), pages.hidden(form) | {"preview": "on"})

    assert "To tom@customers.example, in 30 seconds" in pages.text(shown)
    assert "is anything still open" in pages.text(shown).lower()
    assert not Delivery.objects.filter(template="check_in").exists()
    assert CheckIn.objects.get().state == "planned"


def test_where_it_is_held_the_page_says_why_and_asks_nothing(
    client: Client, done: Commitment
) -> None:
    form = client.get(path(done, "check-in"))
    makers.a_commitment(due_at=NOON + DAY, case="owed", summary=False)

    looked = client.get(path(done, "check-in"))
    pressed = client.post(path(done, "check-in"), pages.hidden(form))

    why = "Not yet: another promise to Tom is still open."
    assert (looked.status_code, pressed.status_code) == (409, 422)
    assert why in pages.text(looked)
    assert why in pages.text(pressed)
    assert "check_in_planned" not in events_of(done)[3:]
    assert not Delivery.objects.filter(template="check_in").exists()


def test_pressed_twice_it_is_asked_once(client: Client, done: Commitment) -> None:
    form = pages.hidden(client.get(path(done, "check-in")))

    first = client.post(path(done, "check-in"), form)
    second = client.post(path(done, "check-in"), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Delivery.objects.filter(template="check_in").count() == 1


def test_an_answer_stands_in_the_history_in_words(client: Client, done: Commitment) -> None:
    checkins.send_by_hand(done.pk, by=makers.ana(), now=NOON)

    says(CheckIn.objects.get(), rating=2, browser="phone", words="It took three calls.")

    page = page_of(client, done)
    assert "Tom answered the check-in From Tom" in page
    assert "Unhappy, 2 of 5. We did not do what we said. Nothing is open." in page
    assert "It took three calls." in page


def test_two_answers_that_contradict_each_other_stand_on_top_until_one_is_noted(
    client: Client, done: Commitment
) -> None:
    _, right = in_doubt(done)
    before = page_of(client, done)
    form = pages.text(client.get(path(done, "confirm-answer")))

    after = said(client, press(client, done, "confirm-answer", answer=str(right.pk)))

    assert "Two answers that contradict each other" in before
    assert "neither counts for now" in before
    best = "Very happy, 5 of 5. We did what we said. Nothing is open. (Thu 21 May, 12:00 noon)"
    assert best in form
    assert "“Nobody came”" in form
    assert "Noted. The answer of Tom counts now." in after
    assert "Ana noted which answer is right" in after
    assert "Two answers that contradict each other" not in after
    assert CheckInAnswer.objects.get(confirmed=True) == right


def test_an_answer_that_is_none_of_the_two_is_refused(client: Client, done: Commitment) -> None:
    in_doubt(done)

    refused = press(client, done, "confirm-answer", answer="30000000")
    unsaid = press(client, done, "confirm-answer")

    assert (refused.status_code, unsaid.status_code) == (422, 422)
    assert "Choose the answer that Tom says is right." in pages.text(unsaid)
    assert not CheckInAnswer.objects.filter(confirmed=True).exists()


def test_the_customers_page_marks_what_is_unconfirmed(client: Client, done: Commitment) -> None:
    in_doubt(done)

    page = pages.text(client.get(f"/customers/{done.customer_id}/"))

    assert "1 of 5 , very unhappy · Unconfirmed" in page
    assert "5 of 5 , very happy · Unconfirmed" in page


def test_an_auditor_sees_the_doubt_and_no_button(done: Commitment) -> None:
    in_doubt(done)
    makers.Membership.objects.filter(user=makers.dev()).update(role=makers.Role.AUDITOR)

    page = page_of(pages.signed_in(makers.dev()), done)

    assert "Two answers that contradict each other" in page
    assert "Note which one is right" not in page


def test_doubt_costs_the_page_no_query(
    client: Client, done: Commitment, django_assert_num_queries: Any
) -> None:
    in_doubt(done)
    client.get(f"/promises/{done.reference}/")

    with django_assert_num_queries(9):
        client.get(f"/promises/{done.reference}/")


def test_the_cooldown_is_said_in_the_readers_own_time(
    client: Client, done: Commitment, traveller: time_machine.Traveller
) -> None:
    checkins.send_by_hand(done.pk, by=makers.ana(), now=NOON)
    traveller.shift(HOUR)
    second = makers.a_commitment(due_at=NOON + DAY, now=NOON, case="second", summary=False)
    services.fulfil(second.pk, by=makers.ana(), how="Sent", now=NOON + HOUR)

    page = client.get(path(second, "check-in"))

    assert page.status_code == 409
    assert "You can ask again Thu 28 May, 12:00 noon." in pages.text(page)
