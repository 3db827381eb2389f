"""A program finds out whose token it has."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Membership, Role
from tests.api.callers import a_program, ana_of_billing, another_team, errors_of
from tests.api.counting import queries_of
from tests.makers import DAY, NOON, a_team, a_user, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ME = "/api/v1/me/"


def test_a_program_reads_who_it_calls_for():
    someone = ana_of_billing()
    program = a_program(someone, name="Phone system", lasts=DAY)

    said = program.get(ME).json()

    assert said == {
        "id": someone.pk,
        "name": "Ana Moreno",
        "email": "ana@larkfield.example",
        "zone": "UTC",
        "language": "en",
        "is_administrator": False,
        "teams": [{"id": a_team().pk, "name": "Billing care", "role": "agent"}],
        "scopes": ["read", "write"],
        "token": {
            "prefix": program.token.partition(".")[0],
            "name": "Phone system",
            "scope": "write",
            "expires_at": (NOON + DAY).isoformat().replace("+00:00", "Z"),
        },
    }


def test_a_token_that_may_only_read_says_so():
    said = a_program(ana_of_billing(), scope="read").get(ME).json()

    assert said["scopes"] == ["read"]
    assert said["token"]["scope"] == "read"


def test_somebody_signed_in_has_no_token_and_every_scope():
    browser = Client()
    browser.force_login(ana_of_billing())

    said = browser.get(ME).json()

    assert said["token"] is None
    assert said["scopes"][:2] == ["read", "write"]


def test_somebody_of_no_team_is_still_somebody():
    assert a_program(a_user("Sam Stranger")).get(ME).json()["teams"] == []


def test_a_stranger_is_nobody():
    assert Client().get(ME).status_code == 401


def test_it_takes_no_parameters():
    assert errors_of(a_program(ana_of_billing()).get(ME, "user=1")).keys() == {"user"}


def test_more_teams_cost_no_more_queries():
    program = a_program(ana_of_billing())
    program.get(ME)
    few = len(queries_of(lambda: program.get(ME)))
    Membership.objects.create(user=ana(), team=another_team(), role=Role.AUDITOR)

    assert len(queries_of(lambda: program.get(ME))) == few == 2
