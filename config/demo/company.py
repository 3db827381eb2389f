"""Who works at Larkfield Energy, when, and in which team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password

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
ZONE: Final = "Europe/London"
BILLING: Final = "Billing care"
FIELD: Final = "Field service"

_PEOPLE: Final = (
    ("ana", "Ana Moreno", {BILLING: Role.AGENT}),
    ("omar", "Omar Haddad", {BILLING: Role.AGENT}),
    ("lena", "Lena Fischer", {FIELD: Role.AGENT}),
    ("dev", "Dev Shah", {BILLING: Role.LEAD, FIELD: Role.LEAD}),
    ("ines", "Ines Duarte", {BILLING: Role.MANAGER, FIELD: Role.MANAGER}),
    ("noor", "Noor Aziz", {BILLING: Role.AUDITOR, FIELD: Role.AUDITOR}),
)
_ADMINISTRATOR: Final = ("sam", "Sam Whitlock")


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
    """Set up both teams, their hours and their people."""
    teams = {
        BILLING: Team.objects.create(name=BILLING, calendar=calendar()),
        FIELD: Team.objects.create(name=FIELD, calendar=_field_week(diary.now.year)),
    }
    password = make_password(PASSWORD)
    people = {}
    for first_name, name, roles in _PEOPLE:
        people[first_name] = _person(first_name, name, password)
        for team, role in roles.items():
            Membership.objects.create(user=people[first_name], team=teams[team], role=role)
    people["sam"] = _person(*_ADMINISTRATOR, password, is_staff=True, is_superuser=True)
    Team.objects.update(lead_fallback=people["ines"])
    _absences(people, diary)
    return Company(people=people, teams=teams)


def _person(first_name: str, name: str, password: str, **standing: bool) -> User:
    email = f"{first_name}@larkfield.example"
    return User.objects.create(email=email, name=name, zone=ZONE, password=password, **standing)


def _field_week(year: int) -> Calendar:
    """Monday to Saturday, longer days, closed over Christmas and the New Year."""
    week = Calendar.objects.create(name="Field week", zone=ZONE)
    for weekday in range(6):
        OpeningHours.objects.create(calendar=week, weekday=weekday, opens=8 * 60, closes=18 * 60)
    for each in (week, calendar()):
        for name, on in (
            ("Christmas Day", date(year, 12, 25)),
            ("Boxing Day", date(year, 12, 26)),
            ("New Year's Day", date(year + 1, 1, 1)),
        ):
            Holiday.objects.create(calendar=each, name=name, on=on)
    return week


def _absences(people: dict[str, User], diary: Diary) -> None:
    away = (("lena", "dev", "-9 08:00", "-7 18:00"), ("omar", "ana", "+3 09:00", "+5 17:30"))
    for who, deputy, starts, ends in away:
        Absence.objects.create(
            user=people[who],
            deputy=people[deputy],
            starts_at=diary.when(starts),
            ends_at=diary.when(ends),
        )


def _role(user: User) -> str:
    if user.is_superuser:
        return "administrator"
    memberships = list(user.memberships.select_related("team").order_by("pk"))
    teams = " and ".join(each.team.name for each in memberships)
    return f"{memberships[0].get_role_display().lower()} in {teams}"
