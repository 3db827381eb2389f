"""Hours and holidays: an edit moves no promise, and a holiday with a part in one stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commitments.errors import CommitmentError
from commitments.house import hours
from commitments.house.hours import Day, Week
from commitments.house.seen import Changed
from commitments.models import Calendar, Commitment, Holiday, Relook
from tests.makers import DAY, NOON, a_commitment, a_team, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FRIDAY = date(2026, 5, 22)
NINE_TO_FIVE = ((540, 1020),)


def as_it_is(calendar: Calendar) -> Week:
    return Week(name=calendar.name, zone=calendar.zone, weekly=calendar.hours().weekly)


def edit(calendar: Calendar, **said: object) -> Calendar:
    week = replace(as_it_is(calendar), **said)  # type: ignore[arg-type]
    return hours.edit(calendar.pk, week, seen_mark=hours.mark(calendar), now=NOON)


def counted(days: int = 1) -> Commitment:
    """Promised within so many working days."""
    chain = a_team().calendar.hours().walk_days(NOON, days)
    return a_commitment(due_at=chain[-1].ends_at, due_steps=chain)


def closed(on: date = FRIDAY) -> Holiday:
    calendar = a_team().calendar
    hours.add_days([calendar.pk], [Day(on=on, name="Closed")], now=NOON)
    return Holiday.objects.get(calendar=calendar, on=on)


def test_a_week_is_kept_as_it_was_given():
    nights = hours.make(
        Week(name="Nights", zone="Europe/Berlin", weekly=(((0, 360), (1200, 1440)),) * 7)
    )

    assert nights.hours().weekly[6] == ((0, 360), (1200, 1440))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"weekly": ((),) * 7}, "without a single open hour"),
        ({"weekly": (((540, 540),),) + ((),) * 6}, "ends before it begins"),
        ({"weekly": (((540, 720), (700, 800)),) + ((),) * 6}, "overlap"),
        ({"weekly": (((540, 1441),),) + ((),) * 6}, "between 00:00 and 24:00"),
        ({"zone": "Mars/Olympus"}, "time zone"),
        ({"name": " "}, "The name is empty"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_change_nothing(said: dict[str, object], why: str):
    calendar = a_team().calendar

    with pytest.raises(CommitmentError, match=why):
        edit(calendar, **said)

    assert Calendar.objects.get().hours() == calendar.hours()
    assert not Relook.objects.exists()


def test_an_edit_moves_no_promise_and_lays_the_clocks_anew():
    kettle = counted()

    edit(kettle.team.calendar, weekly=(NINE_TO_FIVE,) * 4 + ((), (), ()))

    assert fresh(kettle).due_at == kettle.due_at
    assert Relook.objects.get().team == kettle.team


def test_another_name_alone_lays_nothing_anew():
    calendar = a_team().calendar

    edit(calendar, name="Usual week")

    assert not Relook.objects.exists()


def test_of_two_who_edit_the_hours_the_second_is_told():
    calendar = a_team().calendar
    seen, week = hours.mark(calendar), as_it_is(calendar)
    edit(calendar, zone="Europe/London")

    with pytest.raises(Changed):
        hours.edit(calendar.pk, replace(week, name="Mine"), seen_mark=seen, now=NOON)

    assert Calendar.objects.get().zone == "Europe/London"


def test_hours_of_a_team_are_never_deleted():
    calendar = a_team().calendar

    with pytest.raises(CommitmentError, match="somebody's hours"):
        hours.delete(calendar.pk)

    assert Calendar.objects.count() == 1


def test_a_holiday_says_whom_it_touches_and_moves_nobody():
    kettle, later = counted(), counted(5)
    calendar = kettle.team.calendar
    monday = date(2026, 5, 25)
    wanted = hours.with_days(calendar.hours(), [Day(on=monday, name="Holiday")])

    touched = hours.touched_by(calendar, wanted, monday)

    assert [each.commitment for each in touched.shown] == [later]
    assert (touched.count, touched.total) == (1, 1)  # the other is due before that day
    assert "One open promise would be due at another time" in touched.unsaved()
    assert fresh(later).due_at == later.due_at


def test_a_day_that_is_there_keeps_what_it_says():
    closed()

    added = hours.add_days(
        [a_team().calendar.pk],
        [Day(on=FRIDAY, name="Other", spans=NINE_TO_FIVE), Day(on=FRIDAY + DAY, name="More")],
        now=NOON,
    )

    assert added == 1
    assert Holiday.objects.get(on=FRIDAY).name == "Closed"


def test_one_day_twice_is_refused():
    calendar = a_team().calendar

    with pytest.raises(CommitmentError, match="named twice"):
        hours.add_days(
            [calendar.pk], [Day(on=FRIDAY, name="A"), Day(on=FRIDAY, name="B")], now=NOON
        )

    assert not Holiday.objects.exists()


def test_a_holiday_that_a_promise_was_counted_by_is_never_taken_out():
    holiday = closed()
    kettle = counted()
    assert kettle.due_at == datetime(2026, 5, 25, 17, 30, tzinfo=UTC)

    with pytest.raises(CommitmentError, match="One open promise was counted by Closed"):
        hours.remove_day(holiday.pk, now=NOON)

    assert Holiday.objects.filter(pk=holiday.pk).exists()


def test_one_that_nobody_was_counted_by_may_be():
    holiday = closed()

    hours.remove_day(holiday.pk, now=NOON)

    assert not Holiday.objects.exists()
    assert Relook.objects.count() == 1  # the one that adding it began


def test_a_holiday_that_has_come_stays():
    holiday = closed(on=NOON.date())

    with pytest.raises(CommitmentError, match="has come"):
        hours.remove_day(holiday.pk, now=NOON)

    assert Holiday.objects.exists()


def test_the_hours_of_a_holiday_can_be_changed_and_move_nobody():
    holiday = closed()
    kettle = counted()

    hours.edit_day(
        holiday.pk,
        Day(on=FRIDAY, name="Half a day", spans=((540, 720),)),
        seen_mark=hours.mark_of_day(holiday),
        now=NOON,
    )

    assert Holiday.objects.get().spans == [[540, 720]]
    assert fresh(kettle).due_at == kettle.due_at


def test_what_was_promised_after_the_day_is_not_touched_by_it():
    calendar = a_team().calendar
    yesterday = (NOON - DAY).date()
    counted()
    wanted = hours.with_days(calendar.hours(), [Day(on=yesterday, name="Late news")])

    touched = hours.touched_by(calendar, wanted, yesterday)

    assert touched.total == 0
