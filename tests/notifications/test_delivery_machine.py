"""Messages under any order of claims, markers, answers, deaths, withdrawals and clock steps.

Several senders at one outbox, each in the middle of something when the next thing happens; they
call what delivery calls, on the database. A model beside them knows what the far end was handed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commitments.models import User
from notifications import outbox
from notifications.channels import Letter, Receipt
from notifications.delivery import audit, healing, leases, preparing, results
from notifications.envelope import DeliveryError
from notifications.models import Delivery
from tests.notifications import makers
from tests.notifications.makers import HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECOND = timedelta(seconds=1)
ANY = st.integers(min_value=0, max_value=11)
AHEAD = st.sampled_from([SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 20 * MINUTE, 3 * HOUR, 30 * HOUR])


@dataclass
class Hand:
    """A sender with one message, before its marker, after it, or after the last byte."""

    row: Delivery
    letter: Letter
    is_final: bool = False
    has_sent: bool = False


class Outbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        makers.subject.__init__()  # type: ignore[misc]  # the settings name this very object
        healing.memory.forget()
        self.now = self.latest = NOON
        self.customers: set[str] = set()
        self.staff: set[str] = set()
        self.hands: list[Hand] = []
        self.arrived: Counter[str] = Counter()
        self.marked: set[str] = set()
        self.left_in_doubt: set[str] = set()
        self.answered: set[str] = set()
        self.withdrawn: dict[str, int] = {}

    def teardown(self) -> None:
        try:
            self.everything_comes_to_an_end()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    # --- what happens

    @rule(is_staff=st.booleans())
    def enqueue(self, is_staff: bool) -> None:
        key = str(len(self.customers) + len(self.staff))
        facts = {"about": f"commitment:{key}", "not_before": self.now}
        if is_staff:  # each to a person of their own: bundles have tests of their own
            address = f"{key}@larkfield.example"
            person = User.objects.create_user(address, name=key)
            message = makers.to_ana(key, person_id=person.pk, address=address, **facts)
        else:
            message = makers.to_tom(key, **facts)
        (self.staff if is_staff else self.customers).add(key)
        assert makers.queue(message, now=self.now) == 1
        assert makers.queue(message, now=self.now) == 0

    @rule(limit=st.integers(min_value=1, max_value=3))
    def claim(self, limit: int) -> None:
        """As a round begins."""
        healing.memory.look(self.now)
        leases.settle_lost("email", now=self.now)
        rows = leases.claim("email", limit=limit, now=self.now)
        ready, refused = preparing.sort_out(rows, now=self.now)
        for result in refused:
            assert leases.record(result)
        self.hands += [Hand(row, compose()) for row, compose in ready]

    def some_hand(self) -> bool:
        return bool(self.hands)

    @precondition(some_hand)
    @rule(place=ANY)
    def go_on(self, place: int) -> None:
        """Marker, last byte and answer, one at a time."""
        hand = self.hands[place % len(self.hands)]
        if not hand.is_final:
            self._mark(hand)
        elif not hand.has_sent:
            self._send(hand)
        else:
            self._answer(hand)

    def _mark(self, hand: Hand) -> None:
        hand.is_final = bool(leases.exchange([], [(hand.row, hand.letter)], now=self.now))
        if hand.is_final:
            self.marked.add(hand.row.key)
            return
        self.hands.remove(hand)
        let_go = results.released(hand.row, "Let go.", at=self.now)
        late = results.expired(hand.row, at=self.now)
        if not leases.record(late if hand.row.is_expired(self.now) else let_go):
            leases.close_attempt(let_go)

    def _send(self, hand: Hand) -> None:
        hand.has_sent = True
        assert not self.arrived[hand.row.key] or hand.letter.possible_repeat
        self.arrived[hand.row.key] += 1

    def _answer(self, hand: Hand) -> None:
        self.hands.remove(hand)
        receipt = Receipt(provider_id="", code=250, answer="ok")
        if leases.record(results.accepted(hand.row, receipt, at=self.now)):
            self.answered.add(hand.row.key)
        else:
            self.left_in_doubt.add(hand.row.key)

    @precondition(some_hand)
    @rule(place=ANY)
    def be_refused_for_now(self, place: int) -> None:
        hand = self.hands[place % len(self.hands)]
        if not hand.has_sent:
            self.hands.remove(hand)
            no = DeliveryError("451 later", permanent=False)
            if not leases.record(results.failed(hand.row, no, at=self.now)) and hand.is_final:
                self.left_in_doubt.add(hand.row.key)

    @precondition(some_hand)
    @rule(place=ANY)
    def die(self, place: int) -> None:
        """Before the marker, between marker and last byte, or before the answer is written down."""
        hand = self.hands.pop(place % len(self.hands))
        if hand.is_final:
            self.left_in_doubt.add(hand.row.key)

    @rule(by=AHEAD)
    def time_passes(self, by: timedelta) -> None:
        self.now += by
        self.latest = max(self.latest, self.now)

    @rule(by=st.sampled_from([SECOND, 3 * MINUTE, HOUR, 24 * HOUR]))
    def the_clock_is_set_back(self, by: timedelta) -> None:
        self.now -= by

    @precondition(lambda self: self.customers | self.staff)
    @rule(place=ANY)
    def withdraw(self, place: int) -> None:
        every = sorted(self.customers | self.staff)
        key = every[place % len(every)]
        outbox.withdraw(about=[f"commitment:{key}"], reason="It was kept.", now=self.now)
        if not any(hand.is_final and hand.row.key == key for hand in self.hands):
            self.withdrawn[key] = self.arrived[key]

    # --- what is true whatever happened

    @invariant()
    def no_customer_is_written_to_twice_and_staff_twice_at_most(self) -> None:
        assert all(self.arrived[key] <= 1 for key in self.customers)
        assert all(self.arrived[key] <= 2 for key in self.staff)

    @invariant()
    def what_was_withdrawn_before_its_marker_is_never_sent(self) -> None:
        assert all(self.arrived[key] == so_far for key, so_far in self.withdrawn.items())

    @invariant()
    def every_message_is_there_and_where_it_is_has_a_reason(self) -> None:
        rows = {row.key: row for row in Delivery.objects.all()}
        assert rows.keys() == self.customers | self.staff
        for key, row in rows.items():
            assert row.state in self._fitting(key, row.expires_at)
            if key in self.left_in_doubt & self.customers - self.answered:
                assert row.state in ("leased", "uncertain")

    def _fitting(self, key: str, expires_at: datetime | None) -> set[str]:
        if key in self.answered:
            return {"sent"}
        fitting = {"queued", "leased"}
        if key in self.marked:
            fitting.add("uncertain")
        if key in self.withdrawn:
            fitting.add("cancelled")
        if expires_at is not None and expires_at <= self.latest:
            fitting.add("expired")
        return fitting

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        assert [found.rule for found in audit.broken(self.now, paused=True)] == []

    def everything_comes_to_an_end(self) -> None:
        """Whoever still had something dies, and one sender goes on: nothing is lost."""
        while self.hands:
            self.die(0)
        rounds = 0
        while (due_at := Delivery.objects.next_at()) is not None:
            rounds += 1
            assert rounds < 100
            self.time_passes(max(due_at - self.now, SECOND))
            self.claim(20)
            while self.hands:
                self.go_on(0)
        self.every_message_is_there_and_where_it_is_has_a_reason()
        self.no_customer_is_written_to_twice_and_staff_twice_at_most()
        self.what_was_withdrawn_before_its_marker_is_never_sent()
        for row in Delivery.objects.all():
            assert row.state not in ("queued", "leased")
            assert row.state != "sent" or self.arrived[row.key] > 0
        told = [told for told in makers.subject.told if told[0] in self.customers]
        assert set(Counter(told).values()) <= {1}


def test_whatever_happens_nothing_is_lost_and_no_customer_is_written_to_twice() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Outbox,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
