"""API tokens, calendar feeds and services: made, shown once, and revoked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.house import calendar_feeds, service_accounts, tokens
from commitments.models import ApiToken, CalendarFeed, Membership, OnceKey, Role, Team, User
from tests.api.callers import Program
from tests.makers import DAY, NOON, a_team, a_user, ana, dev
from tests.web import pages
from tests.web.settings.forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MINE = "/me/tokens/"
NEW = f"{MINE}new/"
FEED = f"{MINE}feeds/new/"
SERVICE = f"{MINE}services/new/"


@pytest.fixture
def sam() -> Client:
    """An administrator's."""
    a_team()
    return pages.signed_in(a_user("Sam Price", is_superuser=True, is_staff=True))


def make(client: Client, path: str = NEW, **said: Any) -> Any:
    given = {"name": "Night script", "scope": "write", "lasts": "90"}
    return press(client, client.get(path), **(given | said))


def secret_on(page: Any) -> str:
    return str(re.search(r'class="secret" tabindex="0">([^<]+)<', page.content.decode())[1])


def a_token(user: User, **said: Any) -> ApiToken:
    given = {"name": "Night script", "scope": "write", "lasts": 90 * DAY}
    token, _ = tokens.issue(user, now=NOON, **(given | said))
    return token


def test_a_token_is_made_shown_once_and_works(client: Client) -> None:
    page = make(client)

    secret = secret_on(page)
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scope) == (ana(), "Night script", "write")
    assert token.expires_at == NOON + 90 * DAY
    assert Program(secret).get("/api/v1/me/").json()["name"] == "Ana Moreno"
    assert "no-store" in page["Cache-Control"]
    listed = client.get(MINE)
    assert f"Night script {token.prefix}… · Reads and writes · Until" in pages.text(listed)
    assert secret.partition(".")[2] not in listed.content.decode()


def test_a_form_sent_twice_makes_one_token_and_shows_it_no_second_time(client: Client) -> None:
    data = fields(client.get(NEW)) | {"name": ["Night script"]}
    first = client.post(NEW, data)

    again = client.post(NEW, data, follow=True)

    assert ApiToken.objects.count() == 1
    assert "It was made already, and is shown only once." in pages.text(again)
    assert secret_on(first) not in again.content.decode()
    assert secret_on(first) not in str(list(OnceKey.objects.values()))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "The name is empty. Please write something."),
        ({"name": "x" * 81}, "The name is 81 characters"),
        ({"scope": "admin"}, "Choose one of the answers offered for “What may it do?”."),
        ({"lasts": "4000"}, "Choose one of the answers offered for “How long does it work?”."),
    ],
)
def test_what_will_not_do_is_said_and_makes_nothing(client: Client, said, sentence) -> None:
    page = make(client, **said)

    assert (page.status_code, ApiToken.objects.count()) == (422, 0)
    assert sentence in pages.text(page)


def test_nobody_has_more_tokens_than_they_can_look_through(client: Client) -> None:
    for _ in range(50):
        ApiToken.issue(user=ana(), now=NOON)

    page = make(client)

    assert (page.status_code, ApiToken.objects.count()) == (422, 50)
    assert "Ana Moreno has 50 tokens. Revoke one that is not used first." in pages.text(page)


def test_only_an_administrator_makes_one_that_administers(sam: Client, client: Client) -> None:
    made = make(sam, scope="admin")

    assert ApiToken.objects.get().scope == "admin"
    assert Program(secret_on(made)).get("/api/v1/me/").json()["is_administrator"] is True
    assert 'value="admin"' in sam.get(NEW).content.decode()
    assert 'value="admin"' not in client.get(NEW).content.decode()


def test_a_token_is_revoked_by_its_owner_and_once_for_all(client: Client) -> None:
    secret = secret_on(make(client))
    token = ApiToken.objects.get()

    for _ in range(2):
        page = client.post(f"{MINE}{token.pk}/revoke/", follow=True)

    assert "Night script opens nothing from now on." in pages.text(page)
    assert token.prefix not in page.content.decode()
    assert Program(secret).get("/api/v1/me/").status_code == 401


def test_one_that_is_out_of_date_says_so(client: Client, traveller: Any) -> None:
    a_token(ana(), lasts=30 * DAY)

    traveller.move_to(NOON + 30 * DAY)
    client.force_login(ana())

    assert "Out of date" in pages.text(client.get(MINE))


def test_nobody_sees_or_revokes_a_colleagues(client: Client, sam: Client) -> None:
    theirs = a_token(dev())
    feed, _ = calendar_feeds.issue(dev(), team_id=None, lasts=30 * DAY, now=NOON)

    for who in (client, sam):
        assert theirs.prefix not in who.get(MINE).content.decode()
        assert who.post(f"{MINE}{theirs.pk}/revoke/").status_code == 404
        assert who.post(f"{MINE}feeds/{feed.pk}/revoke/").status_code == 404

    assert not ApiToken.objects.exclude(revoked_at=None).exists()
    assert not CalendarFeed.objects.exclude(revoked_at=None).exists()


def test_a_look_revokes_nothing_and_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    token = a_token(ana())

    looked = client.get(f"{MINE}{token.pk}/revoke/")
    stranger = [Client().get(path).status_code for path in (MINE, NEW, FEED, SERVICE)]

    assert (looked.status_code, stranger) == (405, [302] * 4)
    assert ApiToken.objects.get().revoked_at is None


def test_the_account_menu_leads_there(client: Client) -> None:
    page = client.get("/promises/mine/").content.decode()

    assert f'<a href="{MINE}">' in page


def test_a_feed_is_made_shown_once_read_and_revoked(client: Client) -> None:
    team = a_team()

    page = press(client, client.get(FEED), of=str(team.pk), lasts="365")

    url = secret_on(page)
    path = url.removeprefix("http://testserver")
    assert CalendarFeed.objects.get().expires_at == NOON + 365 * DAY
    assert f'href="webcal://testserver{path}"' in page.content.decode()
    assert Client().get(path).status_code == 200
    assert "All of Billing care Until" in pages.text(client.get(MINE))
    client.post(f"{MINE}feeds/{CalendarFeed.objects.get().pk}/revoke/")
    assert Client().get(path).status_code == 404
    assert "All of Billing care" not in pages.text(client.get(MINE))


def test_a_feed_is_of_ones_own_or_of_a_team_of_ones_own(client: Client) -> None:
    other = Team.objects.create(name="Repairs", calendar=a_team().calendar)

    refused = press(client, client.get(FEED), of=str(other.pk))
    press(client, client.get(FEED))

    assert refused.status_code == 422
    assert "Repairs" not in client.get(FEED).content.decode()
    assert CalendarFeed.objects.get().team is None


def test_an_administrator_adds_a_service_gives_it_a_token_and_takes_it_back(sam: Client) -> None:
    team = a_team()

    went = press(sam, sam.get(SERVICE), name="Help desk", teams=[str(team.pk)])
    page = make(sam, f"{went['Location']}token/", name="Tickets")

    desk = User.objects.get(is_service=True)
    program = Program(secret_on(page))
    assert program.get("/api/v1/me/").json()["name"] == "Help desk"
    assert "Help desk Billing care · 1 token" in pages.text(sam.get(MINE))
    back = sam.post(f"{MINE}{ApiToken.objects.get().pk}/revoke/")
    assert (back.status_code, back["Location"]) == (302, f"{MINE}services/{desk.pk}/")
    assert program.get("/api/v1/me/").status_code == 401


def test_a_service_is_given_other_teams_and_another_name(sam: Client) -> None:
    desk = service_accounts.make(name="Help desk", teams=[a_team().pk])
    other = Team.objects.create(name="Repairs", calendar=a_team().calendar)
    page = sam.get(f"{MINE}services/{desk.pk}/")

    saved = press(sam, page, form="Name and teams", name="Front desk", teams=[str(other.pk)])
    stale = press(sam, page, form="Name and teams", name="Back desk", teams=[str(other.pk)])

    assert (saved.status_code, stale.status_code) == (302, 422)
    assert "Somebody else changed this service" in pages.text(stale)
    assert User.objects.get(is_service=True).name == "Front desk"
    assert Membership.objects.get(user=desk).team == other


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "The name is empty."),
        ({"teams": []}, "Choose the teams in which it acts."),
        ({"name": "front DESK"}, "There is a service called front DESK already."),
    ],
)
def test_a_service_without_what_it_needs_is_not_added(sam: Client, said, sentence) -> None:
    service_accounts.make(name="Front desk", teams=[a_team().pk])
    given = {"name": "Help desk", "teams": [str(a_team().pk)]}

    page = press(sam, sam.get(SERVICE), **(given | said))

    assert (page.status_code, User.objects.filter(is_service=True).count()) == (422, 1)
    assert sentence in pages.text(page)


def test_a_service_is_switched_off_and_on(sam: Client) -> None:
    desk = service_accounts.make(name="Help desk", teams=[a_team().pk])
    _, secret = tokens.issue(desk, name="Desk", scope="read", lasts=DAY, now=NOON)
    path = f"{MINE}services/{desk.pk}/switch/"
    codes = []

    for pressed in ("off", "off", "on"):
        sam.post(path, {"press": pressed})
        codes.append(Program(secret).get("/api/v1/me/").status_code)

    assert codes == [401, 401, 200]


def test_services_are_for_administrators(ines: Client) -> None:
    desk = service_accounts.make(name="Help desk", teams=[a_team().pk])
    token = a_token(desk)
    one = f"{MINE}services/{desk.pk}/"

    codes = [ines.get(path).status_code for path in (SERVICE, one, f"{one}token/")]
    codes += [ines.post(f"{one}switch/", {"press": "off"}).status_code]

    assert codes == [403] * 4
    assert ines.post(f"{MINE}{token.pk}/revoke/").status_code == 404
    assert "Services" not in pages.text(ines.get(MINE))
    assert User.objects.get(pk=desk.pk).is_active


def test_only_services_have_a_page_of_a_service(sam: Client) -> None:
    one = f"{MINE}services/{ana().pk}/"

    codes = [sam.get(path).status_code for path in (one, f"{one}token/")]
    codes += [sam.post(f"{one}switch/", {"press": "off"}).status_code]

    assert codes == [404] * 3
    assert ana().is_active


def test_an_auditor_reads_their_teams_promises_in_their_calendar() -> None:
    team = a_team()
    noor = a_user("Noor Aziz")
    Membership.objects.create(user=noor, team=team, role=Role.AUDITOR)

    page = press(pages.signed_in(noor), pages.signed_in(noor).get(FEED), of=str(team.pk))

    assert secret_on(page).startswith("http://testserver/calendar/fc_")


def test_how_many_there_are_costs_no_queries(sam: Client) -> None:
    def more(name: str) -> None:
        desk = service_accounts.make(name=name, teams=[a_team().pk])
        owner = User.objects.get(email="sam@larkfield.example")
        for user in (desk, owner):
            a_token(user)
        calendar_feeds.issue(owner, team_id=a_team().pk, lasts=DAY, now=NOON)

    more("Help desk")
    sam.get(MINE)
    with CaptureQueriesContext(connection) as one:
        sam.get(MINE)
    for name in ("Mail desk", "Front desk", "Back desk"):
        more(name)
    with CaptureQueriesContext(connection) as many:
        sam.get(MINE)

    assert len(one) == len(many)
