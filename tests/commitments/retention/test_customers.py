"""A customer of whom nothing is heard for years is forgotten; whoever is owed anything is not."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from commitments import retention, schedules, services
from commitments.evidence import verifying
from commitments.models import CheckIn, Commitment, Customer, Event, Schedule
from commitments.privacy import silence
from tests.commitments.privacy.test_erasing import figures
from tests.commitments.privacy.whispers import (
    MAIL,
    NAME,
    PHONE,
    WORD,
    a_customer_with_a_story,
    found,
)
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, ines, tom

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
YEARS = 3 * 365 * DAY
LATER = NOON + YEARS + 40 * DAY


def closed(customer: Customer | None = None) -> Commitment:
    promise = a_commitment(customer=customer or tom())
    services.void(promise.pk, by=ines(), reason="Twice", now=NOON + HOUR)
    CheckIn.objects.all().delete()
    return promise


def merged() -> None:
    other = Customer.objects.create(name="Thomas")
    Customer.objects.filter(name="Tom Okafor").update(merged_into=other)


def silent_at(now: object = LATER) -> list[int]:
    return [pk for pks in silence.silent(now - YEARS) for pk in pks]  # type: ignore[operator]


def test_the_night_forgets_who_they_were_and_keeps_what_was_counted(store: Path) -> None:
    them = a_customer_with_a_story()
    before = figures()
    Schedule.objects.filter(what="housekeeping").update(next_at=LATER)

    schedules.run(LATER)

    them.refresh_from_db()
    assert them.erased_at == LATER
    assert found(WORD, NAME, MAIL, PHONE, "Quentin", "Zaphrod") == {}
    assert figures() == before
    assert [each.broken_at for each in verifying.verify(Commitment.objects.all())] == [None]
    last = Event.objects.order_by("commitment", "sequence").last()
    assert last is not None
    assert (last.kind, last.actor) == ("erased", None)
    assert list(store.iterdir()) == []


def test_a_day_earlier_they_are_still_known() -> None:
    promise = closed()

    assert silent_at(NOON + HOUR + YEARS) == []
    assert silent_at(NOON + HOUR + YEARS + DAY) == [promise.customer_id]


@pytest.mark.parametrize(
    "change",
    [
        lambda: a_commitment(customer=tom()),
        lambda: Commitment.objects.update(disputed_at=NOON),
        lambda: Commitment.objects.update(customer_asked_at=NOON),
        lambda: Commitment.objects.update(closed_at=LATER - DAY),
        lambda: tom().conversations.update(at=LATER - DAY),
        lambda: CheckIn.objects.create(customer=tom(), planned_at=NOON, send_at=NOON),
        lambda: CheckIn.objects.create(
            customer=tom(), planned_at=NOON, sent_at=LATER - DAY, state="sent"
        ),
        merged,
    ],
    ids=[
        *("something is owed", "disputed", "asked", "closed of late", "talked of late"),
        *("to be asked", "asked of late", "merged"),
    ],
)
def test_whoever_something_is_owed_to_or_heard_of_stays(change: object) -> None:
    closed()
    assert silent_at() == [tom().pk]

    change()  # type: ignore[operator]

    assert silent_at() == []


def test_what_was_brought_in_from_long_ago_counts_from_when_it_came() -> None:
    closed()

    a_commitment(now=LATER - DAY, due_at=LATER, customer=tom())
    Commitment.objects.filter(status="open").update(
        status="void", outcome="void", closed_at=NOON, next_action="", next_action_at=None
    )
    tom().conversations.update(at=NOON)

    assert silent_at() == []
    assert silent_at(LATER + YEARS) == [tom().pk]


def test_whoever_is_heard_of_meanwhile_stays() -> None:
    closed()
    (pk,) = silent_at()
    a_commitment(customer=tom(), now=LATER, due_at=LATER + DAY)

    assert not silence.erase(pk, since=LATER - YEARS, now=LATER)

    assert tom().erased_at is None


def test_our_own_teams_and_people_without_a_promise_stay() -> None:
    a_team()
    Customer.objects.create(name="Nobody was promised anything")
    team = closed().customer
    Customer.objects.filter(pk=team.pk).update(external_source=Customer.OUR_TEAM, external_id="1")

    assert silent_at() == []


def test_customers_are_looked_through_in_as_many_queries_as_there_are_batches() -> None:
    closed()
    with CaptureQueriesContext(connection) as one:
        silent_at()
    for number in range(5):
        closed(Customer.objects.create(name=f"Customer {number}"))
    with CaptureQueriesContext(connection) as many:
        assert len(silent_at()) == 6

    assert len(many) == len(one) == 3


def test_what_there_was_no_time_for_is_gone_on_with_in_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed()
    closed(Customer.objects.create(name="Rosa"))
    monkeypatch.setattr(retention, "ROUND", NOON - NOON)
    Schedule.objects.filter(what="housekeeping").update(next_at=LATER)

    rounds = 0
    while Customer.objects.people().exists() and rounds < 9:
        schedules.run(LATER + rounds * DAY / 1440)
        rounds += 1

    assert Customer.objects.people().count() == 0
    assert rounds > 1


def test_the_command_says_first_what_would_go(store: Path) -> None:
    closed()
    before = found("%")

    asked, done = StringIO(), StringIO()
    with time_machine.travel(LATER, tick=False):
        call_command("apply_retention", "--dry-run", stdout=asked)
        assert found("%") == before
        call_command("apply_retention", "--only", "customers", stdout=done)

    lines = {line.split()[0]: line for line in asked.getvalue().splitlines()}
    assert lines["customers"].split()[1:4] == ["1,095", "days", "1"]
    assert "customers to whom nothing is owed" in lines["customers"]
    assert lines["drafts"].split()[3] == "0"
    assert "customers" in done.getvalue()
    assert Customer.objects.get().erased_at == LATER
    with pytest.raises(
        CommandError, match=r"There is no kind 'customer'\. Known are message_words,"
    ):
        call_command("apply_retention", "--only", "customer")


def test_kept_for_ever_they_stay(settings: Settings) -> None:
    closed()
    settings.COMMITMENTS_LENGTHS = {"customer_kept": None}

    said, done = StringIO(), StringIO()
    with time_machine.travel(LATER, tick=False):
        call_command("apply_retention", "--dry-run", "--only", "customers", stdout=said)
        call_command("apply_retention", "--only", "customers", stdout=done)

    assert "customers            for ever         0" in said.getvalue()
    assert tom().erased_at is None
