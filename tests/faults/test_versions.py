"""Two versions of us at one database, as while a new one is put in place. F53."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from notifications.models import Delivery, JobRound
from tests import http
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_breaks_a_rule,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.rounds import ROOT
from tests.faults.stand import Stand, until
from tests.notifications.endpoints import an_endpoint

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
PARTS = ("commitments", "config", "notifications", "templates", "tests")
ROUND = Path("notifications/delivery/round.py")
CHANNEL = '        "webhook": partial(Webhook, clock.now, Known()),\n'


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The version before the one that brought webhooks, as code of its own."""
    root = tmp_path / "older"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", root)
    code = (root / ROUND).read_text()
    assert CHANNEL in code
    (root / ROUND).write_text(code.replace(CHANNEL, ""))
    return root


@pytest.fixture
def desk() -> Iterator[http.Sink]:
    with http.sink() as far_end:
        yield far_end


def test_f53_what_an_older_version_does_not_know_it_leaves_for_the_newer(
    stand: Stand, older: Path, desk: http.Sink
):
    """F53: its rows stay pending, untried; the newer one, beside the older, sends each once."""
    endpoint = an_endpoint(desk.url)
    promises(6, ladder=[(0, [f"webhook:{endpoint.pk}", "customer"])])
    trusting = {
        "WEBHOOK_PORTS": str(desk.port),
        "WEBHOOK_ALLOW_PRIVATE": "127.0.0.0/8",
        "PUBLIC_URL": "http://promises.example",
    }
    first = stand.worker(root=older, env=trusting)
    stand.beat()

    until(lambda: states() == {"sent": 6})
    two_rounds_more()
    pending = Delivery.objects.filter(channel="webhook")
    assert set(pending.values_list("state", "attempts")) == {("queued", 0)}
    assert desk.seen == []

    second = stand.worker(env=trusting)
    promises(6, start=6, ladder=[(0, [f"webhook:{endpoint.pk}", "customer"])])
    until(lambda: len(desk.seen) == 12)
    until(nothing_is_due)

    assert (first.is_running, second.is_running) == (True, True)
    assert (states(), arrived(stand.sink)) == ({"sent": 12}, addresses(range(12)))
    assert set(pending.values_list("state", flat=True)) == {"sent"}
    assert len({request.headers["webhook-id"] for request in desk.seen}) == 12
    nothing_breaks_a_rule()


def two_rounds_more() -> None:
    """Of delivery, each of which has been written down."""
    for _ in range(2):
        since = _last_round()
        until(lambda: _last_round() != since)  # noqa: B023 - asked at once


def _last_round() -> datetime | None:
    rounds = JobRound.objects.filter(name="deliver_notifications")
    return rounds.values_list("finished_at", flat=True).first()
