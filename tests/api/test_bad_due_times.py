"""Times that cannot be promised: each is refused with a sentence that says what to send instead."""

from __future__ import annotations

import pytest

from tests.api.callers import a_program, a_promise, assert_nothing_was_made, errors_of
from tests.makers import DAY, NOON, a_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

INSTANT = "Give date, time and offset, as in 2026-05-26T16:30:00+02:00."
NO_SUCH_TIME = f"There is no such time. {INSTANT}"


@pytest.mark.parametrize(
    ("due_at", "sentence"),
    [
        *((wrong, f"This must be text. {INSTANT}") for wrong in (1779372000, 1.5, True, [], {})),
        *(
            (wrong, INSTANT)
            for wrong in (
                *("", "tomorrow", "2026-05-22", "2026-05-22T10:00:00", "2026-05-22 10:00:00Z"),
                *("2026-W25-1", "2026-W25-1T10:00:00Z", "2026-142T10:00:00Z", "20260522T100000Z"),
                *("2026-05-22T10:00Z", "2026-05-22T10Z", "2026-05-22T10:00:00,5Z"),
                *("2026-05-22T24:60:00Z", "2026-05-22T24:00:00Z", "2026-05-22T10:00:60Z"),
                *(
                    "2026-05-22T10:00:00+99:99",
                    "2026-05-22T10:00:00+24:00",
                    "2026-05-22T10:00:00+2",
                ),
                *("2026-05-22T10:00:00 +02:00", "2026-05-22T10:00:00z ", "2026-05-22T10:00:00Z\n"),
                *("٢٠٢٦-06-15T10:00:00Z", "2026-05-22T10:00:00\uff3a", "+2026-05-22T10:00:00Z"),
                *(
                    "2026-05-22T10:00:00\x00Z",
                    "2026-05-22T10:00:00\ud800Z",
                    "0001-01-01T00:00+14:00",
                ),
                *("12026-05-22T10:00:00Z", "2026-05-22T10:00:00.Z", "2026-05-22T10:00:00-5:00"),
            )
        ),
        *(
            (wrong, NO_SUCH_TIME)
            for wrong in (
                *("2026-02-30T10:00:00Z", "2026-13-01T10:00:00Z", "2026-00-10T10:00:00Z"),
                *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"),
                *("9999-12-31T23:59:59-12:00", "2027-02-29T10:00:00Z"),
            )
        ),
        ("2026-05-21T11:00:00Z", "11:00 am today has passed. Give a later time."),
        ("2026-05-21T14:00:00+02:00", "12:00 noon today has passed. Give a later time."),
        ("2026-05-20T11:00:00Z", "11:00 am on Wed 20 May has passed. Give a later time."),
        ("0001-01-01T00:00:00Z", "That time has long passed. Give a later one."),
        ("2036-05-21T12:00:00Z", "That is more than five years ahead. Give an earlier time."),
        ("9999-12-31T23:59:59Z", "That is more than five years ahead. Give an earlier time."),
    ],
)
def test_a_due_time_that_cannot_be_is_refused_with_what_to_do(due_at, sentence):
    a_team()

    answer = a_program().post(a_promise(due_at=due_at))

    assert answer.status_code == 400
    assert errors_of(answer) == {"due_at": sentence}
    assert_nothing_was_made(answer)


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        ("soonish", "These words could not be read as a time. Give due_at instead."),
        ("2026-05-20 10:00", "10:00 am on Wed 20 May has passed. Give a later time."),
        ("in 10 years", None),
        ("in 99999999999999999999 hours", None),
        ("-1 day", None),
        ("x" * 201, "The time is 201 characters long; keep it to 200."),
        ("fri\n5pm", "The time must be on one line. Take out the line breaks."),
        ("fri \x00", None),
        ("fri \ud800", None),
        ("\u0665pm", None),
    ],
)
def test_words_that_are_no_time_to_come_are_refused(due, sentence):
    a_team()

    answer = a_program().post(a_promise(due_at=..., due=due))

    errors = errors_of(answer)
    assert errors.keys() == {"due"}
    assert sentence is None or errors["due"] == sentence
    assert_nothing_was_made(answer)


@pytest.mark.parametrize(
    "fields", [{"due_at": ...}, {"due": "fri 5pm"}, {"due_at": ..., "due": ""}]
)
def test_a_due_time_is_given_once_as_an_instant_or_in_words(fields):
    a_team()

    answer = a_program().post(a_promise(**fields))

    assert errors_of(answer).keys() == {"due_at"}
    assert_nothing_was_made(answer)


@pytest.mark.parametrize(
    ("due_at", "instant"),
    [
        ("2026-05-22t10:00:00z", "2026-05-22T10:00:00Z"),
        ("2026-05-22T10:00:00.123456789Z", "2026-05-22T10:00:00.123456Z"),
        ("2026-05-22T10:00:00-00:00", "2026-05-22T10:00:00Z"),
        ("2026-05-22T10:00:00+23:59", "2026-05-21T10:01:00Z"),
        ("2028-02-29T10:00:00+05:30", "2028-02-29T04:30:00Z"),
    ],
)
def test_every_instant_of_the_standard_is_taken(due_at, instant, at_noon):
    a_team()
    at_noon.move_to(NOON - DAY)

    answer = a_program().post(a_promise(due_at=due_at))

    assert answer.json()["due_at"] == answer.json()["first_due_at"] == instant
