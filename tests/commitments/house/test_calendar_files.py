"""Calendar files are read as closed days; a hostile one is refused, and soon."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from commitments.house import calendar_files
from commitments.house.calendar_files import WrongFile
from commitments.house.hours import Day
from commitments.rules.business_time import Hours

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
LONDON = Hours("Europe/London", (((540, 1050),),) * 5 + ((), ()))


def file_of(*events: tuple[str, ...]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Larkfield//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: tuple[str, ...]) -> calendar_files.Found:
    return calendar_files.read(file_of(*events), hours=LONDON, now=NOON)


def days(*events: tuple[str, ...]) -> list[tuple[date, str, tuple[tuple[int, int], ...]]]:
    return [(day.on, day.name, day.spans) for day in read(*events).days]


def test_an_event_of_a_whole_day_closes_it():
    assert days(("DTSTART;VALUE=DATE:20260525", "SUMMARY:Spring holiday")) == [
        (date(2026, 5, 25), "Spring holiday", ())
    ]


def test_its_end_is_the_first_day_that_is_open_again():
    found = days(("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261226", "SUMMARY:Christmas"))

    assert [on for on, _, _ in found] == [date(2026, 12, 24), date(2026, 12, 25)]


def test_a_day_that_is_closed_anyway_is_no_exception():
    assert days(("DTSTART;VALUE=DATE:20260523", "SUMMARY:A Saturday")) == []


def test_times_are_cut_out_of_the_hours_of_the_day():
    lunch = ("DTSTART:20260601T110000Z", "DTEND:20260601T130000Z", "SUMMARY:Meeting")

    assert days(lunch) == [(date(2026, 6, 1), "Meeting", ((540, 720), (840, 1050)))]


def test_a_night_event_is_cut_out_of_both_days():
    night = ("DTSTART:20260601T150000Z", "DTEND:20260602T090000Z", "SUMMARY:Works")

    assert [spans for _, _, spans in days(night)] == [((540, 960),), ((600, 1050),)]


def test_an_event_repeats_as_its_own_clocks_show_it():
    weekly = (
        "DTSTART;TZID=America/New_York:20260601T080000",
        "DURATION:PT2H",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "EXDATE;TZID=America/New_York:20260608T080000",
        "SUMMARY:Call",
    )

    found = days(weekly)

    assert [on for on, _, _ in found] == [date(2026, 6, 1), date(2026, 6, 15)]
    assert found[0][2] == ((540, 780), (900, 1050))  # 1 pm to 3 pm in London


def test_a_yearly_day_is_read_for_three_years():
    yearly = ("DTSTART;VALUE=DATE:20191225", "RRULE:FREQ=YEARLY", "SUMMARY:Christmas")

    assert [on.year for on, _, _ in days(yearly)] == [2026, 2028]  # a Saturday in 2027


def test_one_time_that_was_moved_stands_where_it_was_moved_to():
    rule = ("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:Shut")
    data = file_of(rule).replace(
        b"END:VCALENDAR",
        b"BEGIN:VEVENT\r\nUID:0\r\nRECURRENCE-ID;VALUE=DATE:20260608\r\n"
        b"DTSTART;VALUE=DATE:20260609\r\nSUMMARY:Shut\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )

    found = calendar_files.read(data, hours=LONDON, now=NOON)

    assert [day.on for day in found.days] == [date(2026, 6, 1), date(2026, 6, 9)]


def test_what_was_cancelled_or_has_passed_is_left_out():
    assert (
        days(
            ("DTSTART;VALUE=DATE:20260601", "STATUS:CANCELLED", "SUMMARY:Not after all"),
            ("DTSTART;VALUE=DATE:20260520", "SUMMARY:Yesterday"),
        )
        == []
    )


def test_names_are_kept_on_one_line_and_short():
    found = read(("DTSTART;VALUE=DATE:20260601", "SUMMARY:Two\\nlines " + "x" * 300))

    (day,) = found.days
    assert day == Day(on=date(2026, 6, 1), name=("Two lines " + "x" * 300)[:80])


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=SECONDLY"), "more often than daily"),
        (("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=DAILY;INTERVAL=0"), "too often"),
        (("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY"), "since before 1950"),
        (("DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:99990101"), "longer than 60 days"),
        (("DTSTART:20260601T100000Z", "DTEND:20260601T090000Z"), "ends before it begins"),
        (("DTSTART:not a time",), "cannot be read"),
        (("DESCRIPTION:nothing else",), "cannot be read"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_named_and_costs_no_other(lines: tuple[str, ...], why: str):
    found = read((*lines, "SUMMARY:Odd"), ("DTSTART;VALUE=DATE:20260525", "SUMMARY:Good"))

    assert [day.name for day in found.days] == ["Good"]
    assert found.left_out[0].startswith("Odd: ")
    assert why in found.left_out[0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no calendar file"),
        (b"%PDF-1.7 \x00\xff", "no calendar file"),
        (b"BEGIN:VCALENDAR\r\n" * 20_000, "more than 3,000"),
        (b"BEGIN:VCALENDAR" + b"x" * 1_000_000, "larger than 1 MB"),
    ],
)
def test_what_is_no_calendar_is_refused_in_a_sentence(data: bytes, why: str):
    with pytest.raises(WrongFile, match=why) as refused:
        calendar_files.read(data, hours=LONDON, now=NOON)

    assert refused.value.field == "file"


def test_a_file_that_breaks_off_holds_no_days():
    broken = file_of(("DTSTART;VALUE=DATE:20260525", "SUMMARY:Holiday"))[:90]

    assert calendar_files.read(broken, hours=LONDON, now=NOON) == calendar_files.Found()


def test_more_days_than_anybody_could_look_at_are_refused():
    with pytest.raises(WrongFile, match="at most 400"):
        read(("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=DAILY", "SUMMARY:Always"))


def test_rules_that_never_come_true_are_given_up_together():
    never = ("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")

    with pytest.raises(WrongFile, match="takes too long"):
        read(*[never] * 20)
