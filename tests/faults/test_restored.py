"""After a restore, and after a new secret key. F54 and F55."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from commitments import messages
from notifications.models import Delivery
from tests.faults.makers import arrived, promises, states
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]


def test_f54_a_restored_installation_sends_nothing_until_somebody_has_looked(stand: Stand):
    """F54: the copy does not know what was sent since; a person does."""
    promises(4)
    stand.do("sweep")
    stand.do("delivery")
    assert len(stand.sink.accepted) == 4
    # As the backup has them, which was made before they were sent.
    Delivery.objects.filter(channel="email").update(
        state="queued", phase="", attempt_at=timezone.now(), settled_at=None, token=0, attempts=0
    )

    assert stand.manage("after_restore").returncode == 0
    worker, _ = stand.worker(), stand.beat()
    worker.has_said("celery.apps.worker")
    assert stand.manage("run_due").returncode != 0
    until(lambda: states() == {"uncertain": 4})
    assert len(stand.sink.accepted) == 4
    promises(2, start=4)

    assert stand.manage("release", "--what", "all").returncode == 0
    until(lambda: states(audience="customer").get("sent") == 2)

    came = {to: count for to, count in arrived(stand.sink).items() if to.startswith("tom")}
    assert set(came.values()) == {1}
    assert len(came) == 6


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
