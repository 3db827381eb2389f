"""Services: programs with a name of their own, in the teams they are given."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.errors import CommitmentError
from commitments.house import service_accounts, teams
from commitments.models import Commitment, Conversation, Event, Membership, Role, User
from notifications.models import Delivery
from tests.api.callers import LIST, a_program, a_promise, another_team, errors_of
from tests.commitments.house.test_teams import as_it_is
from tests.makers import NOON, a_commitment, a_team, a_user, ana, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_service(name: str = "Help desk", *where: object) -> User:
    found = [team.pk for team in where or (a_team(),)]
    return service_accounts.make(name=name, teams=found)


def test_a_service_makes_a_promise_under_its_own_name_and_keeps_it_not_itself():
    desk = a_service()

    answer = a_program(desk).post(a_promise())

    made = Commitment.objects.get()
    assert answer.status_code == 201
    assert (made.owner, made.team, answer.json()["owner"]) == (None, a_team(), None)
    assert Event.objects.get(kind="made").actor == desk
    assert Conversation.objects.get().agent is None
    lead = Delivery.objects.exclude(audience="customer").values_list("name", flat=True)
    assert "Dev Shah" in lead


def test_a_service_makes_promises_for_others_and_does_what_agents_do():
    program = a_program(a_service())

    made = program.post(a_promise(owner=ana().pk)).json()
    done = program.fulfil(made["reference"], {"how": "Sent with the morning post."})

    kettle = Commitment.objects.get()
    assert (done.status_code, kettle.owner) == (200, ana())
    assert Conversation.objects.get().agent == ana()
    assert str(Event.objects.get(kind="fulfilled").actor) == "Help desk"


def test_a_service_sees_and_does_nothing_outside_its_teams():
    kettle = a_commitment()
    program = a_program(a_service("Repair desk", another_team()))

    seen = program.get().json()["results"]
    one, done = program.get(f"{LIST}{kettle.reference}/"), program.fulfil(kettle.reference, {})
    made = program.post(a_promise(team=a_team().pk))

    assert (seen, one.status_code, done.status_code) == ([], 404, 404)
    assert errors_of(made) == {"team": "You are in no team with this id."}
    assert events_of(kettle) == ["made"]


def test_a_service_moved_to_another_team_sees_that_one_from_then_on():
    kettle, repairs = a_commitment(), another_team()
    desk = a_service()
    program = a_program(desk)

    service_accounts.edit(
        desk, name="Help desk", teams=[repairs.pk], seen_mark=service_accounts.mark(desk)
    )

    assert program.get(f"{LIST}{kettle.reference}/").status_code == 404
    assert list(Membership.objects.filter(user=desk).values_list("team", "role")) == [
        (repairs.pk, Role.SERVICE)
    ]


def test_a_service_switched_off_has_no_tokens_until_it_is_on_again():
    desk = a_service()
    program = a_program(desk)

    service_accounts.switch(desk, on=False)
    off = program.get().status_code
    service_accounts.switch(desk, on=True)

    assert (off, program.get().status_code) == (401, 200)


def test_a_service_is_nobody_to_give_a_promise_to():
    desk = a_service()
    program = a_program()
    kettle = a_commitment()

    made = program.post(a_promise(owner=desk.pk))
    handed = program.post({"owner": desk.pk}, f"{LIST}{kettle.reference}/reassign/")

    assert errors_of(made) == errors_of(handed) == {"owner": "Choose somebody of Billing care."}
    assert fresh(kettle).owner == ana()


def test_a_service_voids_nothing_as_it_owns_nothing():
    kettle = a_commitment()

    answer = a_program(a_service()).post({"reason": "Twice."}, f"{LIST}{kettle.reference}/void/")

    assert answer.status_code == 403
    assert events_of(kettle) == ["made"]


def test_a_service_never_signs_in_and_is_sent_no_password():
    desk = a_service()

    signed = Client().post("/accounts/login/", {"login": desk.email, "password": "larkfield-demo"})
    Client().post("/accounts/password/reset/", {"email": desk.email})

    assert b"not correct" in signed.content
    assert not User.objects.get(pk=desk.pk).has_usable_password()
    assert Delivery.objects.count() == 0


def test_a_service_is_among_no_people():
    desk = a_service("Ticket robot")
    a_user("Sam Price", is_superuser=True, is_staff=True)
    sam = Client()
    sam.force_login(User.objects.get(email="sam@larkfield.example"))

    pages = [sam.get(path) for path in ("/settings/people/", f"/settings/teams/{a_team().pk}/")]
    board = sam.get("/team/")
    own = [sam.get(f"/settings/people/{desk.pk}/{door}") for door in ("", "off/", "delete/")]

    assert [b"Ticket robot" in page.content for page in [*pages, board]] == [False] * 3
    assert b"Three people" in sam.get("/settings/teams/").content
    assert own[0].status_code == own[1].status_code == 404
    assert User.objects.filter(pk=desk.pk).exists()


def test_a_team_that_is_edited_keeps_its_services():
    team, desk = a_team(), a_service()

    teams.edit(team.pk, as_it_is(team), seen_mark=teams.mark(team), now=NOON)

    assert Membership.objects.filter(user=desk, team=team, role=Role.SERVICE).exists()


def test_a_service_stands_in_for_no_lead():
    team, desk = a_team(), a_service()
    plan = teams.Plan(name="Moves", calendar_id=team.calendar_id, fallback_id=desk.pk)

    with pytest.raises(CommitmentError, match="somebody who can sign in"):
        teams.make(plan)


def test_a_service_needs_a_team_and_a_name_of_its_own():
    a_service()

    for name, where in (("HELP DESK", [a_team().pk]), ("Mail desk", []), ("Mail desk", [10**6])):
        with pytest.raises(CommitmentError):
            service_accounts.make(name=name, teams=where)

    assert User.objects.filter(is_service=True).count() == 1


def test_a_service_is_among_no_people_of_programs_either():
    desk = a_service()

    everybody = a_program().get("/api/v1/people/").json()["results"]
    own = a_program(desk).get(f"/api/v1/people/{desk.pk}/")

    assert sorted(each["name"] for each in everybody) == ["Ana Moreno", "Dev Shah", "Ines Duarte"]
    assert own.status_code == 404
    assert a_program(desk).get("/api/v1/me/").json()["teams"][0]["role"] == "service"
