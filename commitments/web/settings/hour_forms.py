"""The form of a working week: a line for each day, written as people write hours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.errors import CommitmentError
from commitments.house import hours
from commitments.models import Calendar
from commitments.rules import business_time
from commitments.rules.business_time import Span
from commitments.web import fields

from .parts import Part, PartsForm

DAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_CLOCK: Final = r"\s*(\d{1,2})(?:[:.]?(\d{2}))?\s*"
_SPAN: Final = re.compile(rf"{_CLOCK}(?:-|\u2013|\u2014|to){_CLOCK}")
_CLOSED: Final = frozenset({"", "closed", "-", "none"})
_ALL_DAY: Final = frozenset({"24 hours", "24h", "all day"})
_LONGEST: Final = 200


class SpansField(forms.CharField):
    """`9:00-12:00, 13:00-17:30`; empty where it is closed; `24 hours` for all of the day."""

    def __init__(self, **options: Any) -> None:  # Any: Django's options
        super().__init__(**{"required": False, "max_length": _LONGEST} | options)

    def prepare_value(self, value: Any) -> Any:  # Any: spans, or what was typed
        return written(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[Span, ...]:  # Any: what was typed
        text = str(super().clean(value)).strip().casefold()
        try:
            spans = _spans(text)
            # The whole is judged by the rule itself: order, overlaps, what has no length.
            business_time.Hours(zone="UTC", weekly=(spans, (), (), (), (), (), ()))
        except CommitmentError as no:
            raise ValidationError(str(no).removeprefix("Monday: ").capitalize()) from no
        return tuple(sorted(spans))


def written(spans: Sequence[Sequence[int]]) -> str:
    """As it can be typed again."""
    return ", ".join(
        f"{business_time.clock_of(opens)}-{business_time.clock_of(closes)}"
        for opens, closes in spans
    )


def _spans(text: str) -> tuple[Span, ...]:
    if text in _CLOSED:
        return ()
    if text in _ALL_DAY:
        return ((0, 1440),)
    return tuple(_span(each) for each in re.split(r"[,;]| and ", text) if each.strip())


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise business_time.WrongHours(
            "Write hours like 9:00-17:30, several divided by commas; nothing where it is closed."
        )
    opens = business_time.minutes_of(f"{int(match[1]):02d}:{match[2] or '00'}")
    return opens, business_time.minutes_of(f"{int(match[3]):02d}:{match[4] or '00'}")


class WeekForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (Part(title="These hours", names=("name", "zone")),)

    name = fields.Words(
        what="The name", limit=120, label="Name", help_text="Such as Usual week, or Nights."
    )
    zone = fields.Words(
        what="The time zone", limit=64, label="Time zone",
        help_text="Europe/London, America/New_York. Its clocks go forward and back by themselves.",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        calendar: Calendar | None = None,
        zone: str = "UTC",
    ) -> None:
        first = _as_typed(calendar) if calendar else _usual(zone)
        super().__init__(data, initial=first, seen=hours.mark(calendar) if calendar else "")
        for day in DAYS:
            self.fields[day] = SpansField(label=day.capitalize())

    def days(self) -> list[Any]:  # Any: bound fields
        return [self[day] for day in DAYS]

    def week(self) -> hours.Week:
        said = self.cleaned_data
        return hours.Week(
            name=said["name"], zone=said["zone"], weekly=tuple(said[day] for day in DAYS)
        )


class DayForm(PartsForm):
    """One dated exception that is there already."""

    parts: ClassVar[tuple[Part, ...]] = (Part(title="On that day", names=("name", "spans")),)

    name = fields.Words(what="The name", limit=120, label="Name")
    spans = SpansField(
        label="Open", help_text="Like 9:00-12:00. Empty: closed all day.",
    )  # fmt: skip


class TrialForm(fields.SpokenForm):
    """A deadline in words, to be tried out."""

    try_ = fields.Words(
        what="The deadline", limit=200, label="In words", required=False,
        help_text="As it would be promised: within 2 working days, Friday 5pm, +4bh.",
    )  # fmt: skip

    def add_prefix(self, field_name: str) -> str:
        return field_name.rstrip("_")


def _as_typed(calendar: Calendar) -> dict[str, object]:
    weekly = calendar.hours().weekly
    return {"name": calendar.name, "zone": calendar.zone} | dict(zip(DAYS, weekly, strict=True))


def _usual(zone: str) -> dict[str, object]:
    return {"zone": zone} | dict.fromkeys(DAYS[:5], ((9 * 60, 17 * 60 + 30),))
