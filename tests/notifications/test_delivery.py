"""Where a delivery goes from each state, and what everybody is told about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import delivery
from notifications.envelope import Recipient
from notifications.models import Delivery, InboxItem, Suppression
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    Agreeable,
    ana,
    in_anas_inbox,
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


# --- sent


def test_a_due_message_is_sent_once(sink: Sink, subject: Agreeable):
    queue(to_tom())

    assert delivery.run(NOON) == 1
    assert delivery.run(NOON + HOUR) == 0

    assert sink.recipients == ["tom@example.org"]
    assert subject.told == [("1:tom:email", "sent")]
    kettle = the_delivery()
    assert (kettle.state, kettle.phase, kettle.attempt_at) == ("sent", "", None)
    assert (kettle.token, kettle.attempts) == (1, 1)
    assert tries() == [("accepted", 250, "2.0.0 ok")]


def test_a_message_waits_for_its_time(sink: Sink):
    queue(to_tom(not_before=NOON + MINUTE))

    assert delivery.run(NOON) == 0
    assert delivery.run(NOON + MINUTE) == 1

    assert len(sink.accepted) == 1


def test_urgent_messages_overtake(sink: Sink):
    queue(to_tom("1", address="late@example.org", not_before=NOON - HOUR))
    queue(to_tom("2", address="urgent@example.org", urgent=True))

    delivery.run(NOON)

    assert sink.recipients == ["urgent@example.org", "late@example.org"]


def test_more_than_a_batch_is_sent_over_one_connection(sink: Sink):
    queue(*(to_tom(f"{number}") for number in range(45)))

    assert delivery.run(NOON) == 45

    assert (len(sink.accepted), sink.seen["BANNER"]) == (45, 1)
    assert states() == {"sent": 45}


def test_staff_messages_are_worded_when_sent_and_the_words_kept(sink: Sink):
    queue(to_ana())
    Delivery.objects.update(context={"who": "Ana", "what": "the other kettle"})

    delivery.run(NOON)

    assert the_delivery("1:ana:email").subject == "Ana, about the other kettle"
    assert "the other kettle" in the_delivery("1:ana:email").text


def test_customer_messages_are_sent_as_they_were_previewed(sink: Sink):
    queue(to_tom())
    Delivery.objects.update(context={"who": "Tom", "what": "the other kettle"})

    delivery.run(NOON)

    assert sink.accepted[0].message["Subject"] == "Tom, about a new kettle"


# --- the inbox, and the outbox that stands in for mail


def test_a_reminder_is_put_into_the_inbox(subject: Agreeable):
    queue(in_anas_inbox(), in_anas_inbox("2:ana:inbox"))

    assert delivery.run(NOON) == 2

    first = InboxItem.objects.order_by("id")[0]
    assert (first.user, first.title, first.words) == (
        ana(),
        "Ana, about a new kettle",
        "We said: a new kettle.",
    )
    assert first.delivery == the_delivery("1:ana:inbox")
    assert states() == {"sent": 2}
    assert subject.told == []


def test_without_a_mail_server_mail_is_kept_to_be_shown(settings: LazySettings):
    settings.EMAIL_URL = ""
    queue(to_tom(), to_ana())

    assert delivery.run(NOON) == 2

    assert states() == {"sent": 2}
    assert the_delivery("1:ana:email").provider_id == ""
    assert the_delivery("1:ana:email").html.startswith("<p>Hello Ana")


def test_the_statements_of_a_batch_do_not_grow_with_it(settings: LazySettings):
    settings.EMAIL_URL = ""

    def statements(count: int) -> int:
        queue(*(to_tom(f"{count} {number}", about=f"{count}") for number in range(count)))
        with CaptureQueriesContext(connection) as captured:
            assert delivery.run(NOON) == count
        return len(captured)

    delivery.run(NOON)
    assert statements(2) == statements(100)


def test_an_idle_round_asks_little(settings: LazySettings, sink: Sink):
    delivery.run(NOON)

    with CaptureQueriesContext(connection) as captured:
        delivery.run(NOON)

    assert len(captured) == 1  # is anything due?
    assert sink.seen["BANNER"] == 0


# --- not to be sent


def test_a_message_past_its_time_dies_unsent(sink: Sink, subject: Agreeable):
    queue(to_tom(expires_at=NOON + HOUR))

    delivery.run(NOON + HOUR)

    assert sink.accepted == []
    assert the_delivery().state == "expired"
    assert subject.told == [("1:tom:email", "expired")]


def test_what_its_subject_refuses_is_withdrawn(sink: Sink, subject: Agreeable):
    queue(to_tom(), to_ana())
    subject.now_at = {"1:tom:email": None}

    delivery.run(NOON)

    assert sink.recipients == ["ana@larkfield.example"]
    assert the_delivery().state == "cancelled"
    assert subject.told == []


def test_what_its_subject_does_not_know_is_withdrawn(sink: Sink, subject: Agreeable):
    queue(to_tom())
    subject.unknown = "1:tom:email"

    delivery.run(NOON)

    assert (the_delivery().state, sink.accepted) == ("cancelled", [])


def test_the_subject_is_asked_once_a_batch_and_gives_the_current_address(
    sink: Sink, subject: Agreeable
):
    queue(*(to_tom(f"{number}") for number in range(20)))
    subject.now_at = {"7": Recipient("tom@new.example", "Tom K.")}

    delivery.run(NOON)

    assert subject.asked == [20]
    assert sorted(sink.recipients)[-2:] == ["tom@example.org", "tom@new.example"]
    assert (the_delivery("7").address, the_delivery("7").name) == ("tom@new.example", "Tom K.")


def test_a_suppressed_address_gets_nothing(sink: Sink, subject: Agreeable):
    queue(to_tom(), to_ana())
    Suppression.objects.create(
        channel="email", address="tom@example.org", since=NOON, cause="It bounced."
    )

    delivery.run(NOON)

    assert sink.recipients == ["ana@larkfield.example"]
    assert the_delivery().state == "suppressed"
    assert ("1:tom:email", "suppressed") in subject.told


@pytest.mark.parametrize("address", ["", "tom", "a@b.example, c@d.example", "a b@c.example"])
def test_what_is_not_exactly_one_address_fails(address: str, sink: Sink, subject: Agreeable):
    queue(to_tom(address=address))

    delivery.run(NOON)

    assert (the_delivery().state, the_delivery().reason) == (
        "failed",
        "This is not one e-mail address.",
    )
    assert sink.seen["RCPT"] == 0
    assert subject.told == [("1:tom:email", "failed")]


# --- errors nobody foresaw


def test_a_poisoned_row_fails_the_third_time_and_stops_no_other(sink: Sink, subject: Agreeable):
    queue(to_ana("poison", template="poison"), to_tom("1"), to_tom("2"), now=NOON - HOUR)

    delivery.run(NOON)
    assert states() == {"queued": 1, "sent": 2}
    delivery.run(NOON + 2 * MINUTE)
    delivery.run(NOON + 9 * MINUTE)

    assert states() == {"failed": 1, "sent": 2}
    assert the_delivery("poison").reason.startswith("Poison. TemplateDoesNotExist")
    assert [ending for ending, _, _ in tries("poison")] == ["unexpected"] * 3
    assert subject.told[-1] == ("poison", "failed")


def test_what_a_newer_version_may_know_waits_an_hour_for_it(sink: Sink):
    queue(to_ana("newer", template="of_the_next_version"))

    for minutes in (0, 2, 9, 30):
        delivery.run(NOON + minutes * MINUTE)
    assert (the_delivery("newer").state, the_delivery("newer").attempts) == ("queued", 4)
    delivery.run(NOON + 2 * HOUR)

    assert the_delivery("newer").state == "failed"


def test_a_poisoned_reminder_stops_no_other():
    queue(in_anas_inbox("poison", template="poison"), in_anas_inbox("1"), in_anas_inbox("2"))

    delivery.run(NOON)

    assert states() == {"queued": 1, "sent": 2}
    assert InboxItem.objects.count() == 2


def test_a_subject_that_raises_for_one_message_stops_no_other(sink: Sink, subject: Agreeable):
    queue(to_tom("1"), to_tom("2"), to_tom("3"))
    subject.raises_for = "2"

    delivery.run(NOON)

    assert states() == {"queued": 1, "sent": 2}
    assert the_delivery("2").reason == "KeyError: '2'"


def test_a_reminder_to_nobody_fails():
    queue(in_anas_inbox())
    Delivery.objects.update(person=None)

    delivery.run(NOON)

    assert states() == {"failed": 1}
