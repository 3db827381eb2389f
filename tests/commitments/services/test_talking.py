"""Updates, waiting, handing over, acknowledging, asking for help."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commitments import services, sweep
from commitments.errors import CommitmentError
from commitments.models import Absence, Kind, Membership, Role
from commitments.rules.lifecycle import IllegalMoveError
from notifications import delivery
from notifications.models import Delivery, State
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_team,
    a_user,
    ana,
    dev,
    events_of,
    fresh,
    ines,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR


def test_a_team_note_reaches_no_customer() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    services.update(kettle.pk, by=ana(), words="He is upset", tell_customer=False, now=NOON)

    assert not Delivery.objects.exists()
    note = kettle.events.get(kind="updated")
    assert (note.visible, note.words) == (False, "He is upset")


def test_an_update_to_the_customer_ends_the_silence_once_it_is_accepted() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    sweep.run(DUE)

    services.update(kettle.pk, by=ana(), words="One more check", tell_customer=True, now=DUE + HOUR)
    before = fresh(kettle).is_not_told(DUE + HOUR)
    delivery.run(DUE + HOUR + MINUTE)

    assert before is True
    assert fresh(kettle).is_not_told(DUE + 2 * HOUR) is False
    assert events_of(kettle)[-1] == "message_sent"


def test_once_the_customer_answered_the_question_does_not_go_out() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)
    services.resume(kettle.pk, by=ana(), now=NOON + timedelta(seconds=20))
    delivery.run(NOON + MINUTE)

    assert Delivery.objects.get().state == State.CANCELLED


def test_while_the_customer_was_asked_no_word_to_them_was_missed() -> None:
    a_team()
    Kind.objects.update(inform_every=1)
    kettle = a_commitment(due_at=NOON + 30 * DAY, summary=False)

    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)
    services.resume(kettle.pk, by=ana(), now=NOON + 7 * DAY)
    sweep.run(NOON + 7 * DAY + MINUTE)

    assert events_of(kettle) == ["made", "waited", "resumed"]
    assert fresh(kettle).update_due_at == NOON + 8 * DAY


def test_waiting_rests_the_ladder_and_moves_the_due_time_out_on_resume() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON + HOUR)
    sweep.run(NOON + 4 * HOUR)
    services.resume(kettle.pk, by=ana(), now=NOON + 5 * HOUR)

    resumed = fresh(kettle)
    assert events_of(kettle) == ["made", "waited", "resumed", "passed_over"]
    assert resumed.due_at == NOON + DAY - 1.5 * HOUR  # four working hours later
    assert (resumed.first_due_at, resumed.status) == (DUE, "open")


def test_kept_after_waiting_on_the_customer_is_on_time() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON + HOUR)
    services.resume(kettle.pk, by=ana(), now=NOON + 5 * HOUR)

    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON + DAY - 2 * HOUR)

    assert fresh(kettle).outcome == "on_time"


def test_a_wait_outside_working_hours_never_breaks_the_promise_by_itself() -> None:
    saturday = NOON + 2 * DAY
    kettle = a_commitment(due_at=saturday, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo", now=saturday - 2 * HOUR)

    services.resume(kettle.pk, by=ana(), now=saturday + HOUR)

    assert fresh(kettle).due_at == saturday + 3 * HOUR
    assert "breached" not in events_of(kettle)


def test_a_promise_that_is_late_cannot_be_parked_with_the_customer() -> None:
    kettle = a_commitment(due_at=DUE)

    with pytest.raises(IllegalMoveError, match="Tell the customer a new time"):
        services.wait(kettle.pk, by=ana(), what="A photo", now=DUE + MINUTE)

    assert fresh(kettle).status == "open"


def test_handing_over_tells_both_and_reminds_the_old_owner_no_more() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    sweep.run(NOON + HOUR)

    services.reassign(kettle.pk, by=ines(), owner_id=dev().pk, note="You know him", now=NOON + HOUR)
    sweep.run(DUE)

    assert {row.state for row in Delivery.objects.filter(template="reminder")} == {State.CANCELLED}
    told = set(Delivery.objects.filter(state="queued").values_list("template", "address"))
    assert told == {
        ("handed_over", "dev@larkfield.example"),
        ("handed_on", "ana@larkfield.example"),
        ("overdue", "dev@larkfield.example"),
    }


@pytest.mark.parametrize("who", ["auditor", "stranger", "gone", "same"])
def test_only_a_colleague_who_acts_can_be_handed_a_promise(who: str) -> None:
    kettle = a_commitment(due_at=DUE)
    other = {
        "auditor": a_user("Ada Auditor"),
        "stranger": a_user("Sam Stranger"),
        "gone": a_user("Gil Gone", is_active=False),
        "same": ana(),
    }[who]
    if who in {"auditor", "gone"}:
        role = Role.AUDITOR if who == "auditor" else Role.AGENT
        Membership.objects.create(user=other, team=a_team(), role=role)

    with pytest.raises(CommitmentError):
        services.reassign(kettle.pk, by=ines(), owner_id=other.pk, now=NOON)

    assert fresh(kettle).owner == ana()


def test_an_auditor_sees_and_never_acts() -> None:
    kettle = a_commitment(due_at=DUE)
    ada = a_user("Ada Auditor")
    Membership.objects.create(user=ada, team=a_team(), role=Role.AUDITOR)

    with pytest.raises(CommitmentError, match="not change it"):
        services.fulfil(kettle.pk, by=ada, how="Done", now=NOON)

    assert events_of(kettle) == ["made"]


def test_acknowledging_before_the_due_time_makes_no_sense() -> None:
    kettle = a_commitment(due_at=DUE)

    with pytest.raises(IllegalMoveError, match="not overdue"):
        services.acknowledge(kettle.pk, by=ana(), now=NOON)


def test_help_asks_the_lead_and_leaves_the_ladder_where_it_is() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    before = fresh(kettle).next_action_at

    services.help(kettle.pk, by=ana(), reason="The bank will not answer me", now=NOON)

    asked = set(Delivery.objects.values_list("template", "address"))
    assert asked == {("help_wanted", "dev@larkfield.example")}
    assert fresh(kettle).next_action_at == before


def test_a_lead_who_asks_for_a_hand_asks_the_manager() -> None:
    kettle = a_commitment(due_at=DUE, summary=False, owner_id=dev().pk)
    Delivery.objects.all().delete()

    services.help(kettle.pk, by=dev(), reason="The bank will not answer me", now=NOON)

    asked = set(Delivery.objects.values_list("template", "person__name"))
    assert asked == {("help_wanted", "Ines Duarte")}


def test_whoever_stands_in_for_the_lead_is_not_sent_what_they_ask_themselves() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    Absence.objects.create(
        user=dev(), deputy=ana(), starts_at=NOON - HOUR, ends_at=NOON + 20 * HOUR
    )

    services.help(kettle.pk, by=ana(), reason="The bank will not answer me", now=NOON)

    assert set(Delivery.objects.values_list("person__name", flat=True)) == {"Ines Duarte"}


def test_help_may_carry_a_line_to_the_customer() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)

    services.help(kettle.pk, by=ana(), reason="Stuck", tell_customer="Dev is helping me", now=NOON)

    assert events_of(kettle) == ["made", "help_asked", "updated"]
    assert "Dev is helping me" in Delivery.objects.get(template="progress").text


def test_kept_after_waiting_outside_working_hours_is_on_time_too() -> None:
    evening = NOON + 6 * HOUR
    kettle = a_commitment(due_at=evening, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo", now=evening - 15 * MINUTE)

    services.fulfil(kettle.pk, by=ana(), how="Sent", now=evening + HOUR)

    assert fresh(kettle).outcome == "on_time"
