"""A provider says who somebody is; whether they work here, we say."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from commitments.house import people
from commitments.models import SecondStepDuty, Session, User
from config import environment
from tests import http
from tests.config.steps import an_app_of, code, is_in, step
from tests.makers import a_team, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

BEGIN, BACK = "/accounts/sso/company/", "/accounts/sso/company/back/"
CLIENT = "followthrough"


@dataclass
class Provider:
    """As small as one can be: it says of whoever comes what it was told to say."""

    server: http.Sink
    says: dict[str, Any] = field(default_factory=dict)
    id_token: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url.removesuffix("/hook")

    def answer(self, path: str) -> dict[str, Any]:
        if path.startswith("/.well-known/"):
            places = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
            return {"issuer": self.url} | {name: f"{self.url}/{name}" for name in places}
        if path == "/token_endpoint":
            claims = {"iss": self.url, "aud": CLIENT, "sub": "7", "exp": int(time.time()) + 60}
            signed = jwt.encode(claims | self.id_token, "k" * 32, algorithm="HS256")
            return {"access_token": "for-once", "token_type": "bearer", "id_token": signed}
        return {"sub": "7", **self.says}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with http.sink() as server:
        found = Provider(server)

        def play(sink: http.Sink, connection: Any) -> bool:
            body = json.dumps(found.answer(sink.seen[-1].path)).encode()
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            connection.sendall(head.encode() + b"\r\n\r\n" + body)
            return True

        server.usual = play
        settings.OIDC_URL, settings.OIDC_NAME = found.url, "Larkfield"
        settings.SOCIALACCOUNT_PROVIDERS = environment.single_sign_on(
            found.url, client_id=CLIENT, secret="between us"
        )
        yield found


def comes_back(client: Client, *, query: str = "") -> Any:
    """There and back again, with the code that the provider gave them."""
    there = client.get(BEGIN + query)
    asked = {name: said[0] for name, said in parse_qs(urlsplit(there.url).query).items()}
    return client.get(BACK, {"code": "for-once", "state": asked["state"]})


def verified(email: str) -> dict[str, Any]:
    return {"email": email, "email_verified": True, "name": "Ana Moreno"}


def test_without_a_provider_there_is_no_such_door(client):
    ana()

    assert "/sso/" not in client.get("/accounts/login/").content.decode()
    assert client.get(BEGIN).status_code == 404
    assert client.get(BACK, {"code": "x", "state": "y"}).status_code == 404


def test_with_one_the_door_says_so_and_keeps_where_somebody_was_going(client, provider):
    page = client.get("/accounts/login/?next=/promises/mine/").content.decode()

    assert "Sign in with Larkfield" in page
    assert f"{BEGIN}?next=/promises/mine/" in page


def test_it_is_asked_with_a_state_and_a_proof_of_who_asked(client, provider):
    there = urlsplit(client.get(BEGIN).url)

    asked = {name: said[0] for name, said in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}" == provider.url
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"]


def test_who_is_known_by_a_verified_address_is_in_and_next_time_by_their_number(client, provider):
    provider.says = verified(ana().email.upper())
    first = comes_back(client, query="?next=/promises/mine/")
    provider.says = {"email": "another@larkfield.example"}  # they married
    again = Client()

    comes_back(again)

    assert first.url == "/promises/mine/"
    assert is_in(client)
    assert is_in(again)
    assert SocialAccount.objects.get().user == ana()


def test_nothing_that_the_provider_gave_out_stays_here(client, provider):
    provider.says = verified(ana().email)

    comes_back(client)

    assert is_in(client)
    assert not SocialToken.objects.exists()
    kept = f"{dict(client.session)} {client.cookies} {SocialAccount.objects.get().extra_data}"
    assert "for-once" not in kept
    assert "eyJ" not in kept  # how a signed token begins


def test_whoever_was_invited_needs_no_password(client, provider):
    a_team()
    person = people.invite(
        email="nia@larkfield.example", name="Nia", zone="UTC", team_id=None, role="agent",
        is_administrator=False,
    )  # fmt: skip
    provider.says = verified(person.email)

    comes_back(client)

    assert client.session["_auth_user_id"] == str(person.pk)
    assert not User.objects.get(pk=person.pk).has_usable_password()


@pytest.mark.parametrize(
    "said",
    [
        {"email": "eve@example.org", "email_verified": True},
        {"email": "ana@larkfield.example", "email_verified": False},
        {"email": "ana@larkfield.example", "email_verified": "false"},
        {"email": "ana@larkfield.example"},
        {"email": ["ana@larkfield.example"], "email_verified": True},
        {"email": "desk@services.invalid", "email_verified": True},
        {"email": "", "email_verified": True},
        {},
    ],
)
def test_nobody_else_gets_in_and_nobody_is_made(client, provider, said):
    ana()
    before = User.objects.count()
    provider.says = said

    answer = comes_back(client)

    assert "By invitation" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_whoever_is_switched_off_stays_out(client, provider):
    provider.says = verified(ana().email)
    comes_back(Client())
    User.objects.filter(pk=ana().pk).update(is_active=False)

    comes_back(client)

    assert "_auth_user_id" not in client.session


def test_the_second_step_is_asked_all_the_same(client, provider):
    secret = an_app_of(ana())
    provider.says = verified(ana().email)

    answer = comes_back(client)
    assert answer.url == "/accounts/step/"
    assert not is_in(client)

    step(client, code(secret))
    assert is_in(client)


def test_whoever_must_have_one_is_led_to_set_it_up(client, provider):
    a_team()
    SecondStepDuty.objects.create(role="agent")
    provider.says = verified(ana().email)

    comes_back(client)

    assert client.get("/promises/mine/").url == "/me/signing-in/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"exp": 1},
    ],
)
def test_a_token_of_another_house_or_day_opens_nothing(client, provider, wrong):
    provider.says, provider.id_token = verified(ana().email), wrong

    answer = comes_back(client)

    assert "That did not work" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_answer_that_nobody_asked_for_opens_nothing(client, provider):
    provider.says = verified(ana().email)
    other = Client()
    state = parse_qs(urlsplit(other.get(BEGIN).url).query)["state"][0]

    for said in ({"code": "x", "state": state}, {"code": "x"}, {"error": "access_denied"}):
        answer = client.get(BACK, said)

        assert "That did not work" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_whoever_is_signed_in_joins_no_other_account(client, provider):
    client.force_login(ana())
    provider.says = verified("eve@example.org")

    comes_back(client, query="?process=connect")

    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "turn", [http.says(500, "no"), http.says(200, "no json"), http.says(200, "{}"), http.drops]
)
def test_a_provider_that_does_not_answer_is_said_to_be_away(client, provider, turn):
    provider.server.usual = turn

    answer = client.get(BEGIN)

    assert answer.status_code == 502
    assert "did not answer" in answer.content.decode()


def test_many_who_look_at_the_door_ask_the_provider_once(client, provider):
    there = [Client().get(BEGIN) for _ in range(5)]

    assert [each.status_code for each in there] == [302] * 5
    assert len(provider.server.seen) == 1


def test_an_address_that_looks_too_often_waits_and_the_provider_hears_of_nothing(
    client, provider, settings
):
    settings.COMMITMENTS_LENGTHS = {"sign_ins_begun_a_minute": 0}

    answer = client.get(BEGIN)

    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert provider.server.seen == []
    assert not Session.objects.exists()


def test_what_makes_no_sense_is_not_remembered(client, provider):
    usual, provider.server.usual = provider.server.usual, http.says(200, "{}")
    client.get(BEGIN)
    provider.server.usual = usual

    assert client.get(BEGIN).status_code == 302


@pytest.mark.parametrize("query", ["?next=https://evil.example/", "?next=//evil.example"])
def test_it_leads_nowhere_else(client, provider, query):
    provider.says = verified(ana().email)

    answer = comes_back(client, query=query)

    assert answer.url == "/"


@pytest.mark.parametrize(
    ("url", "client_id", "secret"),
    [
        ("http://login.example.org", "a", "b"),
        ("ftp://localhost", "a", "b"),
        ("https://login.example.org", "", "b"),
        ("https://login.example.org", "a", ""),
    ],
)
def test_half_a_provider_is_refused_when_it_starts(url, client_id, secret):
    with pytest.raises(ImproperlyConfigured, match="OIDC_URL"):
        environment.single_sign_on(url, client_id=client_id, secret=secret)
