"""Between 2 and 4pm is due at four, and not before two."""

from __future__ import annotations

import pytest

from tests.commitments.reading.london import read, said


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("between 3 and 5pm", "Thu 21 May 15:00", "Thu 21 May 17:00"),
        ("tomorrow between 2 and 4", "Fri 22 May 14:00", "Fri 22 May 16:00"),
        ("between 9 and 5pm tomorrow", "Fri 22 May 09:00", "Fri 22 May 17:00"),
        ("fri 10-11am", "Fri 22 May 10:00", "Fri 22 May 11:00"),
        ("between 14:00 and 16:00 fri", "Fri 22 May 14:00", "Fri 22 May 16:00"),
        ("from 10pm to 2am", "Thu 21 May 22:00", "Fri 22 May 02:00"),
        ("Friday between 2pm and 4pm New York time", "Fri 22 May 19:00", "Fri 22 May 21:00"),
    ],
)
def test_a_window_has_a_beginning(text: str, begins: str, ends: str) -> None:
    reading = read(text)

    assert reading.begins_at is not None
    assert (said(reading.begins_at), said(reading.at)) == (begins, ends)


@pytest.mark.parametrize(
    "text",
    [
        "4pm",
        "tomorrow morning",
        "between Monday and Wednesday",
        "between 24 and 48 hours",
        "between 1 and 4pm",  # it is ten past two
    ],
)
def test_what_names_no_window_ahead_has_none(text: str) -> None:
    assert read(text).begins_at is None
