"""Mail through a provider's interface and through Django's own backends, both of them real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.conf import LazySettings
from django.core import mail

from notifications import delivery
from notifications.channels import verp
from notifications.channels.backend import Backend
from notifications.channels.mime import message_id
from notifications.envelope import LetGo
from notifications.models import Breaker, Delivery, Suppression
from tests import http, smtp
from tests.http import says
from tests.notifications.makers import (
    MINUTE,
    NOON,
    Agreeable,
    queue,
    states,
    the_delivery,
    to_ana,
    to_tom,
    tries,
)
from tests.notifications.test_chat import letter

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)
TAKEN = json.dumps({"id": "<20260302.1@provider.example>", "message": "Queued. Thank you."})


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[http.Sink]:
    """Anymail's backend for one of its providers, which listens on this computer."""
    with http.sink(usual=says(200, TAKEN, Content_Type="application/json")) as sink:
        settings.NOTIFICATIONS_EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
        settings.ANYMAIL = {
            "MAILGUN_API_KEY": "a key",
            "MAILGUN_API_URL": f"http://127.0.0.1:{sink.port}/v3",
            "MAILGUN_SENDER_DOMAIN": "larkfield.example",
        }
        settings.DEFAULT_FROM_EMAIL = "Larkfield <promises@larkfield.example>"
        yield sink


def fields(request: http.Request) -> dict[str, str]:
    """What the form says, by name."""
    return dict(parse_qsl(request.body.decode(), strict_parsing=True))


# --- a provider


def test_a_mail_goes_out_with_our_headers_and_keeps_the_providers_name(provider: http.Sink):
    queue(to_tom())

    assert delivery.run(NOON) == 1

    [request] = provider.seen
    said = fields(request)
    assert said["to"] == "Tom <tom@example.org>"
    assert said["from"] == "Ana at Larkfield <promises@larkfield.example>"
    assert said["h:Message-Id"] == message_id("1:tom:email", domain="larkfield.example")
    assert said["h:Auto-Submitted"] == "auto-generated"
    assert said["v:delivery"] == verp.name(the_delivery().pk)
    assert "h:X-Possible-Repeat" not in said
    assert said["html"].startswith("<p>Hello Tom")
    assert (states(), the_delivery().provider_id) == (
        {"sent": 1},
        "<20260302.1@provider.example>",
    )


def test_a_provider_that_keeps_no_name_of_ours_takes_the_mail_without(settings: LazySettings):
    with http.sink(usual=says(202, "", Content_Type="text/html", X_Message_Id="1")) as sink:
        settings.NOTIFICATIONS_EMAIL_BACKEND = "anymail.backends.mailersend.EmailBackend"
        settings.ANYMAIL = {
            "MAILERSEND_API_TOKEN": "a token",
            "MAILERSEND_API_URL": f"http://127.0.0.1:{sink.port}/v1/",
        }
        queue(to_tom())

        delivery.run(NOON)

    [request] = sink.seen
    assert "metadata" not in json.loads(request.body)
    assert states() == {"sent": 1}


def test_a_repeat_says_so_under_the_same_name(provider: http.Sink):
    queue(to_ana())
    Delivery.objects.update(possible_repeat=True)

    delivery.run(NOON)

    said = fields(provider.seen[0])
    assert said["h:X-Possible-Repeat"] == "1"
    assert said["h:Message-Id"] == message_id("1:ana:email", domain="larkfield.example")


def test_what_is_not_one_address_is_never_handed_over(provider: http.Sink):
    queue(to_tom(address="tom@example.org, eve@example.org"))

    delivery.run(NOON)

    assert (provider.connections, states()) == (0, {"failed": 1})


def test_nothing_is_handed_over_once_the_marker_says_no(provider: http.Sink):
    with pytest.raises(LetGo):
        Backend().send(letter("tom@example.org"), may_finish=lambda: False)

    assert provider.seen == []


@pytest.mark.parametrize("code", [400, 404, 413, 422])
def test_what_a_provider_refuses_fails(code: int, provider: http.Sink, subject: Agreeable):
    provider.script = [says(code, "no")]
    queue(to_tom())

    delivery.run(NOON)

    assert states() == {"failed": 1}
    assert [(ending, said) for ending, said, _ in tries()] == [("refused", code)]
    assert subject.told == [("1:tom:email", "failed")]


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_a_provider_that_cannot_now_lets_the_channel_rest(code: int, provider: http.Sink):
    provider.script = [says(code, "later")]
    queue(to_tom("1"), to_tom("2"))

    delivery.run(NOON)
    assert states() == {"queued": 2}
    delivery.run(NOON + 2 * MINUTE)

    assert (states(), len(provider.seen)) == ({"sent": 2}, 3)


@pytest.mark.parametrize("code", [401, 402, 403])
def test_when_our_account_is_refused_everything_waits(code: int, provider: http.Sink):
    provider.script = [says(code, "Forbidden")]
    queue(to_tom("1"), to_tom("2"))

    delivery.run(NOON)

    assert (states(), len(provider.seen)) == ({"queued": 2}, 1)
    assert Breaker.objects.get().ours


def test_no_answer_in_time_is_uncertain_and_a_customer_is_not_written_to_again(
    provider: http.Sink, settings: LazySettings, subject: Agreeable
):
    settings.NOTIFICATIONS_LENGTHS = {"conversation": SECOND}
    provider.script = [http.hangs]
    queue(to_tom())

    delivery.run(NOON)
    delivery.run(NOON + 20 * MINUTE)

    assert (states(), len(provider.seen)) == ({"uncertain": 1}, 1)
    assert subject.told == [("1:tom:email", "uncertain")]


def test_a_connection_dropped_after_the_request_is_uncertain(provider: http.Sink):
    provider.script = [http.drops]
    queue(to_tom())

    delivery.run(NOON)

    assert (states(), len(provider.seen)) == ({"uncertain": 1}, 1)


def test_an_acceptance_in_words_nobody_understands_is_uncertain(provider: http.Sink):
    provider.script = [says(200, "<html>welcome to our proxy</html>")]
    queue(to_tom())

    delivery.run(NOON)

    assert states() == {"uncertain": 1}


def test_a_provider_that_is_away_was_sent_nothing(provider: http.Sink):
    provider.close()
    queue(to_tom())

    delivery.run(NOON)

    assert (states(), Breaker.objects.get().ours) == ({"queued": 1}, False)


def test_a_backend_without_its_key_is_our_own_fault(provider: http.Sink, settings: LazySettings):
    settings.ANYMAIL = {}
    queue(to_tom())

    delivery.run(NOON)

    assert (states(), Breaker.objects.get().ours) == ({"queued": 1}, True)


def test_an_address_the_provider_will_not_write_to_is_closed(settings: LazySettings):
    refused = {"email": "tom@example.org", "status": "rejected", "_id": "1"}
    with http.sink(usual=says(200, json.dumps([refused]))) as sink:
        settings.NOTIFICATIONS_EMAIL_BACKEND = "anymail.backends.mandrill.EmailBackend"
        settings.ANYMAIL = {
            "MANDRILL_API_KEY": "a key",
            "MANDRILL_API_URL": f"http://127.0.0.1:{sink.port}/api/1.0",
        }
        queue(to_tom())

        delivery.run(NOON)

    assert states() == {"failed": 1}
    assert Suppression.objects.get().address == "tom@example.org"


# --- Django's own backends


@pytest.fixture
def django_smtp(settings: LazySettings) -> Iterator[smtp.Sink]:
    with smtp.sink() as sink:
        settings.NOTIFICATIONS_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def test_several_mails_share_one_connection(django_smtp: smtp.Sink):
    queue(to_tom("1"), to_tom("2"))

    delivery.run(NOON)

    assert (states(), django_smtp.seen["BANNER"]) == ({"sent": 2}, 1)
    assert the_delivery("1").provider_id == ""


@pytest.mark.parametrize(
    ("stage", "answer", "becomes"),
    [
        ("RCPT", "550 5.1.1 no such user", "failed"),
        ("RCPT", "451 4.7.1 try later", "queued"),
        ("DATA", "452 4.3.1 no room", "queued"),
        ("DOT", "554 5.6.0 not like this", "failed"),
        ("DOT", smtp.DROP, "uncertain"),
    ],
)
def test_a_mail_servers_answer_means_what_it_means_to_us(
    stage: str, answer: Any, becomes: str, django_smtp: smtp.Sink
):
    django_smtp.script = {stage: [answer]}
    queue(to_tom())

    delivery.run(NOON)

    assert states() == {becomes: 1}


def test_a_dead_address_is_closed(django_smtp: smtp.Sink):
    django_smtp.script = {"RCPT": ["550 5.1.1 no such user"]}
    queue(to_tom())

    delivery.run(NOON)

    assert Suppression.objects.get().address == "tom@example.org"


def test_a_server_that_is_away_was_sent_nothing(django_smtp: smtp.Sink):
    django_smtp.close()
    queue(to_tom())

    delivery.run(NOON)

    assert (states(), Breaker.objects.get().ours) == ({"queued": 1}, False)


def test_a_backend_in_memory_gets_text_and_html(settings: LazySettings):
    settings.NOTIFICATIONS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    queue(to_tom(name="Tom\r\nBcc: eve@example.org"))

    delivery.run(NOON)

    [message] = mail.outbox
    assert message.to == ['"Tom Bcc: eve@example.org" <tom@example.org>']
    assert message.alternatives[0].mimetype == "text/html"
    assert message.extra_headers["Message-ID"] == message_id("1:tom:email", domain="localhost")


def test_our_own_conversation_goes_first(provider: http.Sink, sink: smtp.Sink):
    queue(to_tom())

    delivery.run(NOON)

    assert (len(sink.accepted), provider.seen) == (1, [])
