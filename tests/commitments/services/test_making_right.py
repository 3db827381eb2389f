"""A promised time has passed: what happened, why, the new time and amends, as one deed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from commitments import services, sweep
from commitments.errors import CommitmentError
from commitments.models import Commitment, Customer, Kind
from commitments.models.event import first_broken_link
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError
from commitments.services import NewTime, Remedy, Told
from notifications import delivery
from notifications.models import Delivery, State
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_user,
    ana,
    dev,
    events_of,
    fresh,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 5 * HOUR
AT = DUE + HOUR
SOON = AT + timedelta(seconds=20)
FRIDAY = NOON + 22 * HOUR  # 10:00 am
NEW = NewTime(due_at=FRIDAY, said="fri 10am")
HAPPENED = "The part did not fit. A new one comes on Friday."


def late(**fields: Any) -> Commitment:  # Any: of a draft
    return a_commitment(due_at=DUE, **{"summary": False} | fields)


def a_remedy(**fields: Any) -> Remedy:  # Any: of a remedy
    return Remedy(
        **{
            "wording": "Take the fee off the next bill",
            "kind_id": Kind.objects.get(code="credit").pk,
            "owner_id": ana().pk,
            "due_at": FRIDAY + 2 * HOUR,
        }
        | fields
    )


def make_right(kettle: Commitment, *, now: datetime = AT, **fields: Any) -> Commitment:
    """Ana does, and writes to Tom, unless it is said otherwise."""
    given: dict[str, Any] = {
        "by": ana(),
        "missed_at": DUE,
        "happened": HAPPENED,
        "cause": "took_longer",
        "new": NEW,
        "told": Told.MESSAGE,
    }
    return services.make_right(kettle.pk, **given | fields, now=now)


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(audience="customer").order_by("pk"))


def test_the_time_moves_and_the_cause_is_kept_as_one_event() -> None:
    kettle = late()

    make_right(kettle)

    now_so = fresh(kettle)
    assert (now_so.due_at, now_so.first_due_at, now_so.due_said) == (FRIDAY, DUE, "fri 10am")
    assert (now_so.cause, now_so.breached_at, now_so.status) == ("took_longer", DUE, "open")
    assert events_of(kettle)[:3] == ["made", "breached", "moved"]
    moved = kettle.events.get(kind="moved")
    assert moved.changes["cause"] == ["", "took_longer"]
    assert (moved.visible, moved.words, moved.actor) == (True, HAPPENED, ana())
    assert first_broken_link(now_so) is None


def test_the_customer_reads_what_happened_and_both_times_and_no_cause() -> None:
    kettle = late()

    make_right(kettle)

    [mail] = mails()
    assert (mail.template, mail.not_before) == ("slip", AT)
    for words in (HAPPENED, "Thursday 21 May, 5:00 pm", "Friday 22 May, 10:00 am", "sorry"):
        assert words in mail.text, words
    assert "longer than we thought" not in mail.text
    assert "To make up for it" not in mail.text


def test_they_are_told_once_the_mail_has_gone_out() -> None:
    kettle = late()
    make_right(kettle)

    delivery.run(AT)

    told = fresh(kettle)
    assert told.told_at is not None
    assert AT <= told.told_at < AT + MINUTE
    assert told.untold_due_at == DUE
    assert not told.is_not_told(FRIDAY - HOUR)


def test_what_makes_up_for_it_is_a_promise_of_its_own_on_a_ladder_of_its_own() -> None:
    kettle = late(urgent=True)

    make_right(kettle, remedy=a_remedy(owner_id=dev().pk, due_said="fri noon"))

    amends = Commitment.objects.with_everything().get(follows=kettle)
    assert amends.wording == "Take the fee off the next bill"
    assert (amends.kind.code, amends.owner, amends.team) == ("credit", dev(), kettle.team)
    assert (amends.due_at, amends.first_due_at) == (FRIDAY + 2 * HOUR, FRIDAY + 2 * HOUR)
    assert (amends.customer, amends.conversation) == (kettle.customer, kettle.conversation)
    assert (amends.promised_at, amends.urgent, amends.due_said) == (AT, True, "fri noon")
    assert amends.next_action_at is not None
    assert amends.policy_version.policy == (amends.kind.policy.urgent_variant or amends.kind.policy)
    assert kettle.events.get(kind="moved").changes["remedy"] == amends.pk
    told = Delivery.objects.filter(about=amends.about, template="handed_over")
    assert {row.person for row in told} == {dev()}


def test_one_mail_tells_of_the_new_time_and_of_what_makes_up_for_it() -> None:
    kettle = late()

    make_right(kettle, remedy=a_remedy())

    [mail] = mails()
    for part in (mail.text, mail.html):
        assert "To make up for it, we promise you this too" in part
        assert "Take the fee off the next bill" in part
        assert "Friday 22 May, 12:00 noon" in part


def test_the_mail_about_amends_is_in_the_customers_language() -> None:
    luis = Customer.objects.create(name="Luis", email="luis@customers.example", language="es")
    kettle = late(customer=luis)

    make_right(kettle, remedy=a_remedy())

    [mail] = mails()
    assert "Para compensarle, le prometemos también esto" in mail.text
    assert "Lo que haremos: Take the fee off the next bill" in mail.text


def test_whoever_was_told_by_phone_gets_the_summary_of_the_amends_alone() -> None:
    kettle = late()
    Kind.objects.filter(code="credit").update(summary_on=True)

    make_right(kettle, told=Told.PHONE, remedy=a_remedy())

    amends = Commitment.objects.get(follows=kettle)
    assert [(mail.template, mail.about) for mail in mails()] == [("agreement", amends.about)]
    assert fresh(kettle).told_at == AT


def test_whoever_does_not_know_yet_hears_nothing_and_the_words_stay_in_the_team() -> None:
    kettle = late()

    make_right(kettle, told=Told.NO, remedy=a_remedy())

    assert mails() == []
    assert kettle.events.get(kind="moved").visible is False
    assert fresh(kettle).told_at is None


def test_whoever_cannot_be_written_to_is_noted_as_not_written_to() -> None:
    kettle = late()
    Customer.objects.filter(pk=kettle.customer_id).update(email="")

    make_right(kettle)

    assert mails() == []
    noted = kettle.events.get(kind="message_not_sent")
    assert noted.words == "Tom has no e-mail address. Please call."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cause": ""}, "cause"),
        ({"cause": "weather"}, "cause"),
        ({"happened": "  "}, None),
        ({"new": NewTime(due_at=AT)}, "due_at"),
        ({"new": NewTime(due_at=NOON)}, "due_at"),
    ],
)
def test_what_is_missing_or_wrong_changes_nothing(wrong: dict[str, Any], field: str) -> None:
    kettle = late()

    with pytest.raises(CommitmentError) as refused:
        make_right(kettle, **wrong)

    assert refused.value.field == field
    assert events_of(kettle) == ["made"]
    assert mails() == []


def test_amends_that_cannot_be_promised_undo_the_whole_deed() -> None:
    kettle = late()

    with pytest.raises(CommitmentError, match="has passed") as refused:
        make_right(kettle, remedy=a_remedy(due_at=NOON))

    assert refused.value.field == "remedy_due_at"
    with pytest.raises(CommitmentError, match="Choose somebody of Billing care") as refused:
        make_right(kettle, remedy=a_remedy(owner_id=a_user("Noor Haddad").pk))
    assert refused.value.field == "remedy_owner"
    assert events_of(kettle) == ["made"]
    assert Commitment.objects.count() == 1
    assert mails() == []


def test_nothing_is_to_be_made_right_before_the_time_has_passed() -> None:
    kettle = late()

    with pytest.raises(IllegalMoveError, match="not overdue"):
        make_right(kettle, now=DUE - MINUTE)

    assert events_of(kettle) == ["made"]


def test_what_was_closed_meanwhile_is_not_touched() -> None:
    kettle = late()
    services.fulfil(kettle.pk, by=dev(), how="Sent", cause="slipped", now=AT - MINUTE)
    before = events_of(kettle)

    with pytest.raises(IllegalMoveError, match="already done"):
        make_right(kettle, remedy=a_remedy())

    assert events_of(kettle) == before
    assert fresh(kettle).cause == "slipped"
    assert Commitment.objects.count() == 1


def test_what_was_given_a_new_time_meanwhile_is_not_touched_even_where_that_passed_too() -> None:
    kettle = late()
    services.move(
        kettle.pk, by=dev(), due_at=AT + HOUR, reason="An hour more", told=Told.PHONE, now=AT
    )

    for now in (SOON, AT + 2 * HOUR):
        with pytest.raises(CommitmentError, match="a new time meanwhile: Thu 21 May, 7:00 pm"):
            make_right(kettle, now=now)

    assert fresh(kettle).due_at == AT + HOUR


def test_what_waits_on_the_customer_is_not_made_right() -> None:
    kettle = late()
    services.move(kettle.pk, by=ana(), due_at=FRIDAY, reason="x", told=Told.PHONE, now=AT)
    services.wait(kettle.pk, by=ana(), what="A photo", now=AT)

    with pytest.raises(IllegalMoveError, match="waiting on the customer"):
        make_right(kettle, missed_at=FRIDAY, now=FRIDAY + HOUR)


def test_an_auditor_or_a_stranger_makes_nothing_right() -> None:
    kettle = late()

    with pytest.raises(NotAllowedError):
        make_right(kettle, by=a_user("Noor Haddad"))

    assert events_of(kettle) == ["made"]


def test_staff_messages_about_the_old_time_are_withdrawn() -> None:
    kettle = late()
    sweep.run(DUE + MINUTE)
    assert Delivery.objects.filter(template="overdue", state=State.QUEUED).exists()

    make_right(kettle)

    assert not Delivery.objects.filter(template="overdue", state=State.QUEUED).exists()


def test_a_second_missed_time_is_explained_anew() -> None:
    kettle = late()
    make_right(kettle)

    make_right(
        kettle,
        missed_at=FRIDAY,
        cause="outside",
        new=NewTime(due_at=FRIDAY + DAY),
        now=FRIDAY + HOUR,
    )

    assert fresh(kettle).cause == "outside"
    causes = [event.changes["cause"] for event in kettle.events.filter(kind="moved")]
    assert causes == [["", "took_longer"], ["took_longer", "outside"]]


def test_undo_takes_back_the_time_the_cause_and_the_amends() -> None:
    kettle = late()
    make_right(kettle, remedy=a_remedy(owner_id=dev().pk))
    amends = Commitment.objects.get(follows=kettle)

    services.undo(kettle.events.get(kind="moved").pk, by=ana(), now=SOON)

    back = fresh(kettle)
    assert (back.due_at, back.cause, back.status) == (DUE, "", "open")
    assert (fresh(amends).status, fresh(amends).outcome) == ("void", "void")
    assert {mail.state for mail in mails()} == {State.CANCELLED}
    assert not Delivery.objects.filter(about=amends.about, state=State.QUEUED).exists()


def test_undo_is_refused_once_something_has_come_of_the_amends() -> None:
    kettle = late()
    make_right(kettle, remedy=a_remedy())
    amends = Commitment.objects.get(follows=kettle)
    services.update(amends.pk, by=dev(), words="On it", tell_customer=False, now=AT)

    with pytest.raises(IllegalMoveError, match="Something has happened since"):
        services.undo(kettle.events.get(kind="moved").pk, by=ana(), now=SOON)

    assert fresh(kettle).due_at == FRIDAY


def test_undo_leaves_amends_alone_that_were_closed_already() -> None:
    kettle = late()
    make_right(kettle, remedy=a_remedy())
    amends = Commitment.objects.get(follows=kettle)
    services.void(amends.pk, by=ana(), reason="Twice", now=AT)

    services.undo(kettle.events.get(kind="moved").pk, by=ana(), now=SOON)

    assert fresh(kettle).due_at == DUE
    assert events_of(amends)[-1] == "voided"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_it_right_and_the_other_is_told() -> None:
    kettle = late()
    people = [ana(), dev()]

    def press(number: int) -> str:
        new = NewTime(due_at=FRIDAY + number * HOUR)
        try:
            make_right(kettle, by=people[number], new=new, remedy=a_remedy())
        except CommitmentError as no:
            return str(no)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(max_workers=2) as crowd:
        answers = sorted(crowd.map(press, range(2)))

    assert answers[1] == "done"
    assert answers[0].startswith("It was given a new time meanwhile: Fri 22 May")
    assert Commitment.objects.filter(follows=kettle).count() == 1
    assert events_of(kettle).count("moved") == 1
    assert len(mails()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_who_closes_it_and_one_who_makes_it_right_exactly_one_is_heard() -> None:
    kettle = late()

    def close() -> str:
        services.fulfil(kettle.pk, by=dev(), how="Sent", cause="slipped", now=AT)
        return "closed"

    def right() -> str:
        make_right(kettle, remedy=a_remedy())
        return "made right"

    def attempt(act: Any) -> str:  # Any: one of the two
        try:
            return str(act())
        except IllegalMoveError:
            return "too late"
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as crowd:
        answers = list(crowd.map(attempt, [close, right]))

    amends = Commitment.objects.filter(follows=kettle).count()
    if answers[1] == "too late":
        assert (answers[0], amends, events_of(kettle).count("moved")) == ("closed", 0, 0)
    else:  # then it was closed afterwards, with what was known of it
        assert (answers, amends) == (["closed", "made right"], 1)
        assert events_of(kettle).index("moved") < events_of(kettle).index("fulfilled")
    assert first_broken_link(fresh(kettle)) is None
