"""Owners are asked how a promise stands."""

from __future__ import annotations

import pytest

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Absence, Commitment, EventKind
from commitments.models.event import first_broken_link
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def kettle() -> Commitment:
    return makers.a_commitment(summary=False)


def asked() -> list[tuple[str, str]]:
    """Who was asked, by first name, and where."""
    rows = Delivery.objects.filter(template="update_wanted").order_by("pk")
    return [(row.name.split()[0], row.channel) for row in rows]


def test_the_owner_is_asked_in_the_leads_own_words(kettle: Commitment):
    services.ask_for_update(kettle.pk, by=makers.dev(), note="Tom rang twice.", now=NOON + HOUR)

    event = kettle.events.latest("sequence")
    assert (event.kind, event.words) == (EventKind.UPDATED, "Tom rang twice.")
    assert not event.visible
    assert {name for name, _ in asked()} == {"Ana"}
    row = Delivery.objects.filter(template="update_wanted").first()
    assert row is not None
    assert row.context["words"] == "Dev writes: Tom rang twice."
    assert first_broken_link(fresh(kettle)) is None


def test_no_note_is_needed(kettle: Commitment):
    services.ask_for_update(kettle.pk, by=makers.ines(), now=NOON + HOUR)

    row = Delivery.objects.filter(template="update_wanted").first()
    assert row is not None
    assert row.context["words"] == "Ines would like to know."


def test_once_an_hour_is_enough_whoever_asks(kettle: Commitment):
    services.ask_for_update(kettle.pk, by=makers.dev(), now=NOON + HOUR)
    before = asked()

    with pytest.raises(CommitmentError, match="Ana was asked 59 min ago"):
        services.ask_for_update(kettle.pk, by=makers.ines(), now=NOON + 2 * HOUR - MINUTE)
    assert asked() == before
    assert events_of(kettle) == ["made", "updated"]

    services.ask_for_update(kettle.pk, by=makers.ines(), now=NOON + 2 * HOUR)

    assert len(asked()) == 2 * len(before)


def test_a_note_of_the_owner_is_no_question(kettle: Commitment):
    services.update(
        kettle.pk, by=makers.ana(), words="On it.", tell_customer=False, now=NOON + HOUR
    )

    services.ask_for_update(kettle.pk, by=makers.dev(), now=NOON + HOUR + MINUTE)

    assert events_of(kettle) == ["made", "updated", "updated"]


def test_it_does_not_tell_the_customer_anything(kettle: Commitment):
    services.ask_for_update(kettle.pk, by=makers.dev(), note="Well?", now=NOON + DAY)

    assert fresh(kettle).is_not_told(NOON + DAY)
    assert not Delivery.objects.filter(audience="customer").exists()


def test_while_the_owner_is_away_whoever_stands_in_is_asked(kettle: Commitment):
    Absence.objects.create(
        user=makers.ana(), deputy=makers.ines(), starts_at=NOON, ends_at=NOON + DAY
    )

    services.ask_for_update(kettle.pk, by=makers.dev(), now=NOON + HOUR)

    assert ("Ines", "email") in asked()
    assert ("Ana", "email") not in asked()


def test_agents_ask_nobody(kettle: Commitment):
    with pytest.raises(NotAllowedError, match="Only a lead or a manager"):
        services.ask_for_update(kettle.pk, by=makers.ana(), now=NOON + HOUR)

    assert (asked(), events_of(kettle)) == ([], ["made"])


def test_where_nobody_owns_it_there_is_nobody_to_ask():
    orphan = makers.a_commitment(owner_id=None, summary=False)

    with pytest.raises(CommitmentError, match="Nobody owns it yet"):
        services.ask_for_update(orphan.pk, by=makers.dev(), now=NOON + HOUR)


def test_a_lead_asks_not_themselves():
    own = makers.a_commitment(owner_id=makers.dev().pk, summary=False)

    with pytest.raises(CommitmentError, match="It is yours"):
        services.ask_for_update(own.pk, by=makers.dev(), now=NOON + HOUR)


def test_of_what_is_closed_nothing_is_asked(kettle: Commitment):
    services.release(kettle.pk, by=makers.ana(), reason="Not needed", now=NOON + HOUR)

    with pytest.raises(IllegalMoveError, match="already closed"):
        services.ask_for_update(kettle.pk, by=makers.dev(), now=NOON + 2 * HOUR)
