"""Teams: nobody becomes unreachable, and nothing is left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commitments import services
from commitments.errors import CommitmentError
from commitments.house import teams
from commitments.house.seen import Changed
from commitments.house.teams import Place, Plan
from commitments.models import Calendar, Commitment, Membership, Relook, Role, Team
from tests.makers import NOON, a_commitment, a_draft, a_team, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def as_it_is(team: Team) -> Plan:
    return Plan(
        name=team.name,
        calendar_id=team.calendar_id,
        fallback_id=team.lead_fallback_id,
        places=teams.places_of(team),
    )


def edit(team: Team, plan: Plan) -> Team:
    return teams.edit(team.pk, plan, seen_mark=teams.mark(team), now=NOON)


def test_a_team_is_made_with_its_people():
    calendar = a_team().calendar

    moves = teams.make(
        Plan(
            name="Moves", calendar_id=calendar.pk,
            places=[Place(user_id=dev().pk, role=Role.LEAD, daily_capacity=5)],
        )
    )  # fmt: skip

    assert teams.places_of(moves) == [Place(user_id=dev().pk, role=Role.LEAD, daily_capacity=5)]


def test_a_name_is_used_once_however_it_is_written():
    team = a_team()

    with pytest.raises(CommitmentError, match="a team called BILLING CARE already"):
        teams.make(replace(as_it_is(team), name="BILLING CARE", places=[]))

    assert Team.objects.count() == 1


def test_the_last_who_can_be_asked_is_not_taken_out():
    team = a_team()
    agents = [place for place in teams.places_of(team) if place.role == Role.AGENT]

    with pytest.raises(CommitmentError, match="no lead, no fallback and no manager"):
        edit(team, replace(as_it_is(team), places=agents))

    assert team.memberships.count() == 3


def test_a_fallback_stands_for_the_lead():
    team = a_team()
    agents = [place for place in teams.places_of(team) if place.role == Role.AGENT]

    edit(team, replace(as_it_is(team), places=agents, fallback_id=ines().pk))

    assert team.memberships.count() == 1


@pytest.mark.parametrize("stays_as", ["", Role.AUDITOR])
def test_whoever_owes_something_here_does_not_leave(stays_as: str):
    team = a_team()
    a_commitment()
    places = [place for place in teams.places_of(team) if place.user_id != ana().pk]
    places += [Place(user_id=ana().pk, role=stays_as)] if stays_as else []

    with pytest.raises(CommitmentError, match="Ana Moreno owes one open promise in Billing care"):
        edit(team, replace(as_it_is(team), places=places))

    assert Membership.objects.get(team=team, user=ana()).role == Role.AGENT


def test_other_hours_lay_the_clocks_anew():
    team = a_team()
    nights = Calendar.objects.create(name="Nights", zone="UTC")

    edit(team, replace(as_it_is(team), calendar_id=nights.pk))

    assert Relook.objects.get().team == team


def test_of_two_administrators_the_second_is_told_and_nothing_of_the_first_is_lost():
    team = a_team()
    seen = teams.mark(team)
    edit(team, replace(as_it_is(team), name="Billing"))

    with pytest.raises(Changed, match="Somebody else changed this team"):
        teams.edit(team.pk, replace(as_it_is(team), name="Invoices"), seen_mark=seen, now=NOON)

    assert Team.objects.get(pk=team.pk).name == "Billing"


def test_nobody_is_in_a_team_twice():
    team = a_team()
    places = [*teams.places_of(team), Place(user_id=ana().pk)]

    with pytest.raises(CommitmentError, match="twice"):
        edit(team, replace(as_it_is(team), places=places))


def test_a_retired_team_makes_no_new_promises_and_keeps_the_old_ones():
    a_team("Moves")
    kettle = a_commitment()
    teams.retire(kettle.team_id, now=NOON)

    with pytest.raises(CommitmentError, match="Billing care is retired"):
        services.make(a_draft(case="b"), by=ana(), now=NOON)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)

    assert Commitment.objects.count() == 1


def test_what_follows_from_an_old_promise_is_still_made_there():
    a_team("Moves")
    kettle = a_commitment()
    teams.retire(kettle.team_id, now=NOON)

    services.make(a_draft(case="b", follows_id=kettle.pk), by=ana(), now=NOON)

    assert Commitment.objects.count() == 2


def test_a_retired_team_can_be_brought_back():
    a_team("Moves")
    team = a_team()
    teams.retire(team.pk, now=NOON)

    teams.bring_back(team.pk)

    assert a_commitment().team == team


def test_the_only_team_is_not_retired():
    with pytest.raises(CommitmentError, match="the only team in use"):
        teams.retire(a_team().pk, now=NOON)


def test_a_team_that_promised_something_is_never_deleted():
    team = a_commitment().team

    with pytest.raises(CommitmentError, match="It can be retired, not deleted"):
        teams.delete(team.pk)

    assert Team.objects.filter(pk=team.pk).exists()


def test_one_that_never_did_may_be():
    team = a_team("Moves")

    teams.delete(team.pk)

    assert not Team.objects.filter(pk=team.pk).exists()
