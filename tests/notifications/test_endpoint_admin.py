"""Where administrators name endpoints, try them out and rest them."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from commitments.models import User
from notifications import delivery, sealing
from notifications.models import Breaker, Delivery, Endpoint
from tests import http
from tests.notifications.endpoints import SECRET, an_endpoint, to_endpoint
from tests.notifications.makers import HOUR, MINUTE, NOON, queue, states

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LIST = "/admin/notifications/endpoint/"


@pytest.fixture
def ada(client: Client) -> Client:
    """An administrator, signed in."""
    client.force_login(User.objects.create_superuser("ada@larkfield.example", "x", name="Ada"))
    return client


@pytest.fixture(autouse=True)
def _public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads somewhere public, but for one."""

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = "10.0.0.1" if host == "inside.example" else "93.184.215.14"
        found = host if host[0].isdigit() else found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def secret_on(page: Any) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page.content.decode())
    return found.group() if found else ""


def change(endpoint: Endpoint) -> str:
    return f"{LIST}{endpoint.pk}/change/"


def press(client: Client, endpoint: Endpoint, button: str) -> Any:
    facts = {"name": endpoint.name, "url": endpoint.url, button: "yes"}
    return client.post(change(endpoint), facts)


def test_the_secret_is_made_for_it_shown_once_and_sealed(ada: Client):
    made = ada.post(f"{LIST}add/", {"name": "Desk", "url": "https://desk.example/in"})

    desk = Endpoint.objects.get()
    secret = secret_on(made)
    assert len(secret) > 40
    assert "no-store" in made.headers["Cache-Control"]
    assert (secret not in desk.secret, sealing.unseal(desk.secret)) == (True, secret)
    assert secret_on(ada.get(change(desk))) == secret_on(ada.get(LIST)) == ""


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://inside.example/in", "which is not a public address."),
        ("https://169.254.169.254/latest", "which is not a public address."),
        ("http://desk.example/in", "Port 80 is not one we connect to"),
        ("https://a:b@desk.example/in", "must not hold a user name or password."),
        ("gopher://desk.example/in", "has to begin with https://."),
        ("https://desk.example/" + "a" * 9000, "longer than 2000 characters."),
    ],
)
def test_a_bad_address_is_refused_in_a_sentence(ada: Client, url: str, sentence: str):
    page = ada.post(f"{LIST}add/", {"name": "Desk", "url": url})

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Endpoint.objects.exists()


def test_a_new_secret_lets_the_old_one_sign_for_a_day(ada: Client):
    desk = an_endpoint("https://desk.example/in")

    with time_machine.travel(NOON, tick=False):
        page = press(ada, desk, "_renew")

    desk.refresh_from_db()
    assert sealing.unseal(desk.secret) == secret_on(page) != SECRET
    assert sealing.unseal(desk.previous_secret) == SECRET
    assert desk.previous_until == NOON + timedelta(days=1)


def test_a_message_can_be_sent_to_try_it_out(
    ada: Client, far_end: http.Sink, settings: LazySettings
):
    desk = an_endpoint(far_end.url)

    with time_machine.travel(NOON, tick=False):
        press(ada, desk, "_try")
        delivery.run(NOON)

    [request] = far_end.seen
    assert (request.json["type"], states()) == ("test", {"sent": 1})
    assert b"webhook_test: Sent" in ada.get(change(desk)).content


def test_it_is_tried_out_even_while_it_rests(ada: Client, far_end: http.Sink):
    desk = an_endpoint(far_end.url)
    Breaker.objects.create(channel=desk.address, opened_at=NOON - HOUR, until=NOON + MINUTE)

    with time_machine.travel(NOON, tick=False):
        press(ada, desk, "_try")
        delivery.run(NOON)

    assert (len(far_end.seen), states()) == (1, {"sent": 1})


def test_one_that_is_switched_off_is_not_tried_out(ada: Client):
    desk = an_endpoint("https://desk.example/in", disabled_at=NOON, disabled_because="Gone.")

    press(ada, desk, "_try")

    assert b"Switch it on first." in ada.get(change(desk)).content
    assert states() == {}


@pytest.mark.parametrize("way", ["by itself", "among others"])
def test_deleted_it_leaves_nothing_that_waits_or_rests(ada: Client, way: str):
    desk = an_endpoint("https://desk.example/in")
    queue(to_endpoint(desk))
    Breaker.objects.create(channel=desk.address, opened_at=NOON, until=NOON + HOUR)

    if way == "by itself":
        ada.post(f"{LIST}{desk.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": desk.pk, "post": "yes"}
        ada.post(LIST, chosen)

    assert (Endpoint.objects.count(), Breaker.objects.count()) == (0, 0)
    assert states() == {"cancelled": 1}


def test_switched_off_by_hand_it_gets_nothing_and_says_why(ada: Client):
    desk = an_endpoint("https://desk.example/in")
    queue(to_endpoint(desk))

    press(ada, desk, "_rest")

    assert states() == {"cancelled": 1}
    assert Delivery.objects.filter(channel="email").count() == 0
    assert b"Switched off by an administrator." in ada.get(change(desk)).content


def test_switched_on_it_begins_anew(ada: Client):
    desk = an_endpoint(
        "https://desk.example/in",
        failing_since=NOON - HOUR,
        disabled_at=NOON,
        disabled_because="It has failed for days.",
    )
    assert b"It has failed for days." in ada.get(change(desk)).content

    press(ada, desk, "_wake")

    desk.refresh_from_db()
    assert (desk.disabled_at, desk.disabled_because, desk.failing_since) == (None, "", None)


def test_only_administrators_come_here(client: Client):
    client.force_login(User.objects.create_user("ana@larkfield.example", "x", name="Ana"))
    desk = an_endpoint("https://desk.example/in")

    assert client.get(change(desk)).status_code == 302
    assert press(client, desk, "_rest").status_code == 302

    desk.refresh_from_db()
    assert desk.disabled_at is None


def test_a_changed_key_breaks_no_page(ada: Client, settings: LazySettings):
    desk = an_endpoint("https://desk.example/in", secret="sealed with another key")

    assert ada.get(change(desk)).status_code == 200
    assert secret_on(press(ada, desk, "_renew")) != ""
