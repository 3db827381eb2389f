from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from commitments.rules import due_time
from commitments.rules.due_time import WrongDueTime
from commitments.rules.wall_clock import UnknownZone

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 5, 21, 13, 10, tzinfo=UTC)  # Thursday, ten past three in Berlin
HOUR = timedelta(hours=1)


def refused(due_at: datetime, *, promised_at: datetime = NOW, by_hand: bool = True) -> str:
    """The sentence with which a due time is refused; "" if it is not."""
    try:
        due_time.check_due(due_at, promised_at=promised_at, now=NOW, by_hand=by_hand, zone=BERLIN)
    except WrongDueTime as no:
        return str(no)
    return ""


def test_a_time_ahead_may_be_due() -> None:
    assert refused(NOW + timedelta(microseconds=1)) == ""
    assert refused(datetime(2031, 5, 21, 13, 10, tzinfo=UTC)) == ""


def test_a_time_that_has_passed_is_refused_by_its_name() -> None:
    before = NOW - timedelta(days=3)

    assert refused(NOW - 2 * HOUR, promised_at=before) == (
        "1:10 pm today has passed. Give a later time."
    )
    assert refused(NOW - 30 * HOUR, promised_at=before) == (
        "9:10 am on Wed 20 May has passed. Give a later time."
    )
    assert refused(NOW, promised_at=before) == "3:10 pm today has passed. Give a later time."


def test_the_refusal_names_its_field() -> None:
    with pytest.raises(WrongDueTime) as no:
        due_time.check_due(NOW, promised_at=NOW, now=NOW, by_hand=True, zone=BERLIN)

    assert no.value.field == "due_at"


@pytest.mark.parametrize("year", [1, 1900, 2024])
def test_a_time_long_passed_is_refused(year: int) -> None:
    long_ago = datetime(year, 1, 1, tzinfo=UTC)

    assert refused(long_ago) == "That time has long passed. Give a later one."


def test_an_imported_promise_may_be_overdue() -> None:
    assert refused(NOW - HOUR, promised_at=NOW - 2 * HOUR, by_hand=False) == ""


@pytest.mark.parametrize("by_hand", [True, False])
def test_nothing_is_due_before_it_was_promised(by_hand: bool) -> None:
    sentence = "The due time is not after the promise. Give a later time."

    assert refused(NOW + HOUR, promised_at=NOW + HOUR, by_hand=by_hand) == sentence
    assert refused(NOW + HOUR, promised_at=NOW + 2 * HOUR, by_hand=by_hand) == sentence


@pytest.mark.parametrize("by_hand", [True, False])
def test_nothing_is_due_in_more_than_five_years(by_hand: bool) -> None:
    sentence = "That is more than five years ahead. Give an earlier time."

    assert refused(datetime(2031, 5, 23, 13, 10, tzinfo=UTC), by_hand=by_hand) == sentence
    assert refused(datetime.max.replace(tzinfo=UTC), by_hand=by_hand) == sentence


def test_an_imported_due_time_is_judged_by_its_own_promise() -> None:
    promised_at = NOW - timedelta(days=3650)

    assert refused(promised_at + HOUR, promised_at=promised_at, by_hand=False) == ""
    assert "five years" in refused(NOW, promised_at=promised_at, by_hand=False)


def test_a_due_time_without_a_zone_is_refused() -> None:
    naive = (NOW + HOUR).replace(tzinfo=None)

    assert refused(naive).startswith("Say in which time zone it is due")


# What the clock on the wall shows ----------------------------------------------------------------


def test_a_wall_time_is_read_in_its_zone() -> None:
    at, said = due_time.wall_time(date(2026, 5, 22), time(17, 30), BERLIN)

    assert (at, said) == (datetime(2026, 5, 22, 15, 30, tzinfo=UTC), "")


def test_a_skipped_time_is_the_first_after_it_and_says_so() -> None:
    at, said = due_time.wall_time(date(2026, 3, 29), time(2, 30), BERLIN)

    assert at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert said == (
        "The clocks skip 2:30 am on Sun 29 Mar;"
        " 3:00 am on Sun 29 Mar is meant, the first time after it."
    )


def test_a_time_shown_twice_is_its_first_and_says_so() -> None:
    at, said = due_time.wall_time(date(2026, 10, 25), time(2, 30), BERLIN)

    assert at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert said == ("The clocks show 2:30 am on Sun 25 Oct twice that night; the first is meant.")


@pytest.mark.parametrize(
    ("zone", "day", "clock", "at"),
    [
        (BERLIN, date(2026, 3, 29), time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (BERLIN, date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (BERLIN, date(2026, 3, 29), time(3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (BERLIN, date(2026, 10, 25), time(1, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (BERLIN, date(2026, 10, 25), time(3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (
            "Australia/Lord_Howe",
            date(2024, 10, 6),
            time(2, 10),
            datetime(2024, 10, 5, 15, 30, tzinfo=UTC),
        ),
        ("Pacific/Apia", date(2011, 12, 30), time(9, 0), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_changes_of_clocks_are_exact(zone: str, day: date, clock: time, at: datetime) -> None:
    assert due_time.wall_time(day, clock, zone)[0] == at


@pytest.mark.parametrize(
    "name",
    [
        *("", "Mars", "Europe", "europe/berlin", "../etc/passwd", "/etc/localtime", "UTC+2"),
        *("localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin"),
        *("Europe/Berlin ", "Europe/Ber\x00lin", "Europe/Berlin\n", "\ud800", "x" * 5000),
        *("tzdata.zi", "leapseconds", "Europe//Berlin", "."),
    ],
)
def test_a_zone_is_one_that_the_world_knows(name: str) -> None:
    with pytest.raises(UnknownZone, match="is not a time zone we know") as no:
        due_time.wall_time(date(2026, 5, 22), time(17, 30), name)

    assert no.value.field == "zone"
    str(no.value).encode()
    assert len(str(no.value)) < 200
