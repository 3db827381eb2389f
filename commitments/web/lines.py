"""A line of a promise's history, and who is spoken of in it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from commitments.models import Attachment, User


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened. `words` are somebody's own, `note` is ours."""

    title: str
    icon: str
    tone: str = ""
    at: datetime
    visible: bool = False
    words: str = ""
    note: str = ""
    old_due_at: datetime | None = None
    new_due_at: datetime | None = None
    until: datetime | None = None
    is_theirs: bool = False  # the customer said it themselves
    wanted_at: datetime | None = None
    attachment: Attachment | None = None
    cause: str = ""  # why it was not in time, which only the team reads
    remedy: str = ""  # the reference of the promise that makes up for it
    is_between_two: bool = False  # nobody else reads it, not even the team


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who is spoken of: the customer's first name, and colleagues by id.

    `reminders` are the numbers of the steps that come before the time.
    """

    first: str
    people: Mapping[int, User]
    reminders: Set[int] = frozenset()

    def called(self, pk: object) -> str:
        person = self.people.get(pk) if isinstance(pk, int) else None
        return str(person) if person else "nobody"
