"""Killed while it lets go of what is old: a customer is known, or is forgotten altogether."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from commitments.evidence import verifying
from commitments.models import Attachment, Commitment, Customer
from tests.commitments.privacy.whispers import (
    MAIL,
    NAME,
    PHONE,
    WORD,
    a_customer_with_a_story,
    found,
)
from tests.faults.stand import Stand, until
from tests.faults.test_killed_figures import nobody_is_at_it
from tests.makers import DAY, NOON

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]

LATER = NOON + 4 * 365 * DAY
# What is one deed: who they were, and their words on promises, in events and in messages.
_OF_ONE_DEED = ("commitments_customer", "commitments_commitment", "commitments_eventtext")


@pytest.mark.timeout(400)
def test_killed_before_each_of_its_statements_nobody_is_half_forgotten(
    stand: Stand, store: Path
) -> None:
    stand.unaudited_because = "schedules of May are long due"
    them = a_customer_with_a_story()
    assert Attachment.objects.exists()
    assert [each for each in store.rglob("*") if each.is_file()]

    deaths = 0
    while _killed_before(deaths + 1, stand, store):
        deaths += 1
        erased = Customer.objects.get(pk=them.pk).erased_at is not None
        assert erased != bool(_known_by())
        assert [each.broken_at for each in verifying.verify(Commitment.objects.all())] == [None]

    assert deaths > 30
    assert found(WORD, NAME, MAIL, PHONE) == {}
    assert not [each for each in store.rglob("*") if each.is_file()]


def _killed_before(statement: int, stand: Stand, store: Path) -> bool:
    ended = stand.round("retention", at=LATER, DIES_BEFORE=statement, ATTACHMENTS=str(store)).wait()
    until(nobody_is_at_it)  # the database has noticed
    assert ended in (0, -signal.SIGKILL), stand.forks.said[-3000:]
    return ended != 0


def _known_by() -> dict[str, int]:
    hits = found(WORD, NAME, MAIL, PHONE)
    return {place: rows for place, rows in hits.items() if place.startswith(_OF_ONE_DEED)}
