"""A request that is sent again is answered again, and nothing is done twice."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Commitment, Customer, Membership, OnceKey
from tests.api.callers import LIST, a_program, a_promise, errors_of
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_team, ana, dev, events_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

KEY = {"Idempotency_Key": "0f8fad5b-d9cb-469f-a165-70867728950e"}


def test_the_same_request_again_is_given_the_same_answer():
    a_team()
    program = a_program()

    first = program.post(a_promise(), **KEY)
    again = program.post(a_promise(), **KEY)

    assert Commitment.objects.count() == Customer.objects.count() == 1
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first["ETag"], first["Location"]) == (again["ETag"], again["Location"])
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"


def test_without_a_key_the_same_request_is_another_promise():
    a_team()
    program = a_program()

    program.post(a_promise())
    program.post(a_promise())

    assert Commitment.objects.count() == 2


def test_the_order_of_the_fields_does_not_make_another_request():
    a_team()
    program = a_program()
    turned = dict(reversed(a_promise().items()))

    program.post(a_promise(), **KEY)
    again = program.post(turned, **KEY)

    assert again["Idempotency-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused():
    a_team()
    program = a_program()
    program.post(a_promise(), **KEY)

    answer = program.post(a_promise(wording="Something else"), **KEY)

    assert answer.status_code == 422
    assert answer.json()["detail"] == "This key was used for another request. Send a new key."
    assert Commitment.objects.count() == 1


def test_the_same_key_at_another_address_is_refused():
    kettle, toaster = a_commitment(), a_commitment()
    program = a_program()
    program.fulfil(kettle.reference, {"how": "Sent."}, **KEY)

    answer = program.fulfil(toaster.reference, {"how": "Sent."}, **KEY)

    assert answer.status_code == 422
    assert events_of(toaster) == ["made"]


def test_keys_of_two_tokens_have_nothing_to_do_with_each_other():
    a_team()

    first = a_program().post(a_promise(), **KEY)
    second = a_program().post(a_promise(wording="Something else"), **KEY)
    third = a_program(dev()).post(a_promise(), **KEY)

    assert [answer.status_code for answer in (first, second, third)] == [201, 201, 201]
    assert Commitment.objects.count() == 3


def test_somebody_signed_in_may_send_a_key_too():
    a_team()
    browser = Client()
    browser.force_login(ana())
    asked = {"content_type": "application/json", "headers": {"Idempotency-Key": "once"}}

    browser.post(LIST, a_promise(), **asked)
    again = browser.post(LIST, a_promise(), **asked)

    assert again["Idempotency-Replayed"] == "true"
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize(
    "key", ["", " ", "x" * 256, "a\nb", "a\r\nX: y", "é", "a b", "\x00", "\x7f"]
)
def test_what_is_no_key_is_refused(key):
    a_team()

    answer = a_program().post(a_promise(), Idempotency_Key=key)

    assert errors_of(answer).keys() == {"Idempotency-Key"}
    assert Commitment.objects.count() == OnceKey.objects.count() == 0


def test_the_longest_key_is_taken():
    a_team()

    answer = a_program().post(a_promise(), Idempotency_Key="x" * 255)

    assert answer.status_code == 201


def test_what_was_refused_keeps_no_key():
    a_team()
    program = a_program()

    refused = program.post(a_promise(due_at="2026-05-21T11:00:00Z"), **KEY)
    made = program.post(a_promise(), **KEY)

    assert (refused.status_code, made.status_code) == (400, 201)
    assert Commitment.objects.count() == OnceKey.objects.count() == 1


def test_an_answer_is_kept_for_a_day_even_past_the_due_time(at_noon):
    a_team()
    program = a_program()
    first = program.post(a_promise(), **KEY).json()

    at_noon.move_to(NOON + DAY - MINUTE)
    kept = program.post(a_promise(), **KEY)
    at_noon.move_to(NOON + DAY)
    forgotten = program.post(a_promise(), **KEY)

    assert kept.json() == first
    assert errors_of(forgotten) == {
        "due_at": "6:00 pm on Thu 21 May has passed. Give a later time."
    }
    assert Commitment.objects.count() == 1


def test_words_are_not_read_again_later(at_noon):
    a_team()
    program = a_program()
    first = program.post(a_promise(due_at=..., due="in 2 hours"), **KEY).json()

    at_noon.move_to(NOON + HOUR)
    again = program.post(a_promise(due_at=..., due="in 2 hours"), **KEY).json()

    assert first["due_at"] == again["due_at"] == "2026-05-21T14:00:00Z"
    assert first["read"] == again["read"]


def test_a_promise_fulfilled_twice_with_one_key_is_fulfilled_once():
    kettle = a_commitment()
    program = a_program()

    first = program.fulfil(kettle.reference, {"how": "Sent."}, **KEY)
    before = events_of(kettle)
    again = program.fulfil(kettle.reference, {"how": "Sent."}, **KEY)
    without = program.fulfil(kettle.reference, {"how": "Sent."})

    assert first.json() == again.json()
    assert (again.status_code, without.status_code) == (200, 409)
    assert events_of(kettle) == before


def test_a_retry_is_answered_although_what_was_read_has_changed_by_it():
    kettle = a_commitment()
    program = a_program()
    condition = {"If_Match": f'"{kettle.event_count}"'}

    program.fulfil(kettle.reference, {"how": "Sent."}, **condition, **KEY)
    again = program.fulfil(kettle.reference, {"how": "Sent."}, **condition, **KEY)

    assert again.status_code == 200


def test_who_left_the_team_is_not_given_the_answer_again():
    a_team()
    program = a_program()
    program.post(a_promise(), **KEY)

    Membership.objects.filter(user=ana()).delete()

    assert program.post(a_promise(), **KEY).status_code == 404


def test_a_reading_takes_no_key():
    kettle = a_commitment()

    answer = a_program().get(f"{LIST}{kettle.reference}/", **KEY)

    assert answer.status_code == 200
    assert OnceKey.objects.count() == 0
