"""Hours as values, and those that cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.errors import CommitmentError
from commitments.rules import business_time
from commitments.rules.business_time import Hours, NeverOpen, Span, TooFar, WrongHours
from commitments.rules.wall_clock import UnknownZone
from tests.commitments.rules.office import CLOSED, HOUR, NINE_TO_FIVE, OFFICE, at, only, weekdays


@pytest.mark.parametrize("length", [HOUR, -HOUR, timedelta()])
def test_a_calendar_that_never_opens_is_refused_in_words(length: timedelta) -> None:
    never = Hours("UTC", (CLOSED,) * 7)

    with pytest.raises(NeverOpen, match="no opening hours for five years"):
        never.add(at("2024-03-05 12:00"), length)


def test_a_calendar_that_never_opens_can_still_be_asked() -> None:
    never = Hours("UTC", (CLOSED,) * 7)
    start = at("2024-03-05 12:00")

    assert not never.is_open(start)
    assert never.between(start, start + 9000 * HOUR) == timedelta()
    assert never.closing_on(date(2024, 3, 5)) is None
    with pytest.raises(NeverOpen):
        never.closing(start, 1)


def test_a_calendar_open_on_one_day_in_four_years_is_searched_to_it() -> None:
    hours = Hours("UTC", (CLOSED,) * 7, {date(2028, 2, 29): NINE_TO_FIVE})

    assert hours.add(at("2024-03-05 12:00"), HOUR) == at("2028-02-29 10:00")
    with pytest.raises(NeverOpen):
        hours.add(at("2024-03-05 12:00"), 9 * HOUR)


@pytest.mark.parametrize("length", [timedelta.max, timedelta.min, timedelta(days=30_000)])
def test_a_length_beyond_fifty_years_is_refused(length: timedelta) -> None:
    with pytest.raises(TooFar, match="more than fifty years away"):
        Hours.round_the_clock("Asia/Kolkata").add(at("2024-03-05 12:00"), length)


def test_instants_at_the_ends_of_time_are_refused() -> None:
    for edge in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        with pytest.raises(TooFar):
            OFFICE.add(edge, HOUR)
        with pytest.raises(TooFar):
            OFFICE.closing(edge, 1)
    with pytest.raises(TooFar):
        OFFICE.between(at("1900-01-01 00:00"), at("2024-01-01 00:00"))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_dates_at_the_ends_of_time_are_refused(day: date) -> None:
    with pytest.raises(TooFar):
        OFFICE.closing_on(day)


@pytest.mark.parametrize(
    ("spans", "sentence"),
    [
        (((540, 540),), "Monday: 09:00 to 09:00 ends before it begins"),
        (((1020, 540),), "Monday: 17:00 to 09:00 ends before it begins"),
        (((540, 720), (700, 900)), "Monday: hours overlap between 11:40 and 12:00"),
        (((-1, 720),), "Monday: hours lie between 00:00 and 24:00"),
        (((540, 1441),), "Monday: hours lie between 00:00 and 24:00"),
    ],
)
def test_hours_that_cannot_be_are_refused(spans: tuple[Span, ...], sentence: str) -> None:
    with pytest.raises(WrongHours, match=sentence):
        Hours("UTC", only(0, spans))


def test_an_exception_that_cannot_be_is_refused_by_its_date() -> None:
    with pytest.raises(WrongHours, match="24 December 2024: 12:00 to 09:00 ends before it begins"):
        Hours("UTC", weekdays(), {date(2024, 12, 24): ((720, 540),)})


def test_a_week_has_seven_days() -> None:
    with pytest.raises(WrongHours, match="each of the seven days"):
        Hours("UTC", (NINE_TO_FIVE,) * 5)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownZone, match="Mars/Olympus"):
        Hours("Mars/Olympus", weekdays())


def test_equal_hours_are_equal_and_fit_for_a_set() -> None:
    holiday = {date(2024, 3, 6): CLOSED}
    one, same = Hours("UTC", weekdays(), holiday), Hours("UTC", weekdays(), dict(holiday))

    assert one == same
    assert {one, same, OFFICE} == {one, OFFICE}
    assert one != OFFICE


def test_a_calendar_does_not_change_with_the_mapping_it_was_made_from() -> None:
    holidays: dict[date, tuple[Span, ...]] = {}
    hours = Hours("UTC", weekdays(), holidays)

    holidays[date(2024, 3, 6)] = CLOSED

    assert hours.closing(at("2024-03-05 12:00"), 1) == at("2024-03-06 17:00")


def test_spans_may_be_given_in_any_order_and_may_touch() -> None:
    hours = Hours("UTC", weekdays(((720, 1020), (540, 720))))

    assert hours.add(at("2024-03-05 11:00"), 2 * HOUR) == at("2024-03-05 13:00")


@pytest.mark.parametrize(
    ("breaks", "left"),
    [
        (((780, 840),), ((540, 780), (840, 1020))),
        (((480, 600),), ((600, 1020),)),
        (((960, 1100),), ((540, 960),)),
        (((0, 1440),), ()),
        (((0, 540), (1020, 1440)), ((540, 1020),)),
        (((600, 610), (605, 620)), ((540, 600), (620, 1020))),
    ],
)
def test_breaks_are_cut_out_of_a_day(breaks: tuple[Span, ...], left: tuple[Span, ...]) -> None:
    assert business_time.cut(NINE_TO_FIVE, breaks) == left


def test_times_of_day_are_read_and_written() -> None:
    assert business_time.minutes_of("09:30") == 570
    assert business_time.minutes_of("24:00") == 1440
    assert business_time.clock_of(570) == "09:30"
    assert business_time.clock_of(1440) == "24:00"


@pytest.mark.parametrize("clock", ["", "9", "9:30", "24:01", "12:60", "noon", "٠٩:٣٠", "09:30\n"])
def test_what_is_no_time_of_day_is_refused(clock: str) -> None:
    with pytest.raises(CommitmentError, match="like 09:30 or 24:00"):
        business_time.minutes_of(clock)
