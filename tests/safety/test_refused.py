"""Who was refused what has a line in the log: a colleague who tries doors is seen."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from commitments.house import service_accounts
from commitments.models import Team
from config import logs
from tests.api.callers import a_program
from tests.makers import a_commitment, a_team, ana
from tests.web.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, logger="django")
    return caplog


def who(said: pytest.LogCaptureFixture, part: str) -> int | None:
    """Whom the one line names that holds `part`."""
    (told,) = (json.loads(logs.Structured().format(each)) for each in said.records
               if part in each.getMessage())  # fmt: skip
    user: int | None = told["user"]
    return user


def elsewhere() -> str:
    """A promise of a team in which Ana is not."""
    repairs = Team.objects.create(name="Repairs", calendar=a_team().calendar)
    kettle = a_commitment()
    type(kettle).objects.filter(pk=kettle.pk).update(team=repairs)
    return kettle.reference


@pytest.mark.parametrize("place", ["/promises/{}/", "/api/v1/commitments/{}/"])
def test_another_teams_promise(said: pytest.LogCaptureFixture, place: str) -> None:
    address = place.format(elsewhere())

    assert signed_in(ana()).get(address).status_code == 404

    assert f"Not Found: {address}" in said.messages
    assert who(said, address) == ana().pk


def test_a_program_that_asks_for_what_is_elsewhere(said: pytest.LogCaptureFixture) -> None:
    desk = service_accounts.make(name="Desk", teams=[a_team().pk])
    address = f"/api/v1/commitments/{elsewhere()}/"

    assert a_program(desk).get(address).status_code == 404

    assert who(said, address) == desk.pk


def test_a_page_that_is_for_others(said: pytest.LogCaptureFixture) -> None:
    assert signed_in(ana()).get("/settings/teams/").status_code == 403

    assert any("Forbidden" in line and "/settings/teams/" in line for line in said.messages)
    assert who(said, "/settings/teams/") == ana().pk


def test_a_form_from_elsewhere(said: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)

    client.post("/accounts/login/", headers={"Origin": "https://evil.example"})

    assert any("Forbidden" in line and "Origin checking failed" in line for line in said.messages)
    assert who(said, "Origin checking failed") is None


def test_another_host(said: pytest.LogCaptureFixture) -> None:
    Client().get("/", headers={"host": "evil.example"})

    assert any("Invalid HTTP_HOST header" in line for line in said.messages)
