"""What a round needs to know besides its promises, each read once: ladders, hours, people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from commitments import agenda, messages
from commitments.models import Calendar, Commitment, Kind, Step, User
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Ladder

from .courses import Course, Courses


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
        versions = {each.policy_version_id for each in commitments} - self._ladders.keys()
        if versions:
            self._ladders.update(Step.objects.ladders_of(versions))
        kinds = {each.kind_id for each in commitments} - self._kinds.keys()
        if kinds:
            self._kinds.update(Kind.objects.in_bulk(kinds))
        self.roster.know({each.team_id for each in commitments} | self._coming)
        calendars = self.roster.calendars() - self._hours.keys()
        if calendars:
            self._hours.update(Calendar.objects.hours_of(calendars))
        self._introduce(commitments)

    def course(self, commitment: Commitment, *, breached_before: bool) -> Course:
        """What this round does about it; `breached_before` its customer was let down."""
        return self._courses.of(
            commitment, self._terms_of(commitment), breached_before=breached_before
        )

    def hear_by(self, commitment: Commitment, *, now: datetime) -> datetime | None:
        """When its customer hears from us at the latest, as the promise stands after this round."""
        return agenda.hear_by(commitment, self._terms_of(commitment), now=now)

    def _terms_of(self, commitment: Commitment) -> agenda.Terms:
        calendar_id = commitment.team.calendar_id
        key = (commitment.policy_version_id, calendar_id, commitment.kind_id)
        terms = self._terms.get(key)
        if terms is None:
            terms = self._terms[key] = agenda.Terms.of(
                commitment,
                steps=self._ladders[commitment.policy_version_id],
                hours=self._hours[calendar_id],
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

    def _introduce(self, commitments: Sequence[Commitment]) -> None:
        named = {pk for each in commitments for pk in (each.owner_id, each.acknowledged_by_id)}
        unknown = {pk for pk in named - {None} if self._person(pk) is None}
        if unknown:
            self._gone.update(User.objects.in_bulk(unknown))
        for each in commitments:
            each.know(
                kind=self._kinds[each.kind_id],
                team=self.roster.team(each.team_id),
                owner=self._person(each.owner_id),
                acknowledged_by=self._person(each.acknowledged_by_id),
            )

    def _person(self, pk: int | None) -> User | None:
        if pk is None:
            return None
        return self.roster.person(pk) or self._gone.get(pk)
