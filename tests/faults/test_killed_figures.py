"""Killed while it works out the figures of days that reports read."""

from __future__ import annotations

import copy
import signal
from collections.abc import Mapping
from datetime import date

import pytest
from django.db import connection, transaction

from commitments.models import Commitment, FigureNote, User, figures
from commitments.reports import Scope, kept, lasting
from tests.faults.stand import Stand, until
from tests.makers import DAY, HOUR, NOON, a_commitment

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]

LATER = NOON + HOUR
DAYS = (date(2026, 5, 22), date(2026, 5, 23))
_UNDER_WAY = """
select 1 from pg_stat_activity
where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()
"""


@pytest.mark.timeout(400)
def test_killed_before_each_of_its_statements_nothing_is_lost_or_counted_twice(
    stand: Stand,
) -> None:
    """`kill -9` again and again, each time one statement later, while promises are kept on two
    days: until a round gets to its end.
    """
    User.objects.create_superuser("root@larkfield.example", "x", name="Root")
    kettles = [a_commitment(due_at=NOON + number * DAY) for number in (1, 2)]
    stand.unaudited_because = "copies of a promise have no history"
    deaths = 0

    while killed_before(deaths + 1, stand, kettles):
        deaths += 1

    assert deaths > 20  # two days, a dozen statements each
    assert not FigureNote.objects.filter(at__lt=LATER).exists()
    assert [kept.kept(of(day))[0].on_time for day in DAYS] == [deaths + 1] * 2
    assert whole_days({}) == list(DAYS)


def killed_before(statement: int, stand: Stand, kettles: list[Commitment]) -> bool:
    """One more is kept on both days, and a round is killed before it says that statement; or it
    ends. A day has its notes and is as it was, or has none and is as it should be.
    """
    keep_another_of(kettles)
    before = {day: rolled_up(day) for day in DAYS}

    ended = stand.round("figures", at=LATER, DIES_BEFORE=statement).wait()
    until(nobody_is_at_it)  # the database has noticed

    assert ended in (0, -signal.SIGKILL), stand.forks.said[-3000:]
    assert whole_days(before) == list(DAYS)
    return ended != 0


@transaction.atomic
def keep_another_of(kettles: list[Commitment]) -> None:
    """With the notes that a verb leaves."""
    made = [copy.copy(each) for each in kettles]
    for each in made:
        each.pk, each.status, each.outcome = None, "fulfilled", "on_time"
        each.closed_at, each.took_minutes, each.next_action = NOON, 90, ""
        each.next_action_at = None
    Commitment.objects.bulk_create(made)
    figures.note_now(made, now=NOON)


def whole_days(before: Mapping[date, list[object]]) -> list[date]:
    return [day for day in DAYS if rolled_up(day) == expected(day, before)]


def expected(day: date, before: Mapping[date, list[object]]) -> list[object]:
    if FigureNote.objects.filter(at__lt=LATER, day=day).exists():
        return before[day]
    return [kept.kept_from_facts(of(day), "owner"), lasting.time_to_keep_from_facts(of(day))]


def rolled_up(day: date) -> list[object]:
    return [kept.kept(of(day), "owner"), lasting.time_to_keep(of(day))]


def of(day: date) -> Scope:
    asked = {"since": day.isoformat(), "until": day.isoformat()}
    return Scope.of(User.objects.get(is_superuser=True), asked, LATER)


def nobody_is_at_it() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_WAY)
        return cursor.fetchone() is None
