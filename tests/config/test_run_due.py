"""What is due, done by hand: one round now, or a walk from clock to clock."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from commitments import services
from commitments.models import CheckIn, Commitment
from config.launcher.lock import Lock
from notifications.models import Delivery, State
from tests.makers import DAY, HOUR, NOON, a_commitment, ana, events_of, fresh
from tests.smtp import sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def run_due(**options: object) -> dict[str, int]:
    """The figures it prints, by what they say."""
    said = io.StringIO()
    call_command("run_due", stdout=said, **options)
    lines = [line.rsplit(None, 1) for line in said.getvalue().splitlines()]
    return {" ".join(what.split()): int(count) for what, count in lines}


def walk(start: datetime, end: datetime) -> dict[str, int]:
    return run_due(start=start, end=end)


def test_a_walk_reminds_climbs_and_delivers() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    done = walk(NOON, NOON + 7 * DAY)

    assert events_of(kettle) == [
        *("made", "step_taken", "breached"),
        *("step_taken", "step_taken", "step_taken", "message_sent"),
    ]
    assert done == {
        "promises seen to": 4,
        "put off, because they raised": 0,
        "check-ins seen to": 0,
        "schedules run, promises re-planned": 9,
        "messages dealt with": 11,
        "escalation email sent": 2,
        "escalation inbox sent": 2,
        "overdue email sent": 1,
        "overdue inbox sent": 1,
        "reminder email sent": 1,
        "reminder inbox sent": 1,
        "slip_note email sent": 1,
        "weekly email sent": 1,
        "weekly inbox sent": 1,
    }


def test_each_thing_is_done_at_its_own_time() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    walk(NOON, NOON + 7 * DAY)

    times = kettle.events.exclude(kind__in=["made", "message_sent"]).values_list("at", flat=True)
    due = NOON + 3 * HOUR
    next_day = datetime(2026, 5, 22, 15, tzinfo=UTC)
    assert list(times.order_by("sequence")) == [due - 2 * HOUR, due, due, due + 2 * HOUR, next_day]


def test_a_walk_ends_before_its_end() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)

    walk(NOON, NOON + 3 * HOUR)

    assert "breached" not in events_of(kettle)
    assert fresh(kettle).next_action_at == NOON + 3 * HOUR


def test_a_walk_that_goes_on_does_nothing_twice() -> None:
    a_commitment(due_at=NOON + 3 * HOUR)
    walk(NOON, NOON + 7 * DAY)
    delivered = Delivery.objects.count()

    walk(NOON, NOON + 7 * DAY)

    assert Delivery.objects.count() == delivered


def test_a_check_in_is_sent_on_the_walk() -> None:
    kettle = a_commitment()
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON + HOUR)

    done = walk(NOON + HOUR, NOON + 14 * DAY)

    assert done["check-ins seen to"] == 1
    assert done["check_in email sent"] == 1
    assert CheckIn.objects.get().state == "sent"


def test_a_mail_that_is_put_off_is_tried_again_on_the_walk(settings: Settings) -> None:
    a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    with sink() as server:
        server.script["RCPT"] = ["451 4.2.1 not now"]
        settings.EMAIL_URL = server.url
        done = walk(NOON, NOON + 7 * DAY)

    assert (done["reminder email sent"], len(server.accepted)) == (1, 6)


def test_a_walk_without_a_mail_server_gives_up_and_says_so(settings: Settings) -> None:
    a_commitment(due_at=NOON + 3 * HOUR)
    with sink() as server:
        settings.EMAIL_URL = server.url

    with pytest.raises(CommandError, match="The channel “email” stays closed"):
        walk(NOON, NOON + 365 * DAY)

    assert not Delivery.objects.filter(channel="email", state=State.SENT).exists()


def test_nobody_walks_in_a_production_installation(settings: Settings) -> None:
    settings.EMBEDDED = False
    kettle = a_commitment(due_at=NOON + 3 * HOUR)

    with pytest.raises(CommandError, match="for an embedded installation only"):
        walk(NOON, NOON + 7 * DAY)

    assert events_of(kettle) == ["made"]


def test_nobody_walks_while_worker_and_beat_run(tmp_path: Path) -> None:
    running = Lock(tmp_path / "up.lock")

    with pytest.raises(CommandError, match="runs in this folder"):
        walk(NOON, NOON + DAY)

    running.release()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"start": NOON}, "--from and --to together"),
        ({"start": NOON, "end": NOON + DAY, "dry_run": True}, "without --dry-run"),
        ({"start": NOON, "end": NOON}, "--from must lie before --to"),
    ],
)
def test_a_walk_needs_two_instants_in_order(options: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run_due(**options)


def test_an_instant_without_its_offset_is_refused() -> None:
    with pytest.raises(CommandError, match="Give an instant with its offset"):
        call_command("run_due", "--from", "2026-05-21T12:00", "--to", "2026-05-22T12:00Z")


def test_one_round_now_does_what_is_due() -> None:
    now = timezone.now()
    kettle = a_commitment(due_at=now - HOUR, now=now - DAY, promised_at=now - 30 * DAY)

    done = run_due()

    assert done["promises seen to"] == 1
    assert "breached" in events_of(kettle)
    assert not Commitment.objects.filter(next_action_at__lte=now).exists()


def test_a_dry_run_counts_and_does_nothing() -> None:
    now = timezone.now()
    kettle = a_commitment(
        due_at=now - timedelta(hours=1), now=now - DAY, promised_at=now - 30 * DAY
    )
    waiting = Delivery.objects.filter(state=State.QUEUED).count()

    due = run_due(dry_run=True)

    assert due["promises due"] == 1
    assert due["messages due"] == waiting
    assert due["imports due"] == 0
    assert "breached" not in events_of(kettle)
