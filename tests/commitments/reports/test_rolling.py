"""Figures of a day are what counting its promises comes to, whatever was done in which order."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import (
    Commitment,
    FigureDay,
    FigureNote,
    KeptFigure,
    LastingFigure,
    Membership,
    RatedFigure,
    Role,
    Team,
    figures,
)
from commitments.reports import fresh, kept, lasting, rebuilding, rolling
from commitments.reports.rolling import Cell
from commitments.services import Told
from notifications import delivery
from tests.commitments.reports.counting import everything, from_facts, rolled_up
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_team,
    ana,
    dev,
)
from tests.makers import (
    fresh as again,
)
from tests.reports_company import MONDAY, a_company

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

THURSDAY = date(2026, 5, 21)


def rows() -> list[object]:
    models = (KeptFigure, LastingFigure, RatedFigure)
    return [
        sorted([tuple(row.items())[1:] for row in model.objects.values()], key=repr)
        for model in models
    ]


def whole(now: datetime) -> tuple[int, ...]:
    (row,) = kept.kept(everything(now))
    return (row.on_time, row.moved, row.late, row.broken, row.overdue, row.pending)


def test_a_promise_is_counted_from_its_first_moment_on() -> None:
    a_commitment()

    assert whole(NOON + MINUTE) == (0, 0, 0, 0, 0, 0)
    assert rolling.run(NOON + MINUTE) == 1
    assert whole(NOON + MINUTE) == (0, 0, 0, 0, 0, 1)


def test_a_due_time_that_passes_is_counted_without_any_sweep() -> None:
    kettle = a_commitment(due_at=NOON + HOUR)
    rolling.run(NOON + MINUTE)

    rolling.run(kettle.due_at)  # at the very moment it is not overdue yet
    before = whole(kettle.due_at)
    rolling.run(kettle.due_at + MINUTE)

    assert (before, whole(kettle.due_at + MINUTE)) == ((0, 0, 0, 0, 0, 1), (0, 0, 0, 0, 1, 0))


def test_an_old_time_that_passes_in_silence_is_counted_without_any_sweep() -> None:
    kettle = a_commitment(due_at=NOON + HOUR)
    services.move(
        kettle.pk, by=ana(), due_at=NOON + DAY, reason="Later", told=Told.NO, now=NOON + MINUTE
    )

    rolling.run(NOON + 2 * MINUTE)
    before = whole(NOON + 2 * MINUTE)
    rolling.run(NOON + HOUR + MINUTE)

    assert (before, whole(NOON + HOUR + MINUTE)) == ((0, 0, 0, 0, 0, 1), (0, 0, 1, 0, 0, 0))


def test_a_message_that_is_accepted_in_time_changes_what_counts() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    services.move(
        kettle.pk, by=ana(), due_at=NOON + DAY, reason="Later", told=Told.MESSAGE, now=NOON
    )
    delivery.run(NOON + MINUTE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON + 4 * HOUR)

    rolling.run(NOON + 5 * HOUR)

    assert whole(NOON + 5 * HOUR) == (0, 1, 0, 0, 0, 0)


def test_a_promise_handed_to_another_team_is_counted_there_and_no_more_here() -> None:
    kettle = a_commitment()
    moves = Team.objects.create(name="Moves", calendar=a_team().calendar)
    Membership.objects.create(user=ana(), team=moves, role=Role.AGENT)
    rolling.run(NOON + MINUTE)

    services.hand_to_team(kettle.pk, by=ana(), team_id=moves.pk, now=NOON + 2 * MINUTE)
    rolling.run(NOON + 3 * MINUTE)

    by_team = kept.kept(everything(NOON + 3 * MINUTE), "team")
    assert [(row.label, row.pending) for row in by_team] == [("Moves", 1)]


def test_a_promise_that_a_step_hands_on_is_counted_for_whoever_has_it() -> None:
    kettle = a_commitment()
    rolling.run(NOON + MINUTE)
    with transaction.atomic():
        Commitment.objects.filter(pk=kettle.pk).update(owner=dev())
        figures.note_now([again(kettle)], now=NOON + 2 * MINUTE)

    rolling.run(NOON + 3 * MINUTE)

    by_owner = kept.kept(everything(NOON + 3 * MINUTE), "owner")
    assert [(row.label, row.pending) for row in by_owner] == [("Dev Shah", 1)]


def test_what_changes_no_figure_leaves_no_note() -> None:
    kettle = a_commitment()
    rolling.run(NOON + MINUTE)
    before = FigureNote.objects.count()

    services.update(
        kettle.pk, by=ana(), words="Still at it", tell_customer=False, now=NOON + 2 * MINUTE
    )

    assert FigureNote.objects.count() == before


def test_a_verb_that_is_refused_leaves_no_note() -> None:
    kettle = a_commitment()
    before = FigureNote.objects.count()

    with pytest.raises(CommitmentError):
        services.resume(kettle.pk, by=ana(), now=NOON + MINUTE)

    assert FigureNote.objects.count() == before


def test_an_idle_round_asks_once_and_writes_nothing() -> None:
    a_commitment()
    rolling.run(NOON + MINUTE)

    with CaptureQueriesContext(connection) as queries:
        assert rolling.run(NOON + 2 * MINUTE) == 0

    assert len(queries) == 1


def test_a_day_costs_the_same_however_many_promises_it_has() -> None:
    def queries_of_a_round(now: datetime) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert rolling.run(now) == 1
        return len(queries)

    a_commitment()
    few = queries_of_a_round(NOON + MINUTE)
    FigureDay.objects.all().delete()
    KeptFigure.objects.all().delete()
    for _ in range(5):
        a_commitment(now=NOON + 2 * MINUTE)

    assert queries_of_a_round(NOON + 3 * MINUTE) == few


def test_one_day_that_cannot_be_worked_out_is_put_off_and_costs_the_others_nothing() -> None:
    bad = a_commitment(due_at=NOON + 2 * HOUR)
    a_commitment(due_at=NOON + 2 * DAY)
    Commitment.objects.filter(pk=bad.pk).update(due_zone="Nowhere/At_all")

    done = rolling.run(NOON + MINUTE)

    # It is looked for around both days: on SQLite each row of a zone that is none ends a count.
    assert done in (0, 1)
    assert rolling.run(NOON + 2 * MINUTE) == 0  # it is not tried again and again
    # What its readers see is as old as it was.
    assert fresh.fresh_as_of(everything(NOON + MINUTE), NOON + MINUTE) < NOON + MINUTE
    Commitment.objects.filter(pk=bad.pk).update(due_zone="UTC")
    rolling.run(NOON + HOUR)
    assert fresh.fresh_as_of(everything(NOON + HOUR), NOON + HOUR) == NOON + HOUR
    assert whole(NOON + HOUR) == (0, 0, 0, 0, 0, 2)


def test_the_figures_are_as_fresh_as_the_oldest_note_that_is_due() -> None:
    kettle = a_commitment(now=NOON - HOUR)
    scope = everything(NOON)

    assert fresh.fresh_as_of(scope, NOON) == NOON - HOUR
    rolling.run(NOON)
    assert fresh.fresh_as_of(scope, NOON) == NOON
    assert fresh.fresh_as_of(scope, kettle.due_at + DAY) == kettle.due_at


def test_everything_is_worked_out_from_the_promises_by_one_command() -> None:
    a_company()
    before, scope = rows(), everything(MONDAY)
    for model in (KeptFigure, LastingFigure, RatedFigure, FigureDay, FigureNote):
        model.objects.all().delete()
    KeptFigure.objects.create(
        team=a_team(), day=THURSDAY, kind=Commitment.objects.earliest("pk").kind, owner=ana(),
        **dict.fromkeys(("on_time", "moved", "late", "broken", "overdue", "pending", "released",
                         "void", "attempted"), 7),
    )  # fmt: skip
    Commitment.objects.update(took_minutes=None)

    rebuilding.measure(MONDAY)
    rebuilding.note_moments(MONDAY)
    for cell in rebuilding.cells():
        assert rebuilding.count_again(cell, now=MONDAY)

    assert rows() == before
    assert rolled_up(scope) == from_facts(scope)
    # What is going to count otherwise is noted again: b2, b3, b4 and m2 are overdue, and by 10:31
    # c1 and c5 are too.
    rolling.run(MONDAY + 2 * HOUR + MINUTE)
    assert kept.kept(everything(MONDAY + 2 * HOUR + MINUTE))[0].overdue == 4 + 2


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    a_company()
    Commitment.objects.update(took_minutes=None)

    call_command("rebuild_reports", since=date(2026, 5, 18))

    assert capsys.readouterr().out.endswith(" 6 promises measured.\n")
    scope = everything(datetime.now(tz=MONDAY.tzinfo))
    assert lasting.time_to_keep_from_facts(scope)[0].n == 6


def test_a_round_that_began_before_the_last_one_leaves_no_older_figures_behind() -> None:
    """It has looked at the clock, and is slow: the other has seen a due time pass meanwhile."""
    a_commitment(due_at=NOON + HOUR)
    rolling.run(NOON + HOUR + MINUTE)

    rolling.count_again(Cell(a_team().pk, THURSDAY), now=NOON + HOUR - MINUTE)
    rolling.run(NOON + HOUR + 2 * MINUTE)

    assert whole(NOON + HOUR + 2 * MINUTE) == (0, 0, 0, 0, 1, 0)


def test_what_is_done_while_everything_is_worked_out_keeps_its_note() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    rolling.run(NOON + MINUTE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON + 3 * MINUTE)

    # The command has looked at the clock before that, and is stopped here.
    rebuilding.note_moments(NOON + 2 * MINUTE)
    rolling.run(NOON + 10 * MINUTE)

    assert whole(NOON + 10 * MINUTE) == (1, 0, 0, 0, 0, 0)


def test_moments_are_noted_once_however_often_everything_is_worked_out() -> None:
    a_commitment()
    before = sorted(FigureNote.objects.values_list())

    assert rebuilding.note_moments(NOON) == 0
    assert sorted(FigureNote.objects.values_list()) == before


def test_what_is_measured_is_counted_on_days_that_are_not_worked_out_anew_too() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON + 3 * MINUTE)
    Commitment.objects.update(took_minutes=None)
    rolling.run(NOON + 5 * MINUTE)

    rebuilding.measure(NOON + 6 * MINUTE)  # and, `--since` a later day, no day besides
    rolling.run(NOON + 7 * MINUTE)

    scope = everything(NOON + 7 * MINUTE)
    assert lasting.time_to_keep(scope) == lasting.time_to_keep_from_facts(scope)
    assert lasting.time_to_keep(scope)[0].n == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_rounds_at_once_on_one_day_one_leaves_it_to_the_other() -> None:
    a_commitment()
    noted = set(FigureNote.objects.values_list("pk", flat=True))
    answers: list[bool] = []

    def the_other() -> None:
        answers.append(rolling.count_again(Cell(a_team().pk, THURSDAY), now=NOON, notes=noted))
        connection.close()

    FigureDay.objects.create(team=a_team(), day=THURSDAY)
    with transaction.atomic():
        FigureDay.objects.select_for_update().get()
        other = threading.Thread(target=the_other)
        other.start()
        other.join()

    assert answers == [False]
    assert set(FigureNote.objects.values_list("pk", flat=True)) == noted


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_committed_while_a_round_is_at_work_keeps_its_note() -> None:
    """A verb that began before the round and ends after it: its note was not to be seen then."""
    kettle = a_commitment()
    rolling.run(NOON + MINUTE)
    done, may_commit = threading.Event(), threading.Event()

    def a_slow_verb() -> None:
        with transaction.atomic():
            services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON + 2 * MINUTE)
            done.set()
            may_commit.wait()
        connection.close()

    verb = threading.Thread(target=a_slow_verb)
    verb.start()
    done.wait()
    rolling.run(NOON + 3 * MINUTE)
    before = whole(NOON + 3 * MINUTE)
    may_commit.set()
    verb.join()
    rolling.run(NOON + 4 * MINUTE)

    assert (before, whole(NOON + 4 * MINUTE)) == ((0, 0, 0, 0, 0, 1), (1, 0, 0, 0, 0, 0))
