"""A policy is edited in versions: nothing agreed is lost, nothing of two editors either."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import policies
from commitments.errors import CommitmentError
from commitments.models import Kind, Policy, PolicyVersion, Replan
from commitments.rules.ladder import Basis, Step
from notifications.models import Endpoint
from tests.makers import HOUR, NOON, a_commitment, a_team, a_user, dev, fresh, ines

from .makers import HOURS, a_policy, a_step, steps_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def edit(policy: Policy, *steps: Step, based_on: int = 1, **chosen: bool) -> PolicyVersion:
    return policies.edit(policy.pk, steps=steps, based_on=based_on, by=ines(), now=NOON, **chosen)


def test_an_edit_makes_a_version_and_leaves_the_old_one_as_it_was() -> None:
    policy = a_policy(a_step(-2), a_step(0))
    first = policy.latest()

    version = edit(policy, a_step(-4, number=1), a_step(0, number=2))

    assert (version.number, version.made_by, version.made_at) == (2, ines(), NOON)
    assert steps_of(policy) == [(1, -4, ("owner",)), (2, 0, ("owner",))]
    assert [step.offset // HOURS for step in first.ladder()] == [-2, 0]


def test_steps_keep_their_numbers_however_they_are_moved() -> None:
    policy = a_policy(a_step(0), a_step(2, "lead"), a_step(4, "manager"))

    edit(policy, a_step(4, "manager", number=3), a_step(5, "lead"), a_step(0, number=1))

    assert [number for number, _, _ in steps_of(policy)] == [3, 4, 1]


def test_a_new_step_gets_a_number_that_no_version_has_used() -> None:
    policy = a_policy(a_step(0), a_step(2))
    edit(policy, a_step(0, number=1))

    edit(policy, a_step(0, number=1), a_step(6), based_on=2)

    assert [number for number, _, _ in steps_of(policy)] == [1, 3]


def test_a_step_that_was_taken_out_comes_back_with_its_number() -> None:
    policy = a_policy(a_step(0), a_step(2))
    edit(policy, a_step(0, number=1))

    edit(policy, a_step(0, number=1), a_step(2, number=2), based_on=2)

    assert [number for number, _, _ in steps_of(policy)] == [1, 2]


def test_the_second_of_two_editors_is_told_and_loses_nothing_unsaid() -> None:
    policy = a_policy(a_step(0))
    edit(policy, a_step(1, number=1))

    with pytest.raises(policies.Stale, match=r"edited by Ines Duarte.*version 2.*version 1"):
        edit(policy, a_step(9, number=1), based_on=1)

    assert steps_of(policy) == [(1, 1, ("owner",))]


def test_saving_what_it_says_already_makes_no_version() -> None:
    policy = a_policy(a_step(0))

    with pytest.raises(CommitmentError, match="already"):
        edit(policy, a_step(0, number=1))

    assert policy.versions.count() == 1


def test_open_promises_can_be_brought_under_the_latest_version_without_an_edit() -> None:
    policy = a_policy(a_step(0))

    version = edit(policy, a_step(0, number=1), replan_open=True)

    assert version.number == 1
    assert Replan.objects.get().version == version


def test_open_promises_keep_their_version_unless_the_editor_chooses_them() -> None:
    kettle = a_commitment()
    policy = kettle.policy_version.policy

    edit(policy, a_step(0, number=2))

    assert fresh(kettle).policy_version.number == 1
    assert not Replan.objects.exists()


def test_the_newer_of_two_replans_is_the_one_that_counts() -> None:
    policy = a_policy(a_step(0))
    edit(policy, a_step(1, number=1), replan_open=True)

    edit(policy, a_step(2, number=1), based_on=2, replan_open=True)

    unfinished = Replan.objects.get(finished_at=None)
    assert (unfinished.version.number, unfinished.asked_by, unfinished.next_at) == (3, ines(), NOON)


PERCENT, DAYS = Basis.PERCENT, Basis.WORKING_DAYS
SEVEN = ("owner", "deputy", "lead", "manager", "customer", "role:agent", "role:lead")


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ((), "at least one step"),
        ((a_step(0),) * 31, "at most 30 steps"),
        ((a_step(0, number=1), a_step(1, number=1)), "two steps with the number 1"),
        ((a_step(0, number=7),), "never had a step with the number 7"),
        ((a_step(0, "boss"),), "Step 1: “boss” is nobody we can tell"),
        ((a_step(0, "role:king"),), "nobody we can tell"),
        ((a_step(0, "person:-1"),), "nobody we can tell"),
        ((a_step(0, "person:1", "person:01"),), "“person:01” is nobody we can tell"),
        ((a_step(0), a_step(1, "person:987654")), "Step 2: that person does not exist"),
        ((a_step(0), a_step(1, "webhook:987654")), "Step 2: webhook:987654 does not exist"),
        ((a_step(0, audience=()),), "Say who is told"),
        ((a_step(0, "owner", "owner"),), "told once"),
        ((a_step(0, *SEVEN),), "At most 6"),
        ((a_step(0, basis=PERCENT),), "from 1 to 99"),
        ((a_step(0, basis=PERCENT, offset=100),), "from 1 to 99"),
        ((a_step(2001),), "At most 2,000 working hours"),
        ((a_step(0, basis=DAYS, offset=-261),), "At most 260 working days"),
        ((a_step(0, repeat_every=HOURS),), "from 1 to 20 times"),
        ((a_step(0, repeat_every=HOURS, repeat_cap=21),), "from 1 to 20 times"),
        ((a_step(0, repeat_every=1, repeat_cap=1),), "five minutes at the soonest"),
        ((a_step(0, repeat_cap=2),), "Say after how long"),
        ((a_step(0, words="Sorry"),), "step that tells the customer"),
        ((a_step(0, "customer", words="x" * 501),), "Step 1: The words"),
        ((a_step(0, hands_to="customer"),), "a colleague who can keep it"),
        ((a_step(0, hands_to="webhook:1"),), "a colleague who can keep it"),
        ((a_step(0, hands_to="role:auditor"),), "a colleague who can keep it"),
        ((a_step(0, hands_to="nobody"),), "nobody we can tell"),
    ],
)
def test_steps_that_will_not_do_are_refused_with_a_sentence(
    steps: tuple[Step, ...], sentence: str
) -> None:
    policy = a_policy(a_step(0))

    with pytest.raises(CommitmentError, match=sentence):
        edit(policy, *steps)

    assert policy.versions.count() == 1
    assert steps_of(policy) == [(1, 0, ("owner",))]


def test_a_step_for_somebody_who_has_left_is_refused_by_name() -> None:
    policy = a_policy(a_step(0))
    gone = a_user("Omar Aziz", is_active=False)

    with pytest.raises(CommitmentError, match="Step 1: Omar Aziz is no longer active"):
        edit(policy, a_step(0, hands_to=f"person:{gone.pk}"))

    assert policy.versions.count() == 1


def test_a_program_can_be_told_while_it_listens() -> None:
    policy = a_policy(a_step(0))
    display = Endpoint.objects.create(
        name="Wall display", url="https://wall.example/", secret="sealed", made_at=NOON
    )
    token = f"webhook:{display.pk}"

    version = edit(policy, a_step(0, token))
    Endpoint.objects.update(disabled_at=NOON)

    assert version.ladder()[0].audience == (token,)
    with pytest.raises(CommitmentError, match="switched off"):
        edit(policy, a_step(1, token), based_on=2)


def test_a_step_may_do_all_that_a_step_can() -> None:
    policy = a_policy(a_step(0))
    whole = a_step(
        2, "manager", "customer", f"person:{dev().pk}",
        words="We are waiting for the courier.", hands_to="lead", repeat_every=4 * HOURS,
        repeat_cap=3, pierces_quiet=True,
    )  # fmt: skip

    version = edit(policy, whole)

    [kept] = version.ladder()
    assert kept.number == 2
    assert (kept.words, kept.hands_to) == ("We are waiting for the courier.", "lead")
    assert (kept.repeat_every, kept.repeat_cap, kept.pierces_quiet) == (4 * HOURS, 3, True)
    assert policies.names_in(version.ladder()) == {f"person:{dev().pk}": "Dev Shah"}


def test_the_number_of_queries_does_not_depend_on_the_number_of_steps() -> None:
    def queries(count: int) -> int:
        policy = a_policy(name=f"With {count}")
        dev()
        steps = [a_step(place, f"person:{dev().pk}") for place in range(count)]
        ines()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            edit(policy, *steps)
        return len(captured)

    assert queries(2) == queries(20)


def test_a_policy_in_use_cannot_be_retired() -> None:
    team = a_team()
    policy = Policy.objects.get(name="Usual")

    with pytest.raises(CommitmentError, match=r"used by Callback, .* and Visit"):
        policies.retire(policy.pk, now=NOON)

    assert team
    assert Policy.objects.get(name="Usual").retired_at is None


def test_a_policy_that_stands_in_for_another_cannot_be_retired() -> None:
    usual, urgent = a_policy(name="Billing"), a_policy(name="Billing, urgent")
    policies.set_urgent_variant(usual.pk, variant_id=urgent.pk)

    with pytest.raises(CommitmentError, match="urgent variant of Billing"):
        policies.retire(urgent.pk, now=NOON)

    policies.set_urgent_variant(usual.pk, variant_id=None)
    assert policies.retire(urgent.pk, now=NOON).retired_at == NOON


def test_a_retired_policy_is_not_edited_and_stands_in_for_none() -> None:
    usual, old = a_policy(name="Billing"), a_policy(name="Old")
    policies.retire(old.pk, now=NOON)

    with pytest.raises(CommitmentError, match="retired"):
        edit(old, a_step(3, number=1))
    with pytest.raises(CommitmentError, match="in use"):
        policies.set_urgent_variant(usual.pk, variant_id=old.pk)
    with pytest.raises(CommitmentError, match="not its own"):
        policies.set_urgent_variant(usual.pk, variant_id=usual.pk)

    assert old.versions.count() == 1


def test_an_urgent_promise_climbs_the_variant() -> None:
    a_team()
    usual = Kind.objects.get(code="followup").policy
    urgent = a_policy(a_step(-1), name="At once")
    policies.set_urgent_variant(usual.pk, variant_id=urgent.pk)

    kettle = a_commitment(urgent=True, due_at=NOON + 4 * HOUR)

    assert kettle.policy_version.policy == urgent


def test_two_policies_are_not_called_the_same() -> None:
    a_policy(name="Billing")

    with pytest.raises(CommitmentError, match="already"):
        a_policy(name="billing")

    assert Policy.objects.count() == 1
