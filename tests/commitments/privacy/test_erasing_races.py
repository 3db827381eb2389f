"""A customer is erased while others make promises to them, or merge them."""

from __future__ import annotations

import pytest

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Customer
from commitments.privacy import erasing
from commitments.services import bringing_in
from tests.commitments.races import first_then
from tests.makers import HOUR, NOON, a_commitment, a_draft, ana, ines, tom

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def erase(customer: Customer) -> erasing.Erased:
    return erasing.erase(customer.pk, by=ines(), now=NOON + HOUR)


def promise_to(customer: Customer) -> Commitment:
    return services.make(a_draft(customer=customer, case="9"), by=ana(), now=NOON)


def brought_in(draft: services.Draft) -> list[bringing_in.Made]:
    return bringing_in.make_many([draft], by=ana(), now=NOON)


def as_known(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def kept_for(customer: Customer) -> Commitment:
    return services.fulfil(a_commitment(customer=customer).pk, by=ana(), how="Sent.", now=NOON)


def test_nobody_is_erased_to_whom_something_was_promised_meanwhile():
    them = tom()
    kept_for(them)

    with pytest.raises(CommitmentError, match="Something is still promised to them"):
        first_then(lambda: promise_to(them), lambda: erase(them))

    assert as_known(them).erased_at is None


def test_nothing_is_promised_to_whoever_was_erased_meanwhile():
    them = tom()
    kept_for(them)

    with pytest.raises(CommitmentError, match="Their details were erased"):
        first_then(lambda: erase(them), lambda: promise_to(them))

    assert not Commitment.objects.live().exists()


def test_nothing_is_brought_in_for_whoever_was_erased_meanwhile():
    them = tom()
    kept_for(them)
    draft = a_draft(customer=them)

    answers = first_then(lambda: erase(them), lambda: brought_in(draft))

    assert [str(each.refusal) for each in answers] == [
        "Their details were erased, and nothing is known of them any more."
    ]
    assert not Commitment.objects.live().exists()


def test_who_was_merged_into_them_is_waited_for_while_nobody_is_held():
    them = tom()
    gone = Customer.objects.create(name="Thomas Okafor", merged_into=them)
    kept_for(them)

    def hold_who_went() -> None:
        Customer.objects.select_for_update().get(pk=gone.pk)

    def want_who_stayed() -> None:
        Customer.objects.select_for_update(nowait=True).get(pk=them.pk)

    first_then(hold_who_went, lambda: erase(them), before_the_end=want_who_stayed)

    assert as_known(gone).erased_at == as_known(them).erased_at == NOON + HOUR
