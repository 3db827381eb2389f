"""A program that takes webhooks and keeps connections open, as a process of its own.

    python -m tests.load.http_sink

prints its port, and from then on answers every line on standard input with how many it has.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.http import Sink
from tests.load.sink import Running


@contextmanager
def running() -> Iterator[Running]:
    command = [sys.executable, "-m", "tests.load.http_sink"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield Running(int(process.stdout.readline()), process)
        finally:
            process.terminate()


if __name__ == "__main__":
    server = Sink()
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        sys.stdout.write(f"{len(server.seen)}\n")
        sys.stdout.flush()
