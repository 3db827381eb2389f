"""Asks so many times a second, whether or not the last answers have come."""

from __future__ import annotations

import http.client
import queue
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from .mix import Asked, Mix

_CALLERS = 24
_PATIENCE = 30.0


@dataclass(kw_only=True)
class Driven:
    """What became of the requests: how many of each kind, and each that was not answered right."""

    answered: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    behind: float = 0.0  # seconds by which the last to begin was late


def drive(port: int, mix: Mix, *, a_second: int, seconds: float) -> Driven:
    """An open loop: a slow answer keeps no other request from being asked in time."""
    driven, waiting = Driven(), queue.Queue[tuple[float, Asked] | None]()
    callers = [
        threading.Thread(target=_calls, args=(port, waiting, driven), daemon=True)
        for _ in range(_CALLERS)
    ]
    for each in callers:
        each.start()
    began = time.monotonic()
    for number in range(int(a_second * seconds)):
        at = began + number / a_second
        time.sleep(max(0.0, at - time.monotonic()))
        waiting.put((at, mix.draw()))
    for _ in callers:
        waiting.put(None)
    for each in callers:
        each.join()
    return driven


def _calls(port: int, waiting: queue.Queue[tuple[float, Asked] | None], driven: Driven) -> None:
    """One caller with a kept line, as a proxy has."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    while (next_one := waiting.get()) is not None:
        at, asked = next_one
        driven.behind = max(driven.behind, time.monotonic() - at)
        try:
            status, said = _ask(line, asked)
        except (OSError, http.client.HTTPException):
            line.close()  # a kept line that the server has just ended
            try:
                status, said = _ask(line, asked)
            except (OSError, http.client.HTTPException) as no:
                line.close()
                driven.wrong.append(f"{asked.what}: no answer, {no!r}")
                continue
        if status == asked.right:
            asked.heard(said)
        elif status not in asked.also:
            driven.wrong.append(f"{asked.what}: {status} {said[:300]!r}")
        driven.answered[asked.what] += 1
    line.close()


def _ask(line: http.client.HTTPConnection, asked: Asked) -> tuple[int, bytes]:
    line.request(asked.method, asked.address, asked.body or None, asked.headers)
    answer = line.getresponse()
    return answer.status, answer.read()
