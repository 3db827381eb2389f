"""Who works at Larkfield Energy, when, and in which team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import check_password, make_password
from django.utils.text import get_text_list

from commitments import starting
from commitments.models import (
    Absence,
    Calendar,
    Holiday,
    Membership,
    OpeningHours,
    Role,
    Team,
    User,
)

from .diary import Diary

PASSWORD: Final = "larkfield-demo"  # noqa: S105 - printed for everybody who tries it
_DOMAIN: Final = "@larkfield.example"
ZONE: Final = "Europe/London"
BILLING: Final = "Billing care"
MOVES: Final = "Moves"
FIELD: Final = "Field visits"

_PEOPLE: Final = (
    ("ana", "Ana Moreno", {BILLING: Role.AGENT}),
    ("omar", "Omar Haddad", {BILLING: Role.AGENT}),
    ("beth", "Beth Lawson", {BILLING: Role.AGENT}),
    ("ivy", "Ivy Chen", {MOVES: Role.AGENT}),
    ("kofi", "Kofi Mensah", {MOVES: Role.AGENT}),
    ("lena", "Lena Fischer", {FIELD: Role.AGENT}),
    ("tess", "Tess Alder", {FIELD: Role.AGENT}),
    ("jonas", "Jonas Brandt", {FIELD: Role.AGENT}),
    ("dev", "Dev Shah", {BILLING: Role.LEAD, FIELD: Role.LEAD}),
    ("rhys", "Rhys Morgan", {MOVES: Role.LEAD}),
    ("ines", "Ines Duarte", {BILLING: Role.MANAGER, FIELD: Role.MANAGER}),
    ("marta", "Marta Kovac", {MOVES: Role.MANAGER}),
    ("noor", "Noor Aziz", {BILLING: Role.AUDITOR, MOVES: Role.AUDITOR, FIELD: Role.AUDITOR}),
)
# How many promises fit into a day of theirs; who leads has others' days to look at.
_CAPACITIES: Final = {Role.AGENT: 5, Role.LEAD: 2, Role.MANAGER: 0, Role.AUDITOR: 0}
_ADMINISTRATOR: Final = ("sam", "Sam Whitlock")
_AWAY: Final = (
    ("lena", "dev", "-9 08:00", "-7 18:00", "Training"),
    ("jonas", "tess", "-2 08:00", "+4 18:00", "Annual leave"),
    ("omar", "ana", "+3 09:00", "+5 17:30", ""),
)


@dataclass(frozen=True, kw_only=True)
class Company:
    """The people by first name in small letters, and the teams by name."""

    people: dict[str, User]
    teams: dict[str, Team]

    def sign_ins(self) -> list[str]:
        """A line for each person: address, name and what they are."""
        return [f"  {user.email:24} {user.name}, {_role(user)}" for user in self.people.values()]


def calendar() -> Calendar:
    """The usual week of Billing care, by which the demonstration counts its days."""
    return Calendar.objects.get(name=starting.CALENDAR)


def found(diary: Diary) -> Company:
    """Set up the teams, their hours and their people."""
    week, field_week = calendar(), _week("Field week", range(6), opens=8, closes=18)
    for each in (week, field_week):
        _close_for_christmas(each, year=diary.now.year)
    teams = {
        name: Team.objects.create(name=name, calendar=hours)
        for name, hours in ((BILLING, week), (MOVES, week), (FIELD, field_week))
    }
    password = make_password(PASSWORD)
    people = {}
    for first_name, name, roles in _PEOPLE:
        people[first_name] = _person(first_name, name, password)
        for team, role in roles.items():
            Membership.objects.create(
                user=people[first_name],
                team=teams[team],
                role=role,
                daily_capacity=_CAPACITIES[role],
            )
    people["sam"] = _person(*_ADMINISTRATOR, password, is_staff=True, is_superuser=True)
    Team.objects.update(lead_fallback=people["ines"])
    Team.objects.filter(name=MOVES).update(lead_fallback=people["marta"])
    _off_today(people["beth"], diary)
    _absences(people, diary)
    return Company(people=people, teams=teams)


def open_to_all() -> list[str]:
    """The e-mails of those who can still sign in with the published password.

    To check it takes as long as signing in, so the hash that they came with is checked once.
    """
    published = cache(lambda encoded: check_password(PASSWORD, encoded))
    people = User.objects.filter(is_active=True, email__endswith=_DOMAIN).order_by("email")
    return [
        email for email, encoded in people.values_list("email", "password") if published(encoded)
    ]


def _person(first_name: str, name: str, password: str, **standing: bool) -> User:
    email = first_name + _DOMAIN
    return User.objects.create(email=email, name=name, zone=ZONE, password=password, **standing)


def _week(name: str, weekdays: Iterable[int], *, opens: int, closes: int) -> Calendar:
    week = Calendar.objects.create(name=name, zone=ZONE)
    for weekday in weekdays:
        OpeningHours.objects.create(
            calendar=week, weekday=weekday, opens=opens * 60, closes=closes * 60
        )
    return week


def _close_for_christmas(week: Calendar, *, year: int) -> None:
    for name, on in (
        ("Christmas Day", date(year, 12, 25)),
        ("Boxing Day", date(year, 12, 26)),
        ("New Year's Day", date(year + 1, 1, 1)),
    ):
        Holiday.objects.create(calendar=week, name=name, on=on)


def _off_today(user: User, diary: Diary) -> None:
    """Works the other days of the week, so that what they owe needs cover today."""
    today = diary.now.astimezone(ZoneInfo(ZONE)).weekday()
    week = _week("Four days", sorted(set(range(5)) - {today}), opens=9, closes=17)
    user.memberships.update(calendar=week)


def _absences(people: dict[str, User], diary: Diary) -> None:
    for who, deputy, starts, ends, note in _AWAY:
        Absence.objects.create(
            user=people[who],
            deputy=people[deputy],
            starts_at=diary.when(starts),
            ends_at=diary.when(ends),
            note=note,
        )


def _role(user: User) -> str:
    if user.is_superuser:
        return "administrator"
    memberships = list(user.memberships.select_related("team").order_by("pk"))
    teams = get_text_list([each.team.name for each in memberships], "and")
    return f"{memberships[0].get_role_display().lower()} in {teams}"
