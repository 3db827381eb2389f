"""The part of the form for a promise that says what is good to know first, and hears why."""

from __future__ import annotations

from commitments.models import User

from . import beforehand, fields
from .beforehand import Beforehand
from .reads import Reads
from .understood import Understood


class ToldBeforehand(Reads):
    """A word on why it can be sooner than usual is asked for, and never insisted on."""

    why_sooner = fields.Words(
        label="Why can it be sooner?", what="The reason", limit=200, required=False
    )

    user: User
    understood: Understood | None = None
    is_line = False

    @property
    def beforehand(self) -> Beforehand | None:
        """What to say about the promise that was understood; asks the database each time."""
        if self.understood is None:
            return None
        return beforehand.of(self.understood, user=self.user, now=self.now)

    @property
    def given_to(self) -> str:
        """The colleague whose button was pressed, for a line, which itself names nobody."""
        return str(self.data.get("give_to", ""))[:20] if self.is_line else ""

    def note_for_the_team(self) -> str:
        cleaned = self.cleaned_data
        return beforehand.with_reason(cleaned["team_note"], cleaned["why_sooner"])
