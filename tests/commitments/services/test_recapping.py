"""Several promises of one conversation in one mail, and never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection

from commitments import messages, services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Membership
from notifications.models import Delivery
from tests import makers
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_team, ana, dev, events_of, fresh

pytestmark = pytest.mark.django_db

SOON = NOON + MINUTE / 4


@pytest.fixture
def two() -> tuple[Commitment, Commitment]:
    """Two promises of one call; the summary of each waits to go out."""
    a_team()
    first = a_commitment(wording="Ring back")
    return first, a_commitment(wording="Book the visit", conversation_id=first.conversation_id)


def waiting() -> list[tuple[str, str]]:
    """What waits to go to the customer: the template, and the wordings that are in it."""
    rows = Delivery.objects.filter(audience="customer", state="queued").order_by("pk")
    known = ("Ring back", "Book the visit", "Send the form")
    return [(row.template, ", ".join(each for each in known if each in row.text)) for row in rows]


def recap(promise: Commitment, *, now: datetime = SOON) -> list[Commitment]:
    return services.recap(promise.conversation_id, by=ana(), now=now)


@pytest.mark.both_databases
def test_one_mail_takes_the_place_of_the_summaries(two: tuple[Commitment, Commitment]):
    recap(two[0])

    assert waiting() == [("recap", "Ring back, Book the visit")]
    mail = Delivery.objects.get(template="recap")
    assert mail.not_before == SOON + MINUTE / 2
    assert mail.address == "tom@customers.example"


def test_a_summary_that_has_gone_out_stays(two: tuple[Commitment, Commitment]):
    gone = Delivery.objects.filter(about=two[0].about)
    gone.update(state="sent", attempt_at=None, settled_at=SOON)

    recap(two[0])

    assert gone.get().state == "sent"
    assert waiting() == [("recap", "Ring back, Book the visit")]


def test_what_colleagues_are_told_of_the_same_promises_stays():
    a_team()
    first = a_commitment(owner_id=dev().pk)
    a_commitment(owner_id=dev().pk, conversation_id=first.conversation_id)
    told = Delivery.objects.filter(audience="staff", template="handed_over", state="queued")
    before = told.count()

    recap(first)

    assert told.count() == before
    assert before > 0


def test_a_second_press_says_nothing_new(two: tuple[Commitment, Commitment]):
    recap(two[0])

    with pytest.raises(CommitmentError, match="is on its way, or has gone out"):
        recap(two[0], now=SOON + MINUTE)

    assert waiting() == [("recap", "Ring back, Book the visit")]


def test_one_more_promise_makes_it_a_mail_of_three(two: tuple[Commitment, Commitment]):
    recap(two[0])
    a_commitment(wording="Send the form", conversation_id=two[0].conversation_id)

    recap(two[0], now=SOON + MINUTE / 6)

    assert waiting() == [("recap", "Ring back, Book the visit, Send the form")]


def test_a_promise_that_is_taken_back_is_not_in_it(two: tuple[Commitment, Commitment]):
    recap(two[0])
    made = two[1].events.get(kind="made")

    services.undo(made.pk, by=ana(), now=SOON + MINUTE / 12)

    assert waiting() == [("recap", "Ring back")]


def test_a_promise_that_ends_first_is_not_in_it_and_comes_back_with_an_undo(
    two: tuple[Commitment, Commitment],
):
    recap(two[0])
    done_at = SOON + MINUTE / 12
    services.fulfil(two[1].pk, by=ana(), how="Booked.", now=done_at)
    done = two[1].events.get(kind="fulfilled")
    assert ("recap", "Ring back") in waiting()

    services.undo(done.pk, by=ana(), now=done_at + MINUTE / 12)

    assert waiting() == [("recap", "Ring back, Book the visit")]


def test_nothing_goes_out_where_all_were_taken_back(two: tuple[Commitment, Commitment]):
    recap(two[0])

    for promise in two:
        made = promise.events.get(kind="made")
        services.undo(made.pk, by=ana(), now=SOON + MINUTE / 12)

    assert waiting() == []


def test_every_promise_in_it_counts_as_told_and_says_so(two: tuple[Commitment, Commitment]):
    recap(two[0])
    later = a_commitment(wording="Send the form", conversation_id=two[0].conversation_id)
    mail = Delivery.objects.get(template="recap")

    messages.subject.settled(mail.as_delivered(), "sent", SOON + MINUTE)

    assert [events_of(each)[-1] for each in two] == ["message_sent", "message_sent"]
    assert [fresh(each).told_at for each in two] == [SOON + MINUTE, SOON + MINUTE]
    assert events_of(later) == ["made"]


def test_it_goes_to_the_customer_as_they_are_known_then(two: tuple[Commitment, Commitment]):
    recap(two[0])
    mail = Delivery.objects.get(template="recap").as_delivered()
    makers.Customer.objects.update(email="tom@elsewhere.example")

    to = messages.subject.recipients([mail], now=NOON)[mail.key]

    assert to is not None
    assert to.address == "tom@elsewhere.example"


def test_one_promise_needs_no_mail_of_all():
    a_team()
    only = a_commitment()

    with pytest.raises(CommitmentError, match="not several open promises"):
        recap(only)

    assert [template for template, _ in waiting()] == ["agreement"]


def test_who_cannot_be_written_to_is_sent_nothing(two: tuple[Commitment, Commitment]):
    makers.Customer.objects.update(stopped_at=NOON)
    before = Delivery.objects.filter(state="queued").count()

    with pytest.raises(CommitmentError, match="asked for no more e-mails"):
        recap(two[0])

    assert Delivery.objects.filter(state="queued").count() == before


def test_an_auditor_sends_none(two: tuple[Commitment, Commitment]):
    Membership.objects.filter(user=dev()).update(role="auditor")

    with pytest.raises(CommitmentError, match="but not change it"):
        services.recap(two[0].conversation_id, by=dev(), now=SOON)

    assert [template for template, _ in waiting()] == ["agreement", "agreement"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_send_one_mail():
    a_team()
    first = a_commitment(wording="Ring back", due_at=NOON + HOUR)
    a_commitment(wording="Book the visit", conversation_id=first.conversation_id)

    def press(_: int) -> str:
        try:
            recap(first)
        except CommitmentError as no:
            return str(no)
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(max_workers=4) as crowd:
        answers = sorted(crowd.map(press, range(4)))

    assert answers.count("sent") == 1
    assert waiting() == [("recap", "Ring back, Book the visit")]
