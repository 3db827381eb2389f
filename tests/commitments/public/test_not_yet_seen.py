"""What may still be taken back is not shown yet: shown and then undone, it would have been seen."""

from __future__ import annotations

import pytest

from commitments import services
from commitments.models import Commitment, EventKind
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev

from .makers import AT, SECOND, SIX, Browser, seen, status_link

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SOON = AT + 30 * SECOND  # the last instant at which it may be taken back
SETTLED = AT + 31 * SECOND


def page_of(promise: Commitment, *, now) -> str:
    return seen(Browser().get(status_link(promise), now=now))


def test_an_update_is_read_once_it_can_no_longer_be_taken_back():
    promise = a_commitment(due_at=SIX)
    services.update(promise.pk, by=ana(), words="It is packed.", tell_customer=True, now=AT)

    assert "It is packed." not in page_of(promise, now=SOON)
    assert "It is packed." in page_of(promise, now=SETTLED)


def test_how_it_ended_is_seen_once_it_can_no_longer_be_taken_back():
    promise = a_commitment(due_at=SIX)
    services.fulfil(promise.pk, by=ana(), how="At your door", now=AT)

    assert "On track" in page_of(promise, now=SOON)
    assert "At your door" not in page_of(promise, now=SOON)
    assert "At your door" in page_of(promise, now=SETTLED)


def test_a_new_time_is_seen_once_it_can_no_longer_be_taken_back():
    promise = a_commitment(due_at=SIX)
    told = services.Told.MESSAGE
    services.move(promise.pk, by=ana(), due_at=SIX + DAY, reason="Slow", told=told, now=AT)

    assert "On track By Thursday 21 May, 6:00 pm" in page_of(promise, now=SOON)
    assert "New time By Friday 22 May, 6:00 pm" in page_of(promise, now=SETTLED)


def test_what_we_need_is_seen_once_it_can_no_longer_be_taken_back():
    promise = a_commitment(due_at=SIX)
    services.wait(promise.pk, by=ana(), what="A photo", now=AT)

    assert "A photo" not in page_of(promise, now=SOON)
    assert "A photo" in page_of(promise, now=SETTLED)


def test_only_the_last_can_be_taken_back_and_what_came_before_is_seen():
    promise = a_commitment(due_at=SIX)
    services.update(promise.pk, by=ana(), words="First", tell_customer=True, now=AT)
    services.update(promise.pk, by=ana(), words="Second", tell_customer=True, now=AT + SECOND)

    page = page_of(promise, now=AT + 2 * SECOND)

    assert "First" in page
    assert "Second" not in page


def test_what_they_say_themselves_is_seen_at_once():
    promise = a_commitment(due_at=SIX)
    services.dispute(promise.pk, words="It was two.", now=AT)

    assert "You told us this is not right" in page_of(promise, now=AT)


def test_a_dispute_is_answered_once_the_answer_can_no_longer_be_taken_back():
    promise = a_commitment(due_at=SIX)
    services.dispute(promise.pk, words="It was two.", now=AT - MINUTE)
    told = services.Told.MESSAGE
    services.answer(promise.pk, by=dev(), words="It was three.", told=told, now=AT)

    assert "You told us this is not right" in page_of(promise, now=SOON)
    assert "On track" in page_of(promise, now=SETTLED)


def test_a_promise_made_beside_others_is_seen_once_it_can_no_longer_be_taken_back():
    first = a_commitment(due_at=SIX)
    shared = {"conversation_id": first.conversation_id, "due_at": SIX}
    a_commitment(wording="Call Tom back", now=AT, **shared)

    assert "Call Tom back" not in page_of(first, now=SOON)
    assert "Call Tom back" in page_of(first, now=SETTLED)


def test_a_colleague_may_look_at_the_page_of_a_promise_just_made():
    promise = a_commitment(due_at=SIX)

    assert "Send the kettle's replacement part" in page_of(promise, now=NOON)


def test_nothing_of_it_is_ever_saved():
    promise = a_commitment(due_at=SIX)
    services.fulfil(promise.pk, by=ana(), how="At your door", now=AT)
    before = list(Commitment.objects.values())

    page_of(promise, now=SOON)

    assert list(Commitment.objects.values()) == before
    done = promise.events.get(kind=EventKind.FULFILLED)
    services.undo(done.pk, by=ana(), now=SOON)
    assert "At your door" not in page_of(promise, now=SOON + HOUR)


@pytest.mark.parametrize("promises", [1, 5])
def test_six_queries_are_enough_for_the_page_that_asks_for_most(
    django_assert_num_queries, promises: int
):
    first = a_commitment(due_at=NOON + HOUR)
    for _ in range(promises - 1):
        a_commitment(due_at=NOON + HOUR, conversation_id=first.conversation_id)
    for each in Commitment.objects.all():
        services.update(each.pk, by=dev(), words="Soon", tell_customer=True, now=NOON)
        services.reply(each.pk, words="When?", now=NOON)
    link = status_link(first)

    with django_assert_num_queries(6):
        page = Browser().get(link, now=NOON + 2 * HOUR)

    assert seen(page).count("We missed the time") == promises
