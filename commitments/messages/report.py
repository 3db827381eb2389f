"""Figures by mail: what a manager needs of the week, or a report that somebody asked for.

Every number is a piece with its address, in the text as in the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from commitments.models import Schedule, User
from commitments.rules import saying
from notifications.envelope import JSON, Message

_TEMPLATES: Final = {Schedule.What.WEEKLY: "weekly", Schedule.What.REPORT: "report"}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Of a line: words, or a number or deed with its address."""

    words: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number in words, what it counts, and the list of what that is."""

    label: str
    value: str
    url: str
    line: Sequence[Piece] = ()
    is_late: bool = False
    is_words: bool = False  # no number, such as "Too few to show"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a section; `act` is what can be done about it."""

    title: str
    url: str = ""
    line: Sequence[Piece] = ()
    act: Piece | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """Some lines under a heading; `whole` leads to all of them, where there are more."""

    heading: str
    rows: Sequence[Row]
    intro: str = ""
    whole: Piece | None = None
    nothing: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that one mail says, in the words of its reader; `url` is the page it comes from.

    `about` says whose figures of which days these are.
    """

    title: str
    about: str
    sentence: str
    url: str
    figures: Sequence[Figure] = ()
    sections: Sequence[Section] = ()


def to(
    person: User, sheet: Sheet, *, schedule: Schedule, key: str, fresh: datetime, now: datetime
) -> Message:
    """Somebody asked for it, so it comes even by ways that carry only what asks for them.

    `fresh` is the instant of which its figures are.
    """
    return Message(
        key=key,
        about=schedule.about,
        audience="staff",
        person_id=person.pk,
        channel="",
        address=person.email,
        name=person.name,
        template=_TEMPLATES[Schedule.What(schedule.what)],
        context={
            "person": person.first_name,
            "title": sheet.title,
            "about": sheet.about,
            "sentence": sheet.sentence,
            "at": saying.say_time(fresh, zone=person.zone, now=now),
            "zone": saying.say_zone(person.zone),
            "figures": [_figure(each) for each in sheet.figures],
            "sections": [_section(each) for each in sheet.sections],
            "company": settings.COMPANY_NAME,
            "url": _whole(sheet.url),
            "settings_url": _whole("/me/reports/"),
        },
        is_escalation=True,
        not_before=now,
        sender=settings.COMPANY_NAME,
        language=person.language,
    )


def _figure(each: Figure) -> dict[str, JSON]:
    return {
        "label": each.label,
        "value": each.value,
        "url": _whole(each.url),
        "line": [_piece(piece) for piece in each.line],
        "is_late": each.is_late,
        "is_words": each.is_words,
    }


def _section(each: Section) -> dict[str, JSON]:
    return {
        "heading": each.heading,
        "intro": each.intro,
        "rows": [_row(row) for row in each.rows],
        "whole": _piece(each.whole) if each.whole else None,
        "nothing": each.nothing,
    }


def _row(each: Row) -> dict[str, JSON]:
    return {
        "title": each.title,
        "url": _whole(each.url),
        "line": [_piece(piece) for piece in each.line],
        "act": _piece(each.act) if each.act else None,
    }


def _piece(each: Piece) -> dict[str, JSON]:
    return {"words": each.words, "url": _whole(each.url)}


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if path else ""
