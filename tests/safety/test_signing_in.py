"""Who signs in becomes somebody else for the server: what was known before opens nothing."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from tests.makers import a_team, ana
from tests.web.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PASSWORD = "larkfield-demo"
COOKIE = settings.SESSION_COOKIE_NAME


def sign_in(client: Client) -> int:
    said = {"login": ana().email, "password": PASSWORD}
    return client.post("/accounts/login/", said).status_code


def test_a_session_that_somebody_planted_is_not_the_one_that_opens() -> None:
    thief, victim = Client(), Client()
    session = thief.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    victim.cookies[COOKIE] = planted

    assert sign_in(victim) == 302

    assert victim.cookies[COOKIE].value != planted
    thief.cookies[COOKIE] = planted
    assert thief.get("/me/").status_code == 302


def test_a_name_that_is_no_session_of_ours_is_not_taken_up() -> None:
    client = Client()
    client.cookies[COOKIE] = "a" * 32

    sign_in(client)

    assert client.cookies[COOKIE].value != "a" * 32
    assert not Session.objects.filter(pk="a" * 32).exists()


def test_the_proof_of_forms_is_another_one_after_signing_in() -> None:
    client = Client()
    client.get("/accounts/login/")
    before = client.cookies[settings.CSRF_COOKIE_NAME].value

    sign_in(client)

    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before


def test_signing_out_ends_the_session_on_the_server() -> None:
    client = signed_in(ana())
    stolen = client.cookies[COOKIE].value

    client.post("/accounts/logout/")

    thief = Client()
    thief.cookies[COOKIE] = stolen
    assert thief.get("/me/").status_code == 302


def test_the_cookies_are_for_nobody_but_us() -> None:
    client = Client()
    client.get("/accounts/login/")

    sign_in(client)

    cookies = {name: each for name, each in client.cookies.items() if each.value}
    assert cookies.keys() >= {COOKIE, settings.CSRF_COOKIE_NAME}
    for each in cookies.values():
        assert (bool(each["httponly"]), each["samesite"], each["path"]) == (True, "Lax", "/")
        assert each["domain"] == ""


def test_a_password_is_hidden_and_may_be_filled_in() -> None:
    page = Client().get("/accounts/login/").content.decode()

    (field,) = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page


@pytest.mark.parametrize(
    "there",
    [
        *("//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example/"),
        *("https://evil.example/", "https:evil.example", "http:///evil.example"),
        *("javascript:alert(1)", "data:text/html,x", "//evil.example%2f@testserver/"),
        *("/\t/evil.example", "\x00//evil.example", "https://testserver@evil.example/"),
        *("https://testserver.evil.example/", "/%09/evil.example", "%2f%2fevil.example"),
    ],
)
@pytest.mark.parametrize("how", ["in the address", "in the form"])
def test_nobody_is_led_elsewhere_after_signing_in(there: str, how: str) -> None:
    """Q9."""
    a_team()
    said = {"login": ana().email, "password": PASSWORD}
    client = Client()

    if how == "in the form":
        answer = client.post("/accounts/login/", said | {"next": there})
    else:
        answer = client.post("/accounts/login/", said, query_params={"next": there})

    assert answer.status_code == 302
    leads = answer["Location"]
    assert leads.startswith(("/", "%2f"))
    assert not leads.replace("\t", "").replace("\\", "/").startswith("//")


@pytest.mark.parametrize("door", ["/accounts/logout/", "/accounts/reauthenticate/"])
@pytest.mark.parametrize("there", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nor_at_the_other_doors(door: str, there: str) -> None:
    client = signed_in(ana())

    answer = client.post(door, {"next": there, "password": PASSWORD})

    assert "evil.example" not in answer.headers.get("Location", "")
