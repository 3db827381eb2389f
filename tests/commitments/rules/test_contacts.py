"""Words that may lie with others hold no way to reach somebody."""

from __future__ import annotations

import pytest

from commitments.rules import contacts


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Ring 0755 555 0142 at six", "Ring … at six"),
        ("Ring +44 (0)755 555-0142", "Ring …"),
        ("Ring (0755) 555 0142.", "Ring …."),
        ("Ring 0049 30 123456", "Ring …"),
        ("Mail ana.b+c@mail.example.org, please", "Mail …, please"),
        ("<tom@customers.example>", "<…>"),
        ("Refund 48.90 for order 20260521448", "Refund 48.90 for order 20260521448"),
        ("By 05.06.2026, or 05/06/2026", "By 05.06.2026, or 05/06/2026"),
        ("Case #0755550142", "Case #0755550142"),
        ("Version 1.0.0.0.0.0.0", "Version 1.0.0.0.0.0.0"),
        ("Send 0 of 12", "Send 0 of 12"),
        ("", ""),
    ],
)
def test_addresses_and_numbers_are_left_out_and_nothing_else(said: str, left: str):
    assert contacts.left_out(said) == left


@pytest.mark.parametrize("said", ["755 555 0142", "7555550142", "+447555550142", "44-755.555.0142"])
def test_a_number_that_is_known_is_found_however_it_is_written(said: str):
    assert contacts.left_out(f"Ring {said}.", phone="+44 755 555 0142") == "Ring …."


def test_a_number_too_short_to_be_known_by_hides_nothing():
    assert contacts.left_out("Room 112", phone="112") == "Room 112"
