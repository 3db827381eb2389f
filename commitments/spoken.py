"""Times and counts for customers, in the language that is active.

English has rules of its own (`rules.saying`). Any other language says a day and an hour as Django
knows its people to: which comes first, and whether the clock has 12 hours or 24.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.dateformat import format as in_format
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, ngettext

from commitments import places
from commitments.rules import saying

ENGLISH = "en"


def language(asked: str) -> str:
    """The language we write in to somebody who asked for this one: theirs, or English."""
    try:
        return translation.get_supported_language_variant(asked.lower())
    except LookupError:
        return ENGLISH


def languages() -> list[tuple[str, str]]:
    """The languages we write in, each by its own name."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def say_time(at: datetime, *, zone: str, now: datetime) -> str:
    """`Friday 22 May, 10:00 am`; `viernes 22 de mayo, 10:00`."""
    return f"{say_day(at, zone=zone, now=now)}, {say_clock(at, zone=zone)}"


def say_time_nearby(at: datetime, *, zone: str, now: datetime) -> str:
    """`Today, 12:50 pm`, and the full time further away."""
    return f"{say_day_nearby(at, zone=zone, now=now)}, {say_clock(at, zone=zone)}"


def say_time_inside(at: datetime, *, zone: str, now: datetime) -> str:
    """The same within a sentence: `today at 12:50 pm`."""
    if is_english():
        return saying.say_time_inside(at, zone=zone, now=now)
    return f"{say_day_nearby(at, zone=zone, now=now).lower()}, {say_clock(at, zone=zone)}"


def say_day(at: datetime, *, zone: str, now: datetime) -> str:
    """`Friday 22 May`; with the year when it is not this year."""
    if is_english():
        return saying.say_day(at, zone=zone, now=now, audience="customer")
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    pattern = "MONTH_DAY_FORMAT" if local.year == today.year else "DATE_FORMAT"
    return f"{WEEKDAYS[local.weekday()]} {in_format(local, formats.get_format(pattern))}"


def say_day_nearby(at: datetime, *, zone: str, now: datetime) -> str:
    """`Today`, `Yesterday` or `Tomorrow`, and the day's date otherwise."""
    days = at.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()
    nearby = {0: gettext("Today"), 1: gettext("Tomorrow"), -1: gettext("Yesterday")}
    return nearby.get(days.days) or say_day(at, zone=zone, now=now)


def say_clock(at: datetime, *, zone: str) -> str:
    """`10:00 am`, `12:00 noon`; `10:00`, `16:30`."""
    if is_english():
        return saying.say_clock(at, zone=zone)
    return in_format(at.astimezone(ZoneInfo(zone)), formats.get_format("TIME_FORMAT"))


def say_zone(zone: str) -> str:
    """`New York time`, `hora de Nueva York`; `UTC` for what names no place."""
    area, _, place = zone.rpartition("/")
    if not area or area == "Etc":
        return place
    return gettext("%(place)s time") % {"place": places.say_place(place.replace("_", " "))}


def say_working_hours(hours: int) -> str:
    """How long, as it follows "within": `four working hours`, or `the hour` where it is less."""
    if not hours:
        return gettext("the hour")
    if is_english():
        return saying.say_count(hours, "working hour")
    return ngettext("%(count)s working hour", "%(count)s working hours", hours) % {"count": hours}


def say_working_days(days: int) -> str:
    """How often, as it follows "every": `working day`, `two working days`."""
    if days == 1:
        return gettext("working day")
    if is_english():
        return saying.say_count(days, "working day")
    return gettext("%(count)s working days") % {"count": days}


def say_earlier_updates(count: int) -> str:
    """`One earlier update`, as a line of its own."""
    if is_english():
        return saying.sentence_case(saying.say_count(count, "earlier update"))
    said = ngettext("%(count)s earlier update", "%(count)s earlier updates", count)
    return said % {"count": count}


def is_english() -> bool:
    """Whether the language that is active is any English."""
    return (translation.get_language() or ENGLISH).split("-")[0] == ENGLISH
