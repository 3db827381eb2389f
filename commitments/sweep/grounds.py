"""What a round needs to know besides its promises, each read once: ladders, hours, people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import itemgetter

from commitments import agenda, messages
from commitments.models import Calendar, Commitment, Kind, Step, User
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Ladder

from .courses import Course, Courses

# Read from the columns as they are: asked one by one, foreign keys would answer slowly.
_REFERS = itemgetter(*("policy_version_id", "kind_id", "team_id", "owner_id", "acknowledged_by_id"))


class Grounds:
    """Of all batches of a round; what a later batch adds is read when it comes."""

    def __init__(self, *, now: datetime, teams: Collection[int] = ()) -> None:
        """`teams` are known to come: they are read with the first batch, not one by one."""
        self._ladders: dict[int, Ladder] = {}
        self._hours: dict[int, Hours] = {}
        self._kinds: dict[int, Kind] = {}
        self._terms: dict[tuple[int, int, int], agenda.Terms] = {}
        self._courses = Courses(now=now)
        self._listeners: dict[str, str] | None = None
        self._voice: messages.customer.Voice | None = None
        self._gone: dict[int, User] = {}  # from all teams that are known
        self._coming = frozenset(teams)
        self.roster = messages.Roster(now=now, hours=self._hours)

    def know(self, commitments: Sequence[Commitment]) -> None:
        """Read what is new with these.

        Nobody asks for a promise's kind, team, owner or holder again.
        """
        rows = [_REFERS(vars(each)) for each in commitments]
        versions = {version for version, *_ in rows} - self._ladders.keys()
        if versions:
            self._ladders.update(Step.objects.ladders_of(versions))
        kinds = {kind for _, kind, *_ in rows} - self._kinds.keys()
        if kinds:
            self._kinds.update(Kind.objects.in_bulk(kinds))
        self.roster.know({team for _, _, team, *_ in rows} | self._coming)
        calendars = self.roster.calendars() - self._hours.keys()
        if calendars:
            self._hours.update(Calendar.objects.hours_of(calendars))
        self._introduce(commitments, rows)

    def course(self, commitment: Commitment, *, breached_before: bool) -> Course:
        """What this round does about it; `breached_before` its customer was let down."""
        return self._courses.of(
            commitment, self._terms_of(commitment), breached_before=breached_before
        )

    def hear_by(self, commitment: Commitment, *, now: datetime) -> datetime | None:
        """When its customer hears from us at the latest, as the promise stands after this round."""
        return agenda.hear_by(commitment, self._terms_of(commitment), now=now)

    def _terms_of(self, commitment: Commitment) -> agenda.Terms:
        version, kind, team, *_ = _REFERS(vars(commitment))
        calendar = self.roster.calendar_of(team)
        terms = self._terms.get((version, calendar, kind))
        if terms is None:
            terms = self._terms[version, calendar, kind] = agenda.Terms.of(
                commitment, steps=self._ladders[version], hours=self._hours[calendar]
            )
        return terms

    def listeners(self) -> dict[str, str]:
        """The names of the programs that listen, by their tokens."""
        if self._listeners is None:
            self._listeners = messages.programs.listeners()
        return self._listeners

    def voice(self) -> messages.customer.Voice:
        """In whose name customers are written to, and with which texts."""
        if self._voice is None:
            self._voice = messages.customer.Voice.load()
        return self._voice

    def _introduce(
        self, commitments: Sequence[Commitment], rows: Sequence[tuple[int, ...]]
    ) -> None:
        named = {pk for *_, owner, holder in rows for pk in (owner, holder)}
        unknown = {pk for pk in named - {None} if self._person(pk) is None}
        if unknown:
            self._gone.update(User.objects.in_bulk(unknown))
        for each, (_, kind, team, owner, holder) in zip(commitments, rows, strict=True):
            each.know(
                kind=self._kinds[kind],
                team=self.roster.team(team),
                owner=self._person(owner),
                acknowledged_by=self._person(holder),
            )

    def _person(self, pk: int | None) -> User | None:
        if pk is None:
            return None
        return self.roster.person(pk) or self._gone.get(pk)
