"""Who is meant by an audience, now: `rules.audiences` has the tokens.

Loaded once for all promises of a round. Nobody is ever meant who could not open the promise: who is
inactive or not of its team. An audience is never empty where anybody at all is left to ask: lead,
then the team's fallback, then its managers, then administrators.

Where all whom a step means are away, it means those who stand in for them as well, and where nobody
does, whoever is left to ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property

from commitments.errors import CommitmentError
from commitments.models import Absence, Calendar, Commitment, Membership, Role, Team, User, row
from commitments.models.people import KEEPING
from commitments.rules import audiences
from commitments.rules.business_time import Hours

FALLBACK = "fallback"
_LONGEST_CHAIN = 10  # of deputies; a loop ends before that
# What nobody asks of a colleague, whom a round reads by the thousand.
_NO_USE = [
    *("daily_capacity", "team__retired_at"),
    *(
        f"{person}__{column}"
        for person in ("user", "team__lead_fallback")
        for column in ("password", "last_login", "date_joined", "theme", "keys_on", "is_staff")
    ),
]


class Roster:
    """The people around some promises, as they stand at one instant."""

    def __init__(
        self,
        commitments: Iterable[Commitment] = (),
        *,
        now: datetime,
        hours: dict[int, Hours] | None = None,
        away: Iterable[Absence] | None = None,
    ) -> None:
        """What has been read already: `hours` of calendars, by their ids, as far as they are known,
        and who is `away` now, those who are back last at the end.
        """
        self._now = now
        self._hours = {} if hours is None else hours
        self._teams: dict[int, Team] = {}
        self._calendars: dict[int, int] = {}  # by team
        self._members: dict[int, dict[int, Membership]] = defaultdict(dict)
        self._people: dict[int, User] = {}
        if away is not None:
            self._absences = {each.user_id: each for each in away}
        self._administrators: list[User] | None = None
        self._resumes: dict[int, datetime | None] = {}
        self.know({commitment.team_id for commitment in commitments})

    def know(self, teams: Collection[int]) -> None:
        """Take in these teams as well: a query where some are new, however many; a second one for
        those that have no members.
        """
        new = set(teams) - self._teams.keys()
        if not new:
            return
        members = Membership.objects.filter(team__in=new, user__is_active=True)
        read = members.select_related("user", "team__lead_fallback").defer(*_NO_USE)
        for member in row.read(read.order_by("pk")):
            team, user = member.team, member.user
            self._teams[team.id] = team
            self._members[team.id][user.id] = member
            self._people[user.id] = user
        if empty := new - self._teams.keys():
            for team in Team.objects.filter(pk__in=empty).select_related("lead_fallback"):
                self._teams[team.pk] = team
        known = new & self._teams.keys()
        self._calendars.update((pk, self._teams[pk].calendar_id) for pk in known)

    def team(self, pk: int) -> Team:
        """A team that is known."""
        return self._teams[pk]

    def person(self, pk: int) -> User | None:
        """Somebody who is active and of a team that is known."""
        return self._people.get(pk)

    def people(self) -> Mapping[int, User]:
        """Everybody who is active and of a team that is known, by their ids."""
        return self._people

    def calendar_of(self, team: int) -> int:
        """By which a team works that is known."""
        return self._calendars[team]

    def calendars(self) -> set[int]:
        """By which the teams work that are known."""
        return set(self._calendars.values())

    def of(self, commitment: Commitment, audience: str) -> list[User]:
        """The people of one audience, each once; the customer and programs have none here."""
        found = self._named(commitment, audience)
        if found or not _needs_somebody(audience):
            return found
        return self._somebody(commitment)

    def of_team(self, commitment: Commitment, person: User | None) -> list[User]:
        """This person, if there is one, active and of the promise's team; else nobody."""
        if person is None:
            return []
        return self._member(commitment, person.id)

    def told(self, commitment: Commitment, names: Iterable[str]) -> dict[str, list[User]]:
        """Whom a step tells, by audience; empty where it means no people, or nobody is left.

        `deputy` and `fallback` are added where all others are away or gone.
        """
        found = {name: self._named(commitment, name) for name in names}
        if self._somebody_is_here(found) or all(map(_is_elsewhere, found)):
            return _without_empty(found)
        away = [person.pk for those in found.values() for person in those]
        found["deputy"] = [
            person for pk in away for person in self._member(commitment, self._stand_in(pk))
        ] or found.get("deputy", [])
        if not self._somebody_is_here(found):
            found[FALLBACK] = self._somebody(commitment)
        return _without_empty(found)

    def told_with_stand_in(self, commitment: Commitment, person: User | None) -> list[User]:
        """This person of the team, and while they are away, who stands in for them."""
        found = self.of_team(commitment, person)
        return found + [other for each in found for other in self.stand_ins(commitment, each)]

    def stand_ins(self, commitment: Commitment, person: User) -> list[User]:
        """Who of the team stands in for this person of it, while they are away."""
        if person.id not in self._absences or not self._member(commitment, person.id):
            return []
        return self._member(commitment, self._stand_in(person.id))

    def with_stand_ins(self, people: Iterable[User]) -> list[User]:
        """These, and for each who is away who of the known teams stands in; everybody once."""
        named = list(people)
        stand_ins = (self.person(self._stand_in(each.pk) or 0) for each in named)
        return list(dict.fromkeys([*named, *(each for each in stand_ins if each is not None)]))

    def fallback(self, commitment: Commitment) -> dict[str, list[User]]:
        """Whoever is left to ask, as an audience; empty where nobody is."""
        return _without_empty({FALLBACK: self._somebody(commitment)})

    def helpers(self, commitment: Commitment, *, asking: User | None) -> list[User]:
        """Who is asked for a hand: the leads who are here, or whoever comes next; not oneself."""
        return self._somebody(commitment, but=asking)

    def next_owner(self, commitment: Commitment, audience: str) -> User | None:
        """Who of an audience the promise is to go to; None where it has no other keeper there.

        The first who is on duty; else who is not away; else whoever stands in; else anybody.
        """
        named = self.of(commitment, audience)
        stand_ins = [
            person
            for each in named
            if self.is_away(each)
            for person in self._member(commitment, self._stand_in(each.pk))
        ]
        team_id = commitment.team_id
        able = [
            person
            for person in dict.fromkeys([*named, *stand_ins])
            if person.pk != commitment.owner_id and self._can_own(team_id, person)
        ]
        ranked = sorted(
            able, key=lambda person: (not self.is_on_duty(person, team_id), self.is_away(person))
        )
        return next(iter(ranked), None)

    def is_away(self, person: User) -> bool:
        return person.id in self._absences

    def is_on_duty(self, person: User, team_id: int) -> bool:
        """At work now, as far as calendars and absences say."""
        return not self.is_away(person) and self.work_resumes_at(person, team_id) is None

    def work_resumes_at(self, person: User, team_id: int) -> datetime | None:
        """The next working minute of this person by their calendar for the team, or the team's.

        None while they are at work, and where a calendar never opens: then nothing waits for it.
        """
        calendar_id = self._calendar_of(person, team_id)
        absence = self._absences.get(person.id)
        if absence is not None:
            return self._open_after(calendar_id, absence.ends_at)
        if calendar_id not in self._resumes:
            opens = self._open_after(calendar_id, self._now)
            self._resumes[calendar_id] = opens if opens != self._now else None
        return self._resumes[calendar_id]

    def _named(self, commitment: Commitment, audience: str) -> list[User]:
        meant = audiences.read(audience)
        match meant.what:
            case "owner":
                return self._member(commitment, commitment.owner_id)
            case "deputy":
                return self._member(commitment, self._stand_in(commitment.owner_id))
            case "person":
                return self._member(commitment, meant.pk) or self._outsider(commitment, meant.pk)
            case "lead" | "manager":
                return self._with_role(commitment, meant.what)
            case "role":
                return self._with_role(commitment, meant.role)
            case _:
                return []

    def _member(self, commitment: Commitment, pk: int | None) -> list[User]:
        if pk is None or pk not in self._members[commitment.team_id]:
            return []
        return [self._people[pk]]

    def _with_role(self, commitment: Commitment, role: str) -> list[User]:
        members = self._members[commitment.team_id].values()
        return [member.user for member in members if member.role == role]

    def _outsider(self, commitment: Commitment, pk: int) -> list[User]:
        """Somebody named who may open the promise though not of its team."""
        others = [*self._stands_in_for_lead(commitment), *self._all_administrators()]
        return [person for person in others if person.pk == pk][:1]

    def _stand_in(self, pk: int | None) -> int | None:
        """Who stands in for somebody who is away: their deputy, or the deputy's deputy, and so on.

        None where nobody is away, or everybody is.
        """
        absences, seen = self._absences, {pk}
        while (absence := absences.get(pk)) is not None and len(seen) <= _LONGEST_CHAIN:
            pk = absence.deputy_id
            if pk in seen:
                return None
            seen.add(pk)
        return pk if len(seen) > 1 and pk not in absences else None

    def _somebody_is_here(self, found: Mapping[str, Collection[User]]) -> bool:
        if not self._absences:
            return any(found.values())
        return any(not self.is_away(person) for those in found.values() for person in those)

    def _somebody(self, commitment: Commitment, *, but: User | None = None) -> list[User]:
        """The first of those who could be asked in which somebody is here; else the first."""
        first: list[User] = []
        for group in self._could_be_asked(commitment):
            others = [person for person in group if person != but]
            first = first or others
            if any(self._is_somebody_here_for(person, commitment, but=but) for person in others):
                return others
        return first

    def _is_somebody_here_for(
        self, person: User, commitment: Commitment, *, but: User | None
    ) -> bool:
        """They, or who stands in for them."""
        if not self.is_away(person):
            return True
        return any(each != but for each in self.told_with_stand_in(commitment, person)[1:])

    def _could_be_asked(self, commitment: Commitment) -> Iterator[list[User]]:
        yield self._with_role(commitment, Role.LEAD)
        yield self._stands_in_for_lead(commitment)
        yield self._with_role(commitment, Role.MANAGER)
        yield self._all_administrators()

    def _stands_in_for_lead(self, commitment: Commitment) -> list[User]:
        fallback = self._teams[commitment.team_id].lead_fallback
        return [fallback] if fallback is not None and fallback.is_active else []

    def _all_administrators(self) -> list[User]:
        if self._administrators is None:
            users = User.objects.filter(is_superuser=True, is_active=True)
            self._administrators = list(users.order_by("pk"))
        return self._administrators

    def _can_own(self, team_id: int, person: User) -> bool:
        member = self._members[team_id].get(person.pk)
        return member is not None and member.role in KEEPING

    @cached_property
    def _absences(self) -> Mapping[int | None, Absence]:
        """Of each who is away now; of two at once, the one that lasts longer."""
        away = Absence.objects.filter(starts_at__lte=self._now, ends_at__gt=self._now)
        return {absence.user_id: absence for absence in away.order_by("ends_at", "pk")}

    def _calendar_of(self, person: User, team_id: int) -> int:
        member = self._members[team_id].get(person.id)
        own = member.calendar_id if member else None
        return own or self._calendars[team_id]

    def _open_after(self, calendar_id: int, at: datetime) -> datetime | None:
        if calendar_id not in self._hours:
            self._read_hours()
        with suppress(CommitmentError):  # a calendar that never opens
            return self._hours[calendar_id].next_open(at)
        return None

    def _read_hours(self) -> None:
        """Of all calendars that anybody here works by."""
        used = self.calendars() | {
            member.calendar_id
            for members in self._members.values()
            for member in members.values()
            if member.calendar_id is not None
        }
        self._hours.update(Calendar.objects.hours_of(used - self._hours.keys()))


def _needs_somebody(audience: str) -> bool:
    """Whether an empty audience is trouble: nobody has a deputy while they are here."""
    return audience != "deputy" and not _is_elsewhere(audience)


def _is_elsewhere(audience: str) -> bool:
    """The customer and programs are no colleagues."""
    return audiences.read(audience).what in {"customer", "webhook"}


def _without_empty(found: Mapping[str, list[User]]) -> dict[str, list[User]]:
    return {name: people for name, people in found.items() if people}
