"""What its processes hold meanwhile: memory and connections, looked at every few seconds."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlsplit

import psutil
import psycopg2
import redis

_EVERY = 2.0  # seconds


@dataclass(kw_only=True)
class Watch:
    """`processes`: by name, each with its children. `held`: MiB of each, look by look; `pids`: who
    was met under each name. `broker_lines`: what a Valkey is held by; of another broker, nothing.
    """

    database: str
    broker: str
    processes: dict[str, int]
    held: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pids: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    connections: list[int] = field(default_factory=list)
    broker_lines: list[int] = field(default_factory=list)
    files: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ended: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.looking = self.thread.submit(self._look_on)

    def end(self) -> None:
        """Raises what kept it from looking to the end: a process that is gone, for one."""
        self.ended.set()
        self.thread.shutdown()
        self.looking.result()

    def replaced(self) -> list[str]:
        """The names under which more than one process was met."""
        return sorted(name for name, pids in self.pids.items() if len(pids) > 1)

    def growth(self) -> dict[str, tuple[float, float]]:
        """MiB in the first and in the last fifth of the time, of each process."""
        return {name: _first_and_last(looks) for name, looks in sorted(self.held.items())}

    def more_files(self) -> dict[str, tuple[float, float]]:
        return {name: _first_and_last(looks) for name, looks in sorted(self.files.items())}

    def _look_on(self) -> None:
        server, valkey = psycopg2.connect(self.database), _valkey(self.broker)
        server.autocommit = True
        while not self.ended.is_set():
            began = time.monotonic()
            for name, process in self._all():
                with process.oneshot():
                    self.held[name].append(process.memory_info().rss / 2**20)
                    self.files[name].append(process.num_fds())
                self.pids[name].add(process.pid)
            with server.cursor() as cursor:
                cursor.execute(
                    "select count(*) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
                self.connections.append(cursor.fetchone()[0])
            if valkey:
                self.broker_lines.append(len(valkey.client_list()) - 1)  # without ours
            self.ended.wait(max(0.0, _EVERY - (time.monotonic() - began)))
        server.close()

    def _all(self) -> list[tuple[str, psutil.Process]]:
        found = []
        for name, pid in self.processes.items():
            head = psutil.Process(pid)
            found.append((name, head))
            children = enumerate(sorted(head.children(), key=lambda each: each.pid), start=1)
            found += [(f"{name}, child {number}", child) for number, child in children]
        return found


def _first_and_last(looks: list[float]) -> tuple[float, float]:
    part = max(1, len(looks) // 5)
    return median(looks[:part]), median(looks[-part:])


def _valkey(url: str) -> redis.Redis | None:
    if url.startswith("redis+socket:"):
        return redis.Redis(unix_socket_path=urlsplit(url).path)
    return redis.Redis.from_url(url) if url.startswith(("redis:", "rediss:")) else None
