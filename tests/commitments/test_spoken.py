from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from django.template import Context, Template
from django.utils import translation

from commitments import places, spoken
from tests.makers import DAY, HOUR, MINUTE, NOON

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("asked", "ours"),
    [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("en-gb", "en"), ("de", "en"), ("", "en")],
)
def test_a_customer_is_written_to_in_their_language_or_in_english(asked: str, ours: str):
    assert spoken.language(asked) == ours


def test_english_is_said_as_on_every_other_page():
    with translation.override("en"):
        assert spoken.say_time(NOON, zone="UTC", now=NOON) == "Thursday 21 May, 12:00 noon"
        assert spoken.say_time_inside(NOON + HOUR, zone="UTC", now=NOON) == "today at 1:00 pm"
        assert spoken.say_zone(NEW_YORK) == "New York time"
        assert spoken.say_working_hours(4) == "four working hours"
        assert spoken.say_working_days(1) == "working day"


def test_spanish_has_its_own_order_of_days_and_24_hours():
    at = NOON + DAY + 4 * HOUR + 5 * MINUTE

    with translation.override("es"):
        assert spoken.say_time(at, zone="UTC", now=NOON) == "viernes 22 de mayo, 16:05"
        assert spoken.say_time_nearby(at, zone="UTC", now=NOON) == "Mañana, 16:05"
        assert spoken.say_time_inside(at, zone="UTC", now=NOON) == "mañana, 16:05"
        assert spoken.say_clock(NOON, zone="UTC") == "12:00"
        assert spoken.say_zone(NEW_YORK) == "hora de Nueva York"
        assert spoken.say_zone("Europe/London") == "hora de Londres"
        assert spoken.say_zone("America/Lima") == "hora de Lima"
        assert spoken.say_zone("Etc/UTC") == "UTC"
        assert spoken.say_working_hours(4) == "4 horas laborables"
        assert spoken.say_working_hours(0) == "una hora"


def test_another_year_is_named():
    with translation.override("es"):
        said = spoken.say_day(NOON + 300 * DAY, zone="UTC", now=NOON)

    assert said == "miércoles 17 de marzo de 2027"


@pytest.mark.parametrize(
    ("audience", "language", "said"),
    [
        ("staff", "en", "Thu 21 May, 8:00 am"),
        ("customer", "en", "Thursday 21 May, 8:00 am"),
        ("customer", "es", "jueves 21 de mayo, 08:00"),
    ],
)
def test_a_page_says_its_times_to_whom_it_is_for(audience: str, language: str, said: str):
    context = {"at": NOON, "now": NOON - DAY, "zone": NEW_YORK, "audience": audience}

    with translation.override(language):
        page = Template("{% load times %}{% time at %}").render(Context(context))

    assert page == f'<time datetime="2026-05-21T12:00:00+00:00">{said}</time>'


def test_every_place_with_a_name_of_its_own_is_one_that_a_zone_is_called_after():
    known = {zone.rpartition("/")[2].replace("_", " ") for zone in available_timezones()}

    assert known >= places.RENAMED
