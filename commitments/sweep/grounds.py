"""What a round needs to know besides its promises, each read once: ladders, hours, people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commitments import agenda, messages
from commitments.models import Calendar, Commitment, PolicyVersion
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Ladder


class Grounds:
    """Of all batches of a round; what a later batch adds is read when it comes."""

    def __init__(self, *, now: datetime) -> None:
        self._ladders: dict[int, Ladder] = {}
        self._hours: dict[int, Hours] = {}
        self._terms: dict[tuple[int, int, int], agenda.Terms] = {}
        self._listeners: dict[str, str] | None = None
        self.roster = messages.Roster(now=now, hours=self._hours)

    def know(self, commitments: Sequence[Commitment]) -> None:
        versions = {each.policy_version_id for each in commitments} - self._ladders.keys()
        if versions:
            rows = PolicyVersion.objects.filter(pk__in=versions).prefetch_related("steps")
            self._ladders.update((version.pk, version.ladder()) for version in rows)
        calendars = {each.team.calendar_id for each in commitments} - self._hours.keys()
        if calendars:
            self._hours.update(Calendar.objects.hours_of(calendars))
        self.roster.know(commitments)

    def terms(self, commitment: Commitment) -> agenda.Terms:
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
