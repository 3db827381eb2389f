"""Whoever reads our standard output stops reading. F57."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator

import pytest

from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.stand import Stand, until

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="fills a pipe as Linux has it"),
]


@pytest.fixture
def blocked() -> Iterator[int]:
    """A pipe that is full, and that nobody reads."""
    nobody, pipe = os.pipe()
    os.set_blocking(pipe, False)
    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
    try:
        while True:
            os.write(pipe, b"x" * 512)
    except BlockingIOError:
        os.set_blocking(pipe, True)
    yield pipe
    os.close(pipe)
    os.close(nobody)


def test_f57_with_its_output_blocked_a_worker_goes_on_sending(stand: Stand, blocked: int):
    """F57: what cannot be logged is lost, and nothing else is."""
    promises(10)
    stand.sink.script["RCPT"] = ["451 4.3.0 try later"] * 3  # something to write about
    worker = stand.worker()
    worker.kill()

    worker.start(stdout=blocked)
    stand.beat()
    until(lambda: len(stand.sink.accepted) == 10)
    until(nothing_is_due)

    assert worker.is_running
    assert (states(), arrived(stand.sink)) == ({"sent": 10}, addresses(range(10)))
