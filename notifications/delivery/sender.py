"""Sends one batch after another over several lines, and writes down what came of each mail.

The protocol, as each line goes through it with each mail: it is put into words and handed over up
to the last byte; the marker; the last byte; the answer; the result. The lines talk in threads of
their own. What they bring is written here, by whoever has the database: all results that are there
and all markers that are wished for in one commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from django.db import Error, OperationalError

from notifications import lengths
from notifications.channels import Desk, Letter, Line, Receipt
from notifications.delivery import breaker, crash, leases, preparing, results, sparing
from notifications.delivery.clock import Clock
from notifications.delivery.crew import Call, Crew, Ended, Job, Wish
from notifications.delivery.results import Result
from notifications.envelope import DeliveryError, LetGo, Uncertain
from notifications.models import Delivery

logger = logging.getLogger(__name__)

_TRIES = 8
"""How often a result that is held up is tried again: each waits three seconds for a lock."""
_COMPANY = 0.02
"""Seconds for which a result waits to share its commit with a marker."""


class Sender:
    """So many lines of one channel, and the results that wait for the next commit."""

    def __init__(
        self, channel: str, connect: Callable[[Desk], Line], *, clock: Clock, lines: int = 1
    ) -> None:
        self._channel = channel
        self._clock = clock
        self.lines = lines
        self._taken: list[Result] = []
        self._held_up: list[Result] = []
        self._rests = self._closes = False
        self.done = self.accepted = 0
        self.waited = 0.0  # seconds from marker to answer, of all that were accepted
        self._crew = Crew(connect, lines=lines, may_begin=self._may_begin)

    def send(self, rows: Sequence[Delivery]) -> None:
        """Send what may be sent, give back what there is no time for.

        Comes back while a few for each line are still under way, so that the lines need not wait
        for the next.
        """
        self._crew.give(self._jobs(rows))
        self._attend(until=4 * (self.lines - 1))

    def send_known(self, rows: Sequence[Delivery], *, at_once: int) -> None:
        """The same, with the markers of so many in one commit before any line asks for them.

        Only for what its receiver knows by its key, and goes out at once: nobody can take it back
        meanwhile. A line that comes to one too late lets go of it.
        """
        jobs = self._jobs(rows)
        for begin in range(0, len(jobs), at_once):
            some = jobs[begin : begin + at_once]
            if self.lines < len(some):
                self._mark(some)
            self._crew.give(some)
            self._attend(until=max(len(some) // 2, self.lines - 1))

    def _jobs(self, rows: Sequence[Delivery]) -> list[Job]:
        ready: list[preparing.Ready] = []
        sparing.each(rows, lambda some: ready.extend(self._prepare(some)), clock=self._clock)
        self.done += len(rows) - len(ready)
        return [Job(row=row, compose=compose) for row, compose in ready]

    def finish(self) -> bool:
        """Have all of them sent and written down. Answers whether there were any."""
        were_any = self._crew.under_way > 0
        self._attend(until=0)
        self._exchange([])
        self._catch_up()
        return were_any

    def close(self) -> None:
        """Finish what was begun, begin nothing, and write down what was held up meanwhile.

        For as long as the leases last: then it counts as lost.
        """
        self._closes = True
        try:
            self.finish()
            for _ in range(_TRIES):
                if self._held_up:
                    self._catch_up()
        finally:
            self._crew.close()

    def _prepare(self, rows: Sequence[Delivery]) -> list[preparing.Ready]:
        ready, refused = preparing.sort_out(rows, now=self._clock.now())
        for result in refused:
            leases.record(result)
        return ready

    def _may_begin(self, job: Job) -> bool:
        """Asked in the line's own thread."""
        now, leased_until = self._clock.now(), job.row.attempt_at
        lease_is_short = leased_until is None or leased_until <= now + lengths.current().margin
        is_too_late = job.final_until is not None and job.final_until <= now
        stops = self._rests or self._closes or self._clock.is_over()
        return not (stops or lease_is_short or is_too_late)

    def _attend(self, *, until: int) -> None:
        """Hear and answer the lines until so few are under way."""
        while self._crew.under_way > until:
            heard = self._crew.hear(patience=_COMPANY if self._taken else None)
            wishes: list[Wish] = []
            for one in heard:
                if isinstance(one, Wish):
                    wishes.append(one)
                elif isinstance(one, Call):
                    one.answers.put(_outcome(one.work))
                else:
                    self._ended(one)
            if wishes or not heard:
                self._exchange(wishes)

    def _exchange(self, wishes: Sequence[Wish]) -> None:
        """Write the results and the markers; one by one, if they will not go together."""
        taken, self._taken = self._taken, []
        if not taken and not wishes:
            return
        asked = [(one.job.row, one.job.letter) for one in wishes if one.job.letter is not None]
        work = partial(self._final, taken, asked)
        final = _outcome(work)
        if isinstance(final, Exception) and len(taken) + len(wishes) > 1:
            for result in taken:
                self._record(result)
            for one in wishes:
                self._exchange([one])
            return
        if isinstance(final, Exception) and taken:
            self._hold_up(taken[0], final)
        if isinstance(final, set):
            self._answer(wishes, final)
        else:
            for one in wishes:
                one.answers.put(final)

    def _mark(self, jobs: Sequence[Job]) -> None:
        """Which of them are final; any other asks for itself, and hears why not."""
        for job in jobs:
            with suppress(Exception):  # raised again where it is judged
                job.letter = job.compose()
        taken, self._taken = self._taken, []
        now = self._clock.now()
        asked = [(job.row, job.letter) for job in jobs if job.letter is not None]
        final = _outcome(partial(leases.exchange, taken, asked, now=now))
        if not isinstance(final, set):
            for result in taken:
                self._record(result)
            return
        for job in jobs:
            if job.row.pk in final:
                job.final_until = now + lengths.current().ahead

    def _answer(self, wishes: Sequence[Wish], final: set[int]) -> None:
        """Those who may finish come first: of the others somebody may hold the row for a moment."""
        for one in sorted(wishes, key=lambda one: one.job.row.pk not in final):
            one.answers.put(one.job.row.pk in final or self._may_after_all(one.job))

    def _may_after_all(self, job: Job) -> bool:
        return job.letter is not None and leases.mark_alone(
            job.row, job.letter, now=self._clock.now()
        )

    def _final(self, taken: Sequence[Result], asked: Sequence[tuple[Delivery, Letter]]) -> set[int]:
        return leases.exchange(taken, asked, now=self._clock.now())

    def _ended(self, ended: Ended) -> None:
        row, how, now = ended.job.row, ended.how, self._clock.now()
        if how is None:
            self._record(results.released(row, "No time left.", at=now))
            return
        self.done += 1
        if isinstance(how, Receipt):
            crash.here("T5.pre")
            self.accepted += 1
            self.waited += ended.seconds
            self._taken.append(results.accepted(row, how, at=now))
            return
        try:
            self._failed(ended.job, how)
        finally:
            ended.answers.put(None)

    def _failed(self, job: Job, error: Exception) -> None:
        now = self._clock.now()
        if isinstance(error, LetGo):
            self._let_go(job)
        elif isinstance(error, Uncertain):
            self._record(results.doubtful(job.row, str(error), at=now))
        elif isinstance(error, DeliveryError):
            self._record(results.failed(job.row, error, at=now))
            self._learn_from(error, job)
        else:
            self._put_off(job.row, error)

    def _let_go(self, job: Job) -> None:
        """The marker said no. Nothing was sent, so the row goes wherever it belongs."""
        now, row = self._clock.now(), job.row
        result = results.released(row, "Let go before the last byte.", at=now)
        if row.is_expired(now):
            result = results.expired(row, at=now)
        elif job.letter and preparing.is_closed(self._channel, job.letter.address):
            result = results.suppressed(row, at=now)
        if not self._record(result):
            leases.close_attempt(results.released(row, "Withdrawn.", at=now))

    def _learn_from(self, error: DeliveryError, job: Job) -> None:
        now = self._clock.now()
        if breaker.trips(error):
            breaker.rest(self._channel, error, now=now)
            self._rests = True
        elif breaker.closes_address(error) and job.letter:
            preparing.close_address(self._channel, job.letter.address, cause=error.answer, now=now)

    def _put_off(self, row: Delivery, error: Exception) -> None:
        """An error nobody foresaw. If that cannot be said now, the end of its lease will say it."""
        try:
            sparing.put_off(row, error, clock=self._clock)
        except OperationalError as busy:
            logger.warning("Delivery %s has to wait: %s", row.pk, busy)

    def _record(self, result: Result) -> bool:
        try:
            return leases.record(result)
        except Error as error:
            self._hold_up(result, error)
            return False

    def _catch_up(self) -> None:
        held_up, self._held_up = self._held_up, []
        for result in held_up:
            self._record(result)

    def _hold_up(self, result: Result, error: Exception) -> None:
        """Somebody holds what this mail is about. The mails after it do not wait for that."""
        logger.warning("The result of delivery %s is held up: %s", result.row.pk, error)
        self._held_up.append(result)


def _outcome(work: Callable[[], object]) -> object:
    """What it answers, or what it raises: either is for the line that asked."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001  # raised again in the line's own thread
        return error
