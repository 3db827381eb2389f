"""What a soak is held to, and the tables that say what it came to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from tests.load.bench import table

from .driving import Driven
from .house import WEB_PROCESSES, WEB_THREADS, WORKER_PROCESSES
from .watching import Watch

SLOWEST = 300  # ms of server time that 99 of 100 requests may take at most
# Seconds within which 99 of 100 are asked and answered, from when each was due: as often as was
# wanted, and however long they waited for a thread.
LATEST = 2.0
DROPPED = 0.001  # of the kept lines: the server ends one just when it is used
GROWTH = 0.05  # of the memory of a process
MORE_FILES = 10  # that a process has open at last
# Each thread of the web servers has one; so has beat, each process of the worker, and the one that
# asks whether it is all well.
CONNECTIONS = WEB_PROCESSES * WEB_THREADS + 2 * (WORKER_PROCESSES + 1) + 2
# To a Valkey: each of those threads may have one, each process of the worker two; the worker itself
# and beat keep eight.
BROKER_LINES = WEB_PROCESSES * WEB_THREADS + 2 * WORKER_PROCESSES + 8
_OF_ONE = re.compile(r"(?<=/)(?:[0-9A-Z]{5,7}|\d+|…)(?=/)")  # a promise, a customer, a link
_SHOWN = 20  # of each sort of what went wrong


@dataclass(frozen=True, kw_only=True)
class Soaked:
    """What a soak came to. `served`: the method and address, the status, and the milliseconds of
    each answer; `troubles`: errors in the logs; `findings`: the auditor's.
    """

    title: str
    driven: Driven
    served: Sequence[tuple[str, str, str]]
    watch: Watch
    troubles: Sequence[str]
    findings: Sequence[str]


def report(soaked: Soaked) -> int:
    """Prints it; 1 where a bound was not kept."""
    kept = [*_answers(soaked), *_processes(soaked.watch)]
    table.head("what was asked", "times", "median, ms", "99 of 100")
    for what, each in sorted(_by_address(soaked.served).items()):
        table.line(what, len(each), median(each), _at(each, 0.99))
    for wrong in (soaked.driven.wrong, soaked.troubles, soaked.findings):
        for each in wrong[:_SHOWN]:
            table.say(f"{each}\n")
    return 0 if all(kept) else 1


def _answers(soaked: Soaked) -> list[bool]:
    driven, kept = soaked.driven, list[bool]()

    def line(name: str, figure: float | str, bound: str = "", is_kept: bool = True) -> None:
        kept.append(is_kept)
        table.line(name, figure, bound, "" if is_kept else "NOT KEPT")

    def none(name: str, found: Sequence[str]) -> None:
        line(name, len(found), "0", not found)

    answered, dropped = len(driven.answered), len(driven.dropped)
    table.head(soaked.title, "figure", "bound", "")
    line("requests answered", answered, f"{driven.asked:,}", 0 < answered == driven.asked)
    none("errors, while it warmed up too", driven.wrong)
    none("errors in the logs", soaked.troubles)
    none("what the auditor finds", soaked.findings)
    most = int(driven.asked * DROPPED)
    line("asked again on a new line", dropped, f"<= {most}", dropped <= most)
    for what, waited in (("asked", driven.late), ("answered", driven.answered)):
        latest = _at(waited, 0.99)
        line(f"{what} after, 99 of 100, s", latest, f"< {LATEST:g}", latest < LATEST)
        line(f"{what} after, at the latest, s", max(waited, default=0.0))
    served = [int(took) for _, _, took in soaked.served]
    slowest = _at(served, 0.99)
    line("server time, median, ms", _at(served, 0.5))
    line("server time, 95 of 100, ms", _at(served, 0.95))
    line("server time, 99 of 100, ms", slowest, f"< {SLOWEST}", slowest < SLOWEST)
    line("the longest, ms", max(served, default=0))
    return kept


def _processes(watch: Watch) -> list[bool]:
    kept = list[bool]()
    table.head("held by all processes", "most", "bound", "")
    for name, looks, bound in (
        ("connections to the database", watch.connections, CONNECTIONS),
        ("lines to the broker", watch.broker_lines, BROKER_LINES),
    ):
        most = max(looks, default=0)
        kept.append(most <= bound)
        table.line(name, most, f"<= {bound}", "" if kept[-1] else "NOT KEPT")
    table.head("resident memory, MiB", "at first", "at last", "growth")
    for name, (first, last) in watch.growth().items():
        grown = last / first - 1
        kept.append(grown <= GROWTH)
        table.line(name, first, last, f"{grown:+.1%}", "" if kept[-1] else "NOT KEPT")
    table.head("open files", "at first", "at last", "")
    for name, (first, last) in watch.more_files().items():
        kept.append(last <= first + MORE_FILES)
        table.line(name, first, last, "" if kept[-1] else "NOT KEPT")
    for name in watch.replaced():
        kept.append(False)
        table.line(f"{name}: another process took its place", "", "", "NOT KEPT")
    return kept


def _by_address(lines: Sequence[tuple[str, str, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for asked, _, took in lines:
        found[_OF_ONE.sub("*", asked)].append(int(took))
    return found


def _at(figures: Sequence[float], share: float) -> float:
    """The figure that so large a share lies below. Of none, more than any bound."""
    if not figures:
        return inf
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * share))]
