"""Signed webhooks: what is sent, and what each answer of the far end means."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from standardwebhooks import Webhook as Receiver

from notifications import delivery, outbox, sealing
from notifications.models import Attempt, Delivery, Endpoint
from tests import http
from tests.http import OK, says
from tests.notifications.endpoints import SECRET, an_endpoint, to_endpoint
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    Agreeable,
    queue,
    states,
    the_delivery,
    tries,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)
KEY = "1:desk"


def hasten(settings: LazySettings, **lengths: float) -> None:
    settings.NOTIFICATIONS_LENGTHS = {
        name: timedelta(seconds=value) for name, value in lengths.items()
    }


def next_try() -> datetime | None:
    return the_delivery(KEY).attempt_at


# --- what is sent


def test_a_webhook_is_posted_and_its_answer_kept(far_end: http.Sink, desk: Endpoint):
    far_end.script = [says(202, "thank you")]
    queue(to_endpoint(desk))

    assert delivery.run(NOON) == 1

    [request] = far_end.seen
    assert request.path == "/hook"
    assert request.json == {
        "id": request.headers["webhook-id"],
        "type": "commitment.step_taken",
        "timestamp": "2026-03-02T12:00:00+00:00",
        "data": {"commitment": "K7Q2M", "step": 3},
    }
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["host"] == f"127.0.0.1:{far_end.port}"
    assert states() == {"sent": 1}
    assert tries(KEY) == [("accepted", 202, "202 thank you")]
    assert the_delivery(KEY).provider_id == ""


def test_a_receiver_can_tell_that_it_is_from_us(far_end: http.Sink, desk: Endpoint):
    queue(to_endpoint(desk))

    delivery.run(NOON)

    [request] = far_end.seen
    with time_machine.travel(NOON, tick=False):
        said = Receiver(SECRET).verify(request.body, request.headers)
    assert said["data"]["step"] == 3


def test_while_one_secret_replaces_another_both_sign(far_end: http.Sink, desk: Endpoint):
    desk.secret = sealing.seal("whsec_bmV3LWtldHRsZS1zZWNyZXQ=")
    desk.previous_secret = sealing.seal(SECRET)
    desk.previous_until = NOON + HOUR
    desk.save()
    queue(to_endpoint(desk, "1"), to_endpoint(desk, "2", not_before=NOON + HOUR))

    delivery.run(NOON)
    delivery.run(NOON + HOUR)

    during, after = far_end.seen
    with time_machine.travel(NOON, tick=False):
        Receiver(SECRET).verify(during.body, during.headers)
        Receiver("whsec_bmV3LWtldHRsZS1zZWNyZXQ=").verify(during.body, during.headers)
    assert len(after.headers["webhook-signature"].split()) == 1


def test_each_reason_has_its_own_id(far_end: http.Sink, desk: Endpoint):
    queue(to_endpoint(desk, "1"), to_endpoint(desk, "2"))

    delivery.run(NOON)

    first, second = far_end.seen
    assert first.headers["webhook-id"] != second.headers["webhook-id"]


def test_many_webhooks_share_one_connection(far_end: http.Sink, desk: Endpoint):
    queue(*(to_endpoint(desk, f"{number}") for number in range(45)))

    assert delivery.run(NOON) == 45

    assert (len(far_end.seen), far_end.connections) == (45, 1)
    assert states() == {"sent": 45}


def test_a_kept_connection_that_was_closed_is_opened_anew(far_end: http.Sink, desk: Endpoint):
    far_end.script = [http.closes_after(OK)]
    queue(to_endpoint(desk, "1"), to_endpoint(desk, "2"))

    delivery.run(NOON)

    assert states() == {"sent": 2}
    assert far_end.connections == 2


def test_nothing_is_sent_once_it_was_withdrawn(far_end: http.Sink, desk: Endpoint):
    queue(to_endpoint(desk))
    outbox.withdraw(about=["commitment:7"], reason="It was kept.", now=NOON)

    delivery.run(NOON)

    assert (far_end.connections, states()) == (0, {"cancelled": 1})


def test_its_subject_may_refuse_it(far_end: http.Sink, desk: Endpoint, subject: Agreeable):
    queue(to_endpoint(desk))
    subject.now_at = {KEY: None}

    delivery.run(NOON)

    assert (far_end.seen, states()) == ([], {"cancelled": 1})


# --- not now


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 599])
def test_not_now_is_tried_again_with_the_same_id(code: int, far_end: http.Sink, desk: Endpoint):
    far_end.script = [says(code, "busy")]
    queue(to_endpoint(desk))

    delivery.run(NOON)
    assert states() == {"queued": 1}
    delivery.run(NOON + 10 * SECOND)

    first, second = far_end.seen
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert states() == {"sent": 1}
    assert tries(KEY)[0] == ("postponed", code, f"{code} busy")


def test_a_timeout_is_tried_again_and_never_uncertain(
    far_end: http.Sink, desk: Endpoint, settings: LazySettings
):
    hasten(settings, request=1)
    far_end.script = [http.hangs]
    queue(to_endpoint(desk))

    delivery.run(NOON)
    assert tries(KEY) == [("postponed", None, "no answer within 1 s")]
    delivery.run(NOON + 10 * SECOND)

    assert far_end.seen[0].headers["webhook-id"] == far_end.seen[1].headers["webhook-id"]
    assert states() == {"sent": 1}


def test_a_dropped_connection_is_tried_again(far_end: http.Sink, desk: Endpoint):
    far_end.script = [http.drops]
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert (states(), len(far_end.seen)) == ({"queued": 1}, 1)
    assert tries(KEY)[0][0] == "postponed"


def test_a_port_where_nobody_listens_is_tried_again(desk: Endpoint, far_end: http.Sink):
    far_end.close()
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert states() == {"queued": 1}
    assert "refused" in tries(KEY)[0][2].lower()


def test_a_name_that_nobody_knows_is_tried_again(settings: LazySettings):
    queue(to_endpoint(an_endpoint("https://nobody.invalid/in")))

    delivery.run(NOON)

    assert tries(KEY) == [
        ("postponed", None, "The name service knows no address of nobody.invalid.")
    ]


def test_a_sender_that_died_after_the_marker_sends_it_again(far_end: http.Sink, desk: Endpoint):
    queue(to_endpoint(desk))
    Delivery.objects.update(state="leased", phase="final", token=1, attempts=1)
    Attempt.objects.create(delivery=the_delivery(KEY), token=1, started_at=NOON)

    delivery.run(NOON)
    assert tries(KEY) == [("unknown", None, "The sender died without a word.")]
    delivery.run(NOON + 10 * SECOND)

    assert (len(far_end.seen), states()) == (1, {"sent": 1})


WAITS = {
    "3600": HOUR,
    "86401": 24 * HOUR,
    "1000000000": 24 * HOUR,
    "Mon, 02 Mar 2026 12:30:00 GMT": 30 * MINUTE,
    "Mon, 02 Mar 2026 12:30:00 +0000": 30 * MINUTE,
    "Mon, 02 Mar 2099 12:30:00 GMT": 24 * HOUR,
}


@pytest.mark.parametrize("asked", WAITS)
def test_retry_after_is_honoured_for_a_day_at_most(
    asked: str, far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.script = [says(429, Retry_After=asked)]
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert next_try() == NOON + WAITS[asked]


@pytest.mark.parametrize(
    "junk", ["-1", "0", "soon", "1e9", "٣", "", "Mon, 02 Mar 2020 12:30:00 GMT", "1;2", "x" * 999]
)
def test_a_retry_after_that_is_nonsense_is_ignored(
    junk: str, far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.script = [says(503, Retry_After=junk)]
    queue(to_endpoint(desk))

    delivery.run(NOON)

    at = next_try()
    assert at is not None
    assert NOON + 4 * SECOND <= at <= NOON + 6 * SECOND


# --- never


@pytest.mark.parametrize("code", [300, 301, 302, 307, 308, 400, 401, 404, 413, 422, 451])
def test_what_is_not_wanted_fails_the_third_time(code: int, far_end: http.Sink, desk: Endpoint):
    far_end.usual = says(code, "no")
    queue(to_endpoint(desk))

    delivery.run(NOON)
    delivery.run(NOON + 10 * SECOND)
    assert states() == {"queued": 1}
    delivery.run(NOON + 10 * MINUTE)

    assert states() == {"failed": 1}
    assert [(ending, said) for ending, said, _ in tries(KEY)] == [
        ("postponed", code),
        ("postponed", code),
        ("refused", code),
    ]
    desk.refresh_from_db()
    assert desk.disabled_at is None


def test_redirects_are_not_followed(far_end: http.Sink, desk: Endpoint, settings: LazySettings):
    with http.sink() as elsewhere:
        settings.WEBHOOK_PORTS = [far_end.port, elsewhere.port]
        far_end.script = [says(302, Location=elsewhere.url), says(307, Location="/other")]
        queue(to_endpoint(desk))

        delivery.run(NOON)
        delivery.run(NOON + 10 * SECOND)

        assert (elsewhere.connections, elsewhere.seen) == (0, [])
    assert [request.path for request in far_end.seen] == ["/hook", "/hook"]


# --- answers that are no answers


BAD_ANSWERS = {
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing of sense": b"\x00\xff\xfe\r\n\r\n",
    "too long a header": b"HTTP/1.1 200 OK\r\nx: " + b"a" * 70_000 + b"\r\n\r\n",
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"x: 1\r\n" * 200 + b"\r\n",
    "half a header": b"HTTP/1.1 2",
}


@pytest.mark.parametrize("what", BAD_ANSWERS)
def test_what_is_no_answer_is_tried_again(what: str, far_end: http.Sink, desk: Endpoint):
    far_end.script = [http.raw(BAD_ANSWERS[what], goes_on=False)]
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert states() == {"queued": 1}
    assert tries(KEY)[0][0] == "postponed"


def test_an_answer_that_drips_is_cut_off(
    far_end: http.Sink, desk: Endpoint, settings: LazySettings
):
    hasten(settings, request=1)
    far_end.script = [http.drips(OK, pause=0.2)]
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert tries(KEY) == [("postponed", None, "no answer within 1 s")]


def test_of_a_huge_answer_little_is_read_and_less_kept(far_end: http.Sink, desk: Endpoint):
    begin = b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"
    far_end.script = [http.pours(begin, piece=b"kettle " * 1000)]
    queue(to_endpoint(desk, KEY), to_endpoint(desk, "2:desk"))

    delivery.run(NOON)

    assert states() == {"sent": 2}
    assert far_end.poured < 16 * 1024 * 1024  # what fits into the buffers of two sockets
    assert (len(tries(KEY)[0][2]), far_end.connections) == (200, 2)


def test_nothing_is_unpacked(far_end: http.Sink, desk: Endpoint):
    bomb = gzip.compress(b"\0" * 10_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    far_end.script = [http.raw(head.encode() + bomb)]
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert states() == {"sent": 1}
    assert len(tries(KEY)[0][2]) <= 200


def test_an_answer_cannot_forge_a_line_of_ours(far_end: http.Sink, desk: Endpoint):
    far_end.script = [says(500, "no\r\n2026 \x1b[31mALL IS WELL\x00")]
    queue(to_endpoint(desk))

    delivery.run(NOON)

    assert the_delivery(KEY).reason == "500 no 2026 [31mALL IS WELL"


def test_a_secret_that_cannot_be_opened_is_said(
    far_end: http.Sink, desk: Endpoint, settings: LazySettings
):
    queue(to_endpoint(desk))
    settings.SECRET_KEY = "another key " * 5

    delivery.run(NOON)

    assert far_end.seen == []
    assert tries(KEY)[0][2].startswith("This secret was sealed with a key we no longer have.")
