"""Kinds: a change is for new promises; what was promised is never deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commitments import policies, services, starting, sweep
from commitments.errors import CommitmentError
from commitments.house import kinds
from commitments.house.kinds import Plan
from commitments.house.seen import Changed
from commitments.models import Kind, Policy, Relook
from config.audit import histories
from tests.commitments.ladders import rung
from tests.makers import MINUTE, NOON, a_commitment, a_team, ana, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def plan(**said: object) -> Plan:
    a_team()
    usual = Plan(
        name="Home visit", code="home-visit", usual_wording="Come by", usual_length=3,
        usual_basis=Kind.Basis.WORKING_DAYS, policy_id=Policy.objects.get(name="Usual").pk,
    )  # fmt: skip
    return replace(usual, **said)  # type: ignore[arg-type]


def test_a_kind_is_made_as_it_was_typed():
    kind = kinds.make(plan(code=" Home-Visit ", keywords=["Visit", " visit", "", "engineer"]))

    assert (kind.code, kind.keywords) == ("home-visit", ["visit", "engineer"])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "REFUND"}, "name"),
        ({"code": "refund"}, "code"),
        ({"code": "home visit"}, "code"),
        ({"code": "\u202evisit"}, "code"),
        ({"usual_wording": "x" * 201}, "usual_wording"),
        ({"usual_length": 0, "usual_basis": "hours"}, "usual_length"),
        ({"usual_length": 401}, "usual_length"),
        ({"keywords": [f"word {number}" for number in range(41)]}, "keywords"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(said: dict[str, object], field: str):
    with pytest.raises(CommitmentError) as refused:
        kinds.make(plan(**said))

    assert refused.value.field == field
    assert Kind.objects.count() == 10


def test_an_edit_moves_no_open_promise():
    kettle = a_commitment()
    kind = kettle.kind
    policy = policies.make("Slow", steps=[rung(0, 0)], by=None, now=NOON)

    kinds.edit(
        kind.pk,
        plan(name=kind.name, code=kind.code, usual_length=9, policy_id=policy.pk),
        seen_mark=kinds.mark(kind),
        now=NOON,
    )

    assert fresh(kettle).due_at == kettle.due_at
    assert fresh(kettle).policy_version == kettle.policy_version
    assert fresh(kettle).next_action_at == kettle.next_action_at


@pytest.mark.parametrize("nudge_after", [2, 4])
def test_whoever_keeps_one_waiting_is_reminded_by_the_kind_as_it_is_now(nudge_after: int) -> None:
    kettle = a_commitment()
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON)
    kind = kettle.kind
    same = {field: getattr(kind, field) for field in Plan.__dataclass_fields__}
    edited = Plan(**same | {"nudge_after": nudge_after})

    kinds.edit(kind.pk, edited, seen_mark=kinds.mark(kind), now=NOON + MINUTE)
    policies.relook_round(NOON + 3 * MINUTE)
    sweep.run(NOON + 3 * MINUTE)

    assert Relook.objects.exists() is (nudge_after != kind.nudge_after)
    assert list(histories.differing([kettle.pk])) == []
    reminded = fresh(kettle)
    assert reminded.next_action == "nudge"
    assert reminded.next_action_at == kettle.team.calendar.hours().add_days(NOON, nudge_after)


def test_of_two_who_edit_one_kind_the_second_is_told():
    a_team()
    kind = Kind.objects.get(code="refund")
    seen = kinds.mark(kind)
    kinds.edit(kind.pk, plan(name="Money back", code="refund"), seen_mark=seen, now=NOON)

    with pytest.raises(Changed):
        kinds.edit(kind.pk, plan(name="Repayment", code="refund"), seen_mark=seen, now=NOON)

    assert Kind.objects.get(pk=kind.pk).name == "Money back"


def test_a_kind_that_was_promised_is_never_deleted():
    kind = a_commitment().kind

    with pytest.raises(CommitmentError, match="It can be retired, not deleted"):
        kinds.delete(kind.pk)
    kinds.retire(kind.pk, now=NOON)

    assert Kind.objects.get(pk=kind.pk).retired_at == NOON


def test_a_retired_kind_comes_back_with_a_policy_in_use_only():
    a_team()
    policy = policies.make("Slow", steps=[rung(0, 0)], by=None, now=NOON)
    kind = kinds.make(plan(policy_id=policy.pk))
    kinds.retire(kind.pk, now=NOON)
    policies.retire(policy.pk, now=NOON)

    with pytest.raises(CommitmentError, match="Slow is retired"):
        kinds.bring_back(kind.pk)

    assert Kind.objects.get(pk=kind.pk).retired_at == NOON


def test_the_only_kind_in_use_stays():
    a_team()
    Kind.objects.exclude(code="other").delete()
    only = Kind.objects.get()

    with pytest.raises(CommitmentError, match="the only kind in use"):
        kinds.retire(only.pk, now=NOON)
    with pytest.raises(CommitmentError, match="the only kind in use"):
        kinds.delete(only.pk)


def test_the_usual_kinds_are_added_where_they_are_missing():
    a_team()
    Kind.objects.filter(code__in=["refund", "visit"]).delete()
    kinds.make(plan(name="Refund", code="payback"))

    assert starting.lacking_kinds() == ["Visit"]
    assert starting.add_kinds(now=NOON) == 1
    assert starting.lacking_kinds() == []
