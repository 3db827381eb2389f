"""After a restore, and after a new secret key. F54 and F55."""

from __future__ import annotations

import time

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from commitments import messages
from notifications.models import JobRound
from tests.faults.makers import (
    HOUR,
    MINUTE,
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
    told_of_troubles,
)
from tests.faults.program import Program
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]


@pytest.mark.timeout(240)
def test_f54_a_restored_installation_sends_nothing_until_somebody_has_looked(stand: Stand):
    """F54: a dump an hour old; of what was sent since it knows nothing, and a person does."""
    an_hour_ago = timezone.now() - HOUR
    promises(2, now=an_hour_ago)
    stand.do(at=an_hour_ago)
    promises(4, start=2, now=an_hour_ago)
    stand.do("sweep", at=an_hour_ago)
    dump = stand.folder / "an hour ago.dump"
    stand.cluster.dump(stand.database, to=dump)
    stand.do("delivery", at=an_hour_ago + MINUTE)
    promises(2, start=6)
    stand.do()
    assert arrived(stand.sink) == addresses(range(8))

    connection.close()
    stand.cluster.restore(stand.database, dump=dump)
    assert states() == {"sent": 2, "queued": 4}
    assert stand.manage("after_restore").returncode == 0
    program = Program(stand.port)
    stand.web()
    worker, beat = stand.worker(), stand.beat()
    worker.has_said("celery.apps.worker")
    until(program.finds_it_alive)
    assert stand.manage("run_due").returncode != 0
    promises(2, start=8)  # which come due while it is paused
    assert program.make(10).status == 201
    time.sleep(3)  # in which beat would have ticked three times

    assert len(stand.sink.accepted) == 8
    assert states(state="uncertain") == {"uncertain": 4}
    assert "paused after a restore" in str(program.ready().body["troubles"])
    assert JobRound.objects.filter(name="deliver_notifications").count() == 0
    assert (worker.is_running, beat.is_running) == (True, True)

    assert stand.manage("release", "--what", "all").returncode == 0
    until(lambda: states(audience="customer") == {"sent": 5, "uncertain": 4})
    until(nothing_is_due)

    came = {to: count for to, count in arrived(stand.sink).items() if to.startswith("tom")}
    assert came == addresses(range(11))
    assert told_of_troubles() == 4


def test_f55_links_outlive_a_new_key_for_as_long_as_the_old_one_is_named(
    stand: Stand, settings: LazySettings
):
    """F55: then they are a page that says so, and never an error of ours."""
    [kettle] = promises(1)
    path = messages.status_path(kettle.conversation, now=timezone.now())
    browser = Client(headers={"host": "127.0.0.1"})
    assert browser.get(path).status_code == 200

    old, settings.SECRET_KEY = (
        settings.SECRET_KEY,
        "another-key-of-more-than-fifty-characters-long-0123456",
    )
    settings.SECRET_KEY_FALLBACKS = [old]
    assert browser.get(path).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert browser.get(path).status_code in (404, 410)
