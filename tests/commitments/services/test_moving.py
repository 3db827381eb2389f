"""A new time: told or not, and how it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commitments import services, sweep
from commitments.errors import CommitmentError
from commitments.services import Told
from notifications import delivery
from notifications.models import Delivery, State
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR
LATER = NOON + DAY


def move(pk: int, *, told: Told, now: object = NOON + HOUR) -> None:
    services.move(
        pk, by=ana(), due_at=LATER, reason="We need one more check", told=told, now=now  # type: ignore[arg-type]  # an instant
    )  # fmt: skip


def test_a_move_keeps_the_first_due_time_and_starts_the_climb_anew() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    move(kettle.pk, told=Told.NO)

    moved = fresh(kettle)
    assert (moved.first_due_at, moved.due_at, moved.revision) == (DUE, LATER, 2)
    assert (moved.next_action, moved.next_action_at) == ("step", LATER - 2 * HOUR)


def test_told_in_time_it_counts_as_moved() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    move(kettle.pk, told=Told.MESSAGE)
    delivery.run(NOON + HOUR + MINUTE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=LATER)

    assert fresh(kettle).outcome == "moved"
    told_at = fresh(kettle).told_at
    assert told_at is not None
    assert NOON + HOUR + MINUTE <= told_at < DUE


def test_told_by_phone_before_the_old_time_it_counts_as_moved() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    move(kettle.pk, told=Told.PHONE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=LATER)

    assert fresh(kettle).outcome == "moved"


def test_a_call_before_the_first_time_makes_good_a_silent_move() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    services.move(
        kettle.pk, by=ana(), due_at=DUE + HOUR, reason="Later", told=Told.NO, now=NOON + MINUTE
    )

    move(kettle.pk, told=Told.PHONE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=LATER)

    assert fresh(kettle).outcome == "moved"


@pytest.mark.parametrize("told", [Told.NO, Told.MESSAGE, Told.PHONE])
def test_untold_or_told_too_late_it_counts_as_late(told: Told) -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    too_late = DUE + MINUTE

    move(kettle.pk, told=told, now=NOON + HOUR if told is Told.NO else too_late)
    delivery.run(DUE + HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=LATER)

    assert fresh(kettle).outcome == "late"


def test_a_message_accepted_only_after_the_old_time_does_not_count_as_told_before() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    move(kettle.pk, told=Told.MESSAGE, now=DUE - HOUR)
    delivery.run(DUE + MINUTE)

    assert fresh(kettle).untold_due_at == DUE


def test_before_the_old_time_mail_3_after_it_mail_4() -> None:
    before = a_commitment(due_at=DUE, summary=False, case="before")
    after = a_commitment(due_at=DUE, summary=False, case="after")

    move(before.pk, told=Told.MESSAGE, now=DUE - HOUR)
    move(after.pk, told=Told.MESSAGE, now=DUE + HOUR)

    assert list(Delivery.objects.order_by("pk").values_list("template", flat=True)) == [
        "new_time",
        "slip",
    ]


def test_with_less_than_a_minute_left_the_undo_wait_is_skipped() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    move(kettle.pk, told=Told.MESSAGE, now=DUE - timedelta(seconds=50))

    assert Delivery.objects.get().not_before == DUE - timedelta(seconds=50)


def test_moving_withdraws_the_nags_about_the_old_time() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    sweep.run(NOON + HOUR)

    move(kettle.pk, told=Told.NO, now=NOON + HOUR)

    assert {row.state for row in Delivery.objects.filter(template="reminder")} == {State.CANCELLED}


def test_a_move_after_a_silent_breach_records_the_breach_first() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    move(kettle.pk, told=Told.NO, now=DUE + HOUR)

    assert events_of(kettle)[-2:] == ["breached", "moved"]
    assert kettle.events.get(kind="breached").at == DUE


def test_a_moved_promise_can_be_missed_again() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    move(kettle.pk, told=Told.NO, now=DUE + HOUR)
    sweep.run(LATER)

    assert events_of(kettle).count("breached") == 2


def test_a_time_that_has_passed_is_refused_and_changes_nothing() -> None:
    kettle = a_commitment(due_at=DUE)

    with pytest.raises(CommitmentError, match="has passed"):
        services.move(
            kettle.pk, by=ana(), due_at=NOON, reason="Later", told=Told.NO, now=NOON + MINUTE
        )

    assert fresh(kettle).due_at == DUE
    assert events_of(kettle) == ["made"]


def test_a_time_overtaken_before_it_went_out_is_not_announced() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    move(kettle.pk, told=Told.MESSAGE, now=NOON)

    services.move(
        kettle.pk,
        by=ana(),
        due_at=LATER + HOUR,
        reason="Later still",
        told=Told.NO,
        now=NOON + timedelta(seconds=20),
    )
    delivery.run(NOON + MINUTE)

    assert {row.state for row in Delivery.objects.all()} == {State.CANCELLED}
    assert fresh(kettle).untold_due_at == DUE


def test_an_overtaken_time_is_announced_after_all_if_the_second_move_is_undone() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    move(kettle.pk, told=Told.MESSAGE, now=NOON)
    soon = NOON + timedelta(seconds=20)
    services.move(kettle.pk, by=ana(), due_at=LATER + HOUR, reason="Later", told=Told.NO, now=soon)

    services.undo(kettle.events.latest("sequence").pk, by=ana(), now=soon)
    delivery.run(NOON + MINUTE)

    assert [row.state for row in Delivery.objects.all()] == [State.SENT]
    assert fresh(kettle).untold_due_at is None


def test_the_same_time_is_no_new_time() -> None:
    kettle = a_commitment(due_at=DUE)

    with pytest.raises(CommitmentError, match="due at that time already"):
        services.move(kettle.pk, by=ana(), due_at=DUE, reason="So", told=Told.NO, now=NOON)

    assert fresh(kettle).revision == 1
