from __future__ import annotations

from datetime import datetime

import pytest

from commitments.errors import CommitmentError
from commitments.rules import calling
from commitments.rules.calling import Try, Window
from tests.makers import DAY, HOUR, MINUTE, NOON

TWO = NOON + 2 * HOUR
FOUR = NOON + 4 * HOUR
WINDOW = Window(starts_at=TWO, ends_at=FOUR)


def tried(came_of_it: str, at: datetime) -> Try:
    return Try(at=at, came_of_it=came_of_it)


@pytest.mark.parametrize(
    ("tries", "messages", "since"),
    [
        ([], [], None),
        ([("no_answer", TWO)], [TWO + MINUTE], None),
        ([("no_answer", TWO), ("busy", TWO + HOUR)], [], None),
        ([("no_answer", TWO), ("busy", TWO + HOUR)], [TWO + MINUTE], TWO + HOUR),
        ([("no_answer", TWO), ("busy", TWO + HOUR)], [FOUR + DAY], FOUR + DAY),
        ([("no_answer", TWO), ("busy", TWO + HOUR)], [TWO - MINUTE], None),
        ([("no_answer", TWO), ("voicemail", TWO + HOUR)], [], TWO + HOUR),
        ([("voicemail", TWO), ("no_answer", TWO + HOUR)], [], TWO + HOUR),
        ([("voicemail", TWO)], [], None),
        ([("voicemail", TWO - MINUTE), ("no_answer", TWO), ("busy", FOUR)], [], None),
        ([("no_answer", TWO), ("no_answer", FOUR)], [FOUR], FOUR),
        ([("no_answer", TWO - MINUTE), ("no_answer", FOUR)], [FOUR], None),
        ([("no_answer", TWO), ("no_answer", FOUR + MINUTE)], [FOUR], None),
        ([("no_answer", TWO), ("wrong_number", TWO + HOUR)], [FOUR], None),
        ([("no_answer", TWO), ("reached", TWO + HOUR)], [FOUR], None),
    ],
)
def test_two_tries_in_the_window_and_a_message_count_as_attempted(
    tries: list[tuple[str, datetime]], messages: list[datetime], since: datetime | None
) -> None:
    made = [tried(came_of_it, at) for came_of_it, at in tries]

    assert calling.attempted_at(made, window=WINDOW, messages=messages) == since


def test_a_window_without_a_start_begins_when_the_time_was_agreed() -> None:
    open_window = calling.window_of(window_start=None, revised_at=NOON, due_at=FOUR)
    own = calling.window_of(window_start=TWO, revised_at=NOON, due_at=FOUR)

    assert (open_window.starts_at, own.starts_at) == (NOON, TWO)
    assert not own.holds(TWO - MINUTE)
    assert open_window.holds(TWO - MINUTE)


def test_a_window_cannot_end_before_it_begins() -> None:
    calling.check_window(None, due_at=TWO)
    calling.check_window(TWO, due_at=FOUR)

    with pytest.raises(CommitmentError, match="begins after it ends"):
        calling.check_window(FOUR, due_at=FOUR)


def test_a_window_that_is_moved_out_stays_as_long_as_it_was() -> None:
    assert calling.moved_along(TWO, old_due_at=FOUR, due_at=FOUR + DAY) == TWO + DAY
    assert calling.moved_along(None, old_due_at=FOUR, due_at=FOUR + DAY) is None


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("0755 555 0142", "07555550142"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("(020) 7946-0958", "02079460958"),
        ("020.7946.0958 ext. 12", "02079460958;ext=12"),
        ("020 7946 0958 x9", "02079460958;ext=9"),
        ("+49 30/901820", "+4930901820"),
        ("112", "112"),
        ("", ""),
        ("12", ""),
        ("+1234567890123456", ""),
        ("ask for Tom", ""),
        ("0755 555 0142 or 0143", ""),
        ("javascript:alert(1)", ""),
        ('0755"><script>', ""),
        ("٠٧٥٥٥٥٥٠١٤٢", ""),
        ("++44 20 7946 0958", ""),
    ],
)
def test_only_what_can_be_dialled_becomes_a_number_to_tap(phone: str, number: str) -> None:
    assert calling.dialled(phone) == number
