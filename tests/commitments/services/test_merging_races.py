"""A customer is merged while others make promises to them, keep some, or merge them too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import CheckIn, Commitment, Conversation, Customer, Suggestion
from commitments.models.event import first_broken_link
from commitments.services import meeting, suggestions
from tests.commitments.races import first_then
from tests.makers import DAY, HOUR, NOON, a_commitment, a_draft, a_team, ana, fresh, tom

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def both() -> tuple[Customer, Customer]:
    gone = Customer.objects.create(name="Thomas Okafor", email="thomas@work.example")
    a_commitment(customer=gone, case="2")
    a_commitment(customer=tom())
    return gone, tom()


def merge(gone: Customer, kept: Customer) -> Customer:
    return services.merge(gone.pk, into_id=kept.pk, by=ana(), now=NOON + HOUR)


def promise_to(customer: Customer, case: str = "9") -> Commitment:
    return services.make(a_draft(customer=customer, case=case), by=ana(), now=NOON)


def assert_all_is_with(kept: Customer, *, promises: int) -> None:
    assert set(Commitment.objects.values_list("customer", flat=True)) == {kept.pk}
    assert set(Conversation.objects.values_list("customer", flat=True)) == {kept.pk}
    assert Commitment.objects.count() == promises
    assert [first_broken_link(fresh(each)) for each in Commitment.objects.all()] == [
        None
    ] * promises


def test_a_promise_that_is_being_made_follows():
    gone, kept = both()

    first_then(lambda: promise_to(gone), lambda: merge(gone, kept))

    assert_all_is_with(kept, promises=3)


def test_a_promise_made_while_they_are_merged_goes_to_the_one_who_stays():
    gone, kept = both()

    first_then(lambda: merge(gone, kept), lambda: promise_to(gone))

    assert_all_is_with(kept, promises=3)


def test_a_promise_in_a_conversation_that_is_handed_over_goes_with_it():
    gone, kept = both()
    talk = Conversation.objects.get(customer=gone)

    def more() -> Commitment:
        return services.make(a_draft(conversation_id=talk.pk), by=ana(), now=NOON)

    first_then(lambda: merge(gone, kept), more)

    assert_all_is_with(kept, promises=3)


def test_a_check_in_planned_meanwhile_joins_the_one_that_is_left():
    gone, kept = both()
    theirs, ours = (Commitment.objects.get(customer=each) for each in (gone, kept))
    services.fulfil(ours.pk, by=ana(), how="Sent.", now=NOON)

    def keep() -> Commitment:
        return services.fulfil(theirs.pk, by=ana(), how="Sent.", now=NOON)

    first_then(lambda: merge(gone, kept), keep)

    (left,) = CheckIn.objects.pending()
    assert left.customer == kept
    assert {item.commitment_id for item in left.items.all()} == {theirs.pk, ours.pk}


def test_a_draft_that_is_being_accepted_follows():
    gone, kept = both()
    proposal = suggestions.Proposal(
        team_id=a_team().pk, source="mail", key="1", said_at=NOON, customer_id=gone.pk
    )
    draft = suggestions.propose(proposal, now=NOON)

    def hold() -> None:
        Suggestion.objects.select_for_update().get(pk=draft.pk)

    def accept() -> None:
        suggestions.accept(draft.pk, a_draft(customer=gone), by=ana(), now=NOON)

    first_then(hold, lambda: merge(gone, kept), before_the_end=accept)

    draft.refresh_from_db()
    assert (draft.customer, draft.outcome) == (kept, "accepted")
    assert_all_is_with(kept, promises=3)


def test_a_stop_that_comes_meanwhile_is_not_lost():
    gone, kept = both()
    talk = Conversation.objects.get(customer=gone)

    first_then(lambda: merge(gone, kept), lambda: services.stop_mails(talk, now=NOON + HOUR))

    assert Customer.objects.get(pk=kept.pk).has_stopped(NOON + DAY)


def test_of_two_who_merge_them_each_way_one_is_heard():
    gone, kept = both()

    first_then(lambda: merge(gone, kept), lambda: merge(kept, gone))

    assert_all_is_with(kept, promises=2)


def test_whoever_waits_for_one_who_was_merged_holds_up_nobody_who_was_merged_before():
    """A promise may hold the one who went, and want the one who stayed."""
    low, high = sorted(both(), key=lambda each: each.pk)

    def hold_high() -> None:
        Customer.objects.select_for_update().get(pk=high.pk)

    def hold_both() -> set[int]:
        with transaction.atomic():
            return set(Customer.objects.filter(pk__in=(low.pk, high.pk)).held_together())

    def want_low() -> None:
        Customer.objects.select_for_update(nowait=True).get(pk=low.pk)

    assert first_then(hold_high, hold_both, before_the_end=want_low) == {low.pk, high.pk}


def test_who_was_merged_is_let_go_by_whoever_waited_for_them():
    gone, kept = both()

    def want_gone() -> None:
        try:
            with transaction.atomic():
                Customer.objects.select_for_update(nowait=True).get(pk=gone.pk)
        finally:
            connection.close()

    def hold() -> Customer:
        with transaction.atomic(), ThreadPoolExecutor(max_workers=1) as another:
            held = meeting.held_customer(gone.pk)
            another.submit(want_gone).result(30)
            return held

    assert first_then(lambda: merge(gone, kept), hold) == kept


def test_many_at_once_lose_nothing():
    gone, kept = both()

    def act(number: int) -> str:
        try:
            if number % 3 == 0:
                merge(*((gone, kept) if number % 2 else (kept, gone)))
            else:
                promise_to((gone, kept)[number % 2], case=f"at once {number}")
        except CommitmentError as no:
            return str(no)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(max_workers=6) as crowd:
        refusals = set(crowd.map(act, range(18)))

    (stays,) = Customer.objects.filter(merged_into=None)
    assert refusals <= {"", "Something is being promised to them just now. Try again."}
    assert_all_is_with(stays, promises=14)
