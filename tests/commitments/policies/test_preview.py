"""What an edit would do to open promises is said before it is saved."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from commitments import policies, services, sweep
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, Policy, PolicyVersion
from commitments.policies import preview
from commitments.policies.grounds import open_under
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_team, ana, fresh

from .makers import a_step

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 4 * HOUR
USUAL = [a_step(-2, number=1), a_step(0, "owner", "deputy", number=2), a_step(2, "lead", number=3)]


def promises(count: int) -> list[Commitment]:
    return [
        a_commitment(due_at=DUE + number * MINUTE, case=str(number), summary=False)
        for number in range(count)
    ]


def the_policy() -> Policy:
    return Policy.objects.get(name="Usual")


def test_it_says_what_would_come_next_and_when() -> None:
    [kettle] = promises(1)

    change = policies.what_would_change(
        the_policy(), [a_step(-1, "deputy", number=1), a_step(0, number=2)], NOON
    )

    [difference] = change.differences
    assert difference.before is not None
    assert difference.after is not None
    assert [at for _, at in (difference.before, difference.after)] == [
        NOON + 2 * HOUR,
        NOON + 3 * HOUR,
    ]
    assert difference.sentence(zone="UTC", now=NOON) == (
        f"{kettle.reference}, Send the kettle's replacement part, due Thu 21 May, 4:00 pm: next was"
        " “the owner is reminded” (Thu 21 May, 2:00 pm), would be “the deputy is reminded”"
        " (Thu 21 May, 3:00 pm)."
    )
    assert change.sentences() == [
        "One open promise stands under this policy. No due time moves, and nothing is sent.",
        "What comes next would differ for 1.",
        "Steps whose moment is over would be passed over for 0.",
    ]


def test_it_says_which_steps_would_be_passed_over() -> None:
    promises(1)

    change = policies.what_would_change(the_policy(), [a_step(-7), *USUAL], NOON)

    assert (change.differing, change.passing) == (0, 1)
    assert [step.number for step in change.differences[0].passed_over] == [5]
    assert "One step would be passed over." in change.differences[0].sentence(zone="UTC", now=NOON)


def test_a_change_behind_what_comes_next_differs_for_nobody_yet() -> None:
    promises(2)

    change = policies.what_would_change(the_policy(), [*USUAL, a_step(9, "manager")], NOON)

    assert (change.total, change.differing, change.passing) == (2, 0, 0)
    assert change.differences == []


def test_it_is_what_the_replan_then_does() -> None:
    [kettle] = promises(1)
    sweep.run(NOON + 2 * HOUR)
    steps, at = [a_step(-3), a_step(1, "lead")], NOON + 2 * HOUR

    [foreseen] = policies.what_would_change(the_policy(), steps, at).differences
    policies.edit(the_policy().pk, steps=steps, based_on=1, by=None, now=at, replan_open=True)
    policies.replan_round(at)
    sweep.run(DUE)

    assert foreseen.after is not None
    assert fresh(kettle).next_action_at == foreseen.after[1]
    passed = Event.objects.filter(kind="passed_over").values_list("step", flat=True)
    assert list(passed) == [step.number for step in foreseen.passed_over]


def test_it_changes_nothing() -> None:
    [kettle] = promises(1)

    policies.what_would_change(the_policy(), [a_step(5)], NOON)

    assert fresh(kettle).next_action_at == kettle.next_action_at
    assert the_policy().versions.count() == 1
    assert Event.objects.count() == 1


def test_waiting_promises_are_counted_and_closed_ones_are_not() -> None:
    waiting, closed, _ = promises(3)
    services.wait(waiting.pk, by=ana(), what="A photo", now=NOON)
    services.fulfil(closed.pk, by=ana(), how="Sent", now=NOON)

    assert policies.what_would_change(the_policy(), USUAL, NOON).total == 2


def test_the_list_is_capped_and_says_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    promises(4)
    monkeypatch.setattr(preview, "LOOKED_AT", 3)
    monkeypatch.setattr(preview, "SHOWN", 2)

    change = policies.what_would_change(the_policy(), [a_step(5)], NOON)

    assert (change.total, change.looked_at, change.differing) == (4, 3, 3)
    assert len(change.differences) == 2
    assert "Of the 3 that are due first:" in change.sentences()


def test_steps_that_will_not_do_are_refused_here_already() -> None:
    a_team()

    with pytest.raises(CommitmentError, match="nobody we can tell"):
        policies.what_would_change(the_policy(), [a_step(0, "boss")], NOON)


def test_a_policy_without_open_promises_says_so() -> None:
    a_team()

    change = policies.what_would_change(the_policy(), USUAL, NOON)

    assert change.sentences() == ["No open promise stands under this policy."]


@pytest.mark.postgresql
@pytest.mark.parametrize("stands_under", [0, 5])
def test_a_policy_with_few_open_promises_reads_no_others(stands_under: int) -> None:
    [kettle] = promises(1)
    _copy(kettle, 5_000)
    rare = PolicyVersion.objects.create(
        policy=Policy.objects.create(name="Rare"), number=1, made_at=NOON
    )
    found = Commitment.objects.order_by("pk").values("pk")[:stands_under]
    Commitment.objects.filter(pk__in=list(found.values_list("pk", flat=True))).update(
        policy_version=rare
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze commitments_commitment")

    under = open_under([rare.pk])
    listed = under.order_by("due_at", "pk")[: preview.LOOKED_AT].explain()
    counted = under.order_by().values("team").annotate(Count("pk")).explain()

    assert under.count() == stands_under
    for plan in (listed, counted):
        assert "commitment_live_by_version" in plan, plan
        assert "Seq Scan on commitments_commitment" not in plan


def _copy(one: Commitment, count: int) -> None:
    """So many more like it, laid down by the database."""
    columns = ", ".join(
        field.column for field in Commitment._meta.concrete_fields if field.column != "id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into commitments_commitment ({columns}) select {columns}"
            " from commitments_commitment, generate_series(1, %s) where id = %s",
            [count, one.pk],
        )


def test_the_number_of_queries_does_not_depend_on_the_number_of_promises() -> None:
    def queries(count: int) -> int:
        promises(count)
        with CaptureQueriesContext(connection) as captured:
            policies.what_would_change(the_policy(), [a_step(5)], NOON)
        return len(captured)

    assert queries(1) == queries(20)
