"""A promise ends, or opens again."""

from __future__ import annotations

import pytest

from commitments import services, sweep
from commitments.errors import CommitmentError
from commitments.models import CheckIn, Kind
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError
from notifications.models import Delivery, State
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_team,
    ana,
    dev,
    events_of,
    fresh,
    ines,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR


@pytest.mark.parametrize(("at", "outcome"), [(DUE, "on_time"), (DUE + MINUTE, "late")])
def test_done_is_judged_by_the_first_due_time(at: object, outcome: str) -> None:
    kettle = a_commitment(due_at=DUE)

    services.fulfil(kettle.pk, by=ana(), how="Sent it", cause="slipped", now=at)  # type: ignore[arg-type]  # an instant

    done = fresh(kettle)
    assert (done.status, done.outcome, done.closed_at) == ("fulfilled", outcome, at)
    assert done.next_action_at is None


def test_a_breach_between_two_sweeps_is_recorded_before_done() -> None:
    kettle = a_commitment(due_at=DUE)

    services.fulfil(kettle.pk, by=ana(), how="Sent it", cause="slipped", now=DUE + HOUR)

    assert events_of(kettle) == ["made", "breached", "fulfilled", "check_in_planned"]
    assert fresh(kettle).breached_at == DUE


def test_done_withdraws_what_was_on_its_way_and_tells_the_customer_how_it_ended() -> None:
    kettle = a_commitment(due_at=DUE)
    sweep.run(NOON + HOUR)

    services.fulfil(kettle.pk, by=ana(), how="It went out at noon", now=NOON + HOUR)

    states = {row.template: row.state for row in Delivery.objects.filter(channel="email")}
    assert states == {
        "agreement": State.CANCELLED,
        "reminder": State.CANCELLED,
        "done": State.QUEUED,
    }


def test_evidence_is_asked_for_where_the_kind_wants_it() -> None:
    a_team()
    Kind.objects.filter(code="refund").update(needs_evidence=True)
    kettle = a_commitment(kind="refund", due_at=DUE)

    with pytest.raises(CommitmentError, match="needs evidence"):
        services.fulfil(kettle.pk, by=ana(), how="Paid", now=NOON)
    unchanged = events_of(kettle)
    services.fulfil(kettle.pk, by=ana(), how="Paid", evidence="TX-99", now=NOON)

    assert unchanged == ["made"]
    assert fresh(kettle).evidence == "TX-99"


def test_a_check_in_is_planned_after_the_kinds_delay() -> None:
    kettle = a_commitment(due_at=DUE)

    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)

    planned = CheckIn.objects.get()
    assert planned.send_at == NOON + 5 * DAY  # three working days from Thursday
    assert [item.commitment_id for item in planned.items.all()] == [kettle.pk]


def test_two_kept_promises_share_one_check_in_at_the_later_time() -> None:
    first, second = a_commitment(due_at=DUE, case="a"), a_commitment(due_at=DUE, case="b")

    services.fulfil(first.pk, by=ana(), how="Sent it", now=NOON)
    services.fulfil(second.pk, by=ana(), how="Sent it", now=NOON + HOUR)

    planned = CheckIn.objects.get()
    assert planned.items.count() == 2
    assert planned.send_at == NOON + 5 * DAY + HOUR


def test_released_counts_for_nothing_and_says_nothing_to_the_customer() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    services.release(kettle.pk, by=ana(), reason="She found it herself", now=NOON)

    assert fresh(kettle).outcome == "released"
    assert not Delivery.objects.filter(audience="customer").exists()


def test_what_we_cannot_keep_is_told_with_the_reason() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    services.abandon(
        kettle.pk,
        by=ana(),
        reason="The part is no longer made",
        offer="A new kettle",
        cause="outside",
        now=NOON,
    )

    assert fresh(kettle).outcome == "broken"
    mail = Delivery.objects.get(template="cannot_keep")
    assert "The part is no longer made" in mail.text


def test_void_by_its_owner_within_fifteen_minutes_later_by_a_lead() -> None:
    kettle = a_commitment(due_at=DUE)

    with pytest.raises(NotAllowedError):
        services.void(kettle.pk, by=ana(), reason="Twice", now=NOON + 16 * MINUTE)
    still = fresh(kettle).status
    services.void(kettle.pk, by=dev(), reason="Twice", now=NOON + 16 * MINUTE)

    assert still == "open"
    assert fresh(kettle).outcome == "void"


@pytest.mark.parametrize("verb", ["fulfil", "release", "abandon", "void"])
def test_a_closed_promise_is_not_closed_again(verb: str) -> None:
    kettle = a_commitment(due_at=DUE)
    services.release(kettle.pk, by=ana(), reason="Not needed", now=NOON)
    before = events_of(kettle)
    said = {"how": "Done"} if verb == "fulfil" else {"reason": "So"}

    with pytest.raises(IllegalMoveError, match="already closed"):
        getattr(services, verb)(kettle.pk, by=ines(), now=NOON, **said)

    assert events_of(kettle) == before


def test_a_reopened_promise_keeps_its_first_due_time_and_gets_a_moment_to_ask() -> None:
    kettle = a_commitment(due_at=DUE)
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)

    services.reopen(kettle.pk, by=None, reason="It never came", now=NOON + 4 * DAY)

    again = fresh(kettle)
    assert (again.status, again.outcome, again.closed_at) == ("open", "", None)
    assert again.first_due_at == DUE
    assert again.due_at > NOON + 4 * DAY
    assert again.next_action_at is not None
    assert not CheckIn.objects.exists()
    assert Delivery.objects.filter(template="reopened").count() == 2


def test_a_kind_due_the_same_day_is_due_the_next_when_opened_again_in_the_evening() -> None:
    a_team()
    Kind.objects.filter(code="followup").update(usual_length=0)
    kettle = a_commitment(due_at=DUE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)

    services.reopen(kettle.pk, by=None, reason="It never came", now=NOON + 9 * HOUR)

    assert fresh(kettle).due_at == NOON + DAY + 5 * HOUR + 30 * MINUTE


def test_a_reopened_promise_kept_again_is_judged_by_the_first_due_time() -> None:
    kettle = a_commitment(due_at=DUE)
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)
    services.reopen(kettle.pk, by=None, reason="It never came", now=NOON + DAY)

    services.fulfil(kettle.pk, by=ana(), how="Sent again", now=NOON + DAY + HOUR)

    assert fresh(kettle).outcome == "late"
