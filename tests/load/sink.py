"""The plain mail server as a process of its own, so that it does not share our interpreter.

    python -m tests.load.sink [seconds before each answer to the final dot]

prints its port, and from then on answers every line on standard input with how many it has.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.smtp import Sink


@dataclass
class Running:
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def count(self) -> int:
        """How many mails arrived so far."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("count\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def running(*, pause: float = 0) -> Iterator[Running]:
    command = [sys.executable, "-m", "tests.load.sink", str(pause)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield Running(int(process.stdout.readline()), process)
        finally:
            process.terminate()


if __name__ == "__main__":
    server = Sink(pause=float(sys.argv[1]))
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        sys.stdout.write(f"{len(server.accepted)}\n")
        sys.stdout.flush()
