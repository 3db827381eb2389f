"""The verb "remind me": a reminder for oneself alone, at a time of one's own.

It is nobody else's: the history of the promise does not know of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from commitments.messages import reminders
from commitments.models import Commitment
from commitments.rules import saying
from commitments.web import fields
from commitments.web.fields import lines
from commitments.web.move_forms import TimedForm
from commitments.web.reads import Due


class RemindForm(TimedForm):
    verb = "help"  # makes sense as long as the promise is live, as a call for help does
    title = "Remind me"
    button = "Remind me"
    intro = "Only you are reminded, at that time or when {first} writes, whichever is first."
    leaves_trace: ClassVar[bool] = False
    when = fields.Words(
        label="When?",
        what="The time",
        limit=200,
        help_text="For example 4pm, tomorrow noon, mon 9am, in 2 hours.",
        error_messages={"required": "Say when: 4pm, tomorrow noon, mon 9am."},
    )
    note = lines(
        "What about?", what="The note", rows=2, limit=200, required=False, help_text="Only for you."
    )
    field_order = ("when", "note")

    def show(self, fingerprint: str, *, read_at: datetime, due: Due) -> None:
        """Outside the team's hours it is one's own affair: that is said, and no other offered."""
        self.due = replace(due, next_open=None)
        super().show(fingerprint, read_at=read_at, due=self.due)

    def act(self) -> Commitment:
        reminders.remind_me(
            self.commitment,
            user=self.user,
            at=self.due.at if self.due else self.now,
            note=self.cleaned_data["note"],
            now=self.now,
        )
        return self.commitment

    def said(self, commitment: Commitment) -> str:
        at = self.due.at if self.due else self.now
        until = saying.say_time_inside(at, zone=self.user.zone, now=self.now)
        first = commitment.customer.first_name
        return f"You are reminded {until}, or when {first} writes."
