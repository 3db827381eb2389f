"""When a report comes by mail, as somebody chooses it for themselves."""

from __future__ import annotations

from datetime import time
from typing import Final

from django import forms

from commitments import mailings
from commitments.models import Schedule
from commitments.rules import saying
from commitments.web.fields import SpokenForm

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAILY: Final = "daily"
_A_TIME: Final = "Give a time of day, like 08:00."


def _clock() -> forms.TimeField:
    return forms.TimeField(
        label="At what time?",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _A_TIME, "required": _A_TIME},
    )


class _MailForm(SpokenForm):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


class WeeklyForm(_MailForm):
    """The manager's week: whether, and when."""

    is_on = forms.BooleanField(label="Send me my week by mail", required=False)
    weekday = forms.TypedChoiceField(
        label="On which day?",
        choices=list(enumerate(DAYS)),
        coerce=int,
        help_text="Away then, or a day off: on the first day you are back.",
    )
    at = _clock()

    @classmethod
    def as_set(cls, weekly: Schedule | None, *, once: str) -> WeeklyForm:
        """What is in force; who has only just become a manager is going to get it."""
        initial: dict[str, object] = {"once": once, "is_on": True}
        if weekly is None:
            initial |= {"weekday": mailings.MONDAY, "at": mailings.EIGHT}
        else:
            is_on = weekly.next_at is not None
            initial |= {"is_on": is_on, "weekday": weekly.weekday, "at": weekly.local_time}
        return cls(initial=initial)

    @property
    def chosen_at(self) -> time | None:
        at: time = self.cleaned_data["at"]
        return at if self.cleaned_data["is_on"] else None


class SubscribeForm(_MailForm):
    """Which report is in its address; the choices come along unseen."""

    every = forms.ChoiceField(
        label="How often?",
        choices=[
            *((str(number), f"Every {day}") for number, day in enumerate(DAYS)),
            (_DAILY, "Every working day"),
        ],
    )
    at = _clock()

    @property
    def weekday(self) -> int | None:
        every: str = self.cleaned_data["every"]
        return None if every == _DAILY else int(every)


def when(schedule: Schedule) -> str:
    """`Every Friday at 9:00 am`."""
    day = "working day" if schedule.weekday is None else DAYS[schedule.weekday]
    return f"Every {day} at {saying.say_wall(schedule.local_time)}"
