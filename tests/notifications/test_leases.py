"""A lease, its marker and its token: who may send, and who has to keep its hands off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest

from notifications import delivery, outbox
from notifications.channels import Desk, Letter, Receipt
from notifications.delivery import leases, preparing, results
from notifications.delivery.clock import Clock
from notifications.delivery.sender import Sender
from notifications.envelope import LetGo
from notifications.models import Attempt, Delivery, Suppression
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    Agreeable,
    queue,
    states,
    the_delivery,
    to_ana,
    to_tom,
    tries,
)
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LEASE = timedelta(seconds=120)


# --- the marker


def claimed(key: str = "1:tom:email", at: int = 0) -> Delivery:
    [row] = leases.claim("email", limit=1, now=NOON + at * MINUTE)
    assert row.key == key
    return row


@dataclass
class Interrupted:
    """A line on which something happens between the last but one byte and the last."""

    meanwhile: Callable[[], object]
    desk: Desk
    finished: bool = False

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        self.desk(self.meanwhile)
        if not may_finish():
            raise LetGo
        self.finished = True
        return Receipt(provider_id="", code=250, answer="ok")

    def close(self) -> None:
        """There is nobody to say goodbye to."""


def interrupt(meanwhile: Callable[[], object]) -> bool:
    """Send the one message there is, with an interruption. Answers whether its last byte went."""
    lines: list[Interrupted] = []

    def connect(desk: Desk) -> Interrupted:
        lines.append(Interrupted(meanwhile, desk))
        return lines[0]

    with closing(Sender("email", connect, clock=Clock(NOON, length=MINUTE))) as sender:
        sender.send(leases.claim("email", limit=1, now=NOON))
        sender.finish()
    return lines[0].finished


def withdraw() -> int:
    return outbox.withdraw(about=["commitment:7"], reason="It was kept.", now=NOON)


def suppress() -> None:
    Suppression.objects.create(
        channel="email", address="tom@example.org", since=NOON, cause="It bounced."
    )


MEANWHILE: dict[str, tuple[Callable[[], object], str]] = {
    "withdrawn": (withdraw, "cancelled"),
    "expired": (lambda: Delivery.objects.update(expires_at=NOON), "queued"),
    "suppressed": (suppress, "suppressed"),
    "nearly out of lease": (
        lambda: Delivery.objects.update(attempt_at=NOON + timedelta(seconds=29)),
        "queued",
    ),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_nothing_is_finished_once_the_marker_says_no(what: str, subject: Agreeable):
    meanwhile, becomes = MEANWHILE[what]
    queue(to_tom())

    assert not interrupt(meanwhile)

    assert the_delivery().state == becomes
    assert ("1:tom:email", "sent") not in subject.told
    assert [ending for ending, _, _ in tries()] == ["released"]


def test_what_was_let_go_counts_no_failed_attempt():
    queue(to_tom())

    interrupt(lambda: Delivery.objects.update(attempt_at=NOON + timedelta(seconds=29)))

    assert (the_delivery().attempts, the_delivery().token) == (0, 1)


# --- leases that ran out


def claim(now: datetime = NOON) -> Delivery:
    [row] = leases.claim("email", limit=1, now=now)
    return row


def mark(row: Delivery, now: datetime = NOON) -> bool:
    [(_, compose)], _ = preparing.sort_out([row], now=now)
    return leases.exchange([], [(row, compose())], now=now) == {row.pk}


OK = Receipt(provider_id="", code=250, answer="ok")


def test_a_lease_lets_nobody_else_in_until_it_has_run_out():
    queue(to_tom())
    first = claim()

    assert leases.claim("email", limit=1, now=NOON + timedelta(seconds=119)) == []
    again = claim(NOON + LEASE)

    assert (first.token, again.token) == (1, 2)


def test_a_claimed_lease_that_ran_out_is_sent_by_the_next(sink: Sink):
    queue(to_tom())
    claim()

    delivery.run(NOON + LEASE)

    assert sink.recipients == ["tom@example.org"]
    assert tries() == [("", None, ""), ("accepted", 250, "2.0.0 ok")]


def test_a_sender_whose_lease_ran_out_is_stopped_at_the_marker():
    queue(to_tom())
    mine = claim()
    theirs = claim(NOON + LEASE)

    assert not mark(mine, NOON + LEASE)
    assert mark(theirs, NOON + LEASE)


def test_a_token_that_is_no_longer_ours_records_nothing(subject: Agreeable):
    queue(to_tom())
    mine = claim()
    claim(NOON + LEASE)

    assert not leases.record(results.accepted(mine, OK, at=NOON + LEASE))

    assert (the_delivery().state, the_delivery().token) == ("leased", 2)
    assert tries()[0] == ("", None, "")


def test_a_customer_message_that_may_have_arrived_is_never_sent_again(
    sink: Sink, subject: Agreeable
):
    queue(to_tom())
    mark(claim())

    delivery.run(NOON + LEASE)
    delivery.run(NOON + LEASE + HOUR)

    assert sink.accepted == []
    assert (the_delivery().state, the_delivery().attempt_at) == ("uncertain", None)
    assert subject.told == [("1:tom:email", "uncertain")]
    assert [one.key for one in Delivery.objects.needing_attention()] == ["1:tom:email"]


def test_a_staff_message_that_may_have_arrived_is_sent_once_more(sink: Sink, subject: Agreeable):
    queue(to_ana())
    mark(claim())
    delivery.run(NOON + LEASE)
    assert (the_delivery("1:ana:email").state, subject.told) == ("uncertain", [])

    delivery.run(NOON + LEASE + 14 * MINUTE)
    assert sink.accepted == []
    delivery.run(NOON + LEASE + 16 * MINUTE)

    [repeat] = sink.accepted
    assert repeat.message["X-Possible-Repeat"] == "1"
    assert (the_delivery("1:ana:email").state, subject.told) == ("sent", [])


def test_a_staff_message_is_not_sent_a_third_time(sink: Sink, subject: Agreeable):
    queue(to_ana())
    mark(claim())
    delivery.run(NOON + LEASE)
    later = NOON + LEASE + 16 * MINUTE
    mark(claim(later), later)

    delivery.run(later + LEASE)
    delivery.run(later + LEASE + HOUR)

    assert sink.accepted == []
    assert (the_delivery("1:ana:email").state, the_delivery("1:ana:email").attempt_at) == (
        "uncertain",
        None,
    )
    assert subject.told == [("1:ana:email", "uncertain")]


def test_an_answer_that_comes_late_still_settles_what_was_called_uncertain(subject: Agreeable):
    queue(to_tom())
    mine = claim()
    mark(mine)
    leases.settle_lost("email", now=NOON + LEASE)

    assert leases.record(results.accepted(mine, OK, at=NOON + LEASE))

    assert the_delivery().state == "sent"
    assert subject.told == [("1:tom:email", "uncertain"), ("1:tom:email", "sent")]


def test_the_result_of_one_mail_shares_the_commit_of_the_next_ones_marker():
    queue(to_tom("1"), to_tom("2"))
    first, second = leases.claim("email", limit=2, now=NOON)
    mark(first)
    [(_, compose)], _ = preparing.sort_out([second], now=NOON)

    taken = results.accepted(first, OK, at=NOON)
    assert leases.exchange([taken], [(second, compose())], now=NOON) == {second.pk}

    assert (the_delivery("1").state, the_delivery("2").phase) == ("sent", "final")


def test_a_result_that_is_not_ours_to_say_takes_back_what_its_subject_was_told():
    queue(to_tom("1"), to_tom("2"))
    first, second = leases.claim("email", limit=2, now=NOON)
    outbox.withdraw(about=["commitment:7"], reason="", now=NOON)
    Delivery.objects.filter(key="2").update(
        state="leased", phase="claimed", settled_at=None, attempt_at=NOON + LEASE
    )
    [(_, compose)], _ = preparing.sort_out([second], now=NOON)

    with pytest.raises(leases.TokenLost):
        leases.exchange([results.accepted(first, OK, at=NOON)], [(second, compose())], now=NOON)

    assert (the_delivery("1").state, the_delivery("2").phase) == ("cancelled", "claimed")


def test_a_marker_does_not_depend_on_the_result_that_shares_its_commit():
    queue(to_ana("1"), to_tom("2"))
    first, second = (claimed(key) for key in ("1", "2"))
    Delivery.objects.filter(key="1").cancel(reason="", now=NOON)
    [(_, compose)], _ = preparing.sort_out([second], now=NOON)

    taken = results.accepted(first, OK, at=NOON)
    assert leases.exchange([taken], [(second, compose())], now=NOON) == {second.pk}

    assert (the_delivery("1").state, the_delivery("2").phase) == ("cancelled", "final")
    assert tries("1") == [("", None, "")]


def test_a_round_gives_back_what_it_has_no_time_for():
    queue(to_tom("1"), to_tom("2"))
    over = Clock(NOON, length=timedelta(0))

    with closing(Sender("email", partial(Interrupted, lambda: None), clock=over)) as sender:
        sender.send(leases.claim("email", limit=20, now=NOON))

    assert (sender.done, states()) == (0, {"queued": 2})
    assert list(Attempt.objects.values_list("ending", flat=True)) == ["released", "released"]


# --- a clock that was set back


def test_a_lease_further_ahead_than_any_lease_lasts_has_run_out(sink: Sink):
    queue(to_tom())
    claim()
    Delivery.objects.update(attempt_at=NOON + HOUR)

    delivery.run(NOON)

    assert states() == {"sent": 1}


def test_a_message_that_is_meant_for_later_is_not_hurried(sink: Sink):
    queue(to_tom(not_before=NOON + timedelta(days=3)))

    delivery.run(NOON)

    assert states() == {"queued": 1}
