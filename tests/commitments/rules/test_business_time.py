"""Working time added, taken away and measured."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from commitments.rules.business_time import Hours
from tests.commitments.rules.office import (
    CLOSED,
    HOUR,
    MINUTE,
    NINE_TO_FIVE,
    OFFICE,
    WITH_LUNCH,
    at,
    only,
    weekdays,
)


def test_work_goes_on_the_next_working_day() -> None:
    assert OFFICE.add(at("2024-03-08 16:00"), 2 * HOUR) == at("2024-03-11 10:00")


def test_work_that_ends_at_closing_time_ends_then() -> None:
    assert OFFICE.add(at("2024-03-05 09:00"), 8 * HOUR) == at("2024-03-05 17:00")


def test_work_begun_at_closing_time_begins_the_next_morning() -> None:
    assert OFFICE.add(at("2024-03-05 17:00"), MINUTE) == at("2024-03-06 09:01")


def test_nothing_added_while_open_is_now() -> None:
    assert OFFICE.add(at("2024-03-05 09:00"), timedelta()) == at("2024-03-05 09:00")


def test_nothing_added_while_closed_is_the_next_opening() -> None:
    assert OFFICE.add(at("2024-03-08 17:00"), timedelta()) == at("2024-03-11 09:00")


def test_seconds_are_kept() -> None:
    start = at("2024-03-05 16:59:59")

    assert OFFICE.add(start, timedelta(seconds=2)) == at("2024-03-06 09:00:01")


def test_microseconds_are_kept() -> None:
    start = at("2024-03-05 16:59:59.999999")

    assert OFFICE.add(start, timedelta(microseconds=2)) == at("2024-03-06 09:00:00.000001")


def test_the_lunch_break_is_not_worked() -> None:
    hours = Hours("UTC", weekdays(WITH_LUNCH))

    assert hours.add(at("2024-03-05 11:00"), 2 * HOUR) == at("2024-03-05 14:30")


def test_a_night_shift_is_two_spans_that_meet_at_midnight() -> None:
    hours = Hours("UTC", (((22 * 60, 1440),), ((0, 6 * 60),), *(CLOSED,) * 5))

    assert hours.add(at("2024-03-04 23:00"), 3 * HOUR) == at("2024-03-05 02:00")
    assert hours.add(at("2024-03-04 22:00"), 2 * HOUR) == at("2024-03-05 00:00")


def test_a_holiday_is_left_out() -> None:
    hours = Hours("UTC", weekdays(), {date(2024, 3, 6): CLOSED})

    assert hours.add(at("2024-03-05 16:00"), 2 * HOUR) == at("2024-03-07 10:00")


def test_an_exception_replaces_the_hours_of_its_day() -> None:
    hours = Hours("UTC", weekdays(), {date(2024, 3, 9): ((600, 660),), date(2024, 3, 8): CLOSED})

    assert hours.add(at("2024-03-07 17:00"), 2 * HOUR) == at("2024-03-11 10:00")


def test_a_length_of_a_year_lands_on_its_day() -> None:
    assert OFFICE.add(at("2024-01-01 09:00"), 2080 * HOUR) == at("2024-12-27 17:00")


def test_the_local_date_decides_not_the_one_in_utc() -> None:
    hours = Hours("America/Los_Angeles", weekdays())
    start = at("2024-05-01 01:30")  # half past six in the evening of 30 April there

    assert hours.add(start, 2 * HOUR) == at("2024-05-01 11:00", "America/Los_Angeles")


def test_half_hour_zones_are_exact() -> None:
    hours = Hours("Asia/Kolkata", weekdays())

    assert hours.add(at("2024-05-01 12:00"), HOUR) == at("2024-05-02 10:00", "Asia/Kolkata")


def test_an_instant_may_come_in_any_zone() -> None:
    elsewhere = at("2024-03-05 10:00").astimezone(ZoneInfo("Asia/Tokyo"))

    assert OFFICE.add(elsewhere, HOUR) == at("2024-03-05 11:00")


def test_answers_are_in_utc() -> None:
    hours = Hours("Asia/Kolkata", weekdays())
    start = at("2024-05-01 12:00")

    assert hours.add(start, HOUR).tzinfo is UTC
    assert hours.add_days(start, 1).tzinfo is UTC
    assert hours.closing(start, 1).tzinfo is UTC


def test_counting_back_crosses_the_weekend() -> None:
    assert OFFICE.add(at("2024-03-11 10:00"), -2 * HOUR) == at("2024-03-08 16:00")


def test_counting_back_to_an_opening_stays_there() -> None:
    assert OFFICE.add(at("2024-03-05 17:00"), -8 * HOUR) == at("2024-03-05 09:00")


def test_counting_back_from_an_opening_begins_the_evening_before() -> None:
    assert OFFICE.add(at("2024-03-05 09:00"), -MINUTE) == at("2024-03-04 16:59")


def test_counting_back_over_a_year_lands_on_its_day() -> None:
    assert OFFICE.add(at("2024-12-27 17:00"), -2080 * HOUR) == at("2024-01-01 09:00")


def test_a_shift_over_the_spring_night_is_an_hour_shorter() -> None:
    zone = "Europe/Berlin"
    hours = Hours(zone, only(6, ((60, 300),)))

    worked = hours.between(at("2024-03-31 00:00", zone), at("2024-03-31 12:00", zone))

    assert worked == 3 * HOUR


def test_a_shift_over_the_autumn_night_is_an_hour_longer() -> None:
    zone = "America/New_York"
    hours = Hours(zone, only(6, ((60, 180),)))

    worked = hours.between(at("2024-11-03 00:00", zone), at("2024-11-03 12:00", zone))

    assert worked == 3 * HOUR


def test_hours_that_the_clocks_skip_do_not_exist() -> None:
    zone = "Europe/Berlin"
    hours = Hours(zone, only(6, ((135, 165),)))

    assert hours.closing_on(date(2024, 3, 31)) is None
    assert hours.add(at("2024-03-30 12:00", zone), MINUTE) == at("2024-04-07 02:16", zone)


def test_an_opening_that_the_clocks_skip_is_the_first_instant_after() -> None:
    zone = "Europe/Berlin"
    hours = Hours(zone, only(6, ((150, 300),)))

    assert hours.next_open(at("2024-03-31 00:00", zone)) == at("2024-03-31 03:00", zone)


def test_a_closing_that_comes_twice_is_its_first() -> None:
    zone = "Europe/Berlin"
    hours = Hours(zone, only(6, ((60, 150),)))

    assert hours.closing_on(date(2024, 10, 27)) == at("2024-10-27 00:30")
    assert not hours.is_open(at("2024-10-27 01:15"))  # a quarter past two, the second time


def test_half_an_hour_is_skipped_on_lord_howe() -> None:
    zone = "Australia/Lord_Howe"
    hours = Hours.round_the_clock(zone)

    day = hours.between(at("2024-10-06 00:00", zone), at("2024-10-07 00:00", zone))

    assert day == 23.5 * HOUR


def test_the_day_that_samoa_skipped_is_no_working_day() -> None:
    zone = "Pacific/Apia"
    hours = Hours(zone, (NINE_TO_FIVE,) * 7)
    start = at("2011-12-29 12:00", zone)

    assert hours.closing_on(date(2011, 12, 30)) is None
    assert hours.closing(start, 1) == at("2011-12-31 17:00", zone)
    assert hours.add(start, 8 * HOUR) == at("2011-12-31 12:00", zone)


def test_a_change_at_midnight_leaves_no_hole_in_round_the_clock() -> None:
    zone = "America/Sao_Paulo"
    hours = Hours.round_the_clock(zone)
    start = at("2018-11-03 12:00", zone)  # at midnight the clocks go to one

    assert hours.add(start, 48 * HOUR) == start + 48 * HOUR


def test_a_zone_that_changed_twice_within_a_week_is_read_right() -> None:
    zone = "America/Recife"  # forward on 8 October 2000, back on the 15th
    hours = Hours(zone, (NINE_TO_FIVE,) * 7)

    assert hours.closing_on(date(2000, 10, 7)) == at("2000-10-07 20:00")
    assert hours.closing_on(date(2000, 10, 8)) == at("2000-10-08 19:00")
    assert hours.closing_on(date(2000, 10, 14)) == at("2000-10-14 19:00")
    assert hours.closing_on(date(2000, 10, 15)) == at("2000-10-15 20:00")


def test_a_working_day_later_is_the_same_time_of_day() -> None:
    assert OFFICE.add_days(at("2024-03-08 16:50"), 1) == at("2024-03-11 16:50")


def test_a_working_day_later_keeps_the_time_on_the_wall_across_a_change_of_clocks() -> None:
    zone = "America/New_York"
    hours = Hours(zone, weekdays())

    later = hours.add_days(at("2024-03-08 16:30", zone), 1)

    assert later == at("2024-03-11 16:30", zone)


def test_a_time_of_day_before_opening_moves_to_the_opening() -> None:
    assert OFFICE.add_days(at("2024-03-05 01:54"), 1) == at("2024-03-06 09:00")


def test_a_time_of_day_after_closing_moves_to_the_next_opening() -> None:
    assert OFFICE.add_days(at("2024-03-07 20:00"), 1) == at("2024-03-11 09:00")


def test_working_days_back_skip_the_weekend() -> None:
    assert OFFICE.add_days(at("2024-03-11 10:00"), -2) == at("2024-03-07 10:00")


def test_working_days_back_move_a_closed_time_to_the_closing_before_it() -> None:
    assert OFFICE.add_days(at("2024-03-11 20:00"), -1) == at("2024-03-08 17:00")
    assert OFFICE.add_days(at("2024-03-12 08:00"), -1) == at("2024-03-08 17:00")


def test_no_working_days_later_is_now_or_the_next_opening() -> None:
    assert OFFICE.add_days(at("2024-03-05 10:00"), 0) == at("2024-03-05 10:00")
    assert OFFICE.add_days(at("2024-03-05 18:00"), 0) == at("2024-03-06 09:00")


def test_a_holiday_is_no_working_day() -> None:
    hours = Hours("UTC", weekdays(), {date(2024, 7, 4): CLOSED})

    assert hours.closing(at("2024-07-03 15:20"), 2) == at("2024-07-08 17:00")


def test_a_working_day_closes_when_its_exception_says() -> None:
    hours = Hours("UTC", weekdays(), {date(2024, 11, 29): ((540, 780),)})

    assert hours.closing(at("2024-11-28 10:00"), 1) == at("2024-11-29 13:00")


def test_the_day_itself_never_counts() -> None:
    assert OFFICE.closing(at("2024-03-05 00:01"), 1) == at("2024-03-06 17:00")


def test_the_closing_after_no_days_is_that_days_or_the_next_working_days() -> None:
    assert OFFICE.closing(at("2024-03-05 20:00"), 0) == at("2024-03-05 17:00")
    assert OFFICE.closing(at("2024-03-09 12:00"), 0) == at("2024-03-11 17:00")


def test_closings_before_are_counted_back() -> None:
    assert OFFICE.closing(at("2024-03-11 12:00"), -1) == at("2024-03-08 17:00")
    assert OFFICE.closing(at("2024-03-10 12:00"), -2) == at("2024-03-07 17:00")


def test_a_date_closes_with_its_last_span() -> None:
    hours = Hours("Europe/Paris", weekdays(WITH_LUNCH))

    assert hours.closing_on(date(2024, 5, 2)) == at("2024-05-02 18:00", "Europe/Paris")
    assert hours.closing_on(date(2024, 5, 4)) is None


def test_only_working_time_is_measured() -> None:
    hours = Hours("UTC", weekdays(), {date(2024, 1, 1): CLOSED})

    measured = hours.between(at("2023-12-29 16:15"), at("2024-01-02 09:30"))

    assert measured == timedelta(minutes=75)


def test_measured_from_late_to_early_is_negative() -> None:
    assert OFFICE.between(at("2024-03-06 10:00"), at("2024-03-05 16:00")) == -2 * HOUR


def test_nothing_passes_while_closed() -> None:
    assert OFFICE.between(at("2024-03-08 17:00"), at("2024-03-11 09:00")) == timedelta()


def test_openings_are_open_and_closings_closed() -> None:
    assert OFFICE.is_open(at("2024-03-05 09:00"))
    assert OFFICE.is_open(at("2024-03-05 16:59:59.999999"))
    assert not OFFICE.is_open(at("2024-03-05 17:00"))
    assert not OFFICE.is_open(at("2024-03-05 08:59:59.999999"))
    assert not OFFICE.is_open(at("2024-03-09 12:00"))


def test_the_next_opening_is_now_while_open() -> None:
    assert OFFICE.next_open(at("2024-03-05 12:00")) == at("2024-03-05 12:00")
    assert OFFICE.next_open(at("2024-03-05 17:00")) == at("2024-03-06 09:00")
