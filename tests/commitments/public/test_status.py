"""The customer's page: every state of a promise, and nothing that is not theirs to read."""

from __future__ import annotations

import pytest

from commitments import services, sweep
from commitments.models import Commitment, Event, EventKind
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana, dev, fresh, tom

from .makers import ASKED_AT, Browser, a_check_in, seen, status_link

pytestmark = pytest.mark.django_db

SIX = NOON + 6 * HOUR  # Thursday 21 May, 6:00 pm
FRIDAY_TEN = NOON + 22 * HOUR


def page_of(promise: Commitment, *, now=NOON + HOUR) -> str:
    response = Browser().get(status_link(promise), now=now)
    assert response.status_code == 200
    return seen(response)


def moved(promise: Commitment, *, now, told=services.Told.MESSAGE, reason="The bank is slow."):
    return services.move(promise.pk, by=ana(), due_at=FRIDAY_TEN, reason=reason, told=told, now=now)


def test_a_promise_on_track_says_by_when_and_by_what_way():
    promise = a_commitment(due_at=SIX, keep_by="phone")

    page = page_of(promise)

    assert "Hello Tom, here is what we promised Send the kettle's replacement part" in page
    assert "On track By Thursday 21 May, 6:00 pm" in page
    assert "Today, by phone on the number that ends in 142" in page
    assert "0755" not in page
    assert "No news yet. Ana will write here." in page


def test_a_new_time_told_before_the_old_one_strikes_the_old_through():
    promise = a_commitment(due_at=SIX)
    moved(promise, now=NOON + HOUR)

    response = Browser().get(status_link(promise), now=NOON + 2 * HOUR)

    assert "New time By Friday 22 May, 10:00 am Tomorrow" in seen(response)
    assert "Was Thursday 21 May, 6:00 pm . Ana explains why below." in seen(response)
    assert "Latest from Ana" in seen(response)
    assert "The bank is slow." in seen(response)
    assert "sorry" not in seen(response)
    assert "<del>Was <time" in response.content.decode()


def test_a_new_time_after_the_old_one_says_that_we_missed_it():
    promise = a_commitment(due_at=SIX)
    moved(promise, now=NOON + 7 * HOUR)

    page = page_of(promise, now=NOON + 8 * HOUR)

    assert "New time By Friday 22 May, 10:00 am Tomorrow" in page
    assert "We missed that, and Ana explains why below." in page


def test_the_reason_of_a_move_the_customer_was_not_told_about_stays_inside():
    promise = a_commitment(due_at=SIX)
    moved(promise, now=NOON + HOUR, told=services.Told.NO, reason="Dev is ill")

    page = page_of(promise, now=NOON + 2 * HOUR)

    assert "New time By Friday 22 May, 10:00 am" in page
    assert "Dev is ill" not in page
    assert "explains" not in page


def test_a_missed_time_names_who_was_reminded_and_when_they_will_hear():
    promise = a_commitment(due_at=NOON + 2 * HOUR)
    sweep.run(NOON + 2 * HOUR)

    page = page_of(promise, now=NOON + 2 * HOUR + MINUTE)

    assert "We missed the time We said Thursday 21 May, 2:00 pm" in page
    assert "We are sorry." in page
    assert "Ana has been reminded, and you will hear from us by Thursday 21 May, 4:00 pm" in page


def test_a_time_missed_just_now_does_not_claim_that_anybody_was_reminded():
    promise = a_commitment(due_at=NOON + 2 * HOUR)

    page = page_of(promise, now=NOON + 2 * HOUR + MINUTE)

    assert "has been reminded" not in page
    assert "You will hear from us by Thursday 21 May, 4:00 pm" in page


def test_when_the_ladder_has_ended_the_page_names_the_end_of_the_next_working_day():
    promise = a_commitment(due_at=NOON + 2 * HOUR)
    for hours in range(2, 60):
        sweep.run(NOON + hours * HOUR)

    page = page_of(promise, now=NOON + 60 * HOUR)

    assert fresh(promise).next_action_at is None
    assert "you will hear from us by Monday 25 May, 5:30 pm" in page


def test_what_we_need_is_said_with_how_to_send_it(settings):
    settings.COMPANY_PHONE = "0800 555 0148"
    promise = a_commitment(due_at=SIX)
    services.wait(promise.pk, by=ana(), what="A photo of the meter", now=NOON + HOUR)

    page = page_of(promise, now=NOON + 2 * HOUR)

    assert "We need something from you" in page
    assert (
        "A photo of the meter Send it with the button below, or call us on 0800 555 0148." in page
    )
    assert "No rush: we keep your place" in page


def test_a_time_that_moved_while_we_waited_says_so():
    promise = a_commitment(due_at=SIX)
    services.wait(promise.pk, by=ana(), what="A photo of the meter", now=NOON + HOUR)
    services.resume(promise.pk, by=ana(), note="It is blurred", now=NOON + 2 * HOUR)

    page = page_of(promise, now=NOON + 3 * HOUR)

    assert "It moved by the time that we waited for you." in page
    assert "It is blurred" not in page


def test_a_kept_promise_says_when_and_how_it_ended():
    promise = a_commitment(due_at=SIX)
    services.fulfil(promise.pk, by=ana(), how="Sent with the morning post", now=NOON + HOUR)

    page = page_of(promise, now=NOON + 2 * HOUR)

    assert "Done Thursday 21 May, 1:00 pm Sent with the morning post" in page
    assert "Agreed (done) Working on it (done) Done (done) Check-in (to come)" in page
    assert "sorry" not in page


def test_a_promise_kept_late_says_so():
    promise = a_commitment(due_at=SIX)
    services.fulfil(
        promise.pk, by=ana(), how="Sent by courier", cause="slipped", now=NOON + 7 * HOUR
    )

    page = page_of(promise, now=NOON + 8 * HOUR)

    assert "We had promised it by Thursday 21 May, 6:00 pm . It came later than that" in page
    assert "sorry" in page


def test_what_we_cannot_keep_comes_with_the_reason_and_the_offer():
    promise = a_commitment(due_at=SIX)
    services.abandon(
        promise.pk,
        by=ana(),
        reason="The part is not made any more.",
        offer="We send a new kettle instead.",
        cause="outside",
        now=NOON + HOUR,
    )

    page = page_of(promise, now=NOON + 2 * HOUR)

    assert "We cannot keep it We said Thursday 21 May, 6:00 pm . We cannot do it" in page
    assert "The part is not made any more. We send a new kettle instead." in page
    assert "Working on it" not in page


def test_what_is_no_longer_wanted_is_closed_without_our_reason():
    promise = a_commitment(due_at=SIX)
    services.release(promise.pk, by=ana(), reason="Tom shouted and hung up", now=NOON + HOUR)

    page = page_of(promise, now=NOON + 2 * HOUR)

    assert (
        "No longer wanted It is no longer needed. We closed it on Thursday 21 May, 1:00 pm" in page
    )
    assert "shouted" not in page


def test_the_steps_follow_the_check_in():
    check_in = a_check_in()
    promise = check_in.commitments()[0]

    page = page_of(promise, now=ASKED_AT)

    assert "Done (done) Check-in (now)" in page


def test_promises_of_one_conversation_share_a_page_and_the_hidden_and_mistaken_are_left_out():
    first = a_commitment(due_at=SIX, wording="Send the part")
    shared = {"conversation_id": first.conversation_id, "due_at": SIX}
    a_commitment(wording="Call about the refund", **shared)
    hidden = a_commitment(wording="Ask the lawyers", **shared)
    Commitment.objects.filter(pk=hidden.pk).update(hidden_at=NOON)
    mistake = a_commitment(wording="Send it to Tim", **shared)
    services.void(mistake.pk, by=ana(), reason="Wrong customer", now=NOON + MINUTE)
    a_commitment(wording="Read the meter", due_at=SIX)

    page = page_of(first)

    assert "Send the part" in page
    assert "Call about the refund" in page
    for other in ("Ask the lawyers", "Send it to Tim", "Wrong customer", "Read the meter"):
        assert other not in page


def test_a_page_without_any_promise_left_is_a_dead_link():
    promise = a_commitment(due_at=SIX)
    services.void(promise.pk, by=ana(), reason="Wrong customer", now=NOON + MINUTE)

    response = Browser().get(status_link(promise), now=NOON + HOUR)

    assert response.status_code == 404
    assert "kettle" not in seen(response)


def test_updates_show_the_newest_first_and_the_earlier_ones_folded():
    promise = a_commitment(due_at=SIX)
    for minute, said in enumerate(("I wrote to the bank.", "They asked back.", "Good news!")):
        services.update(
            promise.pk, by=ana(), words=said, tell_customer=True, now=NOON + minute * MINUTE
        )

    response = Browser().get(status_link(promise), now=NOON + HOUR)

    newest, earlier = seen(response).split("Two earlier updates")
    assert "Latest from Ana AM Ana Today, 12:02 pm Good news!" in newest
    assert "They asked back." in earlier
    assert "I wrote to the bank." in earlier
    assert "Moreno" not in seen(response)


def test_what_was_undone_was_never_said():
    promise = a_commitment(due_at=SIX)
    services.update(
        promise.pk, by=ana(), words="Wrong window, sorry", tell_customer=True, now=NOON + MINUTE
    )
    slip = Event.objects.get(commitment=promise, kind=EventKind.UPDATED)
    services.undo(slip.pk, by=ana(), now=NOON + MINUTE + 10 * (MINUTE / 60))

    page = page_of(promise)

    assert "Wrong window" not in page


def test_an_undone_move_is_no_move():
    promise = a_commitment(due_at=SIX)
    moved(promise, now=NOON + HOUR)
    move = Event.objects.get(commitment=promise, kind=EventKind.MOVED)
    services.undo(move.pk, by=ana(), now=NOON + HOUR)

    page = page_of(promise, now=NOON + 2 * HOUR)

    assert "On track By Thursday 21 May, 6:00 pm" in page
    assert "The bank is slow." not in page


def test_times_are_the_customers_and_the_zone_is_named_where_it_is_not_ours():
    tom(zone="America/New_York")
    promise = a_commitment(due_at=SIX)

    page = page_of(promise)

    assert "By Thursday 21 May, 2:00 pm Today New York time" in page


def test_a_promise_without_an_owner_speaks_for_the_team():
    promise = a_commitment(due_at=SIX, owner_id=None)

    page = page_of(promise)

    assert "No news yet. Billing care will write here." in page


def test_the_page_is_private_light_and_without_script():
    promise = a_commitment(due_at=SIX)

    response = Browser().get(status_link(promise), now=NOON + HOUR)

    html = response.content.decode()
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert '<meta name="robots" content="noindex,nofollow">' in html
    assert "<script" not in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert len(html) < 15_000
    assert not response.cookies


def test_what_people_wrote_is_inert():
    promise = a_commitment(due_at=SIX, wording="<script>alert(1)</script> {{ 7|add:7 }}")
    services.update(
        promise.pk, by=ana(), words='<img src=x onerror="a()">', tell_customer=True, now=NOON
    )

    html = Browser().get(status_link(promise), now=NOON + HOUR).content.decode()

    assert "<script" not in html
    assert "<img" not in html
    assert "{{ 7|add:7 }}" in html


def test_the_number_of_queries_does_not_grow_with_the_promises(django_assert_num_queries):
    first = a_commitment(due_at=SIX)
    link = status_link(first)
    for _ in range(5):
        a_commitment(due_at=SIX, conversation_id=first.conversation_id)
    for each in Commitment.objects.all():
        services.update(each.pk, by=dev(), words="Soon", tell_customer=True, now=NOON)

    with django_assert_num_queries(3):
        Browser().get(link, now=NOON + HOUR)


def test_how_a_promise_once_ended_is_no_news_after_it_opened_again():
    promise = a_commitment(due_at=SIX)
    services.abandon(
        promise.pk, by=ana(), reason="We have no part in stock", cause="outside", now=NOON + HOUR
    )
    services.reopen(promise.pk, by=ana(), reason="One turned up", now=NOON + 2 * HOUR)

    page = page_of(promise, now=NOON + 3 * HOUR)

    assert "On track" in page
    assert "no part in stock" not in page
