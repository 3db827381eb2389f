"""Settings, Channels: how each is doing; secrets are shown once, and credentials never."""

from __future__ import annotations

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


def test_it_is_for_administrators_only() -> None:
    ana = Client()
    ana.force_login(User.objects.create_user("ana@larkfield.example", name="Ana"))

    assert ana.get("/settings/channels/").status_code == 403
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
    assert URL not in page


def test_it_says_whether_a_program_needs_a_look(ada: Client) -> None:
    an_endpoint()
    assert "Webhooks Ready" in text(ada.get("/settings/channels/"))

    an_endpoint(name="Shop", failing_since=NOON)

    assert "Webhooks 1 of 2 not well" in text(ada.get("/settings/channels/"))


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
