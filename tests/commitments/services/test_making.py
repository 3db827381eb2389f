"""A promise is made, or refused with a sentence and nothing saved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Conversation, Customer, Kind, User
from notifications.models import Delivery
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_draft,
    a_team,
    a_user,
    ana,
    dev,
    events_of,
    fresh,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_promise_is_made_with_its_clock_its_event_and_its_summary() -> None:
    kettle = a_commitment(due_at=NOON + 5 * HOUR)

    assert events_of(kettle) == ["made"]
    assert (kettle.next_action, kettle.next_action_at) == ("step", NOON + 3 * HOUR)
    assert kettle.first_due_at == kettle.due_at == NOON + 5 * HOUR
    summary = Delivery.objects.get()
    assert (summary.template, summary.address) == ("agreement", "tom@customers.example")
    assert summary.not_before == NOON + timedelta(seconds=30)


def test_a_reminder_whose_moment_has_gone_is_passed_over_and_said_so() -> None:
    kettle = a_commitment(due_at=NOON + HOUR)

    assert events_of(kettle) == ["made", "passed_over"]
    assert (kettle.next_action, kettle.next_action_at) == ("breach", NOON + HOUR)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"due_at": NOON - MINUTE}, "has passed. Give a later time"),
        ({"due_at": NOON}, "has passed. Give a later time"),
        ({"due_at": NOON + 6 * 366 * DAY}, "five years"),
        ({"due_at": datetime(2026, 5, 21, 18)}, "time zone"),  # noqa: DTZ001 - that is the point
        ({"wording": ""}, "The promise"),
        ({"wording": " \u200b\u202e "}, "The promise"),
        ({"wording": "x" * 10_000}, "10,000"),
        ({"wording": "a\x00b"}, "The promise"),
        ({"wording": "a\ud800b"}, "The promise"),
        ({"wording": "a\r\nBcc: x@y.example"}, "The promise"),
        ({"team_note": "x" * 2001}, "The note"),
    ],
)
def test_what_will_not_do_is_refused_with_a_sentence_and_nothing_is_saved(
    fields: dict[str, object], sentence: str
) -> None:
    draft = a_draft(**{"due_at": NOON + HOUR} | fields)

    with pytest.raises(CommitmentError, match=sentence):
        services.make(draft, by=ana(), now=NOON)

    assert not Commitment.objects.exists()
    assert not Conversation.objects.exists()
    assert not Delivery.objects.exists()


def test_an_owner_of_another_team_looks_like_nobody() -> None:
    stranger = a_user("Sam Stranger")

    sentences = []
    for owner_id in (stranger.pk, 999_999):
        with pytest.raises(CommitmentError) as refused:
            services.make(a_draft(owner_id=owner_id), by=ana(), now=NOON)
        sentences.append(str(refused.value))

    assert sentences[0] == sentences[1] == "Choose somebody of Billing care."


def test_a_stranger_cannot_make_a_promise_for_a_team() -> None:
    a_team()

    with pytest.raises(CommitmentError):
        services.make(a_draft(), by=a_user("Sam Stranger"), now=NOON)

    assert not Commitment.objects.exists()


def test_promises_of_one_case_share_a_conversation() -> None:
    first = a_commitment(case="48213")
    second = a_commitment(case="48213")
    other = a_commitment(case="48214")

    assert first.conversation_id == second.conversation_id != other.conversation_id


def test_the_urgent_variant_applies_to_what_is_urgent() -> None:
    a_team()
    kind = Kind.objects.get(code="followup")
    urgent = kind.policy.__class__.objects.create(name="Urgent")
    version = urgent.versions.create(number=1, made_at=NOON)
    kind.policy.urgent_variant = urgent
    kind.policy.save()

    assert a_commitment(urgent=True, case="a").policy_version == version
    assert a_commitment(urgent=False, case="b").policy_version != version


def test_a_colleague_hears_of_a_promise_made_for_them() -> None:
    a_commitment(owner_id=dev().pk if User.objects.exists() else a_owner(), summary=False)

    told = {row.address for row in Delivery.objects.filter(template="handed_over")}
    assert told == {"dev@larkfield.example"}


def a_owner() -> int:
    a_team()
    return dev().pk


def test_an_imported_promise_may_be_overdue_and_climbs_nothing_again() -> None:
    old = a_draft(
        due_at=NOON - 9 * DAY, promised_at=NOON - 12 * DAY, origin="import", origin_key="1"
    )

    made = services.make(old, by=ana(), now=NOON)

    assert made.next_action == "breach"
    assert events_of(made) == ["made", *["passed_over"] * 4]


def test_one_origin_key_is_made_once() -> None:
    a_commitment(origin="import", origin_key="row-1")

    with pytest.raises(IntegrityError), transaction.atomic():
        a_commitment(origin="import", origin_key="row-1")

    assert Commitment.objects.count() == 1


def test_a_customer_is_known_by_mail_within_the_team_only() -> None:
    kettle = a_commitment()
    other = a_team("Deliveries")

    same = services.customer_for(team=kettle.team, name="Thomas", email="TOM@customers.example")
    elsewhere = services.customer_for(team=other, name="Tom", email="tom@customers.example")

    assert same == tom()
    assert elsewhere != tom()
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("address", ["b@x.example, evil@x.example", "no address", "a@b@c"])
def test_two_addresses_are_none(address: str) -> None:
    with pytest.raises(CommitmentError):
        services.customer_for(team=a_team(), name="Tom", email=address)

    assert not Customer.objects.exists()


def test_the_first_event_holds_every_field_but_no_words_that_could_not_be_erased() -> None:
    kettle = a_commitment(due_at=NOON + 5 * HOUR, team_note="Tom is in hospital")

    changes = kettle.events.get(kind="made").changes

    assert changes["due_at"] == [None, "2026-05-21T17:00:00+00:00"]
    assert changes["owner_id"] == [None, ana().pk]
    assert not changes.keys() & {"wording", "team_note"}
    assert fresh(kettle).event_count == 1
    assert datetime.fromisoformat(changes["promised_at"][1]) == NOON.astimezone(UTC)
