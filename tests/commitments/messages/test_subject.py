"""What the outbox's answers do to a promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from commitments import messages, services, sweep
from commitments.models import Commitment
from commitments.rules.ladder import Basis
from notifications import delivery
from notifications.envelope import Delivered, Outcome
from notifications.models import Delivery
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    ana,
    events_of,
    fresh,
    stand_under,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR


def delivered(row: Delivery) -> Delivered:
    return Delivered(
        key=row.key,
        about=row.about,
        event_id=row.event_id,
        audience=row.audience,  # type: ignore[arg-type]  # one of two words
        person_id=row.person_id,
        channel=row.channel,
        address=row.address,
        template=row.template,
    )


def settle(template: str, outcome: Outcome, *, at: datetime = NOON + HOUR) -> None:
    row = Delivery.objects.filter(template=template, channel="email").latest("pk")
    messages.subject.settled(delivered(row), outcome, at)


def a_waiting_promise() -> Commitment:
    kettle = a_commitment(due_at=DUE, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)
    return kettle


def test_what_was_accepted_stands_on_the_timeline_and_ends_the_silence() -> None:
    kettle = a_commitment(due_at=DUE)

    settle("agreement", "sent")

    event = kettle.events.latest("sequence")
    assert (event.kind, event.audience, event.visible) == (
        "message_sent",
        "customer:agreement",
        True,
    )
    assert fresh(kettle).told_at == NOON + HOUR


def test_an_automatic_note_ends_no_silence() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    for hours in range(12 * 24):
        sweep.run(NOON + hours * HOUR)

    settle("slip_note", "sent", at=NOON + 12 * DAY)

    assert events_of(kettle)[-1] == "message_sent"
    assert fresh(kettle).is_not_told(NOON + 13 * DAY)


@pytest.mark.parametrize("outcome", ["failed", "suppressed", "bounced", "expired"])
def test_a_request_that_never_arrived_was_never_waited_for(outcome: Outcome) -> None:
    kettle = a_waiting_promise()

    settle("need", outcome, at=NOON + MINUTE)
    sweep.run(NOON + 2 * MINUTE)

    again = fresh(kettle)
    assert (again.status, again.waiting_since, again.due_at) == ("open", None, DUE)
    assert (again.next_action, again.next_action_at) == ("step", DUE - 2 * HOUR)
    said = "message_bounced" if outcome == "bounced" else "message_not_sent"
    assert events_of(kettle)[-1] == said


def test_with_the_request_goes_what_would_have_reminded_of_it() -> None:
    kettle = a_waiting_promise()
    sweep.run(NOON + 4 * DAY + MINUTE)  # two working days on
    nudge = Delivery.objects.get(template="nudge", channel="email")

    settle("need", "bounced", at=NOON + 4 * DAY + HOUR)

    nudge.refresh_from_db()
    request = Delivery.objects.get(template="need", channel="email")
    assert (fresh(kettle).status, nudge.state) == ("open", "cancelled")
    assert request.state == "queued"  # whoever settles it says what becomes of it


def test_a_request_that_may_have_arrived_is_still_waited_for() -> None:
    kettle = a_waiting_promise()

    settle("need", "uncertain")

    assert fresh(kettle).status == "waiting"


@pytest.mark.parametrize(
    "outcome", ["failed", "suppressed", "bounced", "complained", "uncertain", "expired"]
)
def test_the_owner_is_asked_where_a_customer_may_not_have_heard(outcome: Outcome) -> None:
    a_commitment(due_at=DUE)

    settle("agreement", outcome)

    asked = Delivery.objects.filter(template="undelivered")
    assert {row.person_id for row in asked} == {ana().pk}
    assert {row.late for row in asked} == {outcome == "expired"}


def test_the_owner_is_told_once_of_what_grew_too_old() -> None:
    a_commitment(due_at=DUE)

    delivery.run(NOON + 4 * DAY)
    delivery.run(NOON + 4 * DAY + HOUR)

    assert Delivery.objects.get(template="agreement").state == "expired"
    asked = Delivery.objects.filter(template="undelivered", channel="inbox")
    assert [row.context["words"] for row in asked] == [
        "It was too old to be of use, and was not sent."
    ]


def test_a_colleagues_nag_that_grew_too_old_is_no_loss() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    sweep.run(DUE - 2 * HOUR)

    settle("reminder", "expired")

    assert events_of(kettle) == ["made", "step_taken"]
    assert not Delivery.objects.filter(template__in=["undelivered", "unreached"]).exists()


TO_CUSTOMERS = {"slip_note", "nudge", "agreement", "need"}


def lives() -> dict[str, timedelta]:
    """How long each mail to a customer may wait for its far end."""
    rows = Delivery.objects.filter(template__in=TO_CUSTOMERS)
    return {row.template: row.expires_at - row.not_before for row in rows if row.expires_at}


def test_what_nobody_wrote_is_stale_four_hours_after_its_moment() -> None:
    kettle = a_waiting_promise()
    moment = NOON + 4 * DAY  # two working days on
    sweep.run(moment + HOUR)

    nudge = Delivery.objects.get(template="nudge")
    assert (nudge.not_before, nudge.expires_at) == (moment + HOUR, moment + 4 * HOUR)
    assert lives()["need"] == 3 * DAY

    services.resume(kettle.pk, by=ana(), now=moment + 2 * HOUR)
    services.wait(kettle.pk, by=ana(), what="Its number", now=moment + 2 * HOUR)
    services.nudge(kettle.pk, by=ana(), now=moment + 3 * HOUR)

    by_hand = Delivery.objects.filter(template="nudge").latest("pk")
    assert by_hand.expires_at == by_hand.not_before + 3 * DAY


@pytest.mark.parametrize("words", ["", "Our supplier is late."])
def test_the_note_of_a_ladder_is_stale_after_four_hours_whatever_it_says(words: str) -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    version = stand_under(kettle, [(Basis.ELAPSED, 3600, ["customer"])])
    version.steps.update(words=words)
    Commitment.objects.update(next_action_at=DUE)

    sweep.run(DUE)
    sweep.run(DUE + 2 * HOUR)
    delivery.run(DUE + 5 * HOUR)

    note = Delivery.objects.get(template="slip_reason" if words else "slip_note")
    assert (note.not_before, note.expires_at) == (DUE + 2 * HOUR, DUE + 5 * HOUR)
    assert note.state == "expired"
    assert events_of(kettle)[-1] == "message_not_sent"
    asked = Delivery.objects.filter(template="undelivered", channel="inbox")
    assert [row.person_id for row in asked] == [ana().pk]
    assert messages.subject.instead(delivered(note))


@pytest.mark.parametrize("template", ["agreement", "need", "nudge", "check_in"])
def test_what_names_no_time_of_a_machines_may_be_sent_again(template: str) -> None:
    a_commitment(due_at=DUE)
    row = replace(delivered(Delivery.objects.get()), template=template)

    assert messages.subject.instead(row) == ""


def test_uncertain_is_not_told() -> None:
    kettle = a_commitment(due_at=DUE)

    settle("agreement", "uncertain", at=DUE + MINUTE)

    assert fresh(kettle).is_not_told(DUE + HOUR)


def test_staff_mail_leaves_no_line_unless_it_fails() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    sweep.run(DUE - 2 * HOUR)

    settle("reminder", "sent")
    quiet = events_of(kettle)
    settle("reminder", "failed")

    assert quiet == ["made", "step_taken"]
    assert events_of(kettle)[-1] == "message_not_sent"


def test_recipients_are_who_they_are_now() -> None:
    kettle = a_commitment(due_at=DUE)
    sweep.run(DUE - 2 * HOUR)
    rows = {row.template: delivered(row) for row in Delivery.objects.filter(channel="email")}

    tom().__class__.objects.update(email="tom@elsewhere.example")
    ana().__class__.objects.filter(pk=ana().pk).update(is_active=False)
    found = messages.subject.recipients(list(rows.values()), now=NOON)

    to_tom = found[rows["agreement"].key]
    assert to_tom is not None
    assert to_tom.address == "tom@elsewhere.example"
    assert found[rows["reminder"].key] is None
    assert kettle.customer_id == tom().pk


def test_the_erased_are_written_to_no_more() -> None:
    a_commitment(due_at=DUE)
    row = delivered(Delivery.objects.get())

    tom().__class__.objects.update(erased_at=NOON)

    assert messages.subject.recipients([row], now=NOON).get(row.key) is None


def test_who_has_left_the_team_hears_no_more() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    sweep.run(DUE - 2 * HOUR)
    row = delivered(Delivery.objects.filter(template="reminder", channel="email").get())

    before = messages.subject.recipients([row], now=NOON)[row.key]
    ana().memberships.all().delete()

    assert before is not None
    assert messages.subject.recipients([row], now=NOON)[row.key] is None
    kettle.team.lead_fallback = ana()
    kettle.team.save()
    assert messages.subject.recipients([row], now=NOON)[row.key] is not None
