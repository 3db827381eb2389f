"""Check-ins: held, sent once, answered, and "still open" made into a promise."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from commitments import checkins, services
from commitments.checkins import Reply
from commitments.errors import CommitmentError
from commitments.models import (
    Calendar,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Customer,
    Holiday,
    Kind,
    Team,
)
from notifications import delivery
from notifications.models import Delivery
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
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR
ASKED = NOON + 5 * DAY  # three working days after Thursday noon
STILL_OPEN = Reply(done="partly", still_open=True, rating=2, words="The lid is missing")
ALL_WELL = Reply(done="yes", still_open=False, rating=5)


def a_kept_promise(**fields: object) -> Commitment:
    kettle = a_commitment(due_at=DUE, summary=False, **fields)
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)
    return kettle


def a_sent_check_in() -> CheckIn:
    a_kept_promise()
    checkins.run(ASKED)
    return CheckIn.objects.get()


def asked() -> int:
    return Delivery.objects.filter(template="check_in").count()


def test_it_is_sent_after_its_delay_and_only_once() -> None:
    kettle = a_kept_promise()

    for days in range(20):
        checkins.run(NOON + days * DAY)
        delivery.run(NOON + days * DAY)

    assert asked() == 1
    assert CheckIn.objects.get().sent_at == ASKED
    assert events_of(kettle)[-1] == "message_sent"


@pytest.mark.parametrize(
    ("days", "asked_at"),
    [
        (0, NOON + MINUTE / 2),  # when it can no longer be taken back
        (1, NOON + DAY),
        (2, NOON + 4 * DAY),  # Monday: the team does not work at the weekend
        (5, NOON + 7 * DAY),
    ],
)
def test_each_kind_waits_for_its_own_number_of_working_days(days: int, asked_at: datetime) -> None:
    a_team()
    Kind.objects.filter(code="followup").update(check_in_after=days)
    a_kept_promise()

    checkins.run(asked_at - MINUTE / 60)
    before = asked()
    checkins.run(asked_at)

    assert (before, asked()) == (0, 1)


def test_a_holiday_is_no_working_day() -> None:
    calendar = a_team().calendar
    Holiday.objects.create(calendar=calendar, on=date(2026, 5, 25), spans=[], name="Bank holiday")
    a_kept_promise()

    assert CheckIn.objects.get().send_at == ASKED + DAY


@pytest.mark.parametrize("state", ["open", "waiting"])
def test_it_is_held_while_anything_is_owed(state: str) -> None:
    kettle = a_kept_promise(case="kept")
    other = a_commitment(due_at=NOON + 30 * DAY, case="owed", summary=False)
    if state == "waiting":
        services.wait(other.pk, by=ana(), what="A photo", now=NOON + HOUR)

    checkins.run(ASKED)
    checkins.run(ASKED + DAY)

    held = CheckIn.objects.get()
    assert (held.state, asked()) == ("held", 0)
    assert held.hold_reason == "another promise to this customer is still open"
    assert events_of(kettle).count("check_in_held") == 1


def test_it_is_held_while_the_customer_disputes_a_promise() -> None:
    kettle = a_kept_promise(case="kept")
    other = a_commitment(due_at=NOON + 2 * DAY, case="disputed", summary=False)
    services.dispute(other.pk, words="It was two.", now=NOON)
    services.fulfil(other.pk, by=ana(), how="Sent", now=NOON)

    checkins.run(ASKED)
    held = (CheckIn.objects.get().hold_reason, asked())
    told = services.Told.PHONE
    services.answer(other.pk, by=ana(), words="It was three.", told=told, now=ASKED + HOUR)
    checkins.run(ASKED + DAY)

    assert held == ("the customer disputes a promise", 0)
    assert kettle.events.get(kind="check_in_held").words == "the customer disputes a promise"
    assert asked() == 1


def test_it_is_held_while_the_customer_waits_for_an_answer() -> None:
    kettle = a_kept_promise()
    services.reply(kettle.pk, words="Which of the two?", now=NOON + HOUR)

    checkins.run(ASKED)
    held = (CheckIn.objects.get().hold_reason, asked())
    services.answer(
        kettle.pk, by=ana(), words="The blue one.", told=services.Told.PHONE, now=ASKED + HOUR
    )
    checkins.run(ASKED + DAY)

    assert held == ("the customer waits for an answer from us", 0)
    assert asked() == 1


def test_closing_the_last_open_promise_lets_it_go_after_the_delay() -> None:
    a_kept_promise(case="kept")
    other = a_commitment(due_at=NOON + 30 * DAY, case="owed", summary=False)
    checkins.run(ASKED)

    services.release(other.pk, by=ana(), reason="Not wanted", now=ASKED)
    checkins.run(ASKED + 2 * DAY)
    before = asked()
    checkins.run(ASKED + 3 * DAY + MINUTE)

    assert (before, asked()) == (0, 1)


def test_one_that_cannot_be_judged_stops_no_other() -> None:
    stuck = a_kept_promise()
    never = Calendar.objects.create(name="Never open", zone="UTC")
    Team.objects.filter(pk=stuck.team_id).update(calendar=never)
    mia = Customer.objects.create(name="Mia Berg", email="mia@customers.example")
    a_kept_promise(team=a_team("Returns"), customer=mia)

    checkins.run(ASKED)

    assert Delivery.objects.get(template="check_in").address == mia.email
    assert CheckIn.objects.get(customer=stuck.customer).send_at == ASKED + 15 * MINUTE


def test_a_promise_kept_later_joins_the_one_planned() -> None:
    a_kept_promise(case="first")
    second = a_commitment(due_at=NOON + 4 * DAY, case="second", summary=False, now=NOON)
    checkins.run(ASKED)

    services.fulfil(second.pk, by=ana(), how="Sent", cause="slipped", now=ASKED)
    checkins.run(ASKED + 3 * DAY + MINUTE)

    assert asked() == 1
    assert CheckIn.objects.get().items.count() == 2


def test_a_customer_is_asked_once_in_a_cooldown() -> None:
    a_kept_promise(case="first")
    checkins.run(ASKED)
    second = a_commitment(due_at=ASKED + 3 * HOUR, case="second", now=ASKED, summary=False)
    services.fulfil(second.pk, by=ana(), how="Sent", now=ASKED + HOUR)

    checkins.run(ASKED + 6 * DAY)
    early = asked()
    checkins.run(ASKED + 8 * DAY)

    assert (early, asked()) == (1, 2)


def test_held_for_thirty_days_it_is_dropped() -> None:
    kettle = a_kept_promise(case="kept")
    a_commitment(due_at=NOON + 300 * DAY, case="owed", summary=False)

    for days in range(40):
        checkins.run(NOON + days * DAY + 21 * HOUR)

    assert CheckIn.objects.get().state == "dropped"
    assert events_of(kettle)[-1] == "check_in_dropped"


def test_a_customer_who_cannot_be_written_to_is_not_asked() -> None:
    tom(email="")
    kettle = a_kept_promise()

    checkins.run(ASKED)

    assert asked() == 0
    assert kettle.events.latest("sequence").words == "Tom has no e-mail address. Please call."


def test_reopening_takes_the_promise_out() -> None:
    kettle = a_kept_promise()

    services.reopen(kettle.pk, by=None, reason="Not there", now=NOON + HOUR)
    checkins.run(ASKED)

    assert asked() == 0
    assert not CheckIn.objects.exists()


def test_a_check_in_still_in_the_outbox_is_withdrawn_when_its_promise_is_opened_again() -> None:
    check_in = a_sent_check_in()
    kettle = Commitment.objects.get()

    services.reopen(kettle.pk, by=None, reason="Not there", now=ASKED + MINUTE)
    delivery.run(ASKED + HOUR)

    mail = Delivery.objects.get(about=check_in.about)
    assert (mail.state, mail.reason) == ("cancelled", "opened again")
    assert {(each.state, each.sent_at) for each in CheckIn.objects.all()} == {("dropped", None)}


def test_the_other_promise_of_a_withdrawn_check_in_is_asked_about_later() -> None:
    kettle, lid = a_kept_promise(), a_kept_promise()
    checkins.run(ASKED)

    services.reopen(kettle.pk, by=None, reason="Not there", now=ASKED + MINUTE)
    checkins.run(ASKED + HOUR)
    services.fulfil(kettle.pk, by=ana(), how="There now", now=ASKED + 2 * HOUR)
    checkins.run(ASKED + 3 * DAY + 3 * HOUR)

    asked_after_all = CheckIn.objects.get(state="sent")
    assert set(asked_after_all.commitments()) == {kettle, lid}
    states = Delivery.objects.filter(template="check_in").order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["cancelled", "queued"]


def test_what_a_withdrawn_check_in_asked_about_joins_one_that_is_planned_already() -> None:
    kettle, lid = a_kept_promise(), a_kept_promise()
    checkins.run(ASKED)
    later = a_commitment(due_at=ASKED + DAY, now=ASKED, summary=False)
    services.fulfil(later.pk, by=ana(), how="Sent", now=ASKED + MINUTE)

    services.reopen(kettle.pk, by=None, reason="Not there", now=ASKED + 2 * MINUTE)

    planned = CheckIn.objects.pending().get()
    assert {item.commitment for item in planned.items.all()} == {lid, later}


def test_a_check_in_that_has_gone_out_stays_asked_when_its_promise_is_opened_again() -> None:
    check_in = a_sent_check_in()
    delivery.run(ASKED)

    services.reopen(Commitment.objects.get().pk, by=None, reason="Not there", now=ASKED + MINUTE)

    assert Delivery.objects.get(about=check_in.about).state == "sent"
    assert CheckIn.objects.get().state == "sent"


def test_an_answer_is_appended_and_stands_on_the_timeline() -> None:
    check_in = a_sent_check_in()

    checkins.answer(check_in.pk, ALL_WELL, now=ASKED + HOUR)
    checkins.answer(check_in.pk, STILL_OPEN, now=ASKED + 2 * HOUR)

    assert list(CheckInAnswer.objects.order_by("pk").values_list("rating", flat=True)) == [5, 2]
    kept = Commitment.objects.get(follows=None)
    assert events_of(kept).count("check_in_answered") == 2


def test_still_open_makes_a_promise_that_follows_with_an_owner_and_a_time() -> None:
    check_in = a_sent_check_in()

    answered = checkins.answer(check_in.pk, STILL_OPEN, now=ASKED)

    follow_up = answered.follow_up
    assert follow_up is not None
    assert (follow_up.owner, follow_up.follows) == (ana(), Commitment.objects.get(follows=None))
    assert follow_up.due_at == ASKED + 4 * HOUR
    assert follow_up.first_due_at == follow_up.due_at
    told = Delivery.objects.filter(about=follow_up.about, channel="email")
    assert set(told.values_list("template", "address")) == {
        ("customer_still_open", "ana@larkfield.example"),
        ("customer_still_open", "ines@larkfield.example"),
        ("still_open", "tom@customers.example"),
    }


def test_still_open_about_what_another_team_kept_is_theirs_to_look_into() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    moves = a_team("Moves")
    services.hand_to_team(kettle.pk, by=dev(), team_id=moves.pk, now=NOON)
    services.fulfil(kettle.pk, by=dev(), how="Sent it", now=NOON)
    checkins.run(ASKED)

    checkins.answer(CheckIn.objects.get().pk, STILL_OPEN, now=ASKED + HOUR)

    follow_up = Commitment.objects.get(follows=kettle)
    assert (follow_up.team, follow_up.conversation) == (moves, kettle.conversation)


def test_still_open_said_twice_makes_one_promise() -> None:
    check_in = a_sent_check_in()

    first = checkins.answer(check_in.pk, STILL_OPEN, now=ASKED)
    second = checkins.answer(check_in.pk, STILL_OPEN, now=ASKED + MINUTE)

    assert first.follow_up == second.follow_up
    assert Commitment.objects.filter(origin="check_in").count() == 1


def test_still_open_after_the_promise_that_followed_was_closed_makes_another() -> None:
    check_in = a_sent_check_in()
    first = checkins.answer(check_in.pk, STILL_OPEN, now=ASKED).follow_up
    assert first is not None
    services.fulfil(first.pk, by=ana(), how="Sent the lid", now=ASKED + HOUR)

    second = checkins.answer(check_in.pk, STILL_OPEN, now=ASKED + 2 * HOUR).follow_up

    assert second is not None
    assert (second.follows, second.status) == (first, "open")
    assert Commitment.objects.filter(origin="check_in").count() == 2


def test_where_the_owner_has_left_the_lead_is_told() -> None:
    check_in = a_sent_check_in()
    ana().memberships.all().delete()

    answered = checkins.answer(check_in.pk, STILL_OPEN, now=ASKED)

    assert answered.follow_up is not None
    assert answered.follow_up.owner is None
    told = Delivery.objects.filter(template="customer_still_open")
    assert {row.address for row in told} == {dev().email, ines().email}


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        (Reply(done="", still_open=False, rating=4), "done"),
        (Reply(done="yes", still_open=False, rating=0), "rating"),
        (Reply(done="yes", still_open=False, rating=6), "rating"),
        (Reply(done="yes", still_open=False, rating=4, words="a\x00b"), None),
    ],
)
def test_an_answer_with_something_missing_is_refused(reply: Reply, field: str | None) -> None:
    check_in = a_sent_check_in()

    with pytest.raises(CommitmentError) as refused:
        checkins.answer(check_in.pk, reply, now=ASKED)

    assert refused.value.field == field
    assert not CheckInAnswer.objects.exists()


def test_what_was_not_asked_cannot_be_answered() -> None:
    kettle = a_kept_promise()

    with pytest.raises(CommitmentError, match="closed"):
        checkins.answer(CheckIn.objects.get().pk, ALL_WELL, now=NOON)

    assert fresh(kettle).status == "fulfilled"
