"""Mail servers that refuse, stall, drip and vanish, met by rounds in processes: F28 to F34 and F36.

What each answer means for message, address and channel is held in detail by
`tests/notifications/test_smtp.py`; here whole promises go through it.
"""

from __future__ import annotations

import time
from collections import Counter

import pytest
from django.utils import timezone

from config import health
from notifications.models import Breaker, Delivery, Suppression
from tests.faults.makers import (
    address,
    addresses,
    arrived,
    promises,
    states,
    told_of_troubles,
)
from tests.faults.stand import Stand, until
from tests.smtp import DROP, HANG, Drip

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
REFUSED = "smtp://127.0.0.1:9"  # nothing listens at the discard port


def rounds_until(stand: Stand, wanted: dict[str, int], *, within: float = 15) -> None:
    """One round of delivery after another, until the mails to customers stand so."""

    def once_more() -> bool:
        stand.do("delivery")
        return states(audience="customer") == wanted

    until(once_more, within=within, what=f"{wanted}, but {states(audience='customer')}")


def test_f28_a_server_that_refuses_connections_is_left_alone_and_tried_again(stand: Stand):
    """F28: the rows keep their place, the channel rests, and everything goes out afterwards."""
    promises(6)

    stand.do(EMAIL_URL=REFUSED)
    rest = Breaker.objects.get(channel="email")
    assert (states(), rest.opened_at is not None) == ({"queued": 6}, True)
    rounds_until(stand, {"sent": 6})

    assert arrived(stand.sink) == addresses(range(6))
    assert Breaker.objects.get(channel="email").opened_at is None


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "451 4.3.0 try later"])
def test_f29_a_temporary_refusal_at_any_stage_is_tried_again(stand: Stand, answer: str):
    """F29: at MAIL, RCPT, DATA and the dot; the same Message-ID every time."""
    promises(6)
    stand.sink.script = {stage: [answer] for stage in ("MAIL", "RCPT", "DATA", "DOT")}

    stand.do("sweep")
    rounds_until(stand, {"sent": 6})

    assert arrived(stand.sink) == addresses(range(6))
    assert set(stand.sink.by_message_id().values()) == {1}
    [refused] = stand.sink.refused
    [accepted] = [mail for mail in stand.sink.accepted if mail.recipient == refused.recipient]
    assert accepted.headers["Message-ID"] == refused.headers["Message-ID"]


def test_f30_what_is_refused_for_good_fails_and_is_told(stand: Stand):
    """F30: 5.1.1 closes the address, 5.2.2 fails the message, 5.7.1 lets the channel rest."""
    promises(4)
    stand.sink.script["RCPT"] = ["550 5.1.1 no such user", "552 5.2.2 full", "554 5.7.1 go away"]

    stand.do()
    rested = Breaker.objects.get(channel="email").opened_at
    rounds_until(stand, {"failed": 2, "sent": 2})

    failed = Delivery.objects.needing_attention().filter(audience="customer")
    assert rested is not None
    assert [row.reason[:9] for row in failed.order_by("id")] == ["550 5.1.1", "552 5.2.2"]
    assert Suppression.objects.count() == 1
    assert told_of_troubles() >= 1
    assert set(stand.sink.by_message_id().values()) == {1}


def test_f31_a_changed_password_holds_everything_until_it_is_put_right(stand: Stand):
    """F31: one rest, one page to the operator, nothing failed; all sent after the repair."""
    promises(5)
    with_a_password = stand.sink.url.replace("smtp://", "smtp://ours:old@")
    stand.sink.script["AUTH"] = ["535 5.7.8 bad password"] * 2

    said_before = len(stand.forks.said)
    for _ in range(2):
        stand.do(EMAIL_URL=with_a_password)
        time.sleep(1.2)  # for so long the channel rests
    assert states() == {"queued": 5}
    assert stand.forks.said[said_before:].count("CRITICAL") == 1
    assert "our own account is refused" in str(health.work(timezone.now())[1])
    rounds_until(stand, {"sent": 5})

    assert arrived(stand.sink) == addresses(range(5))


@pytest.mark.parametrize(
    ("stage", "turn"),
    [("BANNER", HANG), ("DATA", HANG), ("BANNER", Drip(0.3)), ("MAIL", Drip(0.3))],
)
def test_f32_f33_a_server_that_stalls_is_cut_off_in_total_time(
    stand: Stand, stage: str, turn: str | Drip
):
    """F32 and F33: no single wait is long, the whole is cut at its limit; nothing is uncertain."""
    promises(3)
    stand.sink.script[stage] = [turn]

    began = time.monotonic()
    stand.do()
    assert time.monotonic() - began < 8
    rounds_until(stand, {"sent": 3})

    assert arrived(stand.sink) == addresses(range(3))


@pytest.mark.parametrize("turn", [HANG, DROP, Drip(0.6)])
def test_f32_f34_silence_after_the_dot_is_uncertain_and_never_sent_again(
    stand: Stand, turn: str | Drip
):
    """F32 and F34: it may have arrived, so a person decides; the mails after it flow."""
    promises(3)
    stand.sink.script["DOT"] = [turn]

    stand.do()
    rounds_until(stand, {"uncertain": 1, "sent": 2})
    time.sleep(1.6)  # for so long a repeat would have waited
    stand.do("delivery")

    assert max(arrived(stand.sink)[address(number)] for number in range(3)) == 1
    [doubtful] = Delivery.objects.needing_attention()
    assert (doubtful.state, doubtful.attempt_at) == ("uncertain", None)
    assert told_of_troubles() >= 1


def test_f36_of_two_recipients_each_has_a_mail_and_a_fate_of_their_own(stand: Stand):
    """F36: one row per recipient, so none can be half sent."""
    promises(1, ladder=[(0, ["owner", "manager"])])
    stand.sink.script["RCPT"] = ["250 ok", "552 5.2.2 full"]

    stand.do()

    assert states(audience="staff") == {"sent": 1, "failed": 1}
    assert len(stand.sink.accepted) == 1
    assert (stand.sink.seen["MAIL"], stand.sink.seen["RCPT"]) == (2, 2)


def test_f58_a_name_service_that_is_dead_puts_mails_off_and_stops_nothing(stand: Stand):
    """F58: no name is known; the inbox is served in the same round, and the mails later."""
    promises(3, ladder=[(0, ["owner", "customer"])])

    began = time.monotonic()
    stand.do(EMAIL_URL="smtp://mail.does-not-exist.invalid:25")
    assert time.monotonic() - began < 20
    inbox = Delivery.objects.filter(channel="inbox").values_list("state", flat=True)
    assert Counter(inbox) == {"sent": 3}
    assert states(audience="customer") == {"queued": 3}
    rounds_until(stand, {"sent": 3})

    assert set(stand.sink.by_message_id().values()) == {1}
