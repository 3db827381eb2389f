"""Asks so many times a second, whether or not the last answers have come."""

from __future__ import annotations

import http.client
import queue
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from .mix import Asked

CALLERS = 24
_PATIENCE = 30.0


class Draws(Protocol):
    def draw(self) -> Asked: ...


@dataclass(kw_only=True)
class Driven:
    """What became of the requests.

    `late` and `answered`: the seconds from when each was due until it was asked, and until its
    answer was there, whatever it said. `dropped`: what was asked once more, because the server had
    ended the kept line it went out on. `wrong`: in words, whatever else went wrong, with us too.
    """

    asked: int = 0
    late: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def drive(port: int, mix: Draws, *, a_second: int, seconds: float) -> Driven:
    """An open loop: a slow answer keeps no other request from being asked in time."""
    driven, waiting = Driven(), queue.Queue[tuple[float, Asked] | None]()
    with ThreadPoolExecutor(CALLERS) as threads:
        callers = [threads.submit(_calls, port, waiting, driven) for _ in range(CALLERS)]
        try:
            began = time.monotonic()
            for number in range(int(a_second * seconds)):
                at = began + number / a_second
                time.sleep(max(0.0, at - time.monotonic()))
                waiting.put((at, mix.draw()))
                driven.asked += 1
        finally:
            for _ in callers:
                waiting.put(None)
    driven.wrong += [f"A caller ended: {no!r}" for each in callers if (no := each.exception())]
    return driven


def _calls(port: int, waiting: queue.Queue[tuple[float, Asked] | None], driven: Driven) -> None:
    """One caller with a kept line, as a proxy has."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    while (next_one := waiting.get()) is not None:
        at, asked = next_one
        driven.late.append(time.monotonic() - at)
        try:
            status, said = _answer(line, asked, driven)
        except (OSError, http.client.HTTPException) as no:
            line.close()
            driven.wrong.append(f"{asked.what}: no answer, {no!r}")
            continue
        driven.answered.append(time.monotonic() - at)
        if status == asked.right:
            asked.heard(said)
        elif status not in asked.also:
            driven.wrong.append(f"{asked.what}: {status} {said[:300]!r}")
    line.close()


def _answer(line: http.client.HTTPConnection, asked: Asked, driven: Driven) -> tuple[int, bytes]:
    was_kept = line.sock is not None
    try:
        return _ask(line, asked)
    except ConnectionError:
        if not was_kept:
            raise
        line.close()
        driven.dropped.append(asked.what)
        return _ask(line, asked)


def _ask(line: http.client.HTTPConnection, asked: Asked) -> tuple[int, bytes]:
    line.request(asked.method, asked.address, asked.body or None, asked.headers)
    answer = line.getresponse()
    return answer.status, answer.read()
