"""Who let whom in, and who took or erased somebody's data: a line of the log each, of ids only."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from commitments.helpdesks import systems
from commitments.models import (
    ApiToken,
    CalendarFeed,
    Customer,
    HelpDesk,
    Kind,
    Membership,
    Team,
    User,
)
from notifications.models import Endpoint
from tests.api.callers import a_program
from tests.commitments.imports.files import a_file, a_row
from tests.makers import NOON, a_commitment, a_team, a_user, ana, dev
from tests.web.pages import signed_in

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Lines = Callable[[], list[str]]
URL = "https://203.0.113.7/hook"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """What the log has said since it was last asked."""
    caplog.set_level(logging.INFO, logger="followthrough.security")

    def said() -> list[str]:
        ours = [each for each in caplog.records if each.name == "followthrough.security"]
        found = [each.getMessage() for each in ours]
        caplog.clear()
        return found

    return said


def me() -> int:
    return User.objects.get(email="ada@larkfield.example").pk


def test_who_makes_administrators_and_takes_that_back(ada: Client, lines: Lines) -> None:
    team = a_team()
    said = {"name": "Omar Aziz", "email": "omar@larkfield.example", "zone": "UTC"}
    page = ada.get("/settings/people/new/")
    lines()

    press(ada, page, **said, team=str(team.pk), role="lead", is_administrator="on")
    made = lines()
    omar = User.objects.get(email="omar@larkfield.example")
    form = fields(ada.get(f"/settings/people/{omar.pk}/")) | {"press": ["save"]}
    form.pop("is_administrator")
    ada.post(f"/settings/people/{omar.pk}/", form)
    ada.post(f"/settings/people/{omar.pk}/", {"press": "on"})

    assert made == [
        f"made an administrator user={omar.pk} by={me()}",
        f"now lead in team={team.pk} user={omar.pk} by={me()}",
    ]
    assert lines() == [
        f"no longer an administrator user={omar.pk} by={me()}",
        f"switched on user={omar.pk} by={me()}",
    ]


def test_who_sets_up_a_service_and_gives_it_a_token(ada: Client, lines: Lines) -> None:
    team = a_team()
    lines()

    press(ada, ada.get("/me/tokens/services/new/"), name="Desk", teams=[str(team.pk)])
    desk = User.objects.get(is_service=True)
    page = ada.get(f"/me/tokens/services/{desk.pk}/token/")
    press(ada, page, name="Tickets", scope="read", lasts="90")
    token = ApiToken.objects.get(user=desk)
    for _ in range(2):
        ada.post(f"/me/tokens/{token.pk}/revoke/")
    ada.post(f"/me/tokens/services/{desk.pk}/switch/", {"press": "off"})

    assert lines() == [
        f"now service in team={team.pk} user={desk.pk} by={me()}",
        f"token={token.pk} given to read user={desk.pk} by={me()}",
        f"token={token.pk} revoked user={desk.pk} by={me()}",
        f"switched off user={desk.pk} by={me()}",
    ]


def test_who_gives_out_a_calendar(ada: Client, lines: Lines) -> None:
    press(ada, ada.get("/me/tokens/feeds/new/"), lasts="90")
    feed = CalendarFeed.objects.get()
    for _ in range(2):
        ada.post(f"/me/tokens/feeds/{feed.pk}/revoke/")

    assert lines()[-2:] == [
        f"calendar={feed.pk} given user={me()} by={me()}",
        f"calendar={feed.pk} revoked user={me()} by={me()}",
    ]


def test_who_sends_out_what_happens(ada: Client, lines: Lines, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = ["203.0.113.0/24"]
    press(ada, ada.get("/settings/webhooks/new/"), name="Desk", url=URL)
    desk = Endpoint.objects.get()
    place = f"/settings/webhooks/{desk.pk}/"
    ada.post(f"{place}secret/", fields(ada.get(place), form="/secret/"))
    press(ada, ada.get(f"{place}switch-off/"))
    program = a_program(User.objects.get(pk=me()), scope="admin")
    program.post({}, f"/api/v1/webhooks/{desk.pk}/enable/")
    program.call("DELETE", f"/api/v1/webhooks/{desk.pk}/")

    assert lines()[-5:] == [
        f"webhook={desk.pk} made by={me()}",
        f"webhook={desk.pk} has another secret by={me()}",
        f"webhook={desk.pk} switched off by={me()}",
        f"webhook={desk.pk} switched on by={me()}",
        f"webhook={desk.pk} deleted by={me()}",
    ]


def test_whom_we_listen_to(ada: Client, lines: Lines) -> None:
    kind, team = Kind.objects.get(code="followup"), a_team()
    said = {"name": "Support desk", "system": next(iter(systems.known())), "team": team.pk}
    said |= {"address": "https://help.example", "kind": kind.pk}
    press(ada, ada.get("/settings/help-desks/new/"), **said)
    desk = HelpDesk.objects.get()
    place = f"/settings/help-desks/{desk.pk}/"
    secret = {"secrets": "first-secret-of-theirs"}
    ada.post(f"{place}secret/", fields(ada.get(place), form="/secret/") | secret)
    press(ada, ada.get(place), form='id="edit"', name="Renamed")
    for deed in ("switch-off", "switch-on", "delete"):
        press(ada, ada.get(f"{place}{deed}/"))

    assert lines()[-6:] == [
        f"help_desk={desk.pk} made by={me()}",
        f"help_desk={desk.pk} has another secret by={me()}",
        f"help_desk={desk.pk} changed by={me()}",
        f"help_desk={desk.pk} switched off by={me()}",
        f"help_desk={desk.pk} switched on by={me()}",
        f"help_desk={desk.pk} deleted by={me()}",
    ]


def test_who_took_and_erased_what_is_held_about_a_customer(ada: Client, lines: Lines) -> None:
    them = Customer.objects.create(name="Nobody Owes", email="n@customers.example")
    place = f"/customers/{them.pk}/personal-data/"
    lines()

    ada.get(f"{place}json/")
    data = fields(ada.get(place)) | {"name": [them.name]}
    for _ in range(2):
        ada.post(place, data)

    assert lines() == [
        f"all about customer={them.pk} given by={me()}",
        f"customer={them.pk} erased by={me()}",
    ]


@pytest.mark.parametrize(
    ("address", "called"),
    [
        ("/promises/export/", "promises"),
        ("/promises/export/?as=xlsx", "promises"),
        ("/reports/overdue.csv", "overdue"),
        ("/reports/overdue.xlsx", "overdue"),
    ],
)
def test_who_took_a_file_of_promises(lines: Lines, address: str, called: str) -> None:
    a_commitment()
    lines()

    assert signed_in(dev()).get(address).status_code == 200

    assert lines() == [f"{called} exported by={dev().pk}"]


def test_what_a_command_gives_out_or_erases(lines: Lines, tmp_path: Path) -> None:
    them = Customer.objects.create(name="Nobody Owes", email="n@customers.example")
    kettle = a_commitment()
    lines()

    run("export_customer", str(them.pk), to=tmp_path)
    run("erase_customer", str(them.pk))
    asked = lines()
    run("erase_customer", str(them.pk), yes=True)
    run("audit_pack", kettle.reference, to=tmp_path)

    assert asked == [f"all about customer={them.pk} given by=machine"]
    assert lines() == [
        f"customer={them.pk} erased by=machine",
        f"audit pack of promises={kettle.pk} given by=machine",
    ]


def test_whom_a_command_lets_in(
    lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = a_team()
    ana()
    a_user("Sam Price", is_superuser=True)
    Kind.objects.get_or_create(code="followup", defaults={"name": "Follow-up"})
    lines()

    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "gentle-otter-41")
    run("createsuperuser", interactive=False, email="boss@larkfield.example", name="Boss")
    run("make_token", email=ana().email)
    token = ApiToken.objects.get()
    run("make_token", revoke=token.prefix)
    row = a_row(agent="zoe@larkfield.example")
    run("import_commitments", a_file(tmp_path, row), team=team.name, now=NOON.isoformat())

    boss = User.objects.get(email="boss@larkfield.example")
    zoe = Membership.objects.get(user__email="zoe@larkfield.example")
    assert lines() == [
        f"made an administrator user={boss.pk} by=machine",
        f"token={token.pk} given to write user={ana().pk} by=machine",
        f"token={token.pk} revoked user={ana().pk} by=machine",
        f"now agent in team={team.pk} user={zoe.user_id} by=machine",
    ]
    assert Team.objects.get() == team


def run(command: str, *arguments: object, **options: object) -> None:
    call_command(command, *arguments, stdout=io.StringIO(), stderr=io.StringIO(), **options)
