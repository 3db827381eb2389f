"""Everything a mail server may do to us, and what becomes of the message, address and channel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from notifications import delivery
from notifications.channels.smtp import Server
from notifications.models import Breaker, Suppression
from tests.notifications.makers import (
    HOUR,
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
from tests.smtp import DROP, HANG, Drip, Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def impatient(settings: LazySettings) -> None:
    """A conversation is cut after half a second, not after thirty."""
    settings.NOTIFICATIONS_LENGTHS = {"conversation": timedelta(seconds=0.5)}


def wait() -> timedelta:
    """How long the one message was put off."""
    at = the_delivery().attempt_at
    assert at is not None
    return at - NOON


def roughly(length: timedelta) -> tuple[timedelta, timedelta]:
    return length * 0.8, length * 1.2 + timedelta(seconds=10)


# --- try again


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "451 4.3.0 try later", "452 4.2.2 full"])
def test_a_temporary_refusal_is_tried_again_later(stage: str, answer: str, sink: Sink):
    queue(to_tom())
    sink.script[stage] = [answer]

    delivery.run(NOON)

    low, high = roughly(MINUTE)
    assert low <= wait() <= high
    assert (the_delivery().state, sink.accepted) == ("queued", [])
    assert tries()[0][:2] == ("postponed", int(answer[:3]))

    delivery.run(NOON + 2 * MINUTE)
    assert states() == {"sent": 1}


def test_the_message_id_stays_the_same_when_tried_again(sink: Sink):
    queue(to_tom())
    sink.script["DOT"] = ["451 4.3.0 try later"]

    delivery.run(NOON)
    first = the_delivery().key
    delivery.run(NOON + 2 * MINUTE)

    [mail] = sink.accepted
    assert first == the_delivery().key
    assert mail.message["X-Possible-Repeat"] is None


def test_the_waits_grow_until_the_message_dies(sink: Sink, subject: Agreeable):
    queue(to_tom())
    sink.script["RCPT"] = ["451 4.3.0 try later"] * 99
    waits = []

    now = NOON
    while the_delivery().state == "queued":
        delivery.run(now)
        later = the_delivery().attempt_at or now
        waits.append((later - now) / MINUTE)
        now = later

    usual = [1, 5, 15, 60, 120, 240, 240]
    assert all(0.8 * u <= w <= 1.2 * u + 1 for u, w in zip(usual, waits, strict=False))
    assert the_delivery().state == "expired"
    assert now == NOON + timedelta(hours=72)
    assert subject.told == [("1:tom:email", "expired")]


def test_every_mail_has_one_recipient(sink: Sink):
    queue(to_tom(), to_ana(about="commitment:8"))
    sink.script["RCPT"] = ["250 ok", "550 5.1.1 no such user"]

    delivery.run(NOON)

    assert (sink.seen["RCPT"], sink.seen["DATA"]) == (2, 1)
    assert states() == {"sent": 1, "failed": 1}


def test_a_message_that_is_refused_holds_up_no_other(sink: Sink):
    queue(to_tom("1"), to_tom("2"), to_tom("3"))
    sink.script["RCPT"] = ["250 ok", "451 4.3.0 try later"]

    delivery.run(NOON)

    assert states() == {"sent": 2, "queued": 1}
    assert sink.seen["BANNER"] == 1


def test_a_connection_closed_while_idle_is_opened_again_at_once(sink: Sink):
    queue(to_tom("1"), to_tom("2"), to_tom("3"))
    sink.script["MAIL"] = ["250 ok", "421 4.4.2 idle for too long"]

    delivery.run(NOON)

    assert states() == {"sent": 3}
    assert sink.seen["BANNER"] == 2


# --- never again


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "DOT"])
def test_an_address_that_does_not_exist_fails_and_takes_nothing_more(
    stage: str, sink: Sink, subject: Agreeable
):
    queue(to_tom("1"), to_tom("2"), to_ana())
    sink.script[stage] = ["550 5.1.1 no such user"]

    delivery.run(NOON)

    assert states() == {"failed": 1, "suppressed": 1, "sent": 1}
    assert the_delivery("1").reason == "550 5.1.1 no such user"
    assert Suppression.objects.get().address == "tom@example.org"
    assert subject.told[0] == ("1", "failed")


@pytest.mark.parametrize("answer", ["552 5.2.2 full", "552 too big", "554 no", "501 5.5.4 what"])
def test_a_permanent_refusal_fails_this_message_only(answer: str, sink: Sink, subject: Agreeable):
    queue(to_tom("1"), to_tom("2"))
    sink.script["DOT"] = [answer]

    delivery.run(NOON)

    assert (the_delivery("1").state, the_delivery("1").reason) == ("failed", answer)
    assert the_delivery("2").state == "sent"
    assert subject.told == [("1", "failed"), ("2", "sent")]
    assert not Suppression.objects.exists()


# --- our own fault


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("RCPT", "554 5.7.1 relaying denied"),
        ("DOT", "550 5.7.26 not signed"),
        ("MAIL", "530 5.7.0 sign in first"),
        ("MAIL", "553 5.1.8 bad sender"),
        ("MAIL", "550 5.1.0 no such sender"),
        ("MAIL", "550 we do not know you"),
    ],
)
def test_what_is_our_own_fault_rests_the_channel(stage: str, answer: str, sink: Sink):
    queue(*(to_tom(f"{number}") for number in range(5)))
    sink.script[stage] = [answer]

    delivery.run(NOON)

    assert (states(), sink.accepted) == ({"queued": 5}, [])
    rest = Breaker.objects.get()
    assert (rest.channel, rest.reason) == ("email", answer)

    delivery.run(NOON + 4 * MINUTE)
    assert sink.accepted == []


def paged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What an operator is woken for."""
    return [record.message for record in caplog.records if record.levelname == "CRITICAL"]


def test_an_operator_is_woken_once_while_we_are_refused(
    sink: Sink, caplog: pytest.LogCaptureFixture
):
    queue(*(to_tom(f"{number}") for number in range(5)))
    sink.script["MAIL"] = ["530 5.7.0 sign in first"] * 3

    for minutes in (0, 6, 12):
        delivery.run(NOON + minutes * MINUTE)

    assert paged(caplog) == ["Channel email rests, its messages wait: 530 5.7.0 sign in first"]
    rest = Breaker.objects.get()
    assert (rest.channel, rest.ours) == ("email", True)
    assert NOON <= rest.opened_at < NOON + MINUTE

    delivery.run(NOON + 18 * MINUTE)
    assert (states(), Breaker.objects.get().opened_at) == ({"sent": 5}, None)


def test_an_outage_that_turns_into_a_refusal_wakes_somebody(
    sink: Sink, settings: LazySettings, caplog: pytest.LogCaptureFixture
):
    queue(to_tom("1"), to_tom("2"))
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    delivery.run(NOON)
    slept_on = paged(caplog)

    settings.EMAIL_URL = sink.url
    sink.script["MAIL"] = ["530 5.7.0 sign in first"] * 2
    delivery.run(NOON + MINUTE)
    delivery.run(NOON + 7 * MINUTE)

    assert slept_on == []
    assert len(paged(caplog)) == 1


def test_a_changed_password_holds_everything_until_it_is_put_right(
    settings: LazySettings, sink: Sink
):
    settings.EMAIL_URL = sink.url.replace("//", "//us:secret@")
    queue(*(to_tom(f"{number}") for number in range(5)))
    # Both ways of signing in that smtplib tries, in two rounds.
    sink.script["AUTH"] = ["535 5.7.8 wrong password"] * 2

    delivery.run(NOON)
    delivery.run(NOON + 6 * MINUTE)
    assert (states(), sink.accepted) == ({"queued": 5}, [])
    assert sink.seen["AUTH"] == 2

    delivery.run(NOON + 12 * MINUTE)

    assert states() == {"sent": 5}
    assert Breaker.objects.get().opened_at is None


def test_messages_still_die_in_time_while_the_channel_rests(sink: Sink, subject: Agreeable):
    queue(to_tom("1", expires_at=NOON + 2 * MINUTE), to_tom("2"))
    Breaker.objects.create(
        channel="email", opened_at=NOON, until=NOON + 5 * MINUTE, reason="535 wrong password"
    )

    delivery.run(NOON + 2 * MINUTE)

    assert states() == {"expired": 1, "queued": 1}
    assert subject.told == [("1", "expired")]


# --- nobody there


def test_a_server_that_is_away_is_tried_by_one_message_at_a_time(
    sink: Sink, settings: LazySettings
):
    queue(*(to_tom(f"{number}") for number in range(5)))
    settings.EMAIL_URL = "smtp://127.0.0.1:1"

    delivery.run(NOON)
    delivery.run(NOON + timedelta(seconds=20))
    assert states() == {"queued": 5}
    assert [len(tries(f"{number}")) for number in range(5)] == [1, 2, 1, 1, 1]
    assert [tries(f"{number}")[-1][0] for number in (0, 1)] == ["postponed", "postponed"]

    settings.EMAIL_URL = sink.url
    delivery.run(NOON + timedelta(seconds=40))

    assert states() == {"sent": 5}


@pytest.mark.parametrize("answer", ["421 too busy", "554 go away"])
def test_a_server_that_turns_us_away_at_the_door_rests_the_channel(answer: str, sink: Sink):
    queue(to_tom("1"), to_tom("2"))
    sink.script["BANNER"] = [answer]

    delivery.run(NOON)

    assert states() == {"queued": 2}
    assert Breaker.objects.get().reason.startswith(answer)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("stage", ["BANNER", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("turn", [HANG, Drip(0.1), DROP], ids=["hangs", "drips", "drops"])
def test_a_server_that_stalls_before_the_dot_is_cut_off_and_tried_again(
    stage: str, turn: str | Drip, sink: Sink
):
    queue(to_tom())
    sink.script[stage] = [turn, turn]

    delivery.run(NOON)

    assert (the_delivery().state, sink.accepted) == ("queued", [])
    assert the_delivery().attempts == 1
    if turn != DROP:
        assert the_delivery().reason == "no answer within 0.5 s"

    sink.script.clear()
    delivery.run(NOON + 2 * MINUTE)
    assert states() == {"sent": 1}


# --- nobody knows


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "turn",
    [HANG, Drip(0.2), Drip(0.1), DROP],
    ids=["hangs", "drips", "gives-the-digits-and-no-more", "drops"],
)
def test_a_missing_answer_to_the_dot_is_uncertain(turn: str | Drip, sink: Sink, subject: Agreeable):
    queue(to_tom("1"), to_tom("2"))
    sink.script["DOT"] = [turn]

    delivery.run(NOON)
    delivery.run(NOON + HOUR)

    assert (the_delivery("1").state, the_delivery("2").state) == ("uncertain", "sent")
    assert tries("1")[0][0] == "unknown"
    assert subject.told == [("1", "uncertain"), ("2", "sent")]


def test_an_answer_that_is_none_is_uncertain(sink: Sink):
    queue(to_tom())
    sink.script["DOT"] = ["999 what?"]

    delivery.run(NOON)

    assert states() == {"uncertain": 1}


# --- where the server is


@pytest.mark.parametrize(
    ("url", "port", "encryption"),
    [
        ("smtp://mail.example", 25, ""),
        ("smtp://mail.example:2525", 2525, ""),
        ("smtp+tls://mail.example", 587, "starttls"),
        ("smtps://mail.example", 465, "tls"),
        ("smtp+ssl://mail.example:4650", 4650, "tls"),
        ("smtps://mail.example:587", 587, "starttls"),
    ],
)
def test_the_url_says_where_and_how_protected(url: str, port: int, encryption: str):
    server = Server.from_url(url)

    assert (server.host, server.port, server.encryption) == ("mail.example", port, encryption)


def test_a_password_may_hold_any_character():
    server = Server.from_url("smtps://us%40larkfield.example:p%3A%2F%40ss@mail.example")

    assert (server.user, server.password) == ("us@larkfield.example", "p:/@ss")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://:25"])
def test_a_url_that_names_no_mail_server_is_refused(url: str):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is not like"):
        Server.from_url(url)
