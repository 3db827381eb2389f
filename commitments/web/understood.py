"""What a form about to make a promise has understood, and how it is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from commitments.models import Commitment, Customer, Kind, Team, User
from commitments.understanding.dues import Due

from .customers import Newcomer

_KEPT_BY = {"phone": "phone", "email": "mail", "post": "package"}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One thing that was understood. `field` is where the full form asks for it.

    `words` stand out, or the time `at` where there is one; `aside` qualifies them.
    """

    field: str
    label: str
    icon: str
    words: str = ""
    at: datetime | None = None
    aside: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What will be saved."""

    customer: Customer | Newcomer
    team: Team
    kind: Kind
    kind_is_guess: bool
    wording: str
    due: Due
    due_is_usual: bool
    summary: bool
    owner: User | None  # None: nobody yet, the team
    is_mine: bool
    has_choice_of_teams: bool = False
    recognised_by: str = ""  # what was typed for somebody new, and belongs to this customer
    case: str = ""
    case_note: str = ""
    keep_by: str = ""
    is_urgent: bool = False
    team_note: str = ""

    @property
    def is_new_customer(self) -> bool:
        return isinstance(self.customer, Newcomer)

    @property
    def summary_words(self) -> str:
        if self.summary and not self.customer.email:
            return "No e-mail known, no summary"
        return "E-mail a summary" if self.summary else "No summary"

    @property
    def fingerprint(self) -> str:
        """Differs whenever something was read that has not been shown; not by the wording."""
        return _digest(self._parts())

    @property
    def line_fingerprint(self) -> str:
        """The same for one line, of which everything was read, the wording too."""
        owner = self.owner.pk if self.owner else None
        more = (owner, self.wording, self.case, self.keep_by, self.is_urgent, self.team_note)
        return _digest((*self._parts(), *more))

    def _parts(self) -> tuple[object, ...]:
        who = self.customer if isinstance(self.customer, Newcomer) else self.customer.pk
        return who, self.team.pk, self.kind.pk, self.due.at, self.due.begins_at, self.summary

    @property
    def chips(self) -> Iterator[Chip]:
        """Everything but the wording, most important first."""
        yield self._customer_chip()
        aside = f"{self.due.window}{self.due.suffix}{' (usual)' if self.due_is_usual else ''}"
        yield Chip(field="when", label="Due", icon="calendar-clock", at=self.due.at, aside=aside)
        guess = " (guess)" if self.kind_is_guess else ""
        yield Chip(field="kind", label="Kind", icon="tag", words=self.kind.name, aside=guess)
        yield from self._chips_of_who_keeps_it()
        if self.is_urgent:
            yield Chip(field="urgent", label="Priority", icon="zap", words="Urgent", tone="soon")
        if self.case:
            yield Chip(field="case", label="Case", icon="hash", words=self.case)
        yield self._summary_chip()
        if self.team_note:
            yield Chip(field="team_note", label="Team only", icon="lock", words=self.team_note)

    def _customer_chip(self) -> Chip:
        known = self.customer
        parts = ("new", known.email, known.phone) if self.is_new_customer else ()
        aside = "".join(f", {part}" for part in parts if part)
        return Chip(field="who", label="Customer", icon="user", words=known.name, aside=aside)

    def _chips_of_who_keeps_it(self) -> Iterator[Chip]:
        if self.has_choice_of_teams:
            yield Chip(field="team", label="Team", icon="users", words=self.team.name)
        if not self.is_mine:
            keeper = str(self.owner) if self.owner else "Nobody yet"
            yield Chip(field="owner", label="Keeps it", icon="arrow-right-left", words=keeper)
        if self.keep_by:
            words, icon = str(Commitment.KeepBy(self.keep_by).label), _KEPT_BY[self.keep_by]
            yield Chip(field="keep_by", label="Kept by", icon=icon, words=words)

    def _summary_chip(self) -> Chip:
        is_sent = self.summary and bool(self.customer.email)
        return Chip(
            field="summary",
            label="Summary",
            icon="mail" if is_sent else "mail-x",
            words=self.summary_words,
            tone="ok" if is_sent else "",
        )


def _digest(parts: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
