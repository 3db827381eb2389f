"""The steps from an instant to a deadline, as values and as words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from commitments.rules import steps
from commitments.rules.business_time import Hours, NeverOpen, TooFar
from commitments.rules.steps import Chain, WrongSteps
from tests.commitments.rules.office import CLOSED, HOUR, MINUTE, OFFICE, WITH_LUNCH, at, weekdays

LONDON = "Europe/London"
HOURS = Hours(
    LONDON,
    weekdays(((9 * 60, 17 * 60 + 30),)),
    {date(2026, 5, 25): CLOSED, date(2026, 7, 10): ((9 * 60, 12 * 60),)},
)
NAMES = {date(2026, 5, 25): "Spring bank holiday", date(2026, 7, 10): "Summer party"}
THURSDAY = at("2026-05-21 14:10", LONDON)


def said(chain: Chain, *, zone: str = LONDON) -> list[str]:
    return [steps.say(step, zone=zone, now=THURSDAY, holidays=NAMES) for step in chain]


def test_working_time_is_told_span_by_span() -> None:
    chain = HOURS.walk(THURSDAY, 5 * HOUR)

    assert said(chain) == [
        "From Thu 21 May, 2:10 pm",
        "Thu 21 May, 2:10 pm to 5:30 pm: 3 h 20 min",
        "Closed until Fri 22 May, 9:00 am",
        "Fri 22 May, 9:00 am to 10:40 am: 1 h 40 min",
    ]


def test_weekends_and_holidays_are_told_apart() -> None:
    chain = HOURS.walk(at("2026-05-22 16:30", LONDON), 2 * HOUR)

    assert said(chain)[1:] == [
        "Fri 22 May, 4:30 pm to 5:30 pm: 1 h",
        "Sat 23 May and Sun 24 May: closed",
        "Mon 25 May, Spring bank holiday: closed until Tue 26 May, 9:00 am",
        "Tue 26 May, 9:00 am to 10:00 am: 1 h",
    ]


def test_a_holiday_without_a_name_is_a_holiday() -> None:
    holiday = HOURS.walk(at("2026-05-22 16:30", LONDON), 2 * HOUR)[3]

    words = steps.say(holiday, zone=LONDON, now=THURSDAY)

    assert words == "Mon 25 May, a holiday: closed until Tue 26 May, 9:00 am"


def test_a_break_is_told() -> None:
    hours = Hours(LONDON, weekdays(WITH_LUNCH))

    assert said(hours.walk(at("2026-05-21 11:00", LONDON), 2 * HOUR))[1:] == [
        "Thu 21 May, 11:00 am to 12:00 noon: 1 h",
        "Break until 1:30 pm",
        "Thu 21 May, 1:30 pm to 2:30 pm: 1 h",
    ]


def test_a_start_in_a_break_begins_with_it() -> None:
    hours = Hours(LONDON, weekdays(WITH_LUNCH))

    assert said(hours.walk(at("2026-05-21 12:10", LONDON), MINUTE))[1] == "Break until 1:30 pm"


def test_a_start_before_opening_is_no_break() -> None:
    hours = Hours(LONDON, weekdays(WITH_LUNCH))

    assert said(hours.walk(at("2026-05-21 07:00", LONDON), MINUTE))[1] == "Closed until 9:00 am"


def test_nothing_added_while_open_is_only_a_start() -> None:
    assert said(HOURS.walk(THURSDAY, timedelta())) == ["From Thu 21 May, 2:10 pm"]


def test_nothing_added_while_closed_is_told_up_to_the_opening() -> None:
    chain = HOURS.walk(at("2026-05-23 12:00", LONDON), timedelta())

    assert said(chain)[1:] == [
        "Sat 23 May and Sun 24 May: closed",
        "Mon 25 May, Spring bank holiday: closed until Tue 26 May, 9:00 am",
    ]


def test_a_day_with_other_hours_says_so() -> None:
    chain = HOURS.walk(at("2026-07-10 09:00", LONDON), 2 * HOUR)

    assert said(chain)[-1] == "Fri 10 Jul, 9:00 am to 11:00 am: 2 h (Summer party)"


def test_a_shift_in_which_the_clocks_change_says_so() -> None:
    hours = Hours(LONDON, (((0, 300),),) * 7)

    chain = hours.walk(at("2026-03-29 00:00", LONDON), 4 * HOUR)

    assert said(chain)[-1] == (
        "Sun 29 Mar, 12:00 midnight to 5:00 am: 4 h (the clocks go forward 1 h)"
    )


def test_open_round_the_clock_is_one_span() -> None:
    hours = Hours.round_the_clock(LONDON)

    assert said(hours.walk(THURSDAY, 60 * HOUR))[1:] == [
        "Thu 21 May, 2:10 pm to Sun 24 May, 2:10 am: 4 working days, 60 h"
    ]


def test_seconds_are_shown_nowhere_and_lost_nowhere() -> None:
    start = THURSDAY + timedelta(seconds=40)

    chain = HOURS.walk(start, 5 * HOUR)

    assert said(chain)[1] == "Thu 21 May, 2:10 pm to 5:30 pm: 3 h 20 min"
    assert chain[1].amount == 3 * HOUR + timedelta(minutes=19, seconds=20)
    assert said(chain)[3] == "Fri 22 May, 9:00 am to 10:40 am: 1 h 40 min"


def test_many_days_are_told_in_weeks() -> None:
    chain = HOURS.walk(THURSDAY, 80 * HOUR)

    assert said(chain)[1:] == [
        "Thu 21 May, 2:10 pm to Fri 22 May, 5:30 pm: 2 working days, 11 h 50 min",
        "Sat 23 May and Sun 24 May: closed",
        "Mon 25 May, Spring bank holiday: closed until Tue 26 May, 9:00 am",
        "Tue 26 May, 9:00 am to Fri 29 May, 5:30 pm: 4 working days, 34 h",
        "Sat 30 May and Sun 31 May: closed until Mon 1 Jun, 9:00 am",
        "Mon 1 Jun, 9:00 am to Fri 5 Jun, 9:10 am: 5 working days, 34 h 10 min",
    ]


def test_a_thousand_hours_are_told_between_holidays() -> None:
    chain = HOURS.walk(THURSDAY, 1000 * HOUR)

    assert said(chain)[1:] == [
        "Thu 21 May, 2:10 pm to Fri 22 May, 5:30 pm: 2 working days, 11 h 50 min",
        "Sat 23 May and Sun 24 May: closed",
        "Mon 25 May, Spring bank holiday: closed until Tue 26 May, 9:00 am",
        "Tue 26 May, 9:00 am to Wed 4 Nov, 4:40 pm: 117 working days, 988 h 10 min",
    ]


def test_working_days_are_counted_to_a_closing() -> None:
    assert said(HOURS.walk_days(THURSDAY, 5)) == [
        "From Thu 21 May, 2:10 pm",
        "Thu 21 May itself does not count",
        "Fri 22 May: working day 1",
        "Sat 23 May and Sun 24 May: closed",
        "Mon 25 May, Spring bank holiday: closed",
        "Tue 26 May to Thu 28 May: working days 2 to 4",
        "Fri 29 May: working day 5, closing at 5:30 pm",
    ]


def test_working_days_are_counted_to_a_clock() -> None:
    chain = HOURS.walk_days(THURSDAY, 2, clock=time(17))

    assert chain[-1].ends_at == at("2026-05-26 17:00", LONDON)
    assert said(chain)[-1] == "Tue 26 May: working day 2, at 5:00 pm, London time"


def test_the_clock_may_hang_in_another_zone() -> None:
    chain = HOURS.walk_days(THURSDAY, 1, clock=time(12), zone="America/New_York")

    assert chain[-1].ends_at == at("2026-05-22 17:00", LONDON)
    assert said(chain)[-1] == (
        "Fri 22 May: working day 1, at 12:00 noon, New York time (5:00 pm, London time)"
    )


def test_the_day_itself_closes_after_no_days() -> None:
    assert said(HOURS.walk_days(THURSDAY, 0))[1:] == ["Thu 21 May closes at 5:30 pm"]


def test_a_start_on_a_closed_day_begins_with_it() -> None:
    assert said(HOURS.walk_days(at("2026-05-23 12:00", LONDON), 1))[1:3] == [
        "Sat 23 May and Sun 24 May: closed",
        "Mon 25 May, Spring bank holiday: closed",
    ]


def test_a_closing_with_other_hours_says_so() -> None:
    chain = HOURS.walk_days(at("2026-07-09 12:00", LONDON), 1)

    assert said(chain)[-1] == "Fri 10 Jul: working day 1, closing at 12:00 noon (Summer party)"


def test_a_day_that_has_closed_leads_nowhere() -> None:
    with pytest.raises(WrongSteps, match="before it starts"):
        HOURS.walk_days(at("2026-05-21 18:00", LONDON), 0)


def test_steps_are_told_forwards_only() -> None:
    with pytest.raises(WrongSteps):
        HOURS.walk(THURSDAY, -HOUR)
    with pytest.raises(WrongSteps):
        HOURS.walk_days(THURSDAY, -1)


def test_a_calendar_that_never_opens_has_no_steps() -> None:
    never = Hours("UTC", (CLOSED,) * 7)

    with pytest.raises(NeverOpen):
        never.walk(THURSDAY, HOUR)
    with pytest.raises(NeverOpen):
        never.walk_days(THURSDAY, 1)


def test_the_end_of_time_has_no_steps() -> None:
    edge = datetime.max.replace(tzinfo=UTC)

    with pytest.raises(TooFar):
        OFFICE.walk(edge, HOUR)
    with pytest.raises(TooFar):
        OFFICE.walk_days(edge, 1)


def test_elapsed_time_runs_through_nights_and_changes_of_clocks() -> None:
    chain = steps.elapsed(at("2026-03-28 20:00", LONDON), 24 * HOUR, zone=LONDON)

    assert said(chain) == [
        "From Sat 28 Mar, 8:00 pm",
        "24 h later: Sun 29 Mar, 9:00 pm (the clocks go forward 1 h)",
    ]


def test_a_named_time_says_where_the_clock_hangs() -> None:
    chain = steps.on_the_wall(THURSDAY, date(2026, 5, 22), time(10), zone=LONDON)

    assert chain[-1].ends_at == at("2026-05-22 10:00", LONDON)
    assert said(chain)[-1] == "Set for Fri 22 May at 10:00 am, London time"


def test_a_clock_elsewhere_is_told_on_the_readers_clock_too() -> None:
    chain = steps.on_the_wall(THURSDAY, date(2026, 5, 22), time(15), zone="America/New_York")

    assert said(chain)[-1] == "Set for Fri 22 May at 3:00 pm, New York time (8:00 pm, London time)"


def test_days_of_the_calendar_are_told_as_asked() -> None:
    chain = steps.on_the_wall(THURSDAY, date(2026, 5, 24), time(17), zone=LONDON, days=3)

    assert said(chain)[-1] == "Three days later: Sun 24 May at 5:00 pm, London time"


def test_a_day_that_was_named_ends_when_it_closes() -> None:
    closes = at("2026-05-22 17:30", LONDON)
    friday = steps.until_closing(THURSDAY, date(2026, 5, 22), closes, zone=LONDON)

    assert said(friday)[-1] == "Fri 22 May closes at 5:30 pm"
    assert steps.leads_to(friday, closes)


def test_days_of_the_calendar_end_when_the_last_closes() -> None:
    closes, day = at("2026-07-10 12:00", LONDON), date(2026, 7, 10)
    chain = steps.until_closing(
        THURSDAY, day, closes, zone=LONDON, days=50, why=steps.Why.OTHER_HOURS
    )

    assert said(chain)[-1] == ("50 days later: Fri 10 Jul, closing at 12:00 noon (Summer party)")


def test_a_time_that_the_clocks_skip_says_so() -> None:
    chain = steps.on_the_wall(THURSDAY, date(2027, 3, 28), time(1, 30), zone=LONDON)

    assert said(chain)[-1] == (
        "Set for Sun 28 Mar 2027 at 2:00 am, London time"
        " (the clocks skip the time named; this is the first after it)"
    )


def test_a_time_that_comes_twice_says_which_is_meant() -> None:
    chain = steps.on_the_wall(THURSDAY, date(2026, 10, 25), time(1, 30), zone=LONDON)

    assert said(chain)[-1] == (
        "Set for Sun 25 Oct at 1:30 am, London time (the clocks show it twice; the first is meant)"
    )


def test_a_deadline_before_its_start_is_refused() -> None:
    with pytest.raises(WrongSteps):
        steps.on_the_wall(THURSDAY, date(2026, 5, 20), time(10), zone=LONDON)


def test_the_customers_time_goes_to_the_end() -> None:
    chain = HOURS.walk(THURSDAY, HOUR)

    longer = steps.waited(
        chain, at("2026-05-22 09:40", LONDON), amount=3 * HOUR, zone=LONDON
    )  # fmt: skip

    assert said(longer)[-1] == "Waited for the customer, 3 h: moves to Fri 22 May, 9:40 am"
    assert steps.leads_to(longer, at("2026-05-22 09:40", LONDON))


def test_nothing_waited_is_no_step() -> None:
    chain = HOURS.walk(THURSDAY, HOUR)

    assert steps.waited(chain, chain[-1].ends_at, amount=timedelta(), zone=LONDON) == chain


def test_what_does_not_meet_is_no_chain() -> None:
    later = steps.elapsed(THURSDAY + 2 * HOUR, HOUR, zone=LONDON)

    with pytest.raises(WrongSteps, match="begins where the one before it ended"):
        steps.checked((*steps.elapsed(THURSDAY, HOUR, zone=LONDON), *later[1:]))
    with pytest.raises(WrongSteps, match="begin with the instant"):
        steps.checked(HOURS.walk(THURSDAY, HOUR)[1:])
