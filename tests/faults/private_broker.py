"""A Valkey of one's own, to be stopped, frozen, emptied and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import redis

from config.launcher import broker, children

PATIENCE = 20


class PrivateBroker:
    """Starts at once, on a socket in that folder; what it holds is lost when it dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.path = broker.socket_path(folder)
        self.url = broker.url(self.path)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        broker.prepare(self.path)
        self.process = subprocess.Popen(
            broker.command(self.path, folder=self.folder, durable=False),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=children.tied_to(os.getpid(), last_word=signal.SIGKILL),  # noqa: PLW1509
        )
        give_up = time.monotonic() + PATIENCE
        while not broker.answers(self.path):
            assert time.monotonic() < give_up, "Valkey does not start"
            time.sleep(0.01)

    def die(self) -> None:
        """What `shutdown nosave` does: everything in it is gone."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """It still takes connections, and says nothing any more."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def talk(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.path), socket_timeout=5)

    def put(self, queue: str, messages: Sequence[bytes]) -> None:
        """Push these onto a queue, as they are."""
        with self.talk() as line:
            line.lpush(queue, *messages)

    def waiting(self, queue: str) -> int:
        with self.talk() as line:
            return int(line.llen(queue))  # type: ignore[arg-type]  # not awaitable here
