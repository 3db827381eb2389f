"""Nothing of an erased customer is left anywhere, and nothing that was counted is lost."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commitments import services
from commitments.errors import CommitmentError
from commitments.evidence import verifying
from commitments.messages import status_path
from commitments.models import Attachment, CheckIn, Commitment, Customer
from commitments.privacy import erasing
from commitments.reports import Scope, kept, ratings
from notifications.models import Delivery
from tests.commitments.privacy import columns
from tests.commitments.privacy.whispers import (
    LATER,
    MAIL,
    NAME,
    PHONE,
    WORD,
    a_customer_with_a_story,
    found,
)
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_user, ana, ines

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_no_word_of_them_stands_anywhere_in_the_database(store: Path):
    them = a_customer_with_a_story()
    assert len(found(WORD, NAME, MAIL, PHONE)) > 12  # or this test proves little
    assert list(store.iterdir())

    erasing.erase(them.pk, by=ines(), now=LATER)

    assert found(WORD, NAME, MAIL, PHONE, "Quentin", "Zaphrod") == {}
    assert Attachment.objects.count() == 0
    assert list(store.iterdir()) == []


def test_every_personal_column_is_emptied(store: Path):
    them = a_customer_with_a_story()
    columns.plant(them)
    every = {columns.place(each) for each in columns.COLUMNS}
    assert every - found(columns.ANY).keys() == set()

    erasing.erase(them.pk, by=ines(), now=LATER)

    left = found(columns.ANY).keys()
    alone = columns.going_by_themselves()
    assert left == {columns.place(each) for each in columns.COLUMNS if each[0] in alone}
    assert list(store.iterdir()) == []


def test_what_was_counted_and_the_chains_stay(store: Path):
    them = a_customer_with_a_story()
    before = figures()
    sent = Delivery.objects.filter(audience="customer", state="sent").count()

    erased = erasing.erase(them.pk, by=ines(), now=LATER)

    assert figures() == before
    assert Delivery.objects.filter(audience="customer", state="sent").count() == sent > 0
    assert erased.promises == Commitment.objects.filter(customer=them).count() > 0
    assert [each.broken_at for each in verifying.verify(Commitment.objects.all())] == [None]
    last = Commitment.objects.get(customer=them).events.order_by("sequence").last()
    assert last is not None
    assert (last.kind, last.actor) == ("erased", ines())


def test_their_links_are_dead(store: Path, client):
    them = a_customer_with_a_story()
    path = status_path(them.conversations.get(), now=LATER)
    assert client.get(path).status_code in (200, 404)

    erasing.erase(them.pk, by=ines(), now=LATER)

    assert client.get(path).status_code == 404


def test_nothing_is_erased_while_something_is_promised_to_them():
    kettle = a_commitment()

    with pytest.raises(CommitmentError, match=f"still promised to them: {kettle.reference}"):
        erasing.erase(kettle.customer_id, by=ines(), now=NOON + HOUR)

    assert Customer.objects.get(pk=kettle.customer_id).erased_at is None
    assert Commitment.objects.get().wording == kettle.wording


def test_nobody_is_erased_twice_and_no_team_of_ours():
    kettle = a_commitment()
    services.void(kettle.pk, by=ines(), reason="Twice", now=NOON)
    erasing.erase(kettle.customer_id, by=ines(), now=NOON)

    with pytest.raises(CommitmentError, match="has been erased already"):
        erasing.erase(kettle.customer_id, by=ines(), now=NOON)
    ours = Customer.objects.create(
        name="Billing care", external_source=Customer.OUR_TEAM, external_id="1"
    )
    with pytest.raises(CommitmentError, match="one of our own teams"):
        erasing.erase(ours.pk, by=ines(), now=NOON)


def test_what_was_still_to_be_sent_or_asked_is_not():
    kettle = a_commitment(kind="callback")
    services.fulfil(kettle.pk, by=ana(), how="Called", now=NOON + MINUTE)
    theirs = Delivery.objects.filter(audience="customer", attempt_at__isnull=False)
    assert (theirs.exists(), CheckIn.objects.get().state) == (True, "planned")

    erasing.erase(kettle.customer_id, by=ines(), now=NOON + 2 * MINUTE)

    assert (theirs.exists(), CheckIn.objects.get().state) == (False, "dropped")


def test_others_keep_their_words(store: Path):
    them = a_customer_with_a_story()
    other = Customer.objects.create(name="Ada Lovelace", email="ada@customers.example")
    kettle = a_commitment(customer=other, wording="Repair the engine")

    erasing.erase(them.pk, by=ines(), now=LATER)

    kettle.refresh_from_db()
    assert (kettle.wording, kettle.customer.name) == ("Repair the engine", "Ada Lovelace")
    assert Delivery.objects.filter(about=kettle.about).exclude(text="").exists()


def test_the_command_asks_first(store: Path):
    them = a_customer_with_a_story()

    asked, done = StringIO(), StringIO()
    call_command("erase_customer", MAIL, stdout=asked)
    assert found(NAME)
    call_command("erase_customer", str(them.pk), "--yes", stdout=done)

    assert f"Customer {them.pk} with 1 promises. Give --yes to erase." in asked.getvalue()
    assert "Erased: 1 promises" in done.getvalue()
    assert found(NAME) == {}
    with pytest.raises(CommandError, match="There is no such customer"):
        call_command("erase_customer", MAIL, "--yes")


def test_two_with_one_address_are_told_apart():
    twins = [Customer.objects.create(name=name, email=MAIL) for name in ("Quentin", "Quinn")]

    with pytest.raises(CommandError, match=f"{twins[0].pk}, {twins[1].pk}"):
        call_command("erase_customer", MAIL, "--yes")


def figures() -> tuple[object, ...]:
    """What the reports say of the weeks in which it happened."""
    admin = a_user("Root Admin", is_superuser=True)
    asked = {"since": "2026-05-01", "until": "2026-05-31"}
    scope = Scope.of(admin, asked, LATER)
    return kept.kept(scope), ratings.ratings(scope)
