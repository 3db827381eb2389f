"""What a sweep costs beside its statements by hand, among ever more promises, and with none due."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from django.db import connection

from commitments import messages, sweep
from tests.load.bench import alike, by_hand, table
from tests.load.bench.filling import Company, round_at
from tests.load.bench.measuring import Taken, apart

_IDLE = 200


@dataclass(frozen=True, kw_only=True)
class _Stage:
    stored: int
    hand: Taken
    ours: Taken

    @property
    def ratio(self) -> float:
        return self.ours.seconds / self.hand.seconds


def measure(company: Company, stages: Sequence[int]) -> None:
    """One line a stage: the better of two rounds each, by turns."""
    messages.hurry()  # a worker has loaded the broker's client long ago
    measured = []
    for number, stored in enumerate(stages):
        company.grow_to(stored)
        measured.append(_stage(company, number))
    _say(company, measured)


def _stage(company: Company, stage: int) -> _Stage:
    rounds = [round_at(stage, number) + timedelta(seconds=1) for number in range(4)]
    hand = [apart(partial(by_hand.sweep, rounds[0]))]
    ours = [apart(partial(_sweep, rounds[1]))]
    hand.append(apart(partial(by_hand.sweep, rounds[2])))
    ours.append(apart(partial(_sweep, rounds[3])))
    for taken in (*hand, *ours):
        assert taken.answer == company.people, f"{taken.answer} of {company.people} were due"
    return _Stage(
        stored=company.stored,
        hand=min(hand, key=lambda taken: taken.seconds),
        ours=min(ours, key=lambda taken: taken.seconds),
    )


def _sweep(now: datetime) -> int:
    return sweep.run(now, past_due=True).done


def _idle(now: datetime) -> float:
    """Milliseconds of a round that finds nothing: the usual one of many."""
    took = []
    for _ in range(_IDLE):
        began = time.perf_counter()
        sweep.run(now, past_due=True)
        took.append(time.perf_counter() - began)
    return median(took) * 1000


def _say(company: Company, measured: Sequence[_Stage]) -> None:
    due = company.people
    alike.check(due * 4 * len(measured))
    table.head(
        f"Sweep of {due:,} due, {connection.vendor}",
        *("by hand, s", "ours, s", "ratio", "wanted", "µs a row"),
    )
    for stage in measured:
        per_row = stage.ours.seconds / due * 1e6
        name = f"among {stage.stored:,} open"
        table.line(name, stage.hand.seconds, stage.ours.seconds, stage.ratio, "<= 2", per_row)
    first, last = measured[0], measured[-1]
    table.head("", "figure", "wanted")
    if first is not last:
        name = f"time among {last.stored:,} / time among {first.stored:,}"
        table.line(name, last.ours.seconds / first.ours.seconds, "<= 3")
        table.line("peak memory, the same ratio", last.ours.memory / first.ours.memory, "<= 1.1")
    allowed = 5 * (due // by_hand.BATCH) + 7
    table.line("statements of a whole round", last.ours.statements, f"<= {allowed}")
    table.line("peak memory, MiB", last.ours.memory)
    # After the last round, and before anything else is due.
    idle = apart(partial(_idle, round_at(len(measured) - 1, 3) + timedelta(seconds=2)))
    table.line(f"idle tick among {last.stored:,}, ms", idle.answer, "<= 5")
    table.line("statements of an idle tick", idle.statements / _IDLE, "<= 2")
