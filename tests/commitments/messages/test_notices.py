"""Who is told that a message did not get through: by another way, once, and without end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from commitments import messages, services
from commitments.models import Absence, Commitment, Membership, Role, User
from notifications.envelope import Delivered, Outcome
from notifications.models import Delivery
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
    ines,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR


def kettle() -> Commitment:
    return a_commitment(due_at=DUE, summary=False)


def went_wrong(
    promise: Commitment | None, outcome: Outcome = "failed", *, at: datetime = NOON, **facts: Any
) -> None:
    """A message to Ana about her promise, unless said otherwise."""
    usual: dict[str, Any] = {
        "key": "1:ana:email",
        "about": promise.about if promise else f"user:{ana().pk}",
        "event_id": None,
        "audience": "staff",
        "person_id": ana().pk,
        "channel": "email",
        "address": "ana@larkfield.example",
        "template": "reminder",
    }
    messages.subject.settled(Delivered(**(usual | facts)), outcome, at)


def notices() -> list[tuple[str, str]]:
    """To whom and by which way, of what was said about messages that did not get through."""
    rows = Delivery.objects.filter(template="unreached").order_by("pk")
    return [(User.objects.get(pk=row.person_id).name, row.channel) for row in rows]


@pytest.mark.parametrize(
    ("failed", "by"),
    [
        ("email", ["inbox"]),
        ("inbox", ["email"]),
        ("chat", ["email", "inbox"]),
        ("sms", ["email", "inbox"]),
    ],
)
def test_the_manager_hears_of_a_colleague_by_another_way(failed: str, by: list[str]) -> None:
    went_wrong(kettle(), channel=failed)

    assert sorted(notices()) == [("Ines Duarte", way) for way in by]


def test_a_program_that_takes_nothing_is_the_managers_business() -> None:
    promise = kettle()

    went_wrong(promise, person_id=None, channel="webhook", address="endpoint:7", template="x")

    assert sorted(notices()) == [("Ines Duarte", "email"), ("Ines Duarte", "inbox")]
    assert events_of(promise)[-1] == "message_not_sent"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("failed", True),
        ("uncertain", True),
        ("bounced", True),
        ("complained", True),
        ("suppressed", False),  # that the address was closed has been said
        ("expired", False),
        ("sent", False),
    ],
)
def test_the_manager_hears_of_what_is_news(outcome: Outcome, told: bool) -> None:
    went_wrong(kettle(), outcome)

    assert bool(notices()) is told


def test_a_way_that_fails_all_day_is_said_once_a_day() -> None:
    promise = kettle()

    for number in range(5):
        went_wrong(promise, key=f"{number}:ana:email", at=NOON + number * MINUTE)
    went_wrong(promise, key="9:ana:email", at=NOON + DAY)

    assert notices() == [("Ines Duarte", "inbox")] * 2


@pytest.mark.parametrize("channel", ["email", "inbox"])
def test_a_notice_that_fails_causes_none(channel: str) -> None:
    promise = kettle()

    went_wrong(promise, template="unreached", channel=channel, person_id=ines().pk)

    assert notices() == []
    assert events_of(promise)[-1] == "message_not_sent"


def test_the_manager_who_cannot_be_reached_is_not_asked_alone() -> None:
    promise = kettle()
    vera = a_user("Vera Lind")
    Membership.objects.create(user=vera, team=promise.team, role=Role.MANAGER)

    went_wrong(promise, person_id=ines().pk)

    assert notices() == [("Vera Lind", "inbox")]


def test_the_only_manager_hears_of_it_by_the_way_that_works() -> None:
    went_wrong(kettle(), person_id=ines().pk)

    assert notices() == [("Ines Duarte", "inbox")]


def away(person: User, *, deputy: User) -> None:
    Absence.objects.create(user=person, deputy=deputy, starts_at=NOON - HOUR, ends_at=NOON + DAY)


@pytest.mark.parametrize("is_about_a_promise", [True, False])
def test_while_the_manager_is_away_whoever_stands_in_is_told_as_well(
    is_about_a_promise: bool,
) -> None:
    promise = kettle()
    vera = a_user("Vera Lind")
    Membership.objects.create(user=vera, team=promise.team, role=Role.LEAD)
    away(ines(), deputy=dev())
    away(dev(), deputy=vera)

    went_wrong(promise if is_about_a_promise else None, template="digest")

    assert notices() == [("Ines Duarte", "inbox"), ("Vera Lind", "inbox")]


def test_who_stands_in_is_not_told_of_their_own_message_where_others_are() -> None:
    promise = kettle()
    away(ines(), deputy=ana())

    went_wrong(promise)

    assert notices() == [("Ines Duarte", "inbox")]


@pytest.mark.parametrize("is_about_a_promise", [True, False])
def test_who_is_of_no_team_of_theirs_stands_in_for_nobody(is_about_a_promise: bool) -> None:
    promise = kettle()
    away(ines(), deputy=a_user("Mia Mover"))

    went_wrong(promise if is_about_a_promise else None, template="digest")

    assert notices() == [("Ines Duarte", "inbox")]


def test_a_digest_that_fails_is_known_to_the_managers_of_its_reader() -> None:
    kettle()

    went_wrong(None, template="digest")

    assert notices() == [("Ines Duarte", "inbox")]


def test_a_notice_reaches_a_manager_about_no_promise() -> None:
    kettle()
    went_wrong(None, template="digest")
    row = Delivery.objects.get(template="unreached").as_delivered()

    assert messages.subject.recipients([row], now=NOON)[row.key] is not None


def test_the_timeline_says_what_the_far_end_said() -> None:
    promise = kettle()

    went_wrong(promise, reason="550 5.1.1 no such user")

    event = fresh(promise).events.latest("sequence")
    assert event.words == "It could not be delivered. 550 5.1.1 no such user"
    assert not event.visible


def test_words_to_the_customer_that_went_wrong_are_the_owners_business() -> None:
    promise = kettle()
    services.update(promise.pk, by=ana(), words="It is packed", tell_customer=True, now=NOON)
    row = Delivery.objects.get(template="progress").as_delivered()

    messages.subject.settled(row, "bounced", NOON + HOUR)

    asked = Delivery.objects.filter(template="undelivered")
    assert {each.person_id for each in asked} == {ana().pk}
    assert all(each.key.startswith(f"{row.key}:bounced:") for each in asked)
    assert notices() == []


def test_what_nobody_owns_is_the_leads_business() -> None:
    promise = kettle()
    services.update(promise.pk, by=ana(), words="It is packed", tell_customer=True, now=NOON)
    Commitment.objects.update(owner=None)
    row = Delivery.objects.get(template="progress").as_delivered()

    messages.subject.settled(row, "failed", NOON + HOUR)

    asked = Delivery.objects.filter(template="undelivered")
    assert {each.person_id for each in asked} == {dev().pk}
