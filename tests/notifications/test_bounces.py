"""What is heard of a message after it was accepted, in whatever order, and however often."""

from __future__ import annotations

from typing import Any

import pytest

from notifications import delivery, outbox
from notifications.channels import Receipt
from notifications.delivery import leases, results
from notifications.envelope import Bounce
from notifications.models import ContactPoint, Delivery, Suppression
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    Agreeable,
    ana,
    in_anas_inbox,
    queue,
    the_delivery,
    to_ana,
    to_tom,
    tries,
)
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = NOON + HOUR


def heard(key: str = "1:tom:email", kind: Bounce = Bounce.HARD, **facts: Any) -> bool:
    usual: dict[str, Any] = {"reason": "550 nobody here", "at": LATER, "now": LATER}
    return outbox.bounced(the_delivery(key).pk, kind=kind, **(usual | facts))


def stands(state: str, **facts: Any) -> None:
    """The one message to Tom, as if it had got so far."""
    queue(to_tom())
    ended = state not in {"queued", "leased"}
    usual: dict[str, Any] = {
        "attempt_at": None if ended else NOON,
        "settled_at": NOON if ended else None,
    }
    Delivery.objects.update(state=state, **(usual | facts))


def test_what_was_accepted_and_came_back_has_failed(sink: Sink, subject: Agreeable) -> None:
    queue(to_tom())
    delivery.run(NOON)

    assert heard(at=NOON + MINUTE)

    row = the_delivery()
    assert (row.state, row.reason) == ("failed", "bounced: 550 nobody here")
    assert (row.bounced_at, row.settled_at) == (NOON + MINUTE, LATER)
    assert tries() == [("accepted", 250, "2.0.0 ok")]
    assert subject.told == [("1:tom:email", "sent"), ("1:tom:email", "bounced")]


@pytest.mark.parametrize(
    ("state", "facts", "news"),
    [
        ("sent", {}, True),
        ("uncertain", {}, True),
        ("leased", {"phase": "final", "token": 1, "attempts": 1}, True),
        ("leased", {"phase": "claimed", "token": 1, "attempts": 1}, False),
        ("queued", {}, False),
        ("failed", {}, False),
        ("expired", {}, False),
        ("cancelled", {}, False),
        ("suppressed", {}, False),
        ("sent", {"bounced_at": NOON}, False),
    ],
)
@pytest.mark.parametrize("kind", [Bounce.HARD, Bounce.SOFT])
def test_only_what_was_perhaps_accepted_can_come_back(
    state: str, facts: dict[str, Any], news: bool, kind: Bounce, subject: Agreeable
) -> None:
    stands(state, **facts)

    assert heard(kind=kind) is news

    assert the_delivery().state == ("failed" if news else state)
    assert subject.told == ([("1:tom:email", "bounced")] if news else [])


def test_the_address_is_closed_for_what_follows_it(sink: Sink, subject: Agreeable) -> None:
    queue(to_tom("1"))
    delivery.run(NOON)

    heard("1")
    queue(to_tom("2"), now=LATER)
    delivery.run(LATER)

    closed = Suppression.objects.get()
    assert (closed.channel, closed.address, closed.since) == ("email", "tom@example.org", LATER)
    assert closed.cause == "It bounced: 550 nobody here"
    assert the_delivery("2").state == "suppressed"
    assert len(sink.accepted) == 1


def test_a_mailbox_that_is_full_today_is_not_closed(sink: Sink, subject: Agreeable) -> None:
    queue(to_tom("1"))
    delivery.run(NOON)

    heard("1", Bounce.SOFT)
    queue(to_tom("2"), now=LATER)
    delivery.run(LATER)

    assert not Suppression.objects.exists()
    assert (the_delivery("1").state, the_delivery("2").state) == ("failed", "sent")


def test_a_bounce_that_is_quicker_than_our_own_result_is_kept(subject: Agreeable) -> None:
    stands("leased", phase="final", token=1, attempts=1)
    as_sent = the_delivery()

    heard()
    receipt = Receipt(provider_id="", code=250, answer="ok")
    is_ours = leases.record(results.accepted(as_sent, receipt, at=LATER))

    assert not is_ours
    assert (the_delivery().state, the_delivery().bounced_at) == ("failed", LATER)


def test_what_may_have_arrived_is_not_sent_once_more_after_it_came_back(
    sink: Sink, subject: Agreeable
) -> None:
    queue(to_ana())
    Delivery.objects.update(
        state="uncertain", settled_at=NOON, attempt_at=LATER, possible_repeat=True
    )

    heard("1:ana:email")
    delivery.run(LATER + HOUR)

    assert sink.accepted == []
    assert the_delivery("1:ana:email").state == "failed"


def test_what_came_back_needs_a_person_again(sink: Sink, subject: Agreeable) -> None:
    stands("uncertain", attended_at=NOON)

    heard()

    assert Delivery.objects.needing_attention().get() == the_delivery()


def test_a_provider_knows_the_message_by_its_own_name(subject: Agreeable) -> None:
    stands("sent", provider_id="abc@provider.example")
    facts: Any = {"kind": Bounce.HARD, "reason": "no", "at": LATER, "now": LATER}

    assert not outbox.bounced(provider_id="", **facts)
    assert not outbox.bounced(provider_id="another", **facts)
    assert outbox.bounced(provider_id="abc@provider.example", **facts)
    assert not outbox.bounced(provider_id="abc@provider.example", **facts)


def test_our_own_mail_server_names_no_message(sink: Sink) -> None:
    queue(to_tom(), in_anas_inbox())

    delivery.run(NOON)

    assert set(Delivery.objects.values_list("provider_id", flat=True)) == {""}


# --- a colleague's address


def test_a_colleagues_mail_is_switched_off_until_it_is_put_right(subject: Agreeable) -> None:
    queue(to_ana())
    Delivery.objects.update(state="sent", attempt_at=None, settled_at=NOON)

    heard("1:ana:email")

    point = ContactPoint.objects.get()
    assert (point.user, point.channel, point.disabled_at) == (ana(), "email", LATER)
    assert point.disabled_because == "It bounced: 550 nobody here"


def test_the_wishes_a_colleague_has_for_mail_are_kept(subject: Agreeable) -> None:
    wishes = ContactPoint.objects.create(user=ana(), channel="email", wants="escalations")
    queue(to_ana())
    Delivery.objects.update(state="sent", attempt_at=None, settled_at=NOON)

    heard("1:ana:email")
    wishes.refresh_from_db()

    assert ContactPoint.objects.get() == wishes
    assert (wishes.wants, wishes.disabled_at) == ("escalations", LATER)


def test_a_full_mailbox_switches_nothing_off(subject: Agreeable) -> None:
    queue(to_ana())
    Delivery.objects.update(state="sent", attempt_at=None, settled_at=NOON)

    heard("1:ana:email", Bounce.SOFT)

    assert not ContactPoint.objects.filter(disabled_at__isnull=False).exists()
