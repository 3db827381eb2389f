"""Hours were edited: every clock that they laid comes due, a batch at a time, a round later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commitments import lengths, schedules, services, sweep
from commitments.models import Commitment, Holiday, Relook, Team
from commitments.policies import looking_again
from commitments.rules.business_time import minutes_of
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, ana, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONDAY = datetime(2026, 5, 25, 10, 30, tzinfo=UTC)
FRIDAY = MONDAY - 3 * DAY
LATER = NOON + lengths.current().round


def half_a_friday() -> None:
    calendar = a_team().calendar
    spans = [[minutes_of("09:00"), minutes_of("12:00")]]
    Holiday.objects.create(calendar=calendar, on=FRIDAY.date(), name="Half a day", spans=spans)
    looking_again.look_again(calendar.teams.all(), now=NOON)


def clock(commitment: Commitment) -> datetime | None:
    return fresh(commitment).next_action_at


def test_a_reminder_that_is_to_come_earlier_now_comes_earlier() -> None:
    kettle = a_commitment(due_at=MONDAY, summary=False)
    assert clock(kettle) == FRIDAY.replace(hour=17, minute=0)  # two working hours before
    half_a_friday()

    schedules.run(LATER)
    sweep.run(LATER)

    assert clock(kettle) == FRIDAY.replace(hour=11, minute=30)
    assert fresh(kettle).next_action == "step"
    assert fresh(kettle).due_at == MONDAY
    assert events_of(kettle) == ["made"]


def test_it_begins_when_whoever_read_the_old_hours_has_finished() -> None:
    kettle = a_commitment(due_at=MONDAY)
    before = clock(kettle)
    half_a_friday()

    done = looking_again.relook_round(LATER - timedelta(microseconds=1))

    assert done == 0
    assert clock(kettle) == before


def test_what_is_due_already_and_what_has_ended_are_left_alone() -> None:
    due, ended = a_commitment(due_at=MONDAY, case="a"), a_commitment(due_at=MONDAY, case="b")
    Commitment.objects.filter(pk=due.pk).update(next_action_at=NOON - HOUR)
    services.fulfil(ended.pk, by=ana(), how="Sent", now=NOON)
    half_a_friday()

    done = looking_again.relook_round(LATER)

    assert done == 0
    assert clock(due) == NOON - HOUR
    assert clock(ended) is None


def test_it_goes_batch_by_batch_and_ends() -> None:
    kettles = [a_commitment(due_at=MONDAY, case=str(number)) for number in range(5)]
    half_a_friday()

    done = looking_again.relook_round(LATER, batch=2)

    assert done == 5
    assert {clock(kettle) for kettle in kettles} == {LATER}
    relook = Relook.objects.get()
    assert (relook.looked_at, relook.next_at, relook.finished_at) == (5, None, LATER)


def test_a_batch_that_died_is_done_again_and_no_other() -> None:
    kettles = [a_commitment(due_at=MONDAY, case=str(number)) for number in range(3)]
    half_a_friday()
    Relook.objects.update(done_upto=sorted(kettle.pk for kettle in kettles)[1], looked_at=2)

    done = looking_again.relook_round(LATER, batch=2)

    assert done == 1
    assert Relook.objects.get().looked_at == 3


def test_edited_again_in_between_it_begins_from_the_first() -> None:
    kettle = a_commitment(due_at=MONDAY)
    half_a_friday()
    Relook.objects.update(done_upto=kettle.pk)

    looking_again.look_again(Team.objects.all(), now=NOON + HOUR)

    relook = Relook.objects.get()
    assert (relook.done_upto, relook.asked_at) == (0, NOON + HOUR)
    assert looking_again.relook_round(LATER + HOUR) == 1


def test_other_teams_keep_their_clocks() -> None:
    kettle = a_commitment(due_at=MONDAY)
    moves = Team.objects.create(name="Moves", calendar=a_team().calendar)

    looking_again.look_again(Team.objects.filter(pk=moves.pk), now=NOON)

    assert looking_again.relook_round(LATER) == 0
    assert clock(kettle) == FRIDAY.replace(hour=17, minute=0)
