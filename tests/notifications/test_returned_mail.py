"""Mails that come back: what they say, of which message, and what becomes of crafted ones."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import OperationalError
from hypothesis import example, given
from hypothesis import strategies as some

from notifications import delivery
from notifications.channels import dsn, verp
from notifications.envelope import Bounce
from notifications.models import Suppression
from tests.notifications.makers import NOON, Agreeable, queue, the_delivery, to_tom
from tests.notifications.returned import a_bounce, a_complaint, to_bounces
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _collected(settings: LazySettings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@larkfield.example"


def sent() -> int:
    """A mail to Tom that his server accepted."""
    queue(to_tom())
    row = the_delivery()
    row.state, row.attempt_at, row.settled_at = "sent", None, NOON
    row.save()
    return row.pk


def received(mail: bytes, monkeypatch: pytest.MonkeyPatch, **options: Any) -> str:
    """What the command says to a mail on its standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mail)))
    said = io.StringIO()
    call_command("receive_bounce", stdout=said, **options)
    return said.getvalue().strip()


# --- what they say


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", Bounce.HARD),
        ("failed", "5.1.10", Bounce.HARD),
        ("failed", "5.0.0", Bounce.HARD),
        ("failed", "5.2.1", Bounce.HARD),
        ("failed", "5.4.4", Bounce.HARD),
        ("failed", "5.1.8", Bounce.SOFT),  # the sender's fault, and so ours
        ("failed", "5.2.2", Bounce.SOFT),
        ("failed", "5.7.1", Bounce.SOFT),
        ("failed", "4.4.7", Bounce.SOFT),  # it has been given up all the same
        ("failed", "", Bounce.SOFT),
        ("failed", "nonsense", Bounce.SOFT),
        ("", "5.1.1", Bounce.HARD),
        ("", "4.2.2", None),
        ("delayed", "4.2.2", None),
        ("delayed", "5.1.1", None),
        ("delivered", "2.1.5", None),
        ("relayed", "", None),
    ],
)
def test_who_gave_up_says_so_and_the_status_says_why(
    action: str, status: str, kind: Bounce | None
) -> None:
    report = dsn.read(a_bounce(to_bounces(7), action=action, status=status))

    assert (report.delivery_id, report.kind) == (7, kind)


def test_the_reason_is_what_the_far_server_said_on_one_line() -> None:
    mail = a_bounce(to_bounces(7), words="smtp; 550 5.1.1\t no\x07such user")

    assert dsn.read(mail).reason == "smtp; 550 5.1.1 no such user"


def test_a_complaint_names_the_message_inside() -> None:
    report = dsn.read(a_complaint(to_bounces(7)))

    assert (report.delivery_id, report.kind, report.reason) == (7, Bounce.COMPLAINT, "abuse")


def test_that_it_was_no_junk_is_no_complaint() -> None:
    with pytest.raises(dsn.Unreadable, match="It is no complaint"):
        dsn.read(a_complaint(to_bounces(7), said="not-spam"))


def test_the_mail_server_may_say_to_which_address_it_came() -> None:
    mail = a_bounce("bounces@larkfield.example")

    assert dsn.read(mail, recipient=to_bounces(7)).delivery_id == 7


# --- whether it is ours


@pytest.mark.parametrize(
    "address",
    [
        "bounces@larkfield.example",
        "bounces+7@larkfield.example",
        "bounces+7.00000000000000000000@larkfield.example",
        "bounces+99999999999999999999999.00000000000000000000@larkfield.example",
        "",
    ],
)
def test_what_nobody_signed_is_ignored(address: str) -> None:
    with pytest.raises(dsn.Unreadable, match="names no delivery of ours"):
        dsn.read(a_bounce(address))


def test_a_proof_is_good_for_one_message_only() -> None:
    proof = to_bounces(7).partition(".")[2]

    with pytest.raises(dsn.Unreadable):
        dsn.read(a_bounce(f"bounces+8.{proof}"))


def test_mail_servers_may_change_the_case_and_we_the_key(settings: LazySettings) -> None:
    address = to_bounces(7).upper()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert dsn.read(a_bounce(address)).delivery_id == 7


def test_without_an_address_for_them_nothing_is_signed(settings: LazySettings) -> None:
    settings.BOUNCE_ADDRESS = ""

    assert verp.return_path(7) == ""


def test_an_address_too_long_for_mail_is_not_used(settings: LazySettings) -> None:
    settings.BOUNCE_ADDRESS = f"{'b' * 50}@larkfield.example"

    assert verp.return_path(7) == ""


def test_our_mails_come_back_to_the_signed_address(sink: Sink) -> None:
    queue(to_tom())

    delivery.run(NOON)

    [mail] = sink.accepted
    assert mail.sender == to_bounces(the_delivery().pk)
    assert mail.message["From"] == "Ana at Larkfield <promises@localhost>"


# --- crafted ones


NEAR = b"Content-Type: message/delivery-status\n\nAction: failed\n"
CRAFTED = {
    "nothing": b"",
    "no headers": b"\r\n\r\nhello",
    "only headers": b"To: x@y\r\nSubject: z",
    "an unknown charset": b'Content-Type: text/plain; charset="foo-9"\n\n' + NEAR,
    "undecodable words": b"Subject: =?utf-8?q?x=0d=0aBcc:_e@x?=\n\n" + NEAR,
    "not ASCII": b"To: \xff\xfe\x00\n\n" + NEAR,
    "a NUL": b"To: a\x00b@c\n\n" + NEAR,
    "brackets without end": b"To: " + b"(" * 3000 + b"\n\n" + NEAR,
    "parts in parts": b"To: x\n\n" + b"Content-Type: message/rfc822\n\n" * 1000 + NEAR,
    "many parts": b"To: x\n\n" + b"--xx\nContent-Type: message/delivery-status\n\n" * 10000,
    "no sender": b'From: "\nFrom: a@[1.2\n\n' + NEAR,
    "a huge line": b"To: x\n\n" + NEAR + b"Status: " + b"9" * 900_000,
}


@pytest.mark.parametrize("mail", CRAFTED.values(), ids=CRAFTED.keys())
def test_a_crafted_mail_is_ignored(mail: bytes) -> None:
    with pytest.raises(dsn.Unreadable):
        dsn.read(mail)


@pytest.mark.parametrize(
    ("header", "trouble"),
    [
        ("Subject: " + "x" * 9000, "One of its headers is longer than 8 KB."),
        ("X: y\r\n" * 14000, "Its headers are longer than 64 KB."),
    ],
    ids=["a long header", "long headers"],
)
def test_long_headers_are_refused_before_anything_is_read(header: str, trouble: str) -> None:
    mail = header.strip().encode() + b"\r\n" + a_bounce(to_bounces(7))

    with pytest.raises(dsn.Unreadable, match=trouble):
        dsn.read(mail)


@given(mail=some.binary(max_size=2000), cut=some.integers(0, 900), at=some.integers(0, 900))
@example(mail=b"", cut=0, at=0)
def test_no_mail_makes_the_reader_raise_anything_else(mail: bytes, cut: int, at: int) -> None:
    whole = a_bounce("bounces+7.00000000000000000000@larkfield.example")
    for crafted in (mail, whole[:cut], whole[:at] + mail + whole[at:]):
        with pytest.raises(dsn.Unreadable):
            dsn.read(crafted)


# --- the command


def test_a_bounce_is_recorded_once(monkeypatch: pytest.MonkeyPatch, subject: Agreeable) -> None:
    pk = sent()
    mail = a_bounce(to_bounces(pk))

    first = received(mail, monkeypatch)
    second = received(mail, monkeypatch)

    assert first == f"Delivery {pk}, hard: recorded."
    assert second == f"Delivery {pk}, hard: changes nothing."
    assert subject.told == [("1:tom:email", "bounced")]
    row = the_delivery()
    assert (row.state, row.reason) == (
        "failed",
        "bounced: smtp; 550 5.1.1 nobody of that name",
    )
    assert Suppression.objects.get().address == "tom@example.org"


def test_a_delay_is_only_noted(monkeypatch: pytest.MonkeyPatch, subject: Agreeable) -> None:
    pk = sent()

    said = received(a_bounce(to_bounces(pk), action="delayed", status="4.4.1"), monkeypatch)

    assert said == f"Noted: delivery {pk} is delayed."
    assert (the_delivery().state, subject.told) == ("sent", [])


def test_a_complaint_closes_the_address_of_what_arrived(
    monkeypatch: pytest.MonkeyPatch, subject: Agreeable
) -> None:
    pk = sent()

    received(a_complaint(to_bounces(pk)), monkeypatch)
    received(a_complaint(to_bounces(pk)), monkeypatch)

    assert (the_delivery().state, the_delivery().bounced_at) == ("sent", None)
    assert Suppression.objects.get().cause == "Marked as unwanted: abuse"
    assert subject.told == [("1:tom:email", "complained")]


@pytest.mark.parametrize("mail", [b"", b"\x00", a_bounce("someone@else.example")])
def test_a_forged_mail_changes_nothing_and_is_taken(
    mail: bytes, monkeypatch: pytest.MonkeyPatch, subject: Agreeable
) -> None:
    sent()

    said = received(mail, monkeypatch)

    assert said.startswith("Ignored. It ")
    assert (the_delivery().state, subject.told) == ("sent", [])


def test_a_message_that_is_gone_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert received(a_bounce(to_bounces(7)), monkeypatch) == "Delivery 7, hard: changes nothing."


def test_a_returned_mail_may_lie_in_a_file(tmp_path: Any, subject: Agreeable) -> None:
    path = tmp_path / "returned.eml"
    path.write_bytes(a_bounce(to_bounces(sent())))

    call_command("receive_bounce", str(path), stdout=io.StringIO())

    assert the_delivery().state == "failed"


def test_while_the_database_is_away_the_mail_server_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch, subject: Agreeable
) -> None:
    mail = a_bounce(to_bounces(sent()))

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("the server is away")

    monkeypatch.setattr(subject, "settled", away)
    with pytest.raises(SystemExit) as ended:
        received(mail, monkeypatch)

    assert ended.value.code == 75
    assert the_delivery().state == "sent"
