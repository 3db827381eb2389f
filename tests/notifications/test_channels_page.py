"""Settings, Channels: how each is doing; secrets are shown once, and credentials never."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from commitments.models import User
from notifications import sealing
from notifications.models import Breaker, Delivery, Endpoint
from tests.web.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
URL = "https://203.0.113.7/hook"


@pytest.fixture(autouse=True)
def _noon(settings: Any) -> Any:
    settings.WEBHOOK_ALLOW_PRIVATE = ["203.0.113.0/24"]
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def ada() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ada@larkfield.example", "x", name="Ada Lowe"))
    return client


def an_endpoint(**fields: Any) -> Endpoint:
    return Endpoint.objects.create(
        **{"name": "Help desk", "url": URL, "secret": sealing.seal("whsec_old"), "made_at": NOON}
        | fields
    )


def secret_in(page: Any) -> str:
    found = re.search(r"whsec_[\w+/=]+", page.content.decode())
    return found[0] if found else ""


def test_it_is_for_administrators_only() -> None:
    endpoint, ana = an_endpoint(), Client()
    ana.force_login(User.objects.create_user("ana@larkfield.example", name="Ana"))

    for path in ("", "webhooks/new/", f"webhooks/{endpoint.pk}/", f"webhooks/{endpoint.pk}/rest/"):
        assert ana.get(f"/settings/channels/{path}").status_code == 403
    assert ana.post(f"/settings/channels/webhooks/{endpoint.pk}/act/").status_code == 403
    assert Client().get("/settings/channels/").status_code == 302


def test_no_credential_is_ever_shown(ada: Client, settings: Any) -> None:
    settings.EMAIL_URL = "smtp+tls://promises:geheim@mail.larkfield.example:587"
    settings.SMS_URL = "twilio://AC123:token@15551234567"
    an_endpoint()

    page = ada.get("/settings/channels/").content.decode()

    assert "mail.larkfield.example" in page
    assert "geheim" not in page
    assert "AC123" not in page
    assert "whsec" not in page
    assert "Help desk" in page


def test_a_channel_that_rests_says_until_when_and_why(ada: Client) -> None:
    Breaker.objects.create(
        channel="email", opened_at=NOON, until=NOON.replace(hour=13), reason="535 bad password"
    )

    words = text(ada.get("/settings/channels/"))

    assert "Nothing is sent until Thu 21 May, 1:00 pm : 535 bad password" in words


def test_a_test_mail_goes_to_whoever_asks_and_once_a_minute(ada: Client) -> None:
    for _ in range(2):
        assert ada.post("/settings/channels/test-mail/").status_code == 302

    mail = Delivery.objects.get()
    assert (mail.template, mail.address) == ("test_mail", "ada@larkfield.example")
    assert "Last message today at 12:00 noon" in text(ada.get("/settings/channels/"))


def test_a_secret_is_shown_when_it_is_made_and_never_again(ada: Client) -> None:
    made = ada.post("/settings/channels/webhooks/new/", {"name": "Help desk", "url": URL})

    endpoint = Endpoint.objects.get()
    assert secret_in(made) == sealing.unseal(endpoint.secret)
    assert secret_in(ada.get(f"/settings/channels/webhooks/{endpoint.pk}/")) == ""
    assert "no-store" in made["Cache-Control"]


def test_a_new_secret_signs_beside_the_old_one(ada: Client) -> None:
    endpoint = an_endpoint()

    shown = ada.post(f"/settings/channels/webhooks/{endpoint.pk}/act/", {"press": "renew"})

    endpoint.refresh_from_db()
    assert secret_in(shown) == sealing.unseal(endpoint.secret)
    assert sealing.unseal(endpoint.previous_secret) == "whsec_old"
    assert "the one before signs as well" in text(shown)


def test_it_is_tried_switched_off_after_a_question_and_on_again(ada: Client) -> None:
    endpoint = an_endpoint()
    address = f"/settings/channels/webhooks/{endpoint.pk}/"

    ada.post(f"{address}act/", {"press": "try"})
    assert Delivery.objects.get().template == "webhook_test"
    assert "what waits for it is taken back" in text(ada.get(f"{address}rest/"))
    ada.post(f"{address}rest/")
    assert Endpoint.objects.get().disabled_at == NOON
    assert Delivery.objects.get().state == "cancelled"
    ada.post(f"{address}act/", {"press": "wake"})

    assert Endpoint.objects.get().disabled_at is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": "help DESK", "url": URL}, "There is one called help DESK already."),
        ({"name": "\x00", "url": URL}, "Null characters are not allowed."),
        ({"name": "x" * 121, "url": URL}, "Keep the name to 120 characters."),
        ({"name": "Inside", "url": "https://127.0.0.1/"}, "127.0.0.1"),
        ({"name": "Plain", "url": "ftp://203.0.113.7/"}, "https"),
        ({"name": "Long", "url": URL + "x" * 3000}, "no address"),
        ({"name": "Nothing", "url": ""}, "Give the address"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(ada: Client, said: dict[str, str], why: str) -> None:
    an_endpoint()

    refused = ada.post("/settings/channels/webhooks/new/", said)

    assert refused.status_code == 422
    assert why in text(refused)
    assert Endpoint.objects.count() == 1
