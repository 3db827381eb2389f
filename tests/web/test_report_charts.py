"""What can be said of figures, and where the parts of a picture lie. No database is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from commitments.reports.kept import Kept
from commitments.web.reports import heat, said
from commitments.web.reports.lines import Line, Point
from commitments.web.reports.tables import Table
from commitments.web.reports.trend import Trend

MONDAY = date(2026, 5, 18)
WEEK = timedelta(weeks=1)


def weeks(*counts: tuple[int, int]) -> list[Kept]:
    """Week after week up to this one: how many were kept on time, and of how many."""
    first = MONDAY - (len(counts) - 1) * WEEK
    return [
        Kept(key=first + at * WEEK, label="", on_time=on_time, late=n - on_time)
        for at, (on_time, n) in enumerate(counts)
    ]


def a_trend(*counts: tuple[int, int]) -> Trend:
    return Trend.of(weeks(*counts, (0, 0)), this_monday=MONDAY)


def test_it_rises_by_a_point_and_a_half_and_no_sooner() -> None:
    before = [(170, 200)] * 4  # 85 per cent

    rising = a_trend(*before, *[(173, 200)] * 4)
    steady = a_trend(*before, *[(172, 200)] * 2, *[(173, 200)] * 2)

    assert (rising.title, rising.points) == ("Kept on time is rising", pytest.approx(1.5))
    assert (steady.title, steady.points) == ("Kept on time is steady", pytest.approx(1.25))


def test_it_falls() -> None:
    assert a_trend(*[(9, 10)] * 4, *[(8, 10)] * 4).title == "Kept on time is falling"


def test_the_weeks_of_a_half_count_by_their_promises_not_one_by_one() -> None:
    """A week of two promises, both late, weighs two promises."""
    trend = a_trend(*[(90, 100)] * 4, *[(92, 100)] * 3, (0, 2))

    assert trend.points == pytest.approx(100 * 276 / 302 - 90)
    assert trend.word == "steady"


def test_this_week_is_not_over_and_says_nothing_yet() -> None:
    full = weeks(*[(9, 10)] * 8)

    assert Trend.of([*full[:-1], full[-1]], this_monday=MONDAY).title == "Kept on time, by week"
    assert Trend.of(full, this_monday=MONDAY + WEEK).title == "Kept on time is steady"


def test_nor_does_a_week_of_which_only_some_days_were_asked_for() -> None:
    full = weeks(*[(9, 10)] * 8)
    first = full[0].key
    assert isinstance(first, date)

    whole = Trend.of(full, this_monday=MONDAY + WEEK, since=first)
    cut = Trend.of(full, this_monday=MONDAY + WEEK, since=first + timedelta(days=1))

    assert (whole.word, cut.word) == ("steady", "")


def test_of_fewer_than_thirty_promises_nothing_is_said() -> None:
    few = a_trend((9, 10), *[(2, 2)] * 3, (9, 10), *[(1, 1)] * 3)
    enough = a_trend((9, 10), *[(2, 2)] * 3, (9, 10), (0, 2), *[(1, 1)] * 2)

    assert (few.title, few.points) == ("Not enough promises yet to see a trend", None)
    assert enough.title == "Kept on time is falling"


def test_nor_where_one_half_has_none_at_all() -> None:
    trend = a_trend(*[(0, 0)] * 4, *[(9, 10)] * 4)

    assert trend.title == "Not enough promises yet to see a trend"


def test_nor_where_one_half_has_no_week_that_the_chart_shows() -> None:
    trend = a_trend(*[(9, 9)] * 4, *[(5, 10)] * 4)

    assert (trend.title, trend.points) == ("Not enough promises yet to see a trend", None)


def a_line(*shares: float | None, goal: int | None = 90) -> Line:
    return Line(
        key="line",
        title="",
        text="",
        said="",
        goal=goal,
        points=[
            Point(label=f"{at}", share=share, said=f"point {at}", url=f"?{at}")
            for at, share in enumerate(shares)
        ],
        table=Table(caption="", head=(), rows=()),
    )


def test_a_line_goes_from_edge_to_edge_between_its_levels() -> None:
    line = a_line(80, 100)

    assert line.paths == ["40.0,170.0 480.0,12.0"]
    assert [level.words for level in line.levels] == ["80%", "85%", "95%", "100%"]
    assert line.goal_level is not None
    assert (line.goal_level.words, line.goal_level.y) == ("90%", "91.0")
    assert line.last == ("489.0", "16.0", "100%")


@pytest.mark.parametrize(
    ("lowest", "levels"),
    [
        (100, ["80%", "85%", "90%", "95%", "100%"]),
        (84, ["80%", "85%", "90%", "95%", "100%"]),
        (77, ["75%", "80%", "85%", "90%", "95%", "100%"]),
        (74, ["60%", "70%", "80%", "90%", "100%"]),
        (31, ["20%", "40%", "60%", "80%", "100%"]),
        (0, ["0%", "20%", "40%", "60%", "80%", "100%"]),
    ],
)
def test_the_levels_are_few_and_round(lowest: float, levels: Sequence[str]) -> None:
    assert [level.words for level in a_line(lowest, 100, goal=None).levels] == levels


def test_a_week_with_too_few_is_a_gap_not_a_nought() -> None:
    line = a_line(90, 95, None, 90, 95)

    assert len(line.paths) == 2
    assert [place.said for place in line.places] == ["point 0", "point 1", "point 3", "point 4"]


def test_with_too_few_everywhere_there_is_no_picture() -> None:
    assert a_line(None, None).is_empty
    assert a_line(None).last is None


def test_one_week_alone_is_a_point() -> None:
    line = a_line(95)

    assert (line.paths, line.places[0].x) == ([], "260.0")


def test_many_weeks_keep_few_labels_and_the_last_is_one_of_them() -> None:
    line = a_line(*[90.0] * 53)

    assert [label.words for label in line.labels] == ["7", "16", "25", "34", "43", "52"]
    assert not line.labels[-1].is_second
    assert line.places == []


def test_weeks_too_narrow_for_a_finger_lead_nowhere_from_the_picture() -> None:
    assert a_line(*[90.0] * 9).places[0].url == "?0"
    assert a_line(*[90.0] * 10).places[0].url == ""


def a_heat(counts: dict[tuple[int, int], int]) -> heat.Heat:
    return heat.heat_of(
        [[counts.get((day, hour), 0) for hour in range(24)] for day in range(7)],
        key="",
        title="",
        text="",
        url=lambda day, hour: f"?{day}-{hour}",
        day_url=lambda day: f"?{day}",
    )


def test_the_map_shows_working_hours_and_whatever_lies_beside_them() -> None:
    usual, night = a_heat({(0, 10): 1}), a_heat({(6, 22): 1})

    assert [short for short, _ in usual.hours] == [f"{hour:02}" for hour in range(9, 18)]
    assert [day.short for day in usual.days] == ["Mon", "Tue", "Wed", "Thu", "Fri"]
    assert [short for short, _ in night.hours][-1] == "22"
    assert [day.short for day in night.days][-1] == "Sun"


def test_the_most_is_the_darkest_and_one_is_never_as_light_as_none() -> None:
    monday = a_heat({(0, 9): 40, (0, 10): 20, (0, 11): 1}).days[0]

    assert [square.shade for square in monday.squares[:4]] == [4, 2, 1, 0]
    assert [square.url for square in monday.squares[:4]] == ["?0-9", "?0-10", "?0-11", ""]
    assert (monday.total, monday.url) == (61, "?0")


def test_without_a_breach_there_is_no_map() -> None:
    assert a_heat({}).is_empty


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "12 midnight to 1 am"),
        (9, "9 to 10 am"),
        (11, "11 am to 12 noon"),
        (12, "12 noon to 1 pm"),
        (17, "5 to 6 pm"),
        (23, "11 pm to 12 midnight"),
    ],
)
def test_hours_are_said_as_people_say_them(hour: int, words: str) -> None:
    assert heat.hour_said(hour) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "less than a minute"),
        (45, "45 min"),
        (60, "1 h"),
        (200, "3 h 20 min"),
        (479, "7 h 59 min"),
        (480, "1 day"),
        (600, "1 day 2 h"),
        (959, "2 days"),
        (1500, "3 days 1 h"),
    ],
)
def test_working_time_is_said_in_hours_and_days_of_work(minutes: int, words: str) -> None:
    assert said.worked(timedelta(minutes=minutes)) == words


def test_what_is_not_known_is_too_few_to_show() -> None:
    assert said.worked(None) == said.share(None) == "Too few to show"
    assert said.share(0.8649) == "86%"


def test_only_all_of_them_are_said_to_be_all_and_only_none_to_be_none() -> None:
    assert [said.share(part) for part in (0.0, 0.002, 0.5, 0.997, 1.0)] == [
        "0%",
        "1%",
        "50%",
        "99%",
        "100%",
    ]
