"""Use an installation for ten minutes, fifty times a second, and print what that did to it.

make soak                    ten minutes, after six in which it warms up; on two cores
make soak SOAK_MINUTES=2     two, after half a minute

It ends with 1 where a bound was not kept.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests import services
from tests.load.bench import table

from . import house as houses
from .driving import Driven, drive
from .mix import Mix
from .watching import Watch

A_SECOND = int(os.environ.get("SOAK_REQUESTS", "50"))
MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
# Each job has come round then, the auditor's among them, which does so every five minutes.
WARM_UP = 60 * (6.0 if MINUTES >= 10 else max(0.5, MINUTES / 4))
SLOWEST = 300  # ms of server time that 99 of 100 requests may take at most
GROWTH = 0.05  # of the memory of a process
# Each thread of the web servers has one; so has beat, each process of the worker, and the one that
# asks whether it is all well.
CONNECTIONS = houses.WEB_PROCESSES * houses.WEB_THREADS + 2 * (houses.WORKER_PROCESSES + 1) + 2
_SERVED = re.compile(r"(\w+ \S+) (\d+) \S+ bytes (\d+) ms")
_OF_ONE = re.compile(r"(?<=/)(?:[0-9A-Z]{5,7}|\d+|…)(?=/)")  # a promise, a customer, a link


def main() -> int:
    os.environ[services.DURABLE] = "1"
    services.bring()
    with tempfile.TemporaryDirectory(prefix="followthrough-soak-") as folder:
        with houses.a_house(Path(folder)) as house:
            mix = Mix(**houses.people_of(house))
            drive(house.port, mix, a_second=A_SECOND, seconds=WARM_UP)
            heard = len(house.log("web"))
            watch = Watch(database=house.database, processes=dict(house.processes))
            watch.begin()
            driven = drive(house.port, mix, a_second=A_SECOND, seconds=60 * MINUTES)
            watch.end()
            time.sleep(1)
            served = _served(house.log("web")[heard:])
            troubles = [each for name in house.processes for each in _troubles(house.log(name))]
            audited = house.says("manage.py", "audit_delivery")
        return _report(driven, served, watch, troubles, audited.strip().splitlines())


def _served(log: str) -> list[tuple[str, str, str]]:
    """The method and address, the status, and the milliseconds of each answer."""
    lines = [each["message"] for each in _lines(log) if each["logger"] == "gunicorn.access"]
    return [found.groups() for line in lines if (found := _SERVED.fullmatch(line))]


def _troubles(log: str) -> list[str]:
    wrong = [str(each) for each in _lines(log) if each["level"] in {"ERROR", "CRITICAL"}]
    return [*wrong, *(line for line in log.splitlines() if line.startswith("Traceback"))]


def _lines(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def _report(
    driven: Driven,
    lines: list[tuple[str, str, str]],
    watch: Watch,
    troubles: list[str],
    audited: list[str],
) -> int:
    served = [int(took) for _, _, took in lines]
    kept: list[bool] = []

    def line(name: str, figure: float | str, bound: str, is_kept: bool) -> None:
        kept.append(is_kept)
        table.line(name, figure, bound, "" if is_kept else "NOT KEPT")

    asked = sum(driven.answered.values())
    table.head(f"{MINUTES:g} minutes at {A_SECOND} requests a second", "figure", "bound", "")
    line("requests answered", asked, f"{int(A_SECOND * 60 * MINUTES):,}", not driven.wrong)
    line("errors", len(driven.wrong), "0", not driven.wrong)
    line("errors in the logs", len(troubles), "0", not troubles)
    line("what the auditor finds", len(_findings(audited)), "0", not _findings(audited))
    line("server time, median, ms", median(served), "", True)
    line("server time, 95 of 100, ms", _at(served, 0.95), "", True)
    line(
        "server time, 99 of 100, ms", _at(served, 0.99), f"< {SLOWEST}", _at(served, 0.99) < SLOWEST
    )
    line("the longest, ms", max(served), "", True)
    line("how late a request began, s", driven.behind, "", True)
    most = max(watch.connections)
    line("connections to the database, most", most, f"<= {CONNECTIONS}", most <= CONNECTIONS)
    table.head("resident memory, MiB", "at first", "at last", "growth")
    for name, (first, last) in watch.growth().items():
        grown = last / first - 1
        kept.append(grown <= GROWTH)
        table.line(name, first, last, f"{grown:+.1%}", "" if grown <= GROWTH else "NOT KEPT")
    table.head("open files", "at first", "at last", "")
    for name, (first, last) in watch.more_files().items():
        table.line(name, first, last, "")
    table.head("what was asked", "times", "median, ms", "99 of 100")
    for what, each in sorted(_by_address(lines).items()):
        table.line(what, len(each), median(each), _at(each, 0.99))
    for each in [*driven.wrong[:20], *troubles[:20], *_findings(audited)[:20]]:
        table.say(f"{each}\n")
    return 0 if all(kept) else 1


def _findings(said: Sequence[str]) -> list[str]:
    return [line for line in said if re.match(r"I\d+ ", line)]


def _by_address(lines: list[tuple[str, str, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for asked, _, took in lines:
        found[_OF_ONE.sub("*", asked)].append(int(took))
    return found


def _at(served: list[int], share: float) -> int:
    return sorted(served)[min(len(served) - 1, int(len(served) * share))]


if __name__ == "__main__":
    sys.exit(main())
