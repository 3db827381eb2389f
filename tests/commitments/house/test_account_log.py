"""Who became what, who left and who administers: a line each, of ids only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.errors import CommitmentError
from commitments.house import people, service_accounts, teams
from commitments.models import Membership, Role, User
from tests.makers import a_commitment, a_team, a_user, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the log has said since it was last asked."""
    caplog.set_level(logging.INFO, logger="followthrough.security")

    def said() -> list[str]:
        found = [each.getMessage() for each in caplog.records]
        caplog.clear()
        return found

    return said


def invited(**said: Any) -> User:
    asked = {"role": Role.AGENT, "team_id": None, "is_administrator": False} | said
    return people.invite(email="omar@larkfield.example", name="Omar Aziz", zone="UTC", **asked)


def test_whoever_is_invited_as_an_administrator_or_into_a_team(lines):
    team = a_team()

    omar = invited(team_id=team.pk, role=Role.LEAD, is_administrator=True)

    assert lines() == [
        f"made an administrator user={omar.pk}",
        f"now lead in team={team.pk} user={omar.pk}",
    ]


def test_an_invitation_that_is_taken_back(lines):
    omar = invited()
    lines()

    people.delete(omar.pk)

    assert lines() == [f"deleted user={omar.pk}"]


def test_a_team_that_is_made_with_people_and_deleted(lines):
    calendar, lead, agent = a_team().calendar, dev().pk, ana().pk
    places = [teams.Place(user_id=lead, role=Role.LEAD), teams.Place(user_id=agent)]
    lines()

    moves = teams.make(teams.Plan(name="Moves", calendar_id=calendar.pk, places=places))
    made = lines()
    teams.delete(moves.pk)

    assert made == [
        f"now lead in team={moves.pk} user={lead}",
        f"now agent in team={moves.pk} user={agent}",
    ]
    assert sorted(lines()) == sorted(f"out of team={moves.pk} user={pk}" for pk in (lead, agent))


def test_nothing_is_said_of_a_team_that_could_not_be_deleted(lines):
    kettle = a_commitment()
    lines()

    with pytest.raises(CommitmentError):
        teams.delete(kettle.team_id)

    assert lines() == []


def test_a_service_that_is_given_other_teams_and_switched_off(lines):
    first, second = a_team(), a_team("Repairs")
    desk = service_accounts.make(name="Desk", teams=[first.pk])
    made = lines()

    mark = service_accounts.mark(desk)
    service_accounts.edit(desk, name="Desk", teams=[second.pk], seen_mark=mark)
    service_accounts.switch(desk, on=False)

    assert made == [f"now service in team={first.pk} user={desk.pk}"]
    assert lines() == [
        f"out of team={first.pk} user={desk.pk}",
        f"now service in team={second.pk} user={desk.pk}",
        f"switched off user={desk.pk}",
    ]


def test_memberships_that_are_changed_in_the_administration_of_django(client: Client, lines):
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    team, omar = a_team("Repairs"), a_user("Omar Aziz")
    kept, left, handed = (
        Membership.objects.get(team=team, user=person) for person in (ana(), dev(), ines())
    )
    client.force_login(boss)
    lines()

    client.post(
        f"/admin/commitments/team/{team.pk}/change/",
        {"name": team.name, "calendar": str(team.calendar_id), "lead_fallback": ""}
        | rows(
            {"id": kept.pk, "user": ana().pk, "role": "lead"},
            {"id": left.pk, "user": dev().pk, "role": "agent", "DELETE": "on"},
            {"id": handed.pk, "user": omar.pk, "role": "agent"},
        ),
    )

    assert sorted(lines()) == sorted(
        f"{what} in team={team.pk} user={person.pk} by={boss.pk}"
        if what.startswith("now")
        else f"{what} team={team.pk} user={person.pk} by={boss.pk}"
        for what, person in [
            ("now lead", ana()), ("out of", dev()), ("out of", ines()), ("now agent", omar),
        ]
    )  # fmt: skip


def rows(*each: dict[str, Any]) -> dict[str, Any]:
    """The memberships of a team as the administration sends them."""
    sent: dict[str, Any] = {
        "memberships-TOTAL_FORMS": len(each),
        "memberships-INITIAL_FORMS": len(each),
    }
    for number, row in enumerate(each):
        for name, value in ({"daily_capacity": 12} | row).items():
            sent[f"memberships-{number}-{name}"] = value
    return sent
