"""Keeps a handful of processes running: starts, prefixes their lines, restarts, stops in order.

One thread does it all. The kernel ties each child to the thread that forked it, so that nothing is
left over even when the launcher is killed; and a fork beside other threads could hang.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.launcher import children

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a process that died is started again
SETTLED_AFTER = 30.0  # seconds after which it counts as running well


@dataclass(kw_only=True)
class Service:
    """A process to keep running. `patience` is how long it may take to stop, in seconds."""

    name: str
    command: list[str]
    folder: Path
    environment: Mapping[str, str]
    patience: float
    last_word: signal.Signals = signal.SIGTERM  # what it hears when the launcher dies
    before: Callable[[], None] = lambda: None

    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)
    started: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)
    unfinished: bytes = field(default=b"", init=False)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, *, now: float) -> IO[bytes]:
        """Start it in a session of its own; returns the pipe where its lines arrive."""
        self.before()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=children.tied_to(os.getpid(), last_word=self.last_word),  # noqa: PLW1509
        )
        self.started = now
        if self.process.stdout is None:
            raise AssertionError("asked for a pipe, got none")
        return self.process.stdout

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process, or SIGKILL to everything that it started."""
        if self.process is None or self.process.poll() is not None:
            return
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def lines(self, read: bytes) -> Iterator[str]:
        """The whole lines among what was read so far."""
        *whole, self.unfinished = (self.unfinished + read).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace").rstrip()

    def postpone(self, *, now: float) -> float:
        """After it died: when to start it again, later each time unless it had run well."""
        if now - self.started > SETTLED_AFTER:
            self.pause = FIRST_PAUSE
        self.due, wait = now + self.pause, self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        return wait


class Keeper:
    """Keeps its services running between `start` and `stop`, for as long as `turn` is called."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._services: list[Service] = []
        self._pipes = selectors.DefaultSelector()

    def start(self, service: Service) -> None:
        self._services.append(service)
        self._launch(service)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to the service of that name."""
        for service in self._services:
            if service.name == name:
                service.signal(number)

    def turn(self, seconds: float) -> None:
        """Pass on what the services say for a moment, and start again what has died."""
        self._listen(seconds)
        now = time.monotonic()
        for service in self._services:
            if service.process is not None and service.process.poll() is not None:
                self._bury(service, now=now)
            elif service.process is None and now >= service.due:
                self._launch(service)

    def finishes(self, task: Service, *, unless: Callable[[], bool]) -> bool:
        """Run something to its end while the services go on; whether it ended well."""
        self._launch(task)
        while task.is_running:
            self.turn(0.05)
            if unless():
                task.signal(signal.SIGKILL)
        self._listen(0)
        return task.process is not None and task.process.returncode == 0

    def stop(self, *, hurry: Callable[[], bool]) -> None:
        """Stop every service, the last started first, each at its own pace unless in a hurry."""
        for service in reversed(self._services):
            self._say(f"Stopping {service.name}")
            service.signal(signal.SIGTERM)
            give_up = time.monotonic() + service.patience
            while service.is_running and time.monotonic() < give_up and not hurry():
                self._listen(0.1)
            service.signal(signal.SIGKILL)
            if service.process is not None:
                service.process.wait()
        self._listen(0)

    def _launch(self, service: Service) -> None:
        pipe = service.start(now=time.monotonic())
        self._pipes.register(pipe, selectors.EVENT_READ, service)

    def _bury(self, service: Service, *, now: float) -> None:
        code = service.process.returncode if service.process else 0
        how = f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
        service.process = None
        wait = service.postpone(now=now)
        self._say(f"{service.name} was {how}; starting it again in {wait:g} s")

    def _listen(self, seconds: float) -> None:
        for key, _ in self._pipes.select(seconds):
            service: Service = key.data
            read = os.read(key.fd, 65536)
            for line in service.lines(read or b"\n" * bool(service.unfinished)):
                self._say(f"{service.name:<6} | {line}")
            if not read:
                pipe = self._pipes.unregister(key.fileobj).fileobj
                if not isinstance(pipe, int):
                    pipe.close()  # type: ignore[attr-defined]  # typeshed knows only fileno()
