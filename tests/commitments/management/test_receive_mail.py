"""Mails from customers: whom they are believed about, what they do, and what they cannot do."""

from __future__ import annotations

import io
from contextlib import suppress
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError

from commitments import services
from commitments.management import incoming
from commitments.models import Commitment
from notifications.channels import answering
from notifications.models import Delivery
from tests.makers import HOUR, NOON, a_commitment, ana, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _answers_are_collected(settings: Any) -> None:
    settings.REPLY_ADDRESS = "replies@larkfield.example"


@pytest.fixture
def kettle() -> Commitment:
    return a_commitment(due_at=NOON + 6 * HOUR)


def a_mail(
    about: Commitment, text: str = "It has come, thank you.", **headers: str
) -> EmailMessage:
    mail = EmailMessage()
    usual = {
        "From": "Tom <tom@customers.example>",
        "To": answering.address_about(about.about),
        "Subject": "Re: Your promise",
        "Message-ID": make_msgid(),
    }
    for name, value in (
        usual | {key.replace("_", "-"): one for key, one in headers.items()}
    ).items():
        mail[name] = value
    mail.set_content(text)
    return mail


def take(mail: EmailMessage | bytes, **more: Any) -> str:  # Any: options of `take`
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    return incoming.take(raw, now=NOON, **more)


def test_an_answer_stands_on_the_promise_and_its_owner_is_told(kettle: Commitment) -> None:
    said = take(a_mail(kettle, "When does it come?\n\nOn Thu, 21 May Ana wrote:\n> Tonight.\n"))

    wrote = kettle.events.get(kind="customer_wrote")
    assert said == f"It stands on {kettle.reference}."
    assert wrote.text.words == "When does it come?"
    assert fresh(kettle).customer_asked_at == NOON
    assert Delivery.objects.filter(template="customer_wrote", person=ana()).exists()


@pytest.mark.parametrize(
    "rest",
    ["> Tonight.", "On Thu, 21 May Ana wrote:", "-- ", "-----Original Message-----", "_" * 32],
)
def test_what_they_answered_is_left_out(kettle: Commitment, rest: str) -> None:
    take(a_mail(kettle, f"On Friday it came: thank you.\n\n{rest}\nand more"))

    assert kettle.events.get(kind="customer_wrote").text.words == "On Friday it came: thank you."


def test_what_is_too_long_to_be_kept_says_that_it_was_cut(kettle: Commitment) -> None:
    take(a_mail(kettle, "word " * 1000))

    kept = kettle.events.get(kind="customer_wrote").text.words
    assert len(kept) == 4000
    assert kept.endswith("[…]")


@pytest.mark.timeout(20)
def test_a_line_made_to_be_read_for_hours_is_read_at_once(kettle: Commitment) -> None:
    for line in ("-" * 500_000 + "x", "on " * 200_000, "on x:" + " \n" * 200_000 + "x"):
        assert "stands on" in take(a_mail(kettle, f"Hello\n{line}"))


def test_where_we_waited_for_them_the_work_goes_on(kettle: Commitment) -> None:
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON)

    take(a_mail(kettle, "It is the blue one."))

    assert not fresh(kettle).is_waiting


def test_the_same_mail_twice_is_taken_once(kettle: Commitment) -> None:
    mail = a_mail(kettle)

    assert [take(mail), take(mail)] == [f"It stands on {kettle.reference}.", "It came before."]
    assert events_of(kettle).count("customer_wrote") == 1


@pytest.mark.parametrize(
    ("subject", "text"), [("stop", ""), ("STOP.", "Sent from my phone"), ("Re: Hello", "Stop!")]
)
def test_stop_stops_the_mails(kettle: Commitment, subject: str, text: str) -> None:
    take(a_mail(kettle, text, Subject=subject))

    assert fresh(kettle).customer.has_stopped(NOON)
    assert "mails_stopped" in events_of(kettle)
    assert "customer_wrote" not in events_of(kettle)


def test_the_address_that_the_mail_server_names_is_enough(kettle: Commitment) -> None:
    mail = a_mail(kettle, To="undisclosed recipients:;")

    assert "stands on" in take(mail, recipient=answering.address_about(kettle.about))


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<all.customers.example>"},
    ],
)
def test_what_a_machine_answers_is_dropped(kettle: Commitment, headers: dict[str, str]) -> None:
    before = events_of(kettle)

    with pytest.raises(incoming.Ignored, match="written by a machine"):
        take(a_mail(kettle, **headers))

    assert events_of(kettle) == before


@pytest.mark.parametrize(
    "forged",
    [
        "replies@larkfield.example",
        "replies+commitment-{pk}.00000000000000000000@larkfield.example",
        "replies+commitment-999999.{proof}@larkfield.example",
        "replies+team-{pk}.{proof}@larkfield.example",
    ],
)
def test_an_address_that_proves_nothing_is_ignored(kettle: Commitment, forged: str) -> None:
    proof = answering.address_about(kettle.about).partition(".")[2].partition("@")[0]
    before = events_of(kettle)

    with pytest.raises(incoming.Ignored, match="cannot prove it"):
        take(a_mail(kettle, To=forged.format(pk=kettle.pk, proof=proof)))

    assert events_of(kettle) == before


def test_a_mail_without_words_says_so_and_changes_nothing(kettle: Commitment) -> None:
    with pytest.raises(incoming.Ignored):
        take(a_mail(kettle, "> only what we wrote\n"))

    assert "customer_wrote" not in events_of(kettle)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x00\xff" * 2000,
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 5000,
        b"Content-Type: text/plain; charset=klingon\r\n\r\nHi",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Subject: =?utf-8?b?////?=\r\n\r\nHi",
        b"To: <" + b"a" * 70_000 + b"@x>\r\n\r\nHi",
        b"Message-ID: <\xff\xfe[>\r\nDate: 99\r\n\r\nHi \xed\xa0\xbd",
    ],
)
def test_no_mail_is_a_fault(kettle: Commitment, broken: bytes) -> None:
    address = f"To: {answering.address_about(kettle.about)}\r\n".encode()

    with suppress(incoming.Ignored):
        take(address + broken)
    with pytest.raises(incoming.Ignored):
        take(broken)


def test_the_command_reads_a_file_and_asks_to_come_again_while_the_database_is_away(
    kettle: Commitment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mail"
    file.write_bytes(a_mail(kettle).as_bytes())
    said = io.StringIO()

    with time_machine.travel(NOON, tick=False):
        call_command("receive_mail", str(file), stdout=said)
    assert said.getvalue() == f"It stands on {kettle.reference}.\n"

    def away(*args: object, **more: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(incoming, "take", away)
    with pytest.raises(SystemExit) as ended:
        call_command("receive_mail", str(file), stdout=said)
    assert ended.value.code == 75
