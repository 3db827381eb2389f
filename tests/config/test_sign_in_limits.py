"""Nobody guesses a password, and nobody learns at the door who works here."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

from tests.config.hashers import Counting
from tests.makers import ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SIGN_IN = "/accounts/login/"


def tries(client: Client, *, email: str = "", password: str = "guess", **headers: Any) -> Any:
    said = {"login": email or ana().email, "password": password}
    return client.post(SIGN_IN, said, **headers)


def test_after_five_wrong_ones_the_right_one_waits_too(client):
    for _ in range(5):
        assert tries(client).status_code == 200

    answer = tries(client, password="larkfield-demo")

    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert "went wrong too often" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_another_spelling_of_our_host_gives_no_more_tries(client):
    for port in range(5):
        tries(client, HTTP_HOST=f"testserver:{port + 1}")

    assert tries(client, password="larkfield-demo").status_code == 429


def test_one_account_that_waits_keeps_no_other_out(client):
    for _ in range(6):
        tries(client)

    assert tries(client, email=dev().email, password="larkfield-demo").status_code == 302


def test_an_account_is_guarded_from_all_addresses_together(client):
    for host in range(5):
        tries(client, REMOTE_ADDR=f"203.0.113.{host}")

    answer = tries(client, password="larkfield-demo", REMOTE_ADDR="203.0.113.99")

    assert answer.status_code == 429


def test_an_address_that_tries_many_accounts_waits(client):
    for number in range(20):
        assert tries(client, email=f"somebody{number}@larkfield.example").status_code == 200

    assert tries(client, password="larkfield-demo").status_code == 429
    assert tries(client, password="larkfield-demo", REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_header_that_the_asking_one_wrote_changes_nothing(client, settings, proxies):
    settings.PROXIES = proxies
    seen = ", 203.0.113.7" if proxies else ""  # what our own proxy adds
    for number in range(20):
        written = f"198.51.100.{number}{seen}"
        tries(client, email=f"somebody{number}@x.example", headers={"X-Forwarded-For": written})

    answer = tries(client, headers={"X-Forwarded-For": f"198.51.100.99{seen}"})

    assert answer.status_code == 429


def test_who_succeeds_now_and_then_gets_no_further_guesses(client):
    for _ in range(5):
        tries(client)
        tries(Client(), email=dev().email, password="larkfield-demo")

    assert tries(client).status_code == 429


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (SIGN_IN, {"login": "ana@larkfield.example", "password": "larkfield-demo"}),
        ("/accounts/password/reset/", {"email": "ana@larkfield.example"}),
    ],
)
def test_while_nobody_counts_nobody_gets_in(client, settings, address, said):
    ana()
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}

    answer = client.post(address, said)

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Nobody can sign in for a moment" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_known_and_an_unknown_account_are_answered_alike_after_the_same_work(client, settings):
    settings.PASSWORD_HASHERS = ["tests.config.hashers.Counting"]
    person, invited, gone = ana(), dev(), ana()
    gone = type(person).objects.create_user("gone@larkfield.example", "larkfield-demo", name="G")
    invited.set_unusable_password()
    invited.save()
    type(person).objects.filter(pk=gone.pk).update(is_active=False)
    person.set_password("larkfield-demo")
    person.save()
    answers = []
    for email in (person.email, invited.email, gone.email, "nobody@larkfield.example"):
        before = Counting.hashed
        page = tries(Client(), email=email)
        said = page.content.decode().replace(email, "…")
        said = said.replace(str(page.context["csrf_token"]), "…")
        answers.append((page.status_code, Counting.hashed - before, said))

    assert [each[:2] for each in answers] == [(200, 1)] * 4
    assert len({each[2] for each in answers}) == 1


def test_the_log_tells_of_it_by_ids_only(client, caplog):
    caplog.set_level(logging.INFO, logger="followthrough.security")
    tries(client)
    tries(client, password="larkfield-demo")

    said = [record.getMessage() for record in caplog.records]

    assert said == ["sign-in failed", f"signed in user={ana().pk}"]
