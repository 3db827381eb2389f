"""Who is meant: owner, deputy, lead, manager of a promise, now.

Loaded once for a whole batch. Nobody inactive is ever meant, nor an owner or deputy who is not of
the team, and an audience is never empty where anybody at all is left to ask: lead, then the team's
fallback, then its managers, then administrators.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from commitments.models import Absence, Commitment, Membership, Role, Team, User


class Roster:
    """The people around some promises, as they stand at one instant."""

    def __init__(self, commitments: Iterable[Commitment], *, now: datetime) -> None:
        """Three queries, however many promises."""
        teams = {commitment.team_id for commitment in commitments}
        self._by_role: dict[tuple[int, str], list[User]] = defaultdict(list)
        members = Membership.objects.filter(team__in=teams, user__is_active=True)
        self._members: dict[int, set[int]] = defaultdict(set)
        for member in members.select_related("user").order_by("pk"):
            self._by_role[member.team_id, member.role].append(member.user)
            self._members[member.team_id].add(member.user_id)
        self._fallback: dict[int, User] = {
            team.pk: team.lead_fallback
            for team in Team.objects.filter(pk__in=teams).select_related("lead_fallback")
            if team.lead_fallback is not None and team.lead_fallback.is_active
        }
        away = Absence.objects.filter(starts_at__lte=now, ends_at__gt=now, deputy__is_active=True)
        self._deputy = {
            absence.user_id: absence.deputy for absence in away.select_related("deputy")
        }
        self._administrators: list[User] | None = None

    def of(self, commitment: Commitment, audience: str) -> list[User]:
        """The people of one audience, each once; `customer` has none here."""
        if audience == "customer":
            return []
        found = self._named(commitment, audience)
        if found or audience == "deputy":
            return found
        return self._somebody(commitment)

    def of_team(self, commitment: Commitment, person: User | None) -> list[User]:
        """This person, if there is one, active and of the promise's team; else nobody."""
        if person is None or person.pk not in self._members[commitment.team_id]:
            return []
        return [person]

    def work_resumes_at(self, person: User, team_id: int) -> datetime | None:
        """This person's next working minute; None while they are at work."""
        return None

    def _named(self, commitment: Commitment, audience: str) -> list[User]:
        if audience == "owner":
            return self.of_team(commitment, commitment.owner)
        if audience == "deputy":
            return self.of_team(commitment, self._deputy.get(commitment.owner_id or 0))
        return self._by_role[commitment.team_id, Role(audience)]

    def _somebody(self, commitment: Commitment) -> list[User]:
        fallback = self._fallback.get(commitment.team_id)
        return (
            self._by_role[commitment.team_id, Role.LEAD]
            or ([fallback] if fallback else [])
            or self._by_role[commitment.team_id, Role.MANAGER]
            or self._all_administrators()
        )

    def _all_administrators(self) -> list[User]:
        if self._administrators is None:
            users = User.objects.filter(is_superuser=True, is_active=True)
            self._administrators = list(users.order_by("pk"))
        return self._administrators
