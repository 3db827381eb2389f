"""What takes long: run by `make faults`. F49 and F56."""

from __future__ import annotations

import os
import time

import psutil
import pytest

from tests.faults.backlog import a_backlog, until_an_urgent_one_is_there
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults, pytest.mark.long_fault]
BACKLOG = int(os.environ.get("FAULTS_BACKLOG", "100000"))


@pytest.mark.timeout(3600)
def test_f49_a_hundred_thousand_at_once_go_out_and_what_is_urgent_overtakes(stand: Stand):
    """F49: at 50 mails a second or more, and new urgent ones within a minute."""
    promises(1)
    stand.do()
    a_backlog(stand, BACKLOG)
    worker, _ = stand.worker(), stand.beat()
    until(lambda: len(stand.sink.accepted) > BACKLOG // 100, within=120)

    began, so_far = time.monotonic(), len(stand.sink.accepted)
    waits = [until_an_urgent_one_is_there(number) for number in range(20)]
    assert max(waits) < 60
    until(lambda: states().get("queued", 0) == 0, within=3000)
    speed = (len(stand.sink.accepted) - so_far) / (time.monotonic() - began)
    until(nothing_is_due, within=60)

    assert worker.is_running
    assert speed >= 50
    assert states() == {"sent": BACKLOG + 21}
    assert len(stand.sink.accepted) == BACKLOG + 21
    assert set(stand.sink.by_message_id().values()) == {1}


@pytest.mark.timeout(900)
def test_f56_a_worker_grows_neither_in_memory_nor_in_open_files(stand: Stand):
    """F56: five minutes of rounds and mails; after the first of them nothing grows by a tenth."""
    worker, _ = stand.worker(), stand.beat(tick=0.2)
    promises(20)
    until(lambda: len(stand.sink.accepted) == 20)
    number, figures = 20, []
    ends = time.monotonic() + 300
    while time.monotonic() < ends:
        promises(20, start=number)
        number += 20
        wanted = number
        until(lambda: len(stand.sink.accepted) >= wanted)  # noqa: B023 - asked at once
        figures.append(_size_of(worker.pid))
        time.sleep(2)

    settled = figures[len(figures) // 5]
    memory, files = figures[-1]
    assert memory <= settled[0] * 1.1
    assert files <= settled[1] + 2
    until(nothing_is_due)
    assert arrived(stand.sink) == addresses(range(number))


def _size_of(pid: int) -> tuple[int, int]:
    """Bytes and open files of a worker and its pool."""
    parent = psutil.Process(pid)
    family = [parent, *parent.children()]
    return (
        sum(each.memory_info().rss for each in family),
        sum(each.num_fds() for each in family),
    )
