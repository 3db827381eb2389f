"""What customers sent along goes with them, and what a crash left behind goes by itself."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction

from commitments import schedules, services
from commitments.models import Attachment, Commitment, Customer, Schedule
from tests.makers import DAY, HOUR, NOON, a_commitment, ana

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

PDF = b"%PDF-1.7 a bill"
STRAY = "0123456789abcdef0123456789abcdef"


def a_bill(promise: Commitment, *, now: datetime = NOON + HOUR) -> Attachment:
    bill = services.SentAlong(name="bill.pdf", media_type="application/pdf", content=PDF)
    services.reply(promise.pk, words="See here", sent_along=bill, now=now)
    return Attachment.objects.get(event__commitment=promise)


def a_file(store: Path, name: str, *, at: datetime) -> Path:
    store.mkdir(exist_ok=True)
    file = store / name
    file.write_bytes(PDF)
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def age(store: Path, attachment: Attachment, *, at: datetime) -> None:
    os.utime(store / attachment.stored, (at.timestamp(), at.timestamp()))


def keep_house(*, now: datetime) -> None:
    Schedule.objects.update(next_at=now)
    schedules.run(now)


def names_in(store: Path) -> set[str]:
    return {each.name for each in store.iterdir()}


def test_the_files_of_a_customer_who_was_erased_go_and_those_of_others_stay(store: Path):
    tim = Customer.objects.create(name="Tim Reed", email="tim@customers.example")
    toms, tims = a_bill(a_commitment()), a_bill(a_commitment(customer=tim))
    Customer.objects.filter(pk=tim.pk).update(erased_at=NOON + DAY)

    keep_house(now=NOON + 2 * DAY)

    assert list(Attachment.objects.all()) == [toms]
    assert names_in(store) == {toms.stored}
    assert tims.event.words == "See here"


def test_erasing_that_is_taken_back_keeps_file_and_row(store: Path):
    bill = a_bill(a_commitment())

    with transaction.atomic():
        assert Attachment.objects.all().erase() == 1
        transaction.set_rollback(True)

    assert list(Attachment.objects.all()) == [bill]
    assert bill.open().read() == PDF


def test_a_file_that_a_crash_left_without_a_row_goes_after_a_week(store: Path):
    bill = a_bill(a_commitment())
    age(store, bill, at=NOON)
    a_file(store, STRAY, at=NOON)

    keep_house(now=NOON + 7 * DAY - HOUR)
    assert names_in(store) == {bill.stored, STRAY}

    keep_house(now=NOON + 7 * DAY + HOUR)
    assert names_in(store) == {bill.stored}


def test_a_file_whose_row_is_known_is_no_stray(store: Path):
    promise = a_commitment()

    with transaction.atomic():
        event = promise.events.order_by("sequence").first()
        assert event is not None
        kept = Attachment.objects.keep(
            event, name="bill.pdf", media_type="application/pdf", parts=[PDF], at=NOON
        )
        age(store, kept, at=NOON)
        assert list(Attachment.objects.strays(before=NOON + HOUR)) == []

    assert names_in(store) == {kept.stored}


def test_what_is_none_of_ours_is_not_touched(store: Path):
    a_file(store, "README", at=NOON)

    keep_house(now=NOON + 30 * DAY)

    assert names_in(store) == {"README"}


def test_where_nobody_has_sent_anything_there_is_nothing_to_do(store: Path):
    a_commitment()

    keep_house(now=NOON + 30 * DAY)

    assert not store.exists()


def test_more_files_than_fit_into_one_statement_are_all_looked_at(store: Path):
    bill = a_bill(a_commitment())
    age(store, bill, at=NOON)
    for number in range(1200):
        a_file(store, f"{number:032x}", at=NOON)

    keep_house(now=NOON + 30 * DAY)

    assert names_in(store) == {bill.stored}


def test_a_file_that_is_gone_by_the_time_it_is_looked_at_stops_nobody(store: Path):
    a_file(store, STRAY, at=NOON)
    (store / f"{1:032x}").symlink_to(store / "nowhere")

    assert list(Attachment.objects.strays(before=NOON + DAY)) == [STRAY]


def test_the_reply_itself_stays_on_the_timeline(store: Path):
    promise = a_commitment()
    a_bill(promise)

    with transaction.atomic():
        Attachment.objects.filter(event__commitment=promise).erase()
    services.answer(
        promise.pk, by=ana(), words="Thanks.", told=services.Told.PHONE, now=NOON + 2 * HOUR
    )

    assert names_in(store) == set()
    assert promise.events.get(kind="customer_wrote").words == "See here"
