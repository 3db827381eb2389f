from __future__ import annotations

import pytest

from commitments.reading import unread_times


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ring back at 17:75", "at 17:75"),
        ("ring back 25:00 sharp", "25:00"),
        ("ring back  before  99", "before 99"),
        ("send it within 0 hours", "within 0 hours"),
        ("ring back yesterday", "yesterday"),
        ("explain the Tuesday visit", "Tuesday"),
        ("ring back by tomorrow", "by tomorrow"),
        ("ring back", ""),
        ("he sat at home in May", ""),
        ("send 12 kettles", ""),
        ("", ""),
    ],
)
def test_the_first_words_that_look_like_a_time(text: str, words: str) -> None:
    assert unread_times.first_in(text) == words
