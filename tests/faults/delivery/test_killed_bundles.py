"""Bundles and senders that are killed, side by side, or overtaken: each message goes out once."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction

from commitments.models import User
from notifications import delivery, outbox
from notifications.delivery import leases, preparing
from notifications.models import Delivery
from tests.notifications import sender
from tests.notifications.bundles import a_few, claim, text_of, the_bundle
from tests.notifications.makers import MINUTE, NOON, queue, states, the_delivery, to_ana
from tests.smtp import Sink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.both_databases,
]

LEASE = timedelta(seconds=130)  # and a little, for the sender's own clock went on


def read(sink: Sink) -> Counter[str]:
    """How often each kettle was written about."""
    texts = [text_of(mail) for mail in sink.accepted]
    return Counter(
        what for text in texts for what in ("kettle 1", "kettle 2", "kettle 3") if what in text
    )


def test_killed_while_it_bundles_nothing_has_happened(sink: Sink):
    a_few(3)

    sender.crash("T3.bundled", email_url=sink.url)
    assert (states(), sink.accepted) == ({"queued": 3}, [])
    delivery.run(NOON)

    assert states() == {"sent": 1, "bundled": 3}
    assert read(sink) == {"kettle 1": 1, "kettle 2": 1, "kettle 3": 1}


@pytest.mark.parametrize("step", ["T3.post", "T3.packed"])
def test_killed_after_the_claim_the_bundle_is_sent_by_the_next(step: str, sink: Sink):
    a_few(3)

    sender.crash(step, email_url=sink.url)
    assert (states(), sink.accepted) == ({"leased": 1, "bundled": 3}, [])
    delivery.run(NOON + LEASE)

    assert states() == {"sent": 1, "bundled": 3}
    assert read(sink) == {"kettle 1": 1, "kettle 2": 1, "kettle 3": 1}


@pytest.mark.parametrize("step", ["T4.post", "T5.pre"])
def test_killed_after_the_marker_the_same_bundle_is_sent_once_more(step: str, sink: Sink):
    a_few(3)

    sender.crash(step, email_url=sink.url)
    arrived = len(sink.accepted)
    delivery.run(NOON + LEASE)
    assert (the_bundle().state, len(sink.accepted)) == ("uncertain", arrived)
    delivery.run(NOON + LEASE + 16 * MINUTE)
    delivery.run(NOON + LEASE + 60 * MINUTE)

    assert states() == {"sent": 1, "bundled": 3}
    assert len(sink.accepted) == arrived + 1
    assert len({mail.message["Message-ID"] for mail in sink.accepted}) == 1
    assert sink.accepted[-1].message["X-Possible-Repeat"] == "1"


def test_two_senders_at_once_put_each_message_into_one_bundle(sink: Sink):
    people = [User.objects.create_user(f"{n}@larkfield.example", name=f"{n}") for n in range(25)]
    queue(
        *(
            to_ana(f"{person.pk} {number}", person_id=person.pk, address=person.email)
            for number in range(8)
            for person in people
        )
    )

    def send() -> None:
        delivery.run(NOON)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    inside = Counter(Delivery.objects.filter(state="bundled").values_list("key", flat=True))
    alone = Delivery.objects.filter(state="sent").exclude(template="bundle")
    assert len(inside) + alone.count() == 200
    assert len(sink.accepted) == Delivery.objects.filter(state="sent").count()
    assert set(states()) <= {"sent", "bundled"}


@pytest.mark.postgresql
def test_a_withdrawal_that_waits_for_the_claim_finds_what_was_bundled_meanwhile(sink: Sink):
    a_few(3)
    taken: list[int] = []

    def withdraw() -> None:
        taken.append(outbox.withdraw(about=["commitment:2"], reason="It was kept.", now=NOON))
        connection.close()

    waiting = threading.Thread(target=withdraw)
    with transaction.atomic():
        claim()
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive()
    waiting.join()

    assert (taken, the_delivery("2").state, the_bundle().state) == ([1], "cancelled", "queued")
    delivery.run(NOON)
    assert read(sink) == {"kettle 1": 1, "kettle 3": 1}


@pytest.mark.postgresql
def test_a_sender_that_slept_through_its_lease_sends_no_bundle(sink: Sink):
    a_few(2)
    [mine] = claim()
    [(_, compose)], _ = preparing.sort_out([mine], now=NOON)

    delivery.run(NOON + LEASE)

    assert leases.exchange([], [(mine, compose())], now=NOON) == set()
    assert read(sink) == {"kettle 1": 1, "kettle 2": 1}
