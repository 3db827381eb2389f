"""Rows that no round can digest. F41."""

from __future__ import annotations

import pytest

from commitments.models import Commitment, Customer
from notifications.models import Delivery
from tests.faults.makers import (
    addresses,
    arrived,
    promises,
    states,
)
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
CONTROLS = "Send\x01 the\x0b kettle\x1b[31m\u2028 \uffff\u202e now"


def test_f41_a_row_without_a_template_is_poison_at_the_third_try_and_stops_no_other(stand: Stand):
    """F41."""
    promises(5, ladder=[(0, ["owner", "customer"])])
    stand.do("sweep")
    poison = Delivery.objects.filter(channel="inbox").order_by("id")[:1].get()
    Delivery.objects.filter(pk=poison.pk).update(template="nobody_wrote_it")

    def has_ended() -> bool:
        stand.do("delivery")
        return Delivery.objects.get(pk=poison.pk).state == "failed"

    until(has_ended, within=15)

    told = Delivery.objects.get(pk=poison.pk)
    assert told.reason.startswith("Poison. TemplateDoesNotExist")
    assert [one.pk for one in Delivery.objects.needing_attention()] == [poison.pk]
    assert states(audience="customer") == {"sent": 5}
    assert Delivery.objects.filter(channel="inbox", state="sent").count() >= 4


def test_f41_control_characters_are_carried_and_break_nothing(stand: Stand):
    """F41: text that came in by SQL, past every check of ours, reaches nobody's headers."""
    promises(3, ladder=[(0, ["owner", "customer"])])
    Commitment.objects.update(wording=CONTROLS)
    Customer.objects.update(name="Tom\r\nBcc: evil@post.example")

    stand.do()

    assert states(audience="customer") == {"sent": 3}
    subset = {to: count for to, count in arrived(stand.sink).items() if to.startswith("tom")}
    assert subset == addresses(range(3))
    assert all("Bcc" not in mail.headers for mail in stand.sink.accepted)
    assert all(b"\x01" not in mail.data for mail in stand.sink.accepted)
    assert Delivery.objects.filter(state="failed").count() == 0


def test_f41_a_promise_that_raises_is_put_off_and_the_others_flow(stand: Stand):
    """F41, in the sweep: its ladder cannot be read."""
    bad, *_ = promises(6)
    broken = stand.database
    stand.cluster.say(
        "update commitments_commitment set due_at = '9999-12-31 23:59:59+00',"
        f" window_start = null where id = {bad.pk}",
        to=broken,
    )
    stand.cluster.say(
        "update commitments_step set basis = 'fortnights' where version_id ="
        f" (select policy_version_id from commitments_commitment where id = {bad.pk})",
        to=broken,
    )

    stand.do("sweep")

    assert Commitment.objects.filter(next_action="put_off").count() == 6
    stand.cluster.say("update commitments_step set basis = 'elapsed'", to=broken)
    stand.cluster.say("update commitments_commitment set due_at = first_due_at", to=broken)
    until(lambda: _sent_after_a_round(stand) == 6, within=15)


def _sent_after_a_round(stand: Stand) -> int:
    stand.do()
    return states().get("sent", 0)
