"""What a far end's answers mean for the endpoint, and that none of them holds up the others."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import User
from notifications import delivery
from notifications.channels import endpoints
from notifications.channels.webhook import Known, Webhook
from notifications.delivery import preparing, turns
from notifications.envelope import LetGo
from notifications.models import Breaker, Delivery, Endpoint
from tests import http
from tests.http import says
from tests.notifications.endpoints import an_endpoint, to_endpoint
from tests.notifications.makers import HOUR, MINUTE, NOON, queue, states, the_delivery, tries

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)
KEY = "1:desk"


def again(desk: Endpoint) -> Endpoint:
    desk.refresh_from_db()
    return desk


# --- gone, switched off, failing for days


def test_gone_switches_the_endpoint_off_and_takes_back_what_waits(
    far_end: http.Sink, desk: Endpoint
):
    far_end.script = [says(410)]
    queue(
        to_endpoint(desk, "1"),
        to_endpoint(desk, "2"),
        to_endpoint(desk, "3", not_before=NOON + HOUR),
    )

    delivery.run(NOON)

    assert len(far_end.seen) == 1
    assert states() == {"failed": 1, "cancelled": 2}
    assert (again(desk).disabled_at is None, desk.disabled_because) == (
        False,
        "It answered 410: it is gone.",
    )


def test_to_an_endpoint_that_is_switched_off_nothing_goes(far_end: http.Sink, desk: Endpoint):
    Endpoint.objects.update(disabled_at=NOON, disabled_because="We do not need it.")
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert (far_end.connections, states()) == (0, {"cancelled": 1})
    assert the_delivery(KEY).reason == "This endpoint is switched off."


def test_what_waits_for_a_deleted_endpoint_is_taken_back(far_end: http.Sink, desk: Endpoint):
    queue(to_endpoint(desk))
    Endpoint.objects.all().delete()

    delivery.run(NOON)

    assert (far_end.connections, states()) == (0, {"cancelled": 1})
    assert the_delivery(KEY).reason == "This endpoint was deleted."


SCHEDULE = [5 / 3600, 1 / 12, 0.5, 2, 5, 10, 14, 20, 24]


def test_the_waits_are_those_of_the_standard_and_then_it_is_over(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.usual = says(500)
    queue(to_endpoint(desk))
    now, waited = NOON, []

    while states().get("queued"):
        delivery.run(now)
        at = the_delivery(KEY).attempt_at
        if at is not None:
            waited.append((at - now) / HOUR)
            now = at

    assert len(far_end.seen) == 10
    assert [round(wait / usual) for wait, usual in zip(waited, SCHEDULE, strict=True)] == [1] * 9
    assert all(0.8 <= wait / usual <= 1.2 for wait, usual in zip(waited, SCHEDULE, strict=True))
    assert states() == {"failed": 1}
    assert again(desk).disabled_because == "It has failed for days: 500"


def test_an_endpoint_that_answers_again_is_healthy_and_gets_what_waited(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.script = [says(500), says(500)]
    queue(to_endpoint(desk, "1"), to_endpoint(desk, "2"), to_endpoint(desk, "3"))

    delivery.run(NOON)
    assert (again(desk).failing_since, Breaker.objects.count()) == (NOON, 1)
    delivery.run(NOON + 10 * SECOND)
    delivery.run(NOON + MINUTE)
    delivery.run(NOON + MINUTE)

    assert states() == {"sent": 3}
    assert (again(desk).failing_since, Breaker.objects.count()) == (None, 0)


def test_while_an_endpoint_rests_its_messages_wait_untried(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.usual = says(500)
    queue(*(to_endpoint(desk, f"{number}") for number in range(30)))

    delivery.run(NOON)
    delivery.run(NOON + SECOND)

    assert len(far_end.seen) == 1
    assert Delivery.objects.filter(attempts=0, attempt_at=NOON + 5 * SECOND).count() == 29


@pytest.mark.usefixtures("far_end")
def test_an_endpoint_that_another_sender_has_heard_from_is_open_at_once(desk: Endpoint):
    known = Known()
    line = Webhook(lambda: NOON, known, lambda work: work())
    queue(to_endpoint(desk))
    [(_, compose)], _ = preparing.sort_out(list(Delivery.objects.all()), now=NOON)
    known.resting[desk.address] = endpoints.failed(desk, "no answer", now=NOON)

    with pytest.raises(LetGo):
        line.send(compose(), may_finish=lambda: True)
    endpoints.answered(again(desk), now=NOON)
    receipt = line.send(compose(), may_finish=lambda: True)
    line.close()

    assert receipt.code == 200


def test_when_one_is_switched_off_the_administrators_are_written_to(
    far_end: http.Sink, desk: Endpoint
):
    User.objects.create_superuser("ines@larkfield.example", name="Ines")
    far_end.script = [says(410)]
    queue(to_endpoint(desk))

    delivery.run(NOON)
    delivery.run(NOON + MINUTE)

    told = Delivery.objects.get(channel="email")
    assert (told.address, told.state) == ("ines@larkfield.example", "sent")
    assert told.subject == "The endpoint Desk is switched off"
    assert "It answered 410: it is gone." in told.text
    page = f"{settings.PUBLIC_URL}/settings/webhooks/{desk.pk}/"
    assert told.context["url"] == page
    assert page in told.text


def test_the_page_that_the_administrators_are_sent_to_is_there(client: Client, desk: Endpoint):
    client.force_login(User.objects.create_superuser("ines@larkfield.example", name="Ines"))
    endpoints.switch_off(desk, "It answered 410: it is gone.", now=NOON)

    path = Delivery.objects.get(channel="email").context["url"].removeprefix(settings.PUBLIC_URL)
    page = client.get(path)

    assert page.status_code == 200
    assert "Switch on" in page.content.decode()


# --- nobody holds up the others


def test_a_host_that_hangs_holds_up_no_other(
    far_end: http.Sink, desk: Endpoint, settings: LazySettings
):
    settings.NOTIFICATIONS_LENGTHS = {"request": SECOND}
    with http.sink() as other:
        settings.WEBHOOK_PORTS = [far_end.port, other.port]
        shop = an_endpoint(other.url.replace("127.0.0.1", "localhost"), "Shop")
        settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8", "::1/128"]
        far_end.usual = http.hangs
        queue(
            *(to_endpoint(desk, f"desk {number}", not_before=NOON - HOUR) for number in range(50))
        )
        queue(*(to_endpoint(shop, f"shop {number}") for number in range(50)))

        delivery.run(NOON)

        assert len(other.seen) == 50
    assert len(far_end.seen) == 1
    assert states() == {"queued": 50, "sent": 50}


def test_the_failing_come_last_and_the_urgent_first(far_end: http.Sink):
    slow = an_endpoint("https://slow.example/in", "Slow", failing_since=NOON - HOUR)
    calm = an_endpoint("https://calm.example/in", "Calm")
    hasty = an_endpoint("https://hasty.example/in", "Hasty")
    queue(to_endpoint(slow, "1", not_before=NOON - HOUR, urgent=True))
    queue(to_endpoint(calm, "2", not_before=NOON - MINUTE))
    queue(to_endpoint(hasty, "3", urgent=True))

    hosts = turns.hosts(now=NOON)

    assert list(hosts) == ["hasty.example", "calm.example", "slow.example"]


def test_at_one_host_no_more_are_under_lease_than_the_figure_says(settings: LazySettings):
    settings.NOTIFICATIONS_LENGTHS = {"in_flight": 3}
    front = an_endpoint("https://desk.example/front", "Front")
    back = an_endpoint("https://desk.example/back", "Back")
    queue(*(to_endpoint(front, f"front {number}") for number in range(5)))
    queue(*(to_endpoint(back, f"back {number}") for number in range(5)))
    both = [front.address, back.address]

    assert list(turns.hosts(now=NOON)) == ["desk.example"]
    taken = [len(turns.claim(both, limit=2, now=NOON)) for _ in range(3)]

    assert taken == [2, 1, 0]
    assert len(turns.claim(both, limit=20, now=NOON + timedelta(seconds=120))) == 3


def test_the_statements_of_a_pass_do_not_grow_with_what_waits(
    far_end: http.Sink, settings: LazySettings
):
    def statements(endpoints: int, messages: int) -> int:
        for number in range(endpoints):
            each = an_endpoint(f"https://h{number}.example/", f"{messages} {number}")
            queue(*(to_endpoint(each, f"{messages} {number} {one}") for one in range(messages)))
        with CaptureQueriesContext(connection) as captured:
            turns.hosts(now=NOON)
        return len(captured)

    assert statements(1, 1) == statements(5, 20) == 3


def test_a_host_gets_batch_after_batch_for_one_look_at_what_waits(
    far_end: http.Sink, desk: Endpoint, settings: LazySettings, freeze_round: None
):
    settings.NOTIFICATIONS_LENGTHS = {"batch": 5}
    queue(*(to_endpoint(desk, f"{number}") for number in range(40)))

    with CaptureQueriesContext(connection) as captured:
        delivery.run(NOON)

    looks = [query for query in captured if "GROUP BY" in query["sql"]]
    claims = [query for query in captured if 'COUNT(*) AS "__count"' in query["sql"]]
    assert (states(), len(looks), len(claims)) == ({"sent": 40}, 2, 10)


def test_what_was_let_go_is_put_off_before_anybody_claims_it_again(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.script = [http.raw(http.OK)] * 3
    far_end.usual = says(500)
    queue(*(to_endpoint(desk, f"{number}") for number in range(40)))

    delivery.run(NOON)

    assert (states(), len(far_end.seen)) == ({"sent": 3, "queued": 37}, 4)
    assert set(Delivery.objects.values_list("token", flat=True)) == {0, 1}


# --- at the moment of connecting


def resolving(monkeypatch: pytest.MonkeyPatch, answers: list[list[str]]) -> None:
    """The name service of somebody who changes their mind."""

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"]])
def test_a_name_that_now_leads_inside_reaches_nobody(
    answers: list[str],
    far_end: http.Sink,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
):
    settings.WEBHOOK_ALLOW_PRIVATE = []
    resolving(monkeypatch, [answers])
    queue(to_endpoint(an_endpoint(f"https://rebound.example:{far_end.port}/in")))

    delivery.run(NOON)
    delivery.run(NOON + 10 * SECOND)
    delivery.run(NOON + 10 * MINUTE)

    assert far_end.connections == 0
    assert states() == {"failed": 1}
    assert the_delivery(KEY).reason == (
        "rebound.example leads to 127.0.0.1, which is not a public address."
    )


def test_the_name_is_looked_up_once_and_that_address_is_connected_to(
    far_end: http.Sink, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    resolving(monkeypatch, [["127.0.0.1"], ["10.0.0.1"]])
    queue(to_endpoint(an_endpoint(f"http://desk.example:{far_end.port}/in")))

    delivery.run(NOON)

    [request] = far_end.seen
    assert request.headers["host"] == f"desk.example:{far_end.port}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that this machine made for desk.example, with its key, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sink"]
    names = ["-addext", "subjectAltName=DNS:desk.example"]
    files = ["-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run([*make, *names, *files], check=True, capture_output=True)
    with file.open("ab") as both:
        both.write(Path(f"{file}.crt").read_bytes())
    return file


@pytest.fixture
def secured(certificate: Path, settings: LazySettings) -> Callable[[], Any]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return lambda: http.sink(tls=context)


def test_the_certificate_is_that_of_the_name(
    certificate: Path,
    secured: Callable[[], Any],
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
):
    settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    resolving(monkeypatch, [["127.0.0.1"]])

    with secured() as sink:
        settings.WEBHOOK_PORTS = [sink.port]
        right = an_endpoint(f"https://desk.example:{sink.port}/in", "Right")
        wrong = an_endpoint(f"https://shop.example:{sink.port}/in", "Wrong")
        queue(to_endpoint(right, "right"), to_endpoint(right, "too"), to_endpoint(wrong, "wrong"))
        delivery.run(NOON)

        assert (len(sink.seen), sink.connections) == (2, 2)
    assert states() == {"sent": 2, "queued": 1}
    assert "certificate" in tries("wrong")[0][2].lower()


def test_a_certificate_nobody_vouches_for_is_refused(
    secured: Callable[[], Any], settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
    resolving(monkeypatch, [["127.0.0.1"]])

    with secured() as sink:
        settings.WEBHOOK_PORTS = [sink.port]
        queue(to_endpoint(an_endpoint(f"https://desk.example:{sink.port}/in")))
        delivery.run(NOON)

        assert sink.seen == []
    assert "certificate" in tries(KEY)[0][2].lower()
    assert Breaker.objects.count() == 1
