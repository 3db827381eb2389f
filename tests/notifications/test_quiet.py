"""Quiet hours on plain days, and on the nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import quiet

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def hours(since: str, until: str, zone: ZoneInfo = BERLIN) -> quiet.Hours:
    return quiet.Hours(since=time.fromisoformat(since), until=time.fromisoformat(until), zone=zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("ready", "goes_out"),
    [
        ("2026-05-21 19:59", "2026-05-21 19:59"),  # 21:59 in Berlin
        ("2026-05-21 20:00", "2026-05-22 05:00"),  # it begins at ten
        ("2026-05-22 02:00", "2026-05-22 05:00"),  # past midnight
        ("2026-05-22 05:00", "2026-05-22 05:00"),  # its end is not quiet any more
    ],
)
def test_what_is_ready_at_night_goes_out_in_the_morning(ready: str, goes_out: str):
    at = quiet.goes_out_at(utc(ready), hours=hours("22:00", "07:00"))

    assert at == utc(goes_out)


def test_quiet_hours_can_lie_within_a_day():
    at = quiet.goes_out_at(utc("2026-05-21 10:30"), hours=hours("12:00", "13:00"))

    assert at == utc("2026-05-21 11:00")


def test_without_quiet_hours_everything_goes_at_once():
    assert quiet.goes_out_at(utc("2026-05-21 23:00"), hours=None) == utc("2026-05-21 23:00")


def test_an_end_that_the_clocks_skip_is_the_first_moment_after_the_gap():
    night = hours("22:00", "02:30")

    at = quiet.goes_out_at(utc("2026-03-28 23:30"), hours=night)

    assert at == utc("2026-03-29 01:00")  # from 2:00 the clocks in Berlin go to 3:00


def test_an_end_that_the_clocks_show_twice_is_its_first():
    night = hours("22:00", "02:30")

    assert quiet.goes_out_at(utc("2026-10-24 23:30"), hours=night) == utc("2026-10-25 00:30")
    assert quiet.goes_out_at(utc("2026-10-25 01:10"), hours=night) == utc("2026-10-25 01:10")


def test_a_night_that_begins_in_the_hour_shown_twice_is_one_stretch():
    night = hours("02:45", "06:00")

    assert night.end_after(utc("2026-10-25 01:00")) == utc("2026-10-25 05:00")


def test_the_next_working_minute_is_waited_for_and_then_the_end_of_the_quiet():
    work = utc("2026-05-22 06:00")

    early = quiet.goes_out_at(utc("2026-05-21 20:00"), hours=None, work_resumes_at=work)
    late = quiet.goes_out_at(
        utc("2026-05-21 20:00"), hours=hours("22:00", "09:00"), work_resumes_at=work
    )

    assert (early, late) == (work, utc("2026-05-22 07:00"))


CHANGES = [  # around nights on which clocks change, by an hour, by half of one, by a whole day
    ("Europe/Berlin", "2026-03-28 12:00"),
    ("Europe/Berlin", "2026-10-24 12:00"),
    ("America/New_York", "2026-03-07 18:00"),
    ("America/New_York", "2026-10-31 18:00"),
    ("Australia/Lord_Howe", "2026-04-04 03:00"),
    ("Australia/Lord_Howe", "2026-10-03 03:00"),
    ("Pacific/Apia", "2011-12-29 12:00"),
    ("Asia/Kolkata", "2026-06-01 12:00"),
]
clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(
    where=st.sampled_from(CHANGES),
    minutes=st.integers(0, 36 * 60),
    since=clock_times,
    until=clock_times,
)
def test_whatever_the_night_it_goes_out_at_the_first_moment_that_is_not_quiet(
    where: tuple[str, str], minutes: int, since: time, until: time
):
    zone, start = ZoneInfo(where[0]), utc(where[1])
    ready = start + minutes * MINUTE
    wanted = quiet.Hours(since=since, until=until, zone=zone)

    at = quiet.goes_out_at(ready, hours=None if since == until else wanted)

    assert at == walked(ready, since, until, zone)


def walked(ready: datetime, since: time, until: time, zone: ZoneInfo) -> datetime:
    """The same, found by walking through five days minute by minute and watching the clock."""
    if since == until:
        return ready
    stretches, began, shown = [], None, None
    at = ready - 3 * DAY
    latest = at.astimezone(zone).replace(tzinfo=None)
    while at < ready + 4 * DAY:
        shown = at.astimezone(zone).replace(tzinfo=None)
        for passed in _clock_times_passed(latest, shown):
            if passed == since and began is None:
                began = at
            elif passed == until and began is not None:
                stretches.append((began, at))
                began = None
        latest = max(latest, shown)  # an hour shown again is not come to again
        at += MINUTE
    while any(begins <= ready < ends for begins, ends in stretches):
        ready = next(ends for begins, ends in stretches if begins <= ready < ends)
    return ready


def _clock_times_passed(latest: datetime, shown: datetime) -> list[time]:
    """The clock times that the hand has come to or jumped over since it stood at `latest`."""
    found = []
    while latest < shown:
        latest += MINUTE
        found.append(latest.time())
    return found
