"""Nobody guesses a password, and nobody learns at the door who works here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Delivery
from tests.config.hashers import Counting
from tests.makers import DAY, HOUR, MINUTE, NOON, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SIGN_IN, FORGOTTEN = "/accounts/login/", "/accounts/password/reset/"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


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


def test_an_account_is_tried_twenty_times_a_day_however_patiently(client, clock):
    for number in range(20):
        assert tries(client, REMOTE_ADDR=f"203.0.113.{number}").status_code == 200
        clock.shift(6 * MINUTE)

    refused = tries(client, password="larkfield-demo")
    clock.move_to(NOON + DAY)
    answer = tries(client, password="larkfield-demo")

    assert (refused.status_code, answer.status_code) == (429, 302)


def test_an_address_that_tries_many_accounts_waits(client):
    for number in range(20):
        assert tries(client, email=f"somebody{number}@larkfield.example").status_code == 200

    assert tries(client, password="larkfield-demo").status_code == 429
    assert tries(client, password="larkfield-demo", REMOTE_ADDR="203.0.113.9").status_code == 302


def test_all_addresses_of_one_network_of_ipv6_are_one(client):
    for number in range(20):
        email = f"somebody{number}@larkfield.example"
        tries(client, email=email, REMOTE_ADDR=f"2001:db8:1:1::{number}")

    here, elsewhere = (
        tries(client, password="larkfield-demo", REMOTE_ADDR=address)
        for address in ("2001:db8:1:1:ffff::1", "2001:db8:1:2::1")
    )

    assert (here.status_code, elsewhere.status_code) == (429, 302)


def forgets(email: str, **headers: Any) -> Any:
    return Client().post(FORGOTTEN, {"email": email}, **headers)


def test_an_account_is_sent_five_links_an_hour_wherever_they_are_asked_for(clock):
    for host in range(5):
        assert forgets(ana().email, REMOTE_ADDR=f"203.0.113.{host}").status_code == 302
        clock.shift(MINUTE)  # for a link of its own

    refused = forgets(ana().email.upper(), REMOTE_ADDR="203.0.113.99")

    assert refused.status_code == 429
    assert Delivery.objects.count() == 5
    assert forgets(dev().email).status_code == 302
    clock.shift(HOUR)
    assert forgets(ana().email).status_code == 302


def test_an_address_asks_for_twenty_links_a_minute(clock):
    for number in range(20):
        assert forgets(f"somebody{number}@larkfield.example").status_code == 302

    refused = forgets(ana().email)

    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert not Delivery.objects.exists()
    assert forgets(ana().email, REMOTE_ADDR="203.0.113.9").status_code == 302
    clock.shift(MINUTE)
    assert forgets(ana().email).status_code == 302


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
        with CaptureQueriesContext(connection) as asked:
            page = tries(Client(), email=email)
        said = page.content.decode().replace(email, "…")
        said = said.replace(str(page.context["csrf_token"]), "…")
        answers.append((page.status_code, Counting.hashed - before, said, len(asked)))

    assert [each[:2] for each in answers] == [(200, 1)] * 4
    assert len({each[2:] for each in answers}) == 1


def test_a_forgotten_password_is_answered_alike_and_costs_a_known_account_one_row_more(
    django_capture_on_commit_callbacks,
):
    capture = django_capture_on_commit_callbacks
    seen, asked, later = [], [], []
    for email in (ana().email, "nobody@larkfield.example"):
        client = Client()
        with CaptureQueriesContext(connection) as queries, capture() as left_to_do:
            answer = client.post(FORGOTTEN, {"email": email})
        asked.append(len(queries))
        headers = {name: said for name, said in answer.items() if name != "X-Request-ID"}
        cookies = {name: dict(each) for name, each in client.cookies.items()}
        page = client.get(answer.url).content
        seen.append((answer.status_code, headers, answer.content, cookies, page))
        later += left_to_do

    assert seen[0] == seen[1]
    assert asked[0] == asked[1] + 1
    assert later == []


def test_the_log_tells_of_it_by_ids_only(client, caplog):
    caplog.set_level(logging.INFO, logger="followthrough.security")
    tries(client)
    tries(client, email="nobody@larkfield.example")
    tries(client, password="larkfield-demo")

    said = [record.getMessage() for record in caplog.records]

    assert said == [
        f"sign-in failed user={ana().pk}",
        "sign-in failed",
        f"signed in user={ana().pk}",
    ]
