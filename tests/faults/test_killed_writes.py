"""Killed while it writes: a round of the sweep. F4."""

from __future__ import annotations

import signal
import time

import pytest
from django.db import connection

from commitments.models import Event
from notifications.models import Delivery
from tests.faults.makers import (
    OWNER,
    addresses,
    arrived,
    promises,
    states,
)
from tests.faults.stand import Stand

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
KILLED = 137
_WRITING = """
select 1 from pg_stat_activity
where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
"""


def kinds(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def test_f04_a_sweep_killed_before_its_commit_has_done_nothing(stand: Stand):
    """F4: I2, I7 and I9 hold: nothing half done, and the next round does every row once."""
    promises(30)

    assert stand.round("sweep", CRASH_AT="T1.pre").wait() == KILLED
    assert (kinds("breached"), Delivery.objects.count()) == (0, 0)
    stand.do()

    assert (kinds("breached"), kinds("step_taken"), states()) == (30, 30, {"sent": 30})
    assert arrived(stand.sink) == addresses(range(30))


def test_f04_a_sweep_killed_after_its_commit_has_done_everything(stand: Stand):
    """F4, after the commit and before the wake-up."""
    promises(30)

    assert stand.round("sweep", CRASH_AT="wake").wait() == KILLED
    assert (kinds("breached"), states()) == (30, {"queued": 30})
    stand.do()

    assert (kinds("breached"), kinds("step_taken"), states()) == (30, 30, {"sent": 30})
    assert arrived(stand.sink) == addresses(range(30))


def test_f04_a_sweep_killed_in_the_middle_of_200_rows_fires_all_once(stand: Stand):
    """F4: kill -9, again and again, while its transaction has written and not committed."""
    promises(200, ladder=OWNER)

    for _ in range(3):
        sweep = stand.round("sweep")
        until_it_writes()
        sweep.kill()
        assert sweep.wait() == -signal.SIGKILL
        assert (kinds("breached"), kinds("step_taken"), Delivery.objects.count()) == (0, 0, 0)
    stand.do()

    assert (kinds("breached"), kinds("step_taken")) == (200, 200)
    assert Delivery.objects.filter(channel="inbox", state="sent").count() == 200
    by_mail = Delivery.objects.filter(channel="email")
    alone = by_mail.filter(state="sent").exclude(template="bundle").count()
    assert by_mail.filter(state="bundled").count() + alone == 200
    assert set(stand.sink.recipients) == {"ana@larkfield.example"}
    assert set(stand.sink.by_message_id().values()) == {1}


def until_it_writes() -> None:
    """Until another connection to this database has written something and not committed it."""
    give_up = time.monotonic() + 30
    with connection.cursor() as cursor:
        writing = False
        while not writing:
            assert time.monotonic() < give_up
            cursor.execute(_WRITING)
            writing = cursor.fetchone() is not None
