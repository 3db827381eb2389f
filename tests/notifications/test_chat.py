"""Chat and SMS: apprise is real here, and only the service at its far end is ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import LazySettings

from notifications import delivery, sealing
from notifications.channels import Letter, Receipt, contacts
from notifications.channels.chat import Chat, harmless
from notifications.envelope import DeliveryError, LetGo, Message, Uncertain
from notifications.models import ContactPoint, Delivery
from tests import http
from tests.http import says
from tests.notifications.makers import NOON, ana, queue, states, the_delivery, to_ana, tries

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)


@pytest.fixture
def service(settings: LazySettings) -> Iterator[http.Sink]:
    """A service that takes what apprise posts as JSON."""
    with http.sink() as sink:
        settings.CHAT_SCHEMES = settings.SMS_SCHEMES = ["json"]
        settings.CHAT_HOSTS = ["127.0.0.1"]
        yield sink


def address(service: http.Sink) -> str:
    return sealing.seal(f"json://127.0.0.1:{service.port}/room")


def letter(sealed: str, **facts: Any) -> Letter:
    usual: dict[str, Any] = {
        "delivery_id": 1,
        "key": "1:ana:chat",
        "about": "commitment:7",
        "person_id": 1,
        "address": sealed,
        "name": "Ana",
        "sender": "",
        "language": "en",
        "subject": "A new kettle is due",
        "text": "Today at 4 pm.",
        "html": "",
        "possible_repeat": False,
        "not_before": NOON,
    }
    return Letter(**(usual | facts))


def send(sealed: str, channel: str = "chat", **facts: Any) -> Receipt:
    return Chat(channel).send(letter(sealed, **facts), may_finish=lambda: True)


def in_anas_chat(service: http.Sink, **facts: Any) -> Message:
    sealed = address(service)
    ContactPoint.objects.create(
        user=ana(), channel=facts.get("channel", "chat"), address=sealed, verified_at=NOON
    )
    usual = {"channel": "chat", "address": sealed}
    return to_ana("1:ana:chat", **(usual | facts))


# --- what arrives


def test_a_reminder_goes_to_the_room(service: http.Sink):
    queue(in_anas_chat(service))

    assert delivery.run(NOON) == 1

    [request] = service.seen
    assert request.json["title"] == "Ana, about a new kettle"
    assert "we said: a new kettle." in request.json["message"]
    assert states() == {"sent": 1}
    assert tries("1:ana:chat") == [("accepted", 200, "taken by JSON")]


def test_a_text_message_is_one_line_with_a_link(service: http.Sink):
    context = {"who": "Ana", "what": "kettle " * 100, "url": "https://promises.example.com/K7Q2M"}
    queue(in_anas_chat(service, channel="sms", context=context))

    delivery.run(NOON)

    [request] = service.seen
    said = request.json["message"]
    words, link = said.rsplit(" ", 1)
    assert (link, len(words), words[-1]) == ("https://promises.example.com/K7Q2M", 300, "…")
    assert (request.json["title"], "\n" in said) == ("", False)


HARMFUL = {
    "<!channel> hurry": "\u2039!\u200bchannel\u203a hurry",
    "<@U024BE7LH> hurry": "\u2039@\u200bU024BE7LH\u203a hurry",
    "@everyone @here": "@\u200beveryone @\u200bhere",
    "#general": "#\u200bgeneral",
    "<http://evil.example|your bank>": "\u2039http://evil.example|your bank\u203a",
    "[your bank](http://evil.example)": "[your bank]\u200b(http://evil.example)",
    "<script>alert(1)</script>": "\u2039script\u203aalert(1)\u2039/script\u203a",
    "tom@example.org & a 5 < 6": "tom@example.org & a 5 \u2039 6",
    "https://promises.example.com/K7Q2M": "https://promises.example.com/K7Q2M",
}


@pytest.mark.parametrize("text", HARMFUL)
def test_nobody_is_called_and_no_link_is_hidden(text: str):
    assert harmless(text) == HARMFUL[text]


def test_slack_itself_is_sent_nothing_it_would_understand(
    service: http.Sink, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    slack = "apprise.plugins.slack.NotifySlack"
    monkeypatch.setattr(f"{slack}.webhook_url", f"http://127.0.0.1:{service.port}/services")
    settings.CHAT_SCHEMES = ["slack"]
    sealed = sealing.seal("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    service.usual = says(200, "ok")

    send(sealed, text="<!channel> <@U024BE7LH> <http://evil.example|bank> a & b", subject="Due")

    [request] = service.seen
    said = request.body.decode()
    assert "bank" in said
    for token in ("<!channel", "<@U024", "<http", "<!", "<@"):
        assert token not in said


# --- what does not


def test_what_the_service_refuses_is_tried_again(service: http.Sink):
    service.script = [says(503)]
    queue(in_anas_chat(service))

    delivery.run(NOON)
    assert (states(), the_delivery("1:ana:chat").reason) == ({"queued": 1}, "JSON did not take it.")
    delivery.run(NOON + 90 * SECOND)

    assert states() == {"sent": 1}


def test_what_is_not_answered_in_time_may_have_arrived(service: http.Sink, settings: LazySettings):
    settings.NOTIFICATIONS_LENGTHS = {"request": SECOND / 2}
    service.script = [http.hangs]

    with pytest.raises(Uncertain, match=r"no answer within 0\.5 s"):
        send(address(service))

    assert len(service.seen) == 1


def test_a_service_that_drips_is_not_waited_for(service: http.Sink, settings: LazySettings):
    settings.NOTIFICATIONS_LENGTHS = {"request": SECOND / 2}
    service.script = [http.drips(http.OK, pause=0.2)]

    with pytest.raises(Uncertain):
        send(address(service))


def test_nothing_is_sent_once_the_marker_says_no(service: http.Sink):
    with pytest.raises(LetGo):
        Chat("chat").send(letter(address(service)), may_finish=lambda: False)

    assert service.connections == 0


def test_redirects_are_not_followed(service: http.Sink):
    with http.sink() as elsewhere:
        service.usual = says(302, Location=elsewhere.url)

        with pytest.raises(DeliveryError):
            send(address(service))

        assert elsewhere.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.2/room",
        "json://localhost/room",
        "ntfy://169.254.169.254/topic",
        "file:///etc/passwd",
        "syslog://",
        "json://127.0.0.1/room?verify=no",
    ],
)
def test_what_is_no_longer_allowed_fails_for_good(url: str, service: http.Sink):
    with pytest.raises(DeliveryError) as refusal:
        send(sealing.seal(url))

    assert (refusal.value.permanent, service.connections) == (True, 0)


def test_an_address_that_cannot_be_opened_is_said_and_waits(
    service: http.Sink, settings: LazySettings
):
    sealed = address(service)
    settings.SECRET_KEY = "another key " * 5

    with pytest.raises(DeliveryError, match="sealed with a key we no longer have") as refusal:
        send(sealed)

    assert refusal.value.permanent is False


def test_secrets_stay_out_of_the_outbox(service: http.Sink):
    queue(in_anas_chat(service))

    delivery.run(NOON)

    row = Delivery.objects.get()
    assert "json://" not in f"{row.address}{row.text}{row.reason}{tries('1:ana:chat')}"


# --- which addresses there may be


REFUSED = {
    "mailto://tom@example.org": "has to begin with one of: slack://, discord://",
    "https://hooks.slack.com/services/T/B/X": "has to begin with one of:",
    "slack": "has to begin with one of:",
    "slack:T/B/X": "has to begin with one of:",
    "slack://T/B/X x": "not an address we can read",
    "slack://T/B/X\nslack://T/B/Y": "not an address we can read",
    "slack://[": "not an address we can read",
    "slack://T/B/X?to=a;template=/etc/passwd": "not an address we can read",
    "slack://T/B/X/#room?template=/etc/passwd": "must not say “template”",
    "ntfy://a@evil.example@ntfy.sh/topic": "not an address we can read",
    "ntfy://ntfy.sh\\@evil.example/topic": "not an address we can read",
    "ntfy://ntfy.sh#@evil.example/topic": "This host is not on the list.",
    "ntfys://evil.example%2f.logic.azure.com/topic": "not an address we can read",
    "slack://" + "a" * 1000: "not an address we can read",
    "slack://T/B/X?template=/etc/passwd": "must not say “template”",
    "discord://1/2?avatar_url=http://169.254.169.254/": "must not say “avatar_url”",
    "slack://T/B/X?verify=no": "must not say “verify”",
    "slack://T/B/X?rto=9999": "must not say “rto”",
    "tgram://1/2?%2BX-Evil=1": "must not say “+X-Evil”",
    "mmost://127.0.0.1/token": "This host is not on the list.",
    "ntfy://169.254.169.254/topic": "This host is not on the list.",
    "ntfy://evil.ntfy.sh/topic": "This host is not on the list.",
    "workflows://logic.azure.com.evil.example/1/2": "This host is not on the list.",
}


@pytest.mark.parametrize("url", REFUSED)
def test_a_bad_address_is_refused_in_a_sentence(url: str):
    with pytest.raises(contacts.Refused) as refusal:
        contacts.check("chat", url)

    assert REFUSED[url] in str(refusal.value)


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        ("chat", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
        ("chat", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"),
        ("chat", "ntfys://ntfy.sh/followthrough"),
        ("chat", "workflows://prod-12.westeurope.logic.azure.com/abc/def"),
        ("chat", "tgram://123456789:abcdefg/12315544?topic=3"),
        ("sms", "twilio://AC123:token@15551234567/15557654321"),
        ("sms", "twilio://AC123:to%40ken@15551234567/15557654321"),
    ],
)
def test_a_good_address_is_taken(channel: str, url: str):
    contacts.check(channel, url)


@pytest.mark.parametrize("user", ["", "ana@", "ana:pass@", "a%40evil.example@", "a%2fevil@"])
@pytest.mark.parametrize("end", ["", "?to=ana", "?topic=a#b", "#evil.example", "/@evil.example"])
def test_apprise_connects_to_the_host_that_was_checked(user: str, end: str):
    url = f"ntfy://{user}ntfy.sh/topic{end}"
    contacts.check("chat", url)

    service = import_module("apprise").Apprise.instantiate(url, suppress_exceptions=False)

    assert (service.host, service.verify_certificate) == ("ntfy.sh", True)


def test_an_address_is_shown_by_its_ends_only():
    sealed = sealing.seal("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/")

    assert contacts.masked(sealed) == "slack://…i7FQ"
    assert contacts.masked("not sealed") == "(cannot be read any more)"


def test_apprise_is_imported_by_the_first_message_only():
    program = (
        "import django, sys; django.setup(); import notifications.delivery.round;"
        "print(any(name.startswith('apprise') for name in sys.modules))"
    )

    told = subprocess.run(
        [sys.executable, "-c", program],
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "x", "EMBEDDED": "true"}
        | {"DATABASE_URL": "sqlite:///:memory:", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "False"
