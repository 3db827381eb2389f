"""Settings, Hours: read as people write them, and shown before they are saved."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from commitments.models import (
    Calendar,
    Holiday,
)
from tests.makers import NOON, a_commitment, a_team, fresh
from tests.web.pages import text

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FRIDAY = date(2026, 5, 22)


def weeks_page() -> str:
    return f"/settings/hours/{a_team().calendar_id}/"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("9:00-12:00, 11:00-17:00", "overlap"),
        ("9:00-9:00", "before it begins"),
        ("17:00-9:00", "before it begins"),
        ("9:00-25:00", "hours and minutes"),
        ("morning", "Write hours like 9:00-17:30"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_day(ada: Client, typed: str, why: str) -> None:
    page = ada.get(weeks_page())

    refused = press(ada, page, tuesday=typed)

    assert refused.status_code == 422
    assert why in text(refused)
    assert fields(refused)["tuesday"] == [typed]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("24 hours", ((0, 1440),)),
        ("0:00-6:00, 22-24:00", ((0, 360), (1320, 1440))),
        ("closed", ()),
        ("8.30 to 12 and 13 to 17", ((510, 720), (780, 1020))),
    ],
)
def test_hours_are_read_as_people_write_them(
    ada: Client, typed: str, kept: tuple[tuple[int, int], ...]
) -> None:
    press(ada, ada.get(weeks_page()), tuesday=typed)

    assert a_team().calendar.hours().weekly[1] == kept


def test_what_an_edit_touches_is_listed_first_and_nothing_is_moved(ada: Client) -> None:
    chain = a_team().calendar.hours().walk_days(NOON, 1)
    kettle = a_commitment(due_at=chain[-1].ends_at, due_steps=chain)
    page = ada.get(weeks_page())

    shown = press(ada, page, friday="")

    assert "One open promise would be due at another time by these hours." in text(shown)
    assert f"/promises/{kettle.reference}/move/" in shown.content.decode()
    assert a_team().calendar.hours().weekly[4] == ((540, 1050),)
    saved = press(ada, shown)
    assert saved.status_code == 302
    assert a_team().calendar.hours().weekly[4] == ()
    assert fresh(kettle).due_at == kettle.due_at


def test_four_weeks_show_exceptions_and_the_nights_when_clocks_change(
    ada: Client, traveller: Any
) -> None:
    traveller.move_to(datetime(2026, 3, 16, 12, tzinfo=UTC))
    Calendar.objects.update(zone="Europe/London")
    sunday = ((0, 1440),)
    week = Calendar.objects.create(name="Always", zone="Europe/London")
    for day in range(7):
        week.opening_hours.create(weekday=day, opens=sunday[0][0], closes=sunday[0][1])
    Holiday.objects.create(calendar=week, on=date(2026, 3, 20), name="Stocktaking")

    words = text(ada.get(f"/settings/hours/{week.pk}/"))

    assert "Sun 29 0:00-24:00 Clocks go forward: 23 h" in words
    assert "Fri 20 Closed Stocktaking" in words


def test_a_deadline_can_be_tried_out(ada: Client) -> None:
    Holiday.objects.create(calendar=a_team().calendar, on=FRIDAY, name="Closed")
    address = f"{weeks_page()}?try=within+2+working+days"

    whole, part = ada.get(address), ada.get(address, headers={"HX-Request": "true"})
    none = ada.get(f"{weeks_page()}?try=soonish")

    assert "Tue 26 May, 5:30 pm" in text(whole)
    assert "Tue 26 May, 5:30 pm" in part.content.decode()
    assert b"<main" not in part.content
    assert "This names no time." in text(none)
