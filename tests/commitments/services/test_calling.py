"""Calls that were tried: what each does to the promise, and when trying counts as having tried."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import connection

from commitments import services
from commitments.errors import CommitmentError
from commitments.messages import settling
from commitments.models import CallAttempt, Commitment, EventKind, Role
from commitments.models.event import first_broken_link
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError, Outcome, Status
from notifications import delivery
from notifications.envelope import Delivered
from notifications.models import Delivery
from tests import makers, smtp
from tests.makers import DAY, HOUR, MINUTE, NOON, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TWO, FOUR = NOON + 2 * HOUR, NOON + 4 * HOUR
SECOND = MINUTE / 60


@pytest.fixture(autouse=True)
def _mail_server(settings: object) -> object:
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url  # type: ignore[attr-defined]  # pytest-django's settings
        yield far_end


def a_callback(**fields: object) -> Commitment:
    """To be called between two and four; logged at noon, without a summary."""
    given = {"kind": "callback", "due_at": FOUR, "window_start": TWO, "summary": False}
    return makers.a_commitment(**{**given, **fields})  # type: ignore[arg-type]  # a draft's fields


def call(promise: Commitment, came_of_it: str, *, at: datetime, note: str = "") -> Commitment:
    return services.attempt(promise.pk, by=makers.ana(), came_of_it=came_of_it, note=note, now=at)


def a_return(promise: Commitment, key: str) -> Delivered:
    """The delivery with this key, as the outbox hands it over."""
    row = Delivery.objects.get(key=key)
    return Delivered(
        about=promise.about, audience="customer", channel="email", template=row.template,
        key=key, address=row.address, person_id=None, name="Tom", event_id=row.event_id, reason="",
    )  # fmt: skip


def write(promise: Commitment, *, at: datetime) -> None:
    """A word to the customer, accepted by their mail server a minute later."""
    services.update(
        promise.pk, by=makers.ana(), words="I tried to call.", tell_customer=True, now=at
    )
    delivery.run(at + MINUTE)


def test_a_try_is_recorded_without_its_words_among_the_facts():
    promise = a_callback()

    call(promise, "no_answer", at=TWO, note="Prefers mobile")

    tried = CallAttempt.objects.get()
    assert (tried.outcome, tried.at, tried.caller) == ("no_answer", TWO, makers.ana())
    event = promise.events.latest("sequence")
    assert event.kind == EventKind.CALL_TRIED
    assert event.changes == {"call": "no_answer", "attempt": tried.pk}
    assert (event.words, event.visible) == ("Prefers mobile", False)


def test_the_words_of_a_try_can_be_erased_and_the_history_still_holds():
    promise = a_callback()
    call(promise, "no_answer", at=TWO, note="Prefers mobile")

    promise.events.latest("sequence").text.delete()

    assert first_broken_link(fresh(promise)) is None


def test_a_call_in_which_they_were_reached_ends_the_silence():
    promise = a_callback(due_at=NOON + HOUR, window_start=None)

    call(promise, "reached", at=TWO)

    assert not fresh(promise).is_not_told(TWO + HOUR)
    assert fresh(promise).told_at == TWO


@pytest.mark.parametrize("came_of_it", ["no_answer", "voicemail", "busy", "wrong_number"])
def test_a_call_in_which_nobody_was_reached_does_not(came_of_it: str):
    promise = a_callback(due_at=NOON + HOUR, window_start=None)

    call(promise, came_of_it, at=TWO)

    assert fresh(promise).is_not_told(TWO + HOUR)


def test_a_call_after_the_time_records_the_breach_first():
    promise = a_callback()

    call(promise, "no_answer", at=FOUR + MINUTE)

    assert events_of(promise)[-2:] == ["breached", "call_tried"]
    assert fresh(promise).breached_at == FOUR


def test_a_call_at_the_last_moment_of_the_window_lies_in_it():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)

    call(promise, "voicemail", at=FOUR)

    assert fresh(promise).attempted_at == FOUR
    assert fresh(promise).breached_at == FOUR


def test_two_tries_and_a_message_count_as_attempted_in_the_same_transaction():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)
    write(promise, at=TWO + 5 * MINUTE)

    call(promise, "busy", at=TWO + HOUR)

    assert fresh(promise).attempted_at == TWO + HOUR
    event = promise.events.latest("sequence")
    assert event.changes["attempted_at"] == [None, (TWO + HOUR).isoformat()]


def test_a_message_may_come_last_and_counts_once_it_is_accepted():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)
    call(promise, "no_answer", at=TWO + HOUR)
    before = fresh(promise).attempted_at

    write(promise, at=FOUR)

    assert before is None
    event = promise.events.latest("sequence")
    assert event.kind == EventKind.MESSAGE_SENT
    assert event.changes["attempted_at"] == [None, event.at.isoformat()]
    assert fresh(promise).attempted_at == event.at


def test_a_message_that_came_back_takes_the_mark_with_it():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)
    call(promise, "no_answer", at=TWO + HOUR)
    write(promise, at=FOUR)
    key = promise.events.latest("sequence").changes["message"]
    before = fresh(promise).attempted_at

    settling.settle(a_return(promise, key), "bounced", at=FOUR + HOUR)

    assert before is not None
    assert fresh(promise).attempted_at is None


def test_a_voice_on_the_machine_does_not_come_back():
    promise = a_callback()
    call(promise, "voicemail", at=TWO)
    call(promise, "no_answer", at=TWO + HOUR)
    write(promise, at=FOUR)
    key = promise.events.latest("sequence").changes["message"]

    settling.settle(a_return(promise, key), "bounced", at=FOUR + HOUR)

    assert fresh(promise).attempted_at == TWO + HOUR


def test_a_summary_of_what_was_agreed_is_no_such_message():
    promise = a_callback(summary=True, window_start=None)
    call(promise, "no_answer", at=NOON + SECOND)

    delivery.run(NOON + MINUTE)
    call(promise, "no_answer", at=TWO)

    assert fresh(promise).attempted_at is None


def test_only_a_promise_kept_by_phone_counts_as_attempted():
    letter = a_callback(kind="followup", keep_by="email")
    by_phone = a_callback(kind="followup", keep_by="phone", wording="Ring about the meter")

    for promise in (letter, by_phone):
        call(promise, "no_answer", at=TWO)
        call(promise, "voicemail", at=TWO + HOUR)

    assert fresh(letter).attempted_at is None
    assert fresh(by_phone).attempted_at == TWO + HOUR


def test_the_mark_stands_beside_the_outcome_and_makes_it_no_better():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)
    call(promise, "voicemail", at=TWO + HOUR)

    services.fulfil(promise.pk, by=makers.ana(), how="Called you", cause="slipped", now=FOUR + HOUR)

    assert fresh(promise).outcome == Outcome.LATE
    assert fresh(promise).attempted_at == TWO + HOUR


def test_tries_before_a_move_lay_in_another_window():
    promise = a_callback()
    call(promise, "voicemail", at=TWO)
    services.move(
        promise.pk, by=makers.ana(), due_at=FOUR + DAY, reason="Tomorrow suits better",
        told=services.Told.PHONE, now=TWO + HOUR,
    )  # fmt: skip

    call(promise, "no_answer", at=TWO + DAY)
    once = fresh(promise).attempted_at
    call(promise, "voicemail", at=TWO + DAY + HOUR)

    assert once is None
    assert fresh(promise).attempted_at == TWO + DAY + HOUR


def test_once_attempted_a_move_leaves_the_mark():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)
    call(promise, "voicemail", at=TWO + HOUR)

    services.move(
        promise.pk, by=makers.ana(), due_at=FOUR + DAY, reason="Tomorrow then",
        told=services.Told.NO, now=TWO + HOUR,
    )  # fmt: skip

    assert fresh(promise).attempted_at == TWO + HOUR


def test_a_move_brings_its_own_window_or_none():
    promise = a_callback()

    services.move(
        promise.pk, by=makers.ana(), due_at=FOUR + DAY, window_start=TWO + DAY, reason="Tomorrow",
        told=services.Told.NO, now=NOON + HOUR,
    )  # fmt: skip
    with_window = fresh(promise).window_start
    services.move(
        promise.pk, by=makers.ana(), due_at=FOUR + 4 * DAY, reason="Monday",
        told=services.Told.NO, now=NOON + HOUR,
    )  # fmt: skip

    assert with_window == TWO + DAY
    assert fresh(promise).window_start is None


def test_a_window_that_ends_before_it_begins_is_refused_and_nothing_changes():
    promise = a_callback()

    with pytest.raises(CommitmentError, match="begins after it ends"):
        services.move(
            promise.pk, by=makers.ana(), due_at=FOUR + HOUR, window_start=FOUR + DAY,
            reason="Later", told=services.Told.NO, now=NOON + HOUR,
        )  # fmt: skip

    assert fresh(promise).window_start == TWO
    assert events_of(promise) == ["made"]


def test_while_we_wait_for_the_customer_the_window_moves_along():
    promise = a_callback()
    services.wait(promise.pk, by=makers.ana(), what="a photo", now=NOON)

    services.resume(promise.pk, by=makers.ana(), now=NOON + HOUR)

    assert (fresh(promise).window_start, fresh(promise).due_at) == (TWO + HOUR, FOUR + HOUR)


def test_undo_takes_a_try_back_with_all_it_did():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)
    call(promise, "voicemail", at=TWO + HOUR)
    event = promise.events.latest("sequence")

    services.undo(event.pk, by=makers.ana(), now=TWO + HOUR + 20 * SECOND)

    assert fresh(promise).attempted_at is None
    assert [one.at for one in CallAttempt.objects.all()] == [TWO]
    assert events_of(promise) == ["made", "call_tried", "call_tried", "undone"]
    assert first_broken_link(fresh(promise)) is None


def test_a_reached_call_taken_back_leaves_the_customer_untold():
    promise = a_callback(due_at=NOON + HOUR, window_start=None)
    call(promise, "reached", at=TWO)
    event = promise.events.latest("sequence")

    services.undo(event.pk, by=makers.ana(), now=TWO + 20 * SECOND)

    assert fresh(promise).is_not_told(TWO + HOUR)


def test_after_half_a_minute_a_try_stays():
    promise = a_callback()
    call(promise, "no_answer", at=TWO)
    event = promise.events.latest("sequence")

    with pytest.raises(IllegalMoveError, match="too late"):
        services.undo(event.pk, by=makers.ana(), now=TWO + 31 * SECOND)

    assert CallAttempt.objects.count() == 1


def test_a_closed_promise_takes_no_call():
    promise = a_callback()
    services.fulfil(promise.pk, by=makers.ana(), how="Called", now=TWO)

    with pytest.raises(IllegalMoveError, match="already done"):
        call(promise, "no_answer", at=TWO + HOUR)

    assert CallAttempt.objects.count() == 0
    assert fresh(promise).status == Status.FULFILLED


def test_what_came_of_it_has_to_be_one_of_five():
    promise = a_callback()

    with pytest.raises(CommitmentError, match="Choose what came of the call"):
        call(promise, "hung_up", at=TWO)

    assert events_of(promise) == ["made"]


def test_auditors_call_nobody():
    promise = a_callback()
    makers.Membership.objects.filter(user=makers.ana()).update(role=Role.AUDITOR)

    with pytest.raises(NotAllowedError):
        call(promise, "no_answer", at=TWO)

    assert CallAttempt.objects.count() == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_log_a_try_at_once_both_are_heard():
    promise = a_callback()
    write(promise, at=TWO)
    people = [makers.ana(), makers.dev()]
    ready = threading.Barrier(2)

    def log(person: object) -> None:
        ready.wait()
        services.attempt(promise.pk, by=person, came_of_it="no_answer", now=TWO + HOUR)
        connection.close()

    threads = [threading.Thread(target=log, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {one.caller_id for one in CallAttempt.objects.all()} == {each.pk for each in people}
    assert events_of(promise)[-2:] == ["call_tried", "call_tried"]
    assert first_broken_link(fresh(promise)) is None
    assert fresh(promise).attempted_at is None  # the message came before the first try
