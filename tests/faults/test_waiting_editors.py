"""Two people see to policies at one moment: one waits, and is told what the other did."""

from __future__ import annotations

import pytest

from commitments import policies
from commitments.errors import CommitmentError
from commitments.models import Policy
from tests.commitments.policies.makers import a_policy
from tests.makers import NOON

from .test_waiting_verbs import one_waits_for_the_other

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.faults,
]


def test_of_two_who_make_one_policy_the_second_is_told() -> None:
    with pytest.raises(CommitmentError, match="There is a policy called Billing already"):
        one_waits_for_the_other(a_policy, a_policy)

    assert Policy.objects.get(name="Billing").versions.count() == 1


def test_a_policy_that_is_being_retired_becomes_nobodys_variant() -> None:
    usual, urgent = a_policy(name="Billing"), a_policy(name="Billing, urgent")

    with pytest.raises(CommitmentError, match="Choose a policy that is in use"):
        one_waits_for_the_other(
            lambda: policies.retire(urgent.pk, now=NOON),
            lambda: policies.set_urgent_variant(usual.pk, variant_id=urgent.pk),
        )

    assert Policy.objects.get(pk=usual.pk).urgent_variant is None
