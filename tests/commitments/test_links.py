"""Customers' links: one purpose each, an end, and no second spelling."""

from __future__ import annotations

import pytest

from commitments import links
from commitments.links import Purpose
from tests.makers import DAY, NOON


def a_token(purpose: Purpose = Purpose.STATUS) -> str:
    return links.write(purpose=purpose, subject=7, version="1.1", now=NOON)


def test_a_link_says_what_was_written() -> None:
    link = links.read(a_token(), purpose=Purpose.STATUS, now=NOON + 89 * DAY)

    assert link is not None
    assert (link.subject, link.version, link.expires_at) == (7, "1.1", NOON + 90 * DAY)


@pytest.mark.parametrize(("purpose", "days"), [(Purpose.STATUS, 90), (Purpose.CHECK_IN, 30)])
def test_a_link_ends(purpose: Purpose, days: int) -> None:
    assert links.read(a_token(purpose), purpose=purpose, now=NOON + days * DAY) is None


def test_a_link_for_one_page_opens_no_other() -> None:
    assert links.read(a_token(Purpose.CHECK_IN), purpose=Purpose.STATUS, now=NOON) is None


def test_a_link_from_tomorrow_is_refused() -> None:
    assert links.read(a_token(), purpose=Purpose.STATUS, now=NOON - DAY) is None


def garbled() -> list[str]:
    token = a_token()
    return [
        *("", ":", "%00", "é", "\x00", token * 1000, f"{token}=", token.upper(), token[:-4]),
        f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        f"{'A' if token[0] != 'A' else 'B'}{token[1:]}",
    ]


@pytest.mark.parametrize("place", range(len(garbled())))
def test_a_garbled_link_is_none(place: int) -> None:
    assert links.read(garbled()[place], purpose=Purpose.STATUS, now=NOON) is None
