"""Who was entered twice reads everything, and is forgotten altogether."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Customer, OnceKey
from commitments.privacy import erasing, exporting
from tests.api.callers import a_program, ana_of_billing
from tests.commitments.privacy.whispers import (
    LATER,
    MAIL,
    NAME,
    PHONE,
    WORD,
    a_customer_with_a_story,
    found,
)
from tests.makers import a_user, ana

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

OTHER = "umbrellamaker"


def entered_twice() -> tuple[Customer, Customer]:
    """The entry that went, with a story, and the one that stays."""
    gone = a_customer_with_a_story()
    kept = Customer.objects.create(name=OTHER, email=f"{OTHER}@x.example", phone="0199 987 65432")
    root = a_user("Root Admin", is_superuser=True)
    services.merge(gone.pk, into_id=kept.pk, by=root, now=LATER)
    return gone, kept


def test_no_word_of_either_entry_is_left(store: Path):
    _, kept = entered_twice()

    erasing.erase(kept.pk, by=ana(), now=LATER)

    assert found(WORD, NAME, MAIL, PHONE, "Quentin", "Zaphrod", OTHER, "98765432") == {}


def test_both_entries_are_read(store: Path):
    _, kept = entered_twice()

    record = exporting.everything_about(kept, now=LATER)

    assert [each["email"] for each in record["merged"]] == [MAIL]
    assert len(record["promises"]) == 1
    assert MAIL in exporting.page(record)


def test_the_entry_that_went_is_erased_with_the_one_that_stayed(store: Path):
    gone, kept = entered_twice()

    with pytest.raises(CommitmentError, match=f"merged into customer {kept.pk}"):
        erasing.erase(gone.pk, by=ana(), now=LATER)
    call_command("erase_customer", str(gone.pk), "--yes")

    assert set(Customer.objects.values_list("name", flat=True)) == {erasing.ERASED}


def test_what_a_program_was_answered_is_forgotten_too():
    program = a_program(ana_of_billing())
    body = {"name": OTHER, "email": f"{OTHER}@x.example"}
    made = program.post(body, "/api/v1/customers/", Idempotency_Key="k").json()
    other = {"name": "Rosa Lind"}
    program.post(other, "/api/v1/customers/", Idempotency_Key="k2")

    erasing.erase(made["id"], by=ana(), now=LATER)

    assert [each.answer["name"] for each in OnceKey.objects.all()] == ["Rosa Lind"]
