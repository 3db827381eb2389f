"""The audit finds what is broken, and nothing in what is whole."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from pytest_django import Settings

from commitments import services, sweep
from commitments.models import Commitment, Schedule
from config import audit, walk
from notifications.models import Delivery
from tests.commitments.ladders import climb_by, rung
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev, fresh
from tests.smtp import sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = NOON + 14 * DAY
SECOND = timedelta(seconds=1)


def rules_broken(now: datetime, *, since: datetime | None = None) -> list[str]:
    Schedule.objects.update(next_at=None)  # housekeeping is not what these tests are about
    return [found.rule for found in audit.findings(now, since=since)]


def test_nothing_is_found_in_lives_that_were_lived() -> None:
    kept = a_commitment(due_at=NOON + 6 * HOUR)
    moved = a_commitment(due_at=NOON + 3 * HOUR)
    a_commitment(due_at=NOON + 4 * HOUR)
    services.fulfil(kept.pk, by=ana(), how="Sent it", now=NOON + HOUR)
    services.move(
        moved.pk,
        by=ana(),
        due_at=NOON + DAY,
        reason="No parts",
        told=services.Told.MESSAGE,
        now=NOON + 2 * HOUR,
    )
    walk.walk(NOON + 2 * HOUR, NOON + 3 * HOUR)
    reassigned = services.reassign(moved.pk, by=dev(), owner_id=dev().pk, now=NOON + 3 * HOUR)
    services.undo(
        reassigned.events.get(kind="reassigned").pk, by=dev(), now=NOON + 3 * HOUR + 10 * SECOND
    )

    walk.walk(NOON + 3 * HOUR, LATER)

    assert list(audit.findings(LATER)) == []


def test_a_late_clock_is_found_unless_its_job_is_paused() -> None:
    a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    every, _ = IntervalSchedule.objects.get_or_create(every=10, period="seconds")
    late = NOON + HOUR + 4 * MINUTE

    assert rules_broken(late) == ["has been due for more than three minutes"]
    PeriodicTask.objects.create(name="remind_owners", interval=every, enabled=False)
    assert rules_broken(late) == []


def test_an_open_promise_without_a_clock_is_found() -> None:
    kettle = a_commitment(summary=False)

    Commitment.objects.filter(pk=kettle.pk).update(next_action="", next_action_at=None)

    assert rules_broken(NOON) == ["is open, and neither a clock nor an ended ladder"]


def test_a_step_that_told_nobody_is_found() -> None:
    a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    sweep.run(NOON + HOUR)

    Delivery.objects.all().delete()

    assert rules_broken(NOON + HOUR) == ["took step 1 without a message or a reason"]


def test_a_step_that_told_nobody_but_who_it_came_to_has_told_somebody() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    climb_by(kettle, rung(1, 0, hands_to="lead"))
    sweep.run(NOON + 3 * HOUR)

    assert fresh(kettle).owner == dev()
    assert rules_broken(NOON + 3 * HOUR) == []

    Delivery.objects.all().delete()

    assert rules_broken(NOON + 3 * HOUR) == ["took step 1 without a message or a reason"]


def test_a_promise_unlike_its_history_is_found() -> None:
    kettle = a_commitment(summary=False)

    Commitment.objects.filter(pk=kettle.pk).update(owner=dev())

    said = rules_broken(NOON)
    assert said == [f"has owner_id {dev().pk}, and its events say {ana().pk}"]


def test_a_broken_chain_is_found() -> None:
    kettle = a_commitment(summary=False)

    Commitment.objects.filter(pk=kettle.pk).update(head_hash="0" * 64)

    assert rules_broken(NOON) == ["has a history that breaks at event 1"]


def test_only_recent_histories_are_read_if_asked() -> None:
    kettle = a_commitment(summary=False)
    Commitment.objects.filter(pk=kettle.pk).update(head_hash="0" * 64)

    assert rules_broken(NOON, since=NOON + MINUTE) == []


def test_a_nag_after_the_end_is_found() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    walk.walk(NOON, NOON + 2 * HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON + 2 * HOUR)

    Commitment.objects.filter(pk=kettle.pk).update(closed_at=NOON + MINUTE)

    assert set(rules_broken(NOON + 2 * HOUR)) == {"nags about what had been closed before"}


def test_a_customers_mail_that_failed_is_told_to_the_owner(settings: Settings) -> None:
    a_commitment(due_at=NOON + 6 * HOUR)
    with sink() as server:
        server.script["RCPT"] = ["550 5.1.1 nobody"]
        settings.EMAIL_URL = server.url
        walk.walk(NOON, NOON + HOUR)

    assert rules_broken(NOON + HOUR) == []
    Delivery.objects.filter(template="undelivered").delete()
    assert rules_broken(NOON + HOUR) == ["is failed, and nobody was told"]


def test_the_command_prints_what_it_finds_and_ends_in_an_error() -> None:
    said = io.StringIO()
    call_command("audit_delivery", stdout=said)
    assert said.getvalue() == "Nothing breaks a rule.\n"
    kettle = a_commitment(summary=False)

    with pytest.raises(CommandError):
        call_command("audit_delivery", stdout=said)

    line = f"I1 commitment {kettle.pk}: has been due for more than three minutes."
    assert line in said.getvalue()
