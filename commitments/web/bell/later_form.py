"""A time of one's own for a reminder, in the words of quick add; shown before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commitments.errors import CommitmentError
from commitments.models import User
from commitments.rules.business_time import Hours
from commitments.understanding import dues
from commitments.understanding.dues import Due
from commitments.web import fields
from commitments.web.reads import Reads


class LaterForm(Reads):
    when = fields.Words(
        label="Remind me",
        what="The time",
        limit=200,
        help_text="For example 4pm, tomorrow noon, mon 9am, in 2 hours.",
        error_messages={"required": "Say when: 4pm, tomorrow noon, mon 9am."},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        user: User,
        hours: Hours,
        now: datetime,
        initial: Mapping[str, Any] | None = None,  # Any: likewise
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.user, self.hours, self.now = user, hours, now
        self.due: Due | None = None

    def clean(self) -> None:
        text = self.cleaned_data.get("when", "")
        if self.errors or not text:
            return
        try:
            self._read(text)
        except CommitmentError as no:
            self.refuse(no, places={})

    def _read(self, text: str) -> None:
        """As of when it was shown, if it was; else as of now."""
        for read_at in dict.fromkeys((self.started_at(), self.now)):
            due = self._meant(text, read_at=read_at)
            if due.key == self.cleaned_data["shown"]:
                break
        self.due = due
        self.show(due.key, read_at=read_at, due=due)

    def _meant(self, text: str, *, read_at: datetime) -> Due:
        """Outside the team's hours it is one's own affair: that is said, and no other offered."""
        at: datetime | None = self.cleaned_data.get("taken")
        zone, hours = self.user.zone, self.hours
        if at is not None and self.cleaned_data.get("taken_for") == text:
            due = dues.as_due(at, said=text, now=self.now, zone=zone, hours=hours)
        else:
            due = dues.read_due(
                text, read_at=read_at, now=self.now, zone=zone, hours=hours, closes=None
            )
        return replace(due, next_open=None)

    @property
    def due_read(self) -> Due | None:
        return self.due
