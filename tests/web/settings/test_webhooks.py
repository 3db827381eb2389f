"""Settings, Webhooks: what a program asked for, its secret, and what it is sent again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from standardwebhooks import Webhook as Receiver

from commitments.models import Subscription
from notifications import delivery, sealing
from notifications.models import Delivery, Endpoint
from tests import http
from tests.http import says
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team
from tests.notifications.endpoints import SECRET, an_endpoint
from tests.web.pages import text

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

URL = "https://203.0.113.7/hook"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _allowed(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = ["203.0.113.0/24"]


@pytest.fixture
def far_end(settings: Any) -> Any:
    with http.sink() as sink:
        settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
        settings.WEBHOOK_PORTS = [443, sink.port]
        yield sink


def a_desk(url: str = URL, *kinds: str, name: str = "Desk") -> Endpoint:
    endpoint = an_endpoint(url, name)
    if kinds:
        Subscription.objects.create(endpoint_id=endpoint.pk, kinds=list(kinds), every_team=True)
    return endpoint


def page_of(endpoint: Endpoint) -> str:
    return f"/settings/webhooks/{endpoint.pk}/"


def secret_in(page: Any) -> str:
    found = re.search(r"whsec_[\w+/=]+", page.content.decode())
    return found[0] if found else ""


def shown(page: Any) -> int:
    """How many messages stand on it."""
    return page.content.count(b'data-label="Happened"')


def add(client: Client, **said: Any) -> Any:
    page = client.get("/settings/webhooks/new/")
    return press(client, page, **({"name": "Help desk", "url": URL} | said))


def pressed(client: Client, endpoint: Endpoint, button: str, **said: Any) -> Any:
    """A button of its page, with what the form around it holds."""
    page = client.get(page_of(endpoint))
    data = fields(page, form=f'value="{button}"') | {"press": [button]} | said
    return client.post(f"{page_of(endpoint)}press/", data)


# --- who


@pytest.mark.parametrize("path", ["", "new/", "{pk}/", "{pk}/edit/", "{pk}/switch-off/"])
def test_it_is_for_administrators_alone(path: str, client: Client) -> None:
    address = f"/settings/webhooks/{path.format(pk=a_desk().pk)}"

    assert client.get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_nobody_else_presses_anything(client: Client) -> None:
    desk = a_desk()

    for button in ("try", "wake", "since"):
        assert client.post(f"{page_of(desk)}press/", {"press": button}).status_code == 403
    assert client.post(f"{page_of(desk)}secret/").status_code == 403

    assert Delivery.objects.count() == 0
    assert Endpoint.objects.get().secret == desk.secret


def test_one_that_there_is_not_is_not_there(ada: Client) -> None:
    for path in ("", "edit/", "switch-off/", "delete/"):
        assert ada.get(f"/settings/webhooks/987654/{path}").status_code == 404
    assert ada.post("/settings/webhooks/987654/press/", {"press": "try"}).status_code == 404


# --- made, edited, deleted


def test_a_secret_is_shown_when_it_is_made_and_never_again(ada: Client) -> None:
    made = add(ada, of_promise=["made", "fulfilled"])

    endpoint = Endpoint.objects.get()
    assert secret_in(made) == sealing.unseal(endpoint.secret)
    assert "no-store" in made["Cache-Control"]
    assert secret_in(ada.get(page_of(endpoint))) == ""
    assert Subscription.objects.get().kinds == ["fulfilled", "made"]


def test_sent_twice_it_is_one_and_the_second_answer_has_no_secret(ada: Client) -> None:
    data = fields(ada.get("/settings/webhooks/new/")) | {"name": ["Desk"], "url": [URL]}

    ada.post("/settings/webhooks/new/", data)
    again = ada.post("/settings/webhooks/new/", data, follow=True)

    assert Endpoint.objects.count() == 1
    assert (secret_in(again), "Its secret was shown before" in text(again)) == ("", True)


def test_without_anything_ticked_it_hears_only_of_steps(ada: Client) -> None:
    made = add(ada)

    assert Subscription.objects.count() == 0
    assert "It is told: Steps of escalation that name it" in text(made)


def test_it_can_ask_for_all_of_some_teams(ada: Client) -> None:
    repairs = a_team("Repairs")

    made = add(ada, everything="on", of_promise=["made"], teams=[repairs.pk])

    asked = Subscription.objects.get()
    assert (asked.kinds, asked.every_team, list(asked.teams.all())) == (["*"], False, [repairs])
    assert "It is told: All that happens, in Repairs" in text(made)


def test_what_it_asked_for_elsewhere_is_kept_when_it_is_edited(ada: Client) -> None:
    desk = a_desk(URL, "made", "replanned")

    press(ada, ada.get(f"{page_of(desk)}edit/"), of_promise=["moved"])

    assert Subscription.objects.get().kinds == ["moved", "replanned"]


def test_of_two_who_edit_it_the_second_is_told(ada: Client) -> None:
    desk = a_desk(URL, "made")
    page = ada.get(f"{page_of(desk)}edit/")
    press(ada, ada.get(f"{page_of(desk)}edit/"), name="Front desk")

    late = press(ada, page, name="Back desk")

    assert (late.status_code, Endpoint.objects.get().name) == (422, "Front desk")
    assert "Somebody else changed this webhook" in text(late)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": "dESK"}, "There is one called dESK already."),
        ({"name": "\x00"}, "This form was changed on its way."),
        ({"name": "x" * 121}, "Keep the name to 120 characters."),
        ({"url": "https://127.0.0.1/"}, "127.0.0.1"),
        ({"url": "ftp://203.0.113.7/"}, "https"),
        ({"url": URL + "x" * 3000}, "no address"),
        ({"url": ""}, "Give the address"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(ada: Client, said: dict[str, str], why: str) -> None:
    a_desk()

    refused = add(ada, **({"name": "Shop"} | said))

    assert refused.status_code == 422
    assert why in text(refused)
    assert Endpoint.objects.count() == 1


def test_deleted_it_is_forgotten_after_a_question_with_what_waits(ada: Client) -> None:
    desk = a_desk(URL, "made")
    a_commitment(summary=False)

    ask = ada.get(f"{page_of(desk)}delete/")
    assert Endpoint.objects.exists()
    press(ada, ask)

    assert (Endpoint.objects.count(), Subscription.objects.count()) == (0, 0)
    [row] = Delivery.objects.filter(channel="webhook")
    assert (row.state, row.reason) == ("cancelled", "This endpoint was deleted.")


# --- tried, switched off and on, another secret


def test_the_answer_to_a_test_is_shown(ada: Client, far_end: http.Sink) -> None:
    desk = a_desk(far_end.url)
    far_end.script = [says(202, "kettle is on")]

    pressed(ada, desk, "try")
    waiting = ada.get(page_of(desk))
    delivery.run(NOON)

    assert "hx-trigger" in waiting.content.decode()
    shown = ada.get(page_of(desk))
    assert "202 kettle is on" in text(shown)
    assert "hx-trigger" not in shown.content.decode()
    [request] = far_end.seen
    assert Receiver(SECRET).verify(request.body, request.headers)["type"] == "test"


def test_a_test_goes_out_though_the_program_rests(ada: Client, far_end: http.Sink) -> None:
    desk = a_desk(far_end.url)
    far_end.script = [says(500)]
    pressed(ada, desk, "try")
    delivery.run(NOON)

    pressed(ada, desk, "try")
    with time_machine.travel(NOON + SECOND, tick=False):
        pressed(ada, desk, "try")
        delivery.run(NOON + SECOND)

    assert len(far_end.seen) > 1
    assert Endpoint.objects.get().failing_since is None


def test_it_is_switched_off_after_a_question_and_on_again(ada: Client) -> None:
    desk = a_desk(URL, "made")
    a_commitment(summary=False)

    ask = ada.get(f"{page_of(desk)}switch-off/")
    assert "what waits for it is taken back" in text(ask)
    press(ada, ask)
    off = text(ada.get(page_of(desk)))
    assert "Switched off by an administrator." in off
    pressed(ada, desk, "wake")

    assert Endpoint.objects.get().disabled_at is None
    assert Delivery.objects.get(channel="webhook").state == "cancelled"


def test_why_it_was_switched_off_is_said(ada: Client) -> None:
    desk = a_desk()
    Endpoint.objects.update(disabled_at=NOON, disabled_because="It answered 410: it is gone.")

    assert "It answered 410: it is gone." in text(ada.get(page_of(desk)))


def test_for_as_long_as_was_said_both_secrets_sign(ada: Client, far_end: http.Sink) -> None:
    desk = a_desk(far_end.url, "made")

    form = fields(ada.get(page_of(desk)), form="/secret/") | {"hours": "1"}
    shown = ada.post(f"{page_of(desk)}secret/", form)
    fresh = secret_in(shown)
    for hours in (0, 2):
        now = NOON + hours * HOUR
        with time_machine.travel(now, tick=False):
            a_commitment(case=str(hours), now=now, due_at=now + DAY, summary=False)
            delivery.run(now)

    during, after = far_end.seen
    assert "Until" in text(shown)
    with time_machine.travel(NOON, tick=False):
        Receiver(SECRET).verify(during.body, during.headers)
        Receiver(fresh).verify(during.body, during.headers)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        Receiver(fresh).verify(after.body, after.headers)
    assert len(after.headers["webhook-signature"].split()) == 1


def test_pressed_twice_it_has_one_new_secret(ada: Client) -> None:
    desk = a_desk()
    data = fields(ada.get(page_of(desk)), form="/secret/")

    first = ada.post(f"{page_of(desk)}secret/", data)
    again = ada.post(f"{page_of(desk)}secret/", data, follow=True)

    endpoint = Endpoint.objects.get()
    assert sealing.unseal(endpoint.secret) == secret_in(first)
    assert sealing.unseal(endpoint.previous_secret) == SECRET
    assert secret_in(again) == ""


def test_a_place_that_there_is_not_is_not_there(ada: Client) -> None:
    assert ada.get(f"{page_of(a_desk())}?before=987654").status_code == 404
