"""Sends one batch after another over one line, and writes down what came of each."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from django.db import OperationalError

from notifications import lengths
from notifications.channels import Letter, Line
from notifications.delivery import breaker, crash, leases, preparing, results, sparing
from notifications.delivery.clock import Clock
from notifications.delivery.results import Result
from notifications.envelope import DeliveryError, LetGo, Uncertain
from notifications.models import Delivery

logger = logging.getLogger(__name__)

_TRIES = 8
"""How often a result that is held up is tried again: each waits three seconds for a lock."""


class Sender:
    """A line, and the result that waits to share its commit with the next mail's marker."""

    def __init__(self, channel: str, line: Line, *, clock: Clock) -> None:
        self._channel = channel
        self._line = line
        self._clock = clock
        self._unwritten: Result | None = None
        self._held_up: list[Result] = []
        self._rests = False

    def send_batch(self, rows: Sequence[Delivery], *, is_probe: bool) -> int:
        """Send what may be sent, give back what there is no time for. Answers how many are done."""
        ready: list[tuple[Delivery, Letter]] = []
        sparing.each(rows, lambda some: ready.extend(self._prepare(some)), clock=self._clock)
        given_back = 0
        for row, letter in ready:
            if self._must_stop(row):
                self._settle(results.released(row, "No time left.", at=self._clock.now()))
                given_back += 1
            else:
                sparing.each([row], partial(self._send, row, letter), clock=self._clock)
        accepted = self._write_down()
        self._catch_up()
        if accepted and is_probe:
            breaker.open_again(self._channel, now=self._clock.now())
        return len(rows) - given_back

    def finish(self) -> None:
        """Write down what was held up, for as long as the leases last."""
        for _ in range(_TRIES):
            if not self._held_up:
                return
            self._catch_up()

    def _prepare(self, rows: Sequence[Delivery]) -> list[tuple[Delivery, Letter]]:
        ready, refused = preparing.sort_out(rows, now=self._clock.now())
        for result in refused:
            leases.record(result)
        return ready

    def _must_stop(self, row: Delivery) -> bool:
        now = self._clock.now()
        lease_is_short = row.attempt_at is None or row.attempt_at <= now + lengths.current().margin
        return self._rests or lease_is_short or self._clock.is_over()

    def _send(self, row: Delivery, letter: Letter, _: Sequence[Delivery]) -> None:
        try:
            receipt = self._line.send(letter, may_finish=partial(self._may_finish, row, letter))
        except LetGo:
            self._let_go(row, letter)
        except Uncertain as error:
            self._settle(results.doubtful(row, str(error), at=self._clock.now()))
        except DeliveryError as error:
            self._settle(results.failed(row, error, at=self._clock.now()))
            self._learn_from(error, letter)
        else:
            crash.here("T5.pre")
            self._unwritten = results.accepted(row, receipt, at=self._clock.now())

    def _may_finish(self, row: Delivery, letter: Letter) -> bool:
        after, self._unwritten = self._unwritten, None
        try:
            return leases.mark(row, letter, now=self._clock.now(), after=after)
        except OperationalError as error:
            if after is None:
                raise
            self._hold_up(after, error)
        return leases.mark(row, letter, now=self._clock.now(), after=None)

    def _let_go(self, row: Delivery, letter: Letter) -> None:
        """The marker said no. Nothing was sent, so the row goes wherever it belongs."""
        now = self._clock.now()
        result = results.released(row, "Let go before the last byte.", at=now)
        if row.is_expired(now):
            result = results.expired(row, at=now)
        elif preparing.is_closed(self._channel, letter.address):
            result = results.suppressed(row, at=now)
        if not self._record(result):
            leases.close_attempt(results.released(row, "Withdrawn.", at=now))

    def _learn_from(self, error: DeliveryError, letter: Letter) -> None:
        now = self._clock.now()
        if breaker.trips(error):
            breaker.rest(self._channel, error, now=now)
            self._rests = True
        elif breaker.closes_address(error):
            preparing.close_address(self._channel, letter.address, cause=error.answer, now=now)

    def _settle(self, result: Result) -> None:
        self._write_down()
        self._record(result)

    def _write_down(self) -> bool:
        """Record the result that waits, if there is one. Answers whether a mail was accepted."""
        waiting, self._unwritten = self._unwritten, None
        return waiting is not None and self._record(waiting)

    def _record(self, result: Result) -> bool:
        try:
            return leases.record(result)
        except OperationalError as error:
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
