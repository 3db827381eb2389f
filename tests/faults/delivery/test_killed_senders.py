"""Senders that are killed, and senders that work side by side: nothing lost, nothing sent twice."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from notifications import delivery
from notifications.delivery import audit
from notifications.models import Attempt, Delivery
from tests.notifications import sender
from tests.notifications.makers import MINUTE, NOON, queue, states, the_delivery, to_ana, to_tom
from tests.smtp import Sink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.both_databases,
]

LEASE = timedelta(seconds=130)  # and a little, for the sender's own clock went on


def three_to_customers() -> None:
    queue(*(to_tom(f"{number}", address=f"tom{number}@example.org") for number in range(3)))


def test_f05_killed_after_the_claim_everything_is_sent_by_the_next(sink: Sink):
    three_to_customers()

    sender.crash("T3.post", email_url=sink.url)
    assert (states(), sink.accepted) == ({"leased": 3}, [])
    delivery.run(NOON + LEASE)

    assert states() == {"sent": 3}
    assert Counter(sink.recipients) == {f"tom{number}@example.org": 1 for number in range(3)}


def test_f06_killed_between_marker_and_dot_one_is_uncertain_and_none_lost(sink: Sink):
    three_to_customers()

    sender.crash("T4.post", email_url=sink.url)
    delivery.run(NOON + LEASE)

    assert states() == {"sent": 2, "uncertain": 1}
    assert sorted(sink.recipients) == ["tom1@example.org", "tom2@example.org"]
    assert [one.key for one in Delivery.objects.needing_attention()] == ["0"]


def test_f07_killed_before_the_result_a_customer_is_not_sent_it_again(sink: Sink):
    three_to_customers()

    sender.crash("T5.pre", email_url=sink.url)
    assert sink.recipients == ["tom0@example.org"]
    delivery.run(NOON + LEASE)
    delivery.run(NOON + LEASE + 60 * MINUTE)

    assert states() == {"sent": 2, "uncertain": 1}
    assert sorted(sink.recipients) == [f"tom{number}@example.org" for number in range(3)]
    assert list(audit.broken(NOON + LEASE + 60 * MINUTE)) == []


def test_f07_killed_before_the_result_staff_are_sent_it_once_more_and_told(sink: Sink):
    queue(to_ana())

    sender.crash("T5.pre", email_url=sink.url)
    delivery.run(NOON + LEASE)
    delivery.run(NOON + LEASE + 16 * MINUTE)
    delivery.run(NOON + LEASE + 60 * MINUTE)

    first, repeat = (mail.message for mail in sink.accepted)
    assert first["Message-ID"] == repeat["Message-ID"]
    assert (first["X-Possible-Repeat"], repeat["X-Possible-Repeat"]) == (None, "1")
    assert the_delivery("1:ana:email").state == "sent"
    assert list(audit.broken(NOON + LEASE + 60 * MINUTE)) == []


def test_f08_a_small_storm_of_kills_loses_nothing_and_doubles_nothing(sink: Sink):
    queue(*(to_tom(f"{number}", address=f"tom{number}@example.org") for number in range(120)))
    sink.pause = 0.004
    dice = random.Random(7)
    kills = 5

    for kill in range(kills):
        process = sender.start(after=kill * LEASE, email_url=sink.url)
        enough = len(sink.accepted) + dice.randint(5, 15)
        while len(sink.accepted) < enough and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        process.communicate()
    sink.pause = 0
    delivery.run(NOON + kills * LEASE)
    delivery.run(NOON + (kills + 1) * LEASE)

    arrived = Counter(sink.recipients)
    sent = set(Delivery.objects.filter(state="sent").values_list("address", flat=True))
    assert set(arrived.values()) == {1}
    assert sent <= set(arrived)
    assert states().keys() <= {"sent", "uncertain"}
    assert states().get("uncertain", 0) <= kills
    assert sum(states().values()) == 120
    assert list(audit.broken(NOON + (kills + 1) * LEASE)) == []


def test_two_senders_at_once_send_each_message_once(sink: Sink):
    queue(*(to_tom(f"{number}", address=f"tom{number}@example.org") for number in range(150)))
    done: list[int] = []

    def send() -> None:
        done.append(delivery.run(NOON))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # A row that the other's claim just looks at is let go and sent later: it was dealt with twice.
    assert sum(done) >= 150
    assert states() == {"sent": 150}
    assert set(Counter(sink.recipients).values()) == {1}
    assert len(sink.accepted) == 150
    assert Attempt.objects.filter(ending="accepted").count() == 150
