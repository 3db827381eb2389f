"""A restored installation sends nothing until somebody has looked, and then catches up (F54)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from pytest_django import Settings

from commitments import services, sweep
from commitments.models import Commitment, Event
from config import audit, beat, restoring, walk
from notifications import delivery
from notifications.models import Delivery
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, events_of
from tests.smtp import Sink, sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def run(command: str, **options: object) -> dict[str, int]:
    """The figures it prints, by what they say."""
    said = io.StringIO()
    call_command(command, stdout=said, **options)
    lines = [line.rsplit(None, 1) for line in said.getvalue().splitlines()]
    return {what.strip(): int(count) for what, count in lines if count.isdigit()}


@pytest.fixture
def far_end(settings: Settings) -> Iterator[Sink]:
    with sink() as server:
        settings.EMAIL_URL = server.url
        yield server


def a_backup_an_hour_old() -> Commitment:
    """A customer's mail and a reminder are on their way, and since then the promise fell due."""
    now = timezone.now()
    kettle = a_commitment(due_at=now - HOUR, now=now - 2 * DAY, promised_at=now - 30 * DAY)
    sweep.run(now - HOUR)
    return kettle


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state, audience in Delivery.objects.values_list("state", "audience"):
        found[f"{audience} {state}"] = found.get(f"{audience} {state}", 0) + 1
    return found


def test_everything_on_its_way_is_in_doubt_and_every_job_stands_still() -> None:
    a_backup_an_hour_old()
    on_their_way = Delivery.objects.filter(audience="staff").count()
    assert on_their_way > 0

    figures = run("after_restore")

    assert figures == {
        "jobs paused": len(beat.SCHEDULE),
        "messages in doubt, to customers": 1,
        "messages in doubt, to colleagues and programs": on_their_way,
    }
    assert states() == {"customer uncertain": 1, "staff uncertain": on_their_way}
    assert not Delivery.objects.filter(attempt_at__isnull=False).exists()
    assert not PeriodicTask.objects.filter(name__in=beat.SCHEDULE, enabled=True).exists()


def test_what_was_leased_or_waited_for_its_second_send_is_in_doubt_too() -> None:
    kettle = a_backup_an_hour_old()
    mail = Delivery.objects.filter(about=kettle.about, audience="staff").first()
    other = Delivery.objects.filter(about=kettle.about, audience="customer").first()
    Delivery.objects.filter(pk=other.pk).update(state="leased", phase="final")
    Delivery.objects.filter(pk=mail.pk).update(
        state="uncertain", settled_at=timezone.now(), possible_repeat=True
    )

    restoring.stand_still(timezone.now())

    assert set(Delivery.objects.values_list("state", "phase", "attempt_at")) == {
        ("uncertain", "", None)
    }


def test_done_twice_it_is_done_once() -> None:
    a_backup_an_hour_old()
    run("after_restore")
    settled = list(Delivery.objects.order_by("pk").values_list("state", "settled_at"))

    figures = run("after_restore")

    assert figures["jobs paused"] == len(beat.SCHEDULE)
    assert figures["messages in doubt, to customers"] == 0
    assert list(Delivery.objects.order_by("pk").values_list("state", "settled_at")) == settled


def test_no_mail_leaves_until_it_is_released(far_end: Sink) -> None:
    kettle = a_backup_an_hour_old()
    run("after_restore")
    told = events_of(kettle)

    with pytest.raises(CommandError, match="paused after a restore: nothing is done until"):
        run("run_due")
    delivery.run(timezone.now())  # a wake-up that lay in the broker

    assert (far_end.accepted, events_of(kettle)) == ([], told)


def test_what_a_colleague_writes_meanwhile_waits_for_the_release(far_end: Sink) -> None:
    run("after_restore")
    now = timezone.now()
    a_commitment(due_at=now + DAY, now=now - MINUTE)

    assert states() == {"customer queued": 1}
    assert far_end.accepted == []
    run("release", what="all")
    run("run_due")
    assert len(far_end.accepted) == 1


def test_released_it_asks_about_customers_mails_and_sends_none_of_them_again(
    far_end: Sink,
) -> None:
    kettle = a_backup_an_hour_old()
    run("after_restore")

    figures = run("release", what="all")
    run("run_due")

    assert figures["jobs that go on"] == len(beat.SCHEDULE)
    assert figures["messages somebody is asked about"] > 0
    assert Delivery.objects.get(template="agreement").state == "uncertain"
    assert "tom@customers.example" not in {mail.recipient for mail in far_end.accepted}
    assert "message_not_sent" in events_of(kettle)
    assert Delivery.objects.filter(template="undelivered", person=ana()).exists()


def test_colleagues_are_sent_again_what_they_may_have_missed_if_the_operator_says_so() -> None:
    a_backup_an_hour_old()
    run("after_restore")
    in_doubt = Delivery.objects.filter(audience="staff").count()

    figures = run("release", what="deliveries", requeue_staff=True)

    assert figures["messages sent to colleagues again"] == in_doubt
    again = Delivery.objects.filter(audience="staff", state="queued", possible_repeat=True)
    assert again.count() == in_doubt
    assert Delivery.objects.get(audience="customer", template="agreement").state == "uncertain"


def test_what_is_too_old_is_not_sent_to_colleagues_again() -> None:
    a_backup_an_hour_old()
    run("after_restore")
    Delivery.objects.update(expires_at=timezone.now() - MINUTE)

    assert run("release", what="all", requeue_staff=True)["messages sent to colleagues again"] == 0


def test_deliveries_alone_may_be_released_first() -> None:
    run("after_restore")

    figures = run("release", what="deliveries")

    assert figures["jobs that go on"] == 1
    assert figures["jobs still paused after the restore"] == len(beat.SCHEDULE) - 1
    enabled = PeriodicTask.objects.filter(enabled=True, name__in=beat.SCHEDULE)
    assert list(enabled.values_list("name", flat=True)) == ["deliver_notifications"]
    run("release", what="all")
    assert restoring.paused() == []


def test_a_pause_that_an_operator_had_set_stays() -> None:
    every, _ = IntervalSchedule.objects.get_or_create(every=30, period="seconds")
    PeriodicTask.objects.create(name="send_check_ins", task="t", interval=every, enabled=False)

    run("after_restore")
    run("release", what="all")

    paused = PeriodicTask.objects.filter(enabled=False, name__in=beat.SCHEDULE)
    assert list(paused.values_list("name", flat=True)) == ["send_check_ins"]


def test_nothing_is_released_that_was_not_restored() -> None:
    with pytest.raises(CommandError, match="Nothing is paused after a restore"):
        run("release", what="all")


def test_after_the_release_the_sweep_catches_up_as_after_an_outage() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    restoring.stand_still(NOON + HOUR)
    restoring.start_again(beat.SCHEDULE)

    sweep.run(NOON + 2 * DAY)

    steps = Event.objects.filter(commitment=kettle).exclude(step=None)
    assert list(steps.order_by("sequence").values_list("kind", "step")) == [
        ("passed_over", 1),
        ("step_taken", 2),
    ]
    breach = Event.objects.get(commitment=kettle, kind="breached")
    assert (breach.at, breach.recorded_at) == (NOON + 3 * HOUR, NOON + 2 * DAY)


def test_the_audit_finds_nothing_while_it_stands_still_nor_after_the_release() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    sweep.run(NOON + HOUR)

    restoring.stand_still(NOON + HOUR)
    assert list(audit.findings(NOON + 4 * HOUR)) == []
    call_command("release", what="all", stdout=io.StringIO())
    Delivery.objects.filter(template__in=["undelivered", "unreached"]).update(
        not_before=NOON, attempt_at=NOON + HOUR
    )
    walk.walk(NOON + HOUR, NOON + 2 * HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON + 2 * HOUR)

    assert [found.rule for found in audit.findings(NOON + 2 * HOUR)] == []
