"""Edited hours move no promise; they list what would differ, and clocks follow."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Calendar, Commitment, Holiday
from commitments.policies import calendars
from tests.makers import HOUR, NOON, a_commitment, a_team, ana, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FRIDAY = datetime(2026, 5, 22, 17, 30, tzinfo=UTC)
MONDAY = datetime(2026, 5, 25, 17, 30, tzinfo=UTC)


def counted(**fields: object) -> Commitment:
    """Promised for the end of the next working day, Friday."""
    chain = a_team().calendar.hours().walk_days(NOON, 1)
    return a_commitment(due_at=FRIDAY, due_steps=chain, summary=False, **fields)  # type: ignore[arg-type]  # by name


def closed_on_friday() -> Calendar:
    week = a_team().calendar
    Holiday.objects.create(calendar=week, on="2026-05-22", name="Closed", spans=[])
    return Calendar.objects.get(pk=week.pk)


def test_what_was_promised_under_other_hours_is_listed_and_not_moved() -> None:
    kettle, lid = counted(case="a"), counted(case="b")
    named = a_commitment(due_at=FRIDAY - 2 * HOUR, case="c")  # at 3:30 pm, whatever the hours
    week = closed_on_friday()

    found = calendars.what_would_differ(week, week.hours())

    assert [(each.commitment, each.would_be_due_at) for each in found.shown] == [
        (kettle, MONDAY),
        (lid, MONDAY),
    ]
    assert (found.total, found.count) == (3, 2)
    assert found.sentence() == "Two open promises were promised under other hours; none was moved."
    assert fresh(named).due_at == FRIDAY - 2 * HOUR
    assert fresh(kettle).due_at == FRIDAY


def test_closed_promises_and_those_of_other_calendars_are_not_listed() -> None:
    done, elsewhere = counted(case="a"), counted(case="b")
    services.fulfil(done.pk, by=ana(), how="Sent", now=NOON)
    other = a_team("Night team")
    other.calendar = Calendar.objects.create(name="Nights", zone="UTC")
    other.save()
    Commitment.objects.filter(pk=elsewhere.pk).update(team=other)
    week = closed_on_friday()

    assert calendars.what_would_differ(week, week.hours()).total == 0


def test_hours_that_never_open_differ_in_nothing_that_can_be_said() -> None:
    counted()
    week = a_team().calendar
    week.opening_hours.all().delete()

    found = calendars.what_would_differ(week, Calendar.objects.get(pk=week.pk).hours())

    assert (found.count, found.sentence()) == (0, "No open promise would be due at another time.")


def test_the_list_is_capped_and_says_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        counted(case=str(number))
    week = closed_on_friday()
    monkeypatch.setattr(calendars, "LOOKED_AT", 3)
    monkeypatch.setattr(calendars, "SHOWN", 1)

    found = calendars.what_would_differ(week, week.hours())

    assert (found.count, len(found.shown)) == (3, 1)
    assert "Three open promises, of the 3 due first, were promised" in found.sentence()


def test_the_number_of_queries_does_not_depend_on_the_number_of_promises() -> None:
    week = closed_on_friday()
    hours = week.hours()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            calendars.what_would_differ(week, hours)
        return len(captured)

    a_commitment(due_at=FRIDAY, case="a")
    one = queries()
    for number in range(10):
        a_commitment(due_at=FRIDAY, case=str(number))

    assert queries() == one == 2


class TestCommand:
    def said(self, *arguments: str) -> str:
        out = StringIO()
        with time_machine.travel(NOON, tick=False):
            call_command("calendar_differences", *arguments, stdout=out)
        return out.getvalue()

    def test_it_lists_what_a_holiday_would_change(self) -> None:
        kettle = counted()

        said = self.said("Working week", "--holiday", "2026-05-22")

        assert "One open promise was promised under other hours; none was moved." in said
        assert f"{kettle.reference}, due Fri 22 May, 5:30 pm: would be Mon 25 May" in said
        assert not Holiday.objects.exists()

    def test_it_lists_what_differs_as_the_calendar_stands(self) -> None:
        counted()

        assert "No open promise" in self.said("Working week")
        closed_on_friday()
        assert "One open promise" in self.said("Working week")

    def test_an_unknown_calendar_and_a_wrong_date_are_named(self) -> None:
        a_team()

        with pytest.raises(CommandError, match="Working week"):
            self.said("Summer")
        with pytest.raises(CommandError, match="2026-12-24"):
            self.said("Working week", "--holiday", "tomorrow")
