"""Thanks among colleagues: for what, by whom, and who comes to know of it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, Membership, Role, Thanks
from commitments.models import event as models_event
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_kept_promise() -> Commitment:
    kettle = makers.a_commitment()
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON + HOUR)
    return kettle


def thank(
    kettle: Commitment, *, shared: bool = True, note: str = "You went the extra mile."
) -> None:
    services.thank(
        kettle.pk,
        by=makers.dev(),
        owner_id=makers.ana().pk,
        note=note,
        shared=shared,
        now=NOON + 2 * HOUR,
    )


def test_shared_thanks_stand_on_the_history_for_the_team_alone():
    kettle = a_kept_promise()

    thank(kettle)

    told = kettle.events.order_by("sequence").last()
    assert (told.kind, told.words, told.visible) == ("thanked", "You went the extra mile.", False)
    assert told.audience == f"person:{makers.ana().pk}"
    given = Thanks.objects.get()
    assert (given.giver, given.receiver, given.shared) == (makers.dev(), makers.ana(), True)


def test_private_thanks_leave_no_trace_on_the_promise():
    kettle = a_kept_promise()
    before = makers.events_of(kettle)

    thank(kettle, shared=False)

    assert makers.events_of(kettle) == before
    assert Thanks.objects.get().words == "You went the extra mile."


@pytest.mark.parametrize("shared", [True, False])
def test_only_the_one_who_is_thanked_gets_a_message_and_the_customer_none(shared: bool):
    kettle = a_kept_promise()
    Delivery.objects.all().delete()

    thank(kettle, shared=shared)

    sent = set(Delivery.objects.values_list("audience", "person", "template"))
    assert sent == {("staff", makers.ana().pk, "thanks")}


def test_who_stands_in_does_not_read_thanks_to_somebody_who_is_away():
    kettle = a_kept_promise()
    makers.ana().absences.create(starts_at=NOON, ends_at=NOON + DAY, deputy=makers.ines())
    Delivery.objects.all().delete()

    thank(kettle, shared=False)

    assert set(Delivery.objects.values_list("person", flat=True)) == {makers.ana().pk}


def test_a_promise_that_was_late_and_told_of_deserves_thanks_while_it_is_open():
    late = makers.a_commitment(due_at=NOON + HOUR)
    services.update(
        late.pk, by=makers.ana(), words="Tomorrow.", tell_customer=True, now=NOON + 2 * HOUR
    )
    Commitment.objects.filter(pk=late.pk).update(told_at=NOON + 2 * HOUR + MINUTE)

    thank(late)

    assert Thanks.objects.get().commitment == late


@pytest.mark.parametrize("ended", ["open", "void", "broken in silence"])
def test_what_was_neither_kept_nor_recovered_is_refused(ended: str):
    kettle = makers.a_commitment()
    if ended == "void":
        services.void(kettle.pk, by=makers.ana(), reason="Twice", now=NOON + MINUTE)
    if ended == "broken in silence":
        services.abandon(
            kettle.pk, by=makers.ana(), reason="Gone", cause="outside", now=NOON + MINUTE
        )
    before = makers.events_of(kettle)

    with pytest.raises(CommitmentError, match=r"Thanks are for|logged by mistake"):
        thank(kettle)

    assert makers.events_of(kettle) == before
    assert not Thanks.objects.exists()


def test_nobody_thanks_twice_for_the_same():
    kettle = a_kept_promise()
    thank(kettle)

    with pytest.raises(CommitmentError, match="You have thanked Ana for this already"):
        thank(kettle, shared=False)

    assert Thanks.objects.count() == 1
    assert makers.events_of(kettle).count("thanked") == 1


def test_the_database_holds_one_for_a_promise_and_none_to_oneself():
    kettle = a_kept_promise()
    thank(kettle)
    again = {"commitment": kettle, "words": "x", "shared": True, "at": NOON}

    for giver in (makers.dev(), makers.ana()):
        with pytest.raises(IntegrityError), transaction.atomic():
            Thanks.objects.create(giver=giver, receiver=makers.ana(), **again)


def test_thanking_oneself_is_refused():
    kettle = a_kept_promise()

    with pytest.raises(CommitmentError, match="Choose a colleague"):
        services.thank(
            kettle.pk,
            by=makers.ana(),
            owner_id=makers.ana().pk,
            note="Me",
            shared=True,
            now=NOON + 2 * HOUR,
        )


def test_a_stranger_to_the_team_cannot_be_thanked():
    kettle = a_kept_promise()
    noor = makers.a_user("Noor Haddad")

    with pytest.raises(CommitmentError, match="Choose somebody of Billing care"):
        services.thank(
            kettle.pk, by=makers.dev(), owner_id=noor.pk, note="x", shared=True, now=NOON + HOUR
        )


def test_an_auditor_thanks_nobody():
    kettle = a_kept_promise()
    Membership.objects.filter(user=makers.dev()).update(role=Role.AUDITOR)

    with pytest.raises(CommitmentError, match="not change it"):
        thank(kettle)

    assert not Thanks.objects.exists()


@pytest.mark.parametrize("note", ["", "   ", "a\x00b", "\ud800", "x" * 1001], ids=range(5))
def test_words_that_cannot_be_kept_are_refused(note: str):
    kettle = a_kept_promise()

    with pytest.raises(CommitmentError):
        thank(kettle, note=note)

    assert not Thanks.objects.exists()


def test_shared_thanks_cannot_be_undone():
    kettle = a_kept_promise()
    thank(kettle)
    told = Event.objects.get(kind="thanked")

    with pytest.raises(CommitmentError, match="cannot be undone"):
        services.undo(told.pk, by=makers.dev(), now=NOON + 2 * HOUR)


def test_the_chain_of_events_holds_after_thanks_of_either_sort():
    kettle = a_kept_promise()
    thank(kettle)
    services.thank(
        kettle.pk,
        by=makers.ines(),
        owner_id=makers.ana().pk,
        note="From me too",
        shared=False,
        now=NOON + 3 * HOUR,
    )

    from_database = makers.fresh(kettle)
    assert models_event.first_broken_link(from_database) is None
