"""Lines at work, each in a thread of its own, and the one who alone has the database.

The threads only talk: to a mail server, to a program. Whatever is to be read from the database or
written there they ask for, and wait. So many lines share one connection and one commit, and no more
than one message a line is ever between its marker and its result.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias, TypeVar

from notifications.channels import Desk, Letter, Line, Receipt
from notifications.models import Delivery

T = TypeVar("T")


@dataclass(kw_only=True, eq=False)
class Job:
    """A delivery under lease, to be put into words and sent.

    With `final_until` it has its words and its marker already, which is good until then.
    """

    row: Delivery
    compose: Callable[[], Letter]
    letter: Letter | None = None
    final_until: datetime | None = None
    final_at: float = 0


@dataclass(kw_only=True, frozen=True)
class Wish:
    """A line stands before the last byte and waits for a word."""

    job: Job
    answers: SimpleQueue[object]


@dataclass(kw_only=True, frozen=True)
class Call:
    """A line needs something from the database, and waits for it."""

    work: Callable[[], object]
    answers: SimpleQueue[object]


@dataclass(kw_only=True, frozen=True)
class Ended:
    """What came of a job: a receipt, an error, or nothing, because it was never begun.

    `seconds` lie between the marker and its end. After an error the line waits for a word: perhaps
    it had better go no further.
    """

    job: Job
    how: Receipt | Exception | None
    seconds: float
    answers: SimpleQueue[object]


Heard: TypeAlias = Wish | Call | Ended


class Crew:
    """So many lines. Whoever called gives them jobs, hears what they have to say, and answers."""

    def __init__(
        self,
        connect: Callable[[Desk], Line],
        *,
        lines: int,
        may_begin: Callable[[Job], bool],
    ) -> None:
        self._may_begin = may_begin
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._heard: SimpleQueue[Heard] = SimpleQueue()
        self._is_closed = False
        self.under_way = 0
        self._threads = [self._thread(connect) for _ in range(lines)]
        for thread in self._threads:
            thread.start()

    def give(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self.under_way += 1
            self._jobs.put(job)

    def hear(self, *, patience: float | None) -> list[Heard]:
        """Everything there is to hear; waits for the first, so many seconds at most."""
        heard: list[Heard] = []
        try:
            heard.append(self._heard.get(timeout=patience))
            while True:
                heard.append(self._heard.get_nowait())
        except Empty:
            self.under_way -= sum(isinstance(one, Ended) for one in heard)
            return heard

    def close(self) -> None:
        """End the threads. Whoever still stands before the last byte lets go."""
        self._is_closed = True
        for _ in self._threads:
            self._jobs.put(None)
        while any(thread.is_alive() for thread in self._threads):
            for one in self.hear(patience=0.01):
                if isinstance(one, Wish):
                    one.answers.put(False)
                elif isinstance(one, Call):
                    one.answers.put(RuntimeError("Nobody is at the desk any more."))
                elif isinstance(one.how, Exception):
                    one.answers.put(None)

    def _thread(self, connect: Callable[[Desk], Line]) -> Thread:
        answers: SimpleQueue[object] = SimpleQueue()

        def desk(work: Callable[[], T]) -> T:
            self._heard.put(Call(work=work, answers=answers))
            return _answer(answers)  # type: ignore[return-value]  # what `work` answered

        return Thread(target=self._work, args=(connect(desk), answers), daemon=True)

    def _work(self, line: Line, answers: SimpleQueue[object]) -> None:
        with closing(line):
            while (job := self._jobs.get()) is not None:
                job.final_at = time.monotonic()
                how = self._send(line, job, answers)
                took = time.monotonic() - job.final_at
                self._heard.put(Ended(job=job, how=how, seconds=took, answers=answers))
                if isinstance(how, Exception):
                    answers.get()

    def _send(
        self, line: Line, job: Job, answers: SimpleQueue[object]
    ) -> Receipt | Exception | None:
        if self._is_closed or not self._may_begin(job):
            return None

        def may_finish() -> bool:
            if job.final_until is not None:
                return self._may_begin(job)  # to connect may have taken its time
            self._heard.put(Wish(job=job, answers=answers))
            is_final = bool(_answer(answers))
            job.final_at = time.monotonic()
            return is_final

        try:
            job.letter = job.letter or job.compose()
            return line.send(job.letter, may_finish=may_finish)
        except Exception as error:  # noqa: BLE001  # judged by whoever hears of it
            return error


def _answer(answers: SimpleQueue[object]) -> object:
    answer = answers.get()
    if isinstance(answer, Exception):
        raise answer
    return answer
