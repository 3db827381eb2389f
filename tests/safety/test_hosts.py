"""Which host was asked is not believed, nor what only a proxy of ours may say."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.makers import ana
from tests.web.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PLACES = ("/", "/me/", "/accounts/login/", "/api/v1/me/", "/c/made-up/", "/admin/", "/healthz")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "testserver.evil.example", "evil.example:80", "testserver@evil.example"),
        *("testserver,evil.example", "testserver evil.example", "127.0.0.1.evil.example", "[::1"),
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_another_host_is_refused(place: str, host: str) -> None:
    assert Client().get(place, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "header",
    [
        *("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-URL"),
        *("X-Rewrite-URL", "X-HTTP-Host-Override"),
    ],
)
def test_a_header_that_names_another_place_changes_nothing(header: str) -> None:
    client = signed_in(ana())
    said = {"Forwarded": "host=evil.example", "X-Original-URL": "/admin/"}
    value = said.get(header, "evil.example")

    usual, asked = client.get("/me/"), client.get("/me/", headers={header: value})

    assert asked.status_code == usual.status_code == 200
    assert b"evil.example" not in asked.content


def test_who_says_that_they_came_by_https_is_believed_from_a_proxy_of_ours_only(
    settings: Any,
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = None

    answer = Client().get("/accounts/login/", headers={"X-Forwarded-Proto": "https"})

    assert (answer.status_code, answer["Location"][:8]) == (301, "https://")


def test_being_sent_on_names_no_host() -> None:
    answer = Client().get("/me/")

    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "place",
    [
        *("/.git/config", "/.env", "/manage.py", "/config/settings.py", "/pyproject.toml"),
        *("/static/", "/static/commitments/", "/static/../config/settings.py", "/var/secret_key"),
        *(
            "/static/%2e%2e/config/settings.py",
            "/static/..%2fmanage.py",
            "/media/",
            "/attachments/",
        ),
        *("/imports/", "/tests/", "/docs/", "/server-status", "/debug/", "/silk/", "/__debug__/"),
    ],
)
def test_nothing_of_the_project_is_served(place: str) -> None:
    assert Client().get(place).status_code == 404


@pytest.mark.parametrize("place", ["/api/v1/me/", "/api/v1/commitments/", "/hooks/mail/postmark/"])
def test_a_program_by_plain_http_is_refused_and_not_sent_on(settings: Any, place: str) -> None:
    settings.SECURE_SSL_REDIRECT = True

    plain, safe = Client().post(place), Client().post(place, secure=True)

    assert (plain.status_code, plain.json()["code"]) == (403, "https_only")
    assert safe.status_code in {401, 404}


def test_a_person_is_sent_on(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get("/accounts/login/").status_code == 301
