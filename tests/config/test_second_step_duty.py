"""Whoever must have a second step and has none is led to set one up before anything else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.house import second_steps
from commitments.models import ApiToken, Membership, Role, SecondStepDuty, User
from tests.config.steps import an_app_of, by_password, code, codes_of, step, steps_of
from tests.makers import NOON, a_commitment, a_team, a_user, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

RULES, SET_UP = "/settings/signing-in/", "/me/signing-in/"


def sam() -> User:
    return a_user("Sam Whitlock", is_superuser=True, is_staff=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def bind(*roles: str) -> None:
    SecondStepDuty.objects.all().delete()
    SecondStepDuty.objects.bulk_create(SecondStepDuty(role=role) for role in roles)


def lacks(user: User) -> bool:
    return User.objects.filter(second_steps.lacking(), pk=user.pk).exists()


@pytest.mark.parametrize(
    ("roles", "who"),
    [
        ([], []),
        (["manager"], ["ines"]),
        (["manager", "lead"], ["dev", "ines"]),
        (["agent"], ["ana"]),
        (["administrator"], ["sam"]),
        (["auditor"], []),
    ],
)
def test_it_follows_from_what_somebody_is_in_any_team(roles, who):
    a_team()
    bind(*roles)

    found = [name for name in ("ana", "dev", "ines", "sam") if lacks(PEOPLE[name]())]

    assert found == who


PEOPLE = {"ana": ana, "dev": dev, "ines": ines, "sam": sam}


def test_codes_to_recover_with_are_no_second_step_and_an_app_is():
    a_team()
    bind("agent")
    codes_of(ana())
    assert lacks(ana())

    an_app_of(ana())

    assert not lacks(ana())


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/promises/mine/", "/promises/new/", "/me/", "/me/tokens/", "/me/tokens/new/"),
        *("/reports/overdue/", "/settings/", RULES, "/admin/", "/admin/commitments/user/"),
        *("/outbox/", "/api/docs/", "/promises/1/done/", "/customers/1/", "/no-such-page/x/"),
    ],
)
def test_every_page_leads_there_first(address):
    bind("administrator")
    client = signed_in(sam())

    answer = client.get(address)

    assert answer.status_code in {302, 404}
    assert answer.status_code == 404 or answer.url == SET_UP


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
@pytest.mark.parametrize("address", ["me/", "commitments/", "webhooks/", "reports/overdue/"])
def test_the_api_says_so_to_a_session(method: str, address: str):
    bind("administrator")
    client = signed_in(sam())

    answer = getattr(client, method)(f"/api/v1/{address}")

    assert (answer.status_code, answer.json()["code"]) == (403, "second_step_missing")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_post_changes_nothing_before():
    a_team()
    bind("agent")
    kettle = a_commitment()
    client = signed_in(ana())

    answer = client.post(f"/promises/{kettle.reference}/done/", {"how": "Called"})

    assert answer.url == SET_UP
    kettle.refresh_from_db()
    assert kettle.status == "open"


def test_a_token_that_was_given_out_before_goes_on():
    a_team()
    bind("agent")
    _, secret = ApiToken.issue(user=ana(), now=NOON, scope="read")

    answer = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 200


def test_what_is_needed_to_set_one_up_and_to_leave_is_open():
    a_team()
    bind("agent")
    client = signed_in(ana())

    page = client.get(SET_UP)

    assert "First a second step." in page.content.decode()
    assert client.get("/accounts/steps/app/").status_code == 200
    assert client.get("/accounts/steps/passkeys/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 200


def test_then_everything_is_open_again():
    a_team()
    bind("agent")
    secret = an_app_of(ana())
    client = by_password(ana())

    step(client, code(secret))

    assert client.get("/promises/mine/").status_code == 200


def test_who_must_keeps_the_last_one():
    a_team()
    bind("agent")
    secret = an_app_of(ana())
    client = by_password(ana())
    step(client, code(secret))

    page = client.get("/accounts/steps/app/remove/")
    client.post("/accounts/steps/app/remove/")

    assert "this is your only one" in page.content.decode()
    assert steps_of(ana()) == ["totp"]


def test_it_begins_with_the_next_page_of_a_session_and_ends_so():
    a_team()
    client = signed_in(ana())
    assert client.get("/promises/mine/").status_code == 200

    bind("agent")
    assert client.get("/promises/mine/").url == SET_UP
    Membership.objects.filter(user=ana()).update(role=Role.AUDITOR)

    assert client.get("/promises/mine/").status_code == 200


def test_no_page_takes_a_query_more(django_assert_num_queries: Any):
    a_team()
    client = signed_in(ana())
    client.get("/me/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/me/")
    before = len(asked)

    bind("manager", "administrator")

    with django_assert_num_queries(before):
        client.get("/me/")


def sends(client: Client, roles: list[str]) -> Any:
    form = client.get(RULES).context["form"]
    hidden = {"once": form["once"].value(), "seen": form["seen"].value(), "press": "save"}
    return client.post(RULES, hidden | {"roles": roles})


def test_an_administrator_chooses_the_roles():
    a_team()
    client = signed_in(sam())

    saved = sends(client, ["manager", "auditor"])

    assert saved.url == RULES
    assert second_steps.bound() == {"manager", "auditor"}
    assert "One person must set up a second step" in client.get(RULES).content.decode()


def test_two_who_choose_at_once_the_second_is_told():
    first, second = signed_in(sam()), signed_in(sam())
    form = second.get(RULES).context["form"]
    sends(first, ["manager"])

    hidden = {"once": form["once"].value(), "seen": form["seen"].value(), "press": "save"}
    answer = second.post(RULES, hidden | {"roles": ["agent"]})

    assert answer.status_code == 422
    assert second_steps.bound() == {"manager"}


@pytest.mark.parametrize("roles", [["service"], ["owner"], ["manager", "' OR 1=1"]])
def test_no_other_role_is_taken(roles):
    answer = sends(signed_in(sam()), roles)

    assert answer.status_code == 422
    assert second_steps.bound() == set()


@pytest.mark.parametrize("who", [ana, dev, ines])
def test_nobody_else_chooses(who):
    a_team()

    assert signed_in(who()).get(RULES).status_code == 403
    assert signed_in(who()).post(RULES, {"roles": ["agent"]}).status_code == 403
    assert Client().get(RULES).status_code == 302
    assert second_steps.bound() == set()
