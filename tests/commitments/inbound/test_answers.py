"""Mails from customers: whom they are believed about, what they do, and what they cannot do."""

from __future__ import annotations

import io
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError

from commitments import inbound, services
from commitments.inbound import End
from commitments.models import Attachment, Commitment, MailTally, QuarantinedMail
from notifications.channels import answering
from notifications.models import Delivery
from tests.commitments.public.makers import PNG
from tests.makers import DAY, HOUR, NOON, a_commitment, ana, events_of, fresh

from .mails import a_mail, take, words_on

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def kettle() -> Commitment:
    return a_commitment(due_at=NOON + 6 * HOUR)


def an_answer(
    about: Commitment, text: str = "It has come, thank you.", **more: Any
) -> EmailMessage:
    return a_mail(text, **{"To": answering.address_about(about.about)} | more)


def test_an_answer_stands_on_the_promise_and_its_owner_is_told(kettle: Commitment) -> None:
    said = take(an_answer(kettle, "When does it come?\n\nOn Thu, 21 May Ana wrote:\n> Tonight.\n"))

    wrote = kettle.events.get(kind="customer_wrote")
    assert said == End(
        outcome=MailTally.Outcome.TAKEN,
        said=f"It stands on {kettle.reference}.",
        reason="an answer",
    )
    assert wrote.text.words == "When does it come?"
    assert fresh(kettle).customer_asked_at == NOON
    assert Delivery.objects.filter(template="customer_wrote", person=ana()).exists()


@pytest.mark.parametrize(
    "rest",
    ["> Tonight.", "On Thu, 21 May Ana wrote:", "-- ", "-----Original Message-----", "_" * 32],
)
def test_what_they_answered_is_left_out(kettle: Commitment, rest: str) -> None:
    take(an_answer(kettle, f"On Friday it came: thank you.\n\n{rest}\nand more"))

    assert kettle.events.get(kind="customer_wrote").text.words == "On Friday it came: thank you."


def test_what_is_too_long_to_be_kept_says_that_it_was_cut(kettle: Commitment) -> None:
    take(an_answer(kettle, "word " * 1000))

    kept = kettle.events.get(kind="customer_wrote").text.words
    assert len(kept) == 4000
    assert kept.endswith("[…]")


@pytest.mark.timeout(20)
def test_a_line_made_to_be_read_for_hours_is_read_at_once(kettle: Commitment) -> None:
    for line in ("-" * 500_000 + "x", "on " * 200_000, "on x:" + " \n" * 200_000 + "x"):
        assert "stands on" in take(an_answer(kettle, f"Hello\n{line}")).said


def test_where_we_waited_for_them_the_work_goes_on(kettle: Commitment) -> None:
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON)

    take(an_answer(kettle, "It is the blue one."))

    assert not fresh(kettle).is_waiting


def test_the_same_mail_twice_is_taken_once(kettle: Commitment) -> None:
    mail = an_answer(kettle)
    again = an_answer(kettle, Message_ID=mail["Message-ID"], Received="by another way")

    ends = [take(mail), take(mail, now=NOON + DAY), take(again, now=NOON + 29 * DAY)]

    assert [end.said for end in ends] == [
        f"It stands on {kettle.reference}.",
        "It came before.",
        "It came before.",
    ]
    assert words_on(kettle) == ["It has come, thank you."]


def test_a_program_that_names_every_mail_alike_loses_none(kettle: Commitment) -> None:
    for text in ("One", "Two", "Two"):
        take(an_answer(kettle, text, Message_ID="<1@broken.example>"))
    for text in ("Three", "Four"):
        take(an_answer(kettle, text, Message_ID=""))

    assert words_on(kettle) == ["One", "Two", "Three", "Four"]


@pytest.mark.parametrize(
    ("subject", "text"), [("stop", ""), ("STOP.", "Sent from my phone"), ("Re: Hello", "Stop!")]
)
def test_stop_stops_the_mails(kettle: Commitment, subject: str, text: str) -> None:
    take(an_answer(kettle, text, Subject=subject))

    assert fresh(kettle).customer.has_stopped(NOON)
    assert "mails_stopped" in events_of(kettle)
    assert "customer_wrote" not in events_of(kettle)


def test_the_address_that_the_mail_server_names_is_enough(kettle: Commitment) -> None:
    mail = an_answer(kettle, To="undisclosed recipients:;")

    assert "stands on" in take(mail, recipient=answering.address_about(kettle.about)).said


@pytest.mark.parametrize(
    ("forged", "counts_as"),
    [
        ("replies@larkfield.example", "unproven address"),
        ("replies+commitment-{pk}.00000000000000000000@larkfield.example", "unproven address"),
        ("replies+commitment-999999.{proof}@larkfield.example", "unproven address"),
        ("replies+team-{pk}.{proof}@larkfield.example", "unproven address"),
        ("tom@customers.example", "not for us"),
        ("replies@larkfield.example.evil.example", "not for us"),
        ("xreplies@larkfield.example", "not for us"),
        ("", "not for us"),
    ],
)
def test_an_address_that_proves_nothing_does_nothing(
    kettle: Commitment, forged: str, counts_as: str
) -> None:
    proof = answering.address_about(kettle.about).partition(".")[2].partition("@")[0]
    before = events_of(kettle)

    end = take(an_answer(kettle, To=forged.format(pk=kettle.pk, proof=proof)))

    assert (end.reason, end.said) == (counts_as, "It names no promise, or cannot prove it.")
    assert QuarantinedMail.objects.exists() == (counts_as == "unproven address")
    assert events_of(kettle) == before


def test_a_mail_without_words_changes_nothing(kettle: Commitment) -> None:
    end = take(an_answer(kettle, "> only what we wrote\n"))

    assert (end.outcome, end.reason) == ("dropped", "without words")
    assert words_on(kettle) == []


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("On Thu, 21 May 2026 Ana wrote:\n> Which lid?\n\nThe blue one.", "The blue one."),
        ("> Which lid?\nThe blue one.\n> And when?\nToday.", "The blue one.\nToday."),
        ("Blue.\n\nOn Thu, 21 May, Ana <ana@x.example>\nwrote:\n> Which?", "Blue."),
        ("Blue.\nFrom: Ana <ana@x.example>\nSent: Thursday\nTo: Tom\nWhich?", "Blue."),
        ("On Friday I need:\nthe lid", "On Friday I need:\nthe lid"),
        ("On Thu, 21 May Ana wrote:\nWhich lid?", ""),
    ],
)
def test_their_own_words_are_found_wherever_they_stand(
    kettle: Commitment, text: str, own: str
) -> None:
    take(an_answer(kettle, text))

    assert words_on(kettle) == ([own] if own else [])


def test_the_words_of_somebody_erased_are_not_kept(kettle: Commitment) -> None:
    customer = kettle.customer
    customer.erased_at = NOON
    customer.save()

    assert take(an_answer(kettle)).reason == "erased"
    assert words_on(kettle) == []


def test_one_file_is_kept_and_the_others_are_named(kettle: Commitment, store: Path) -> None:
    mail = an_answer(kettle, "See here.")
    mail.add_attachment(
        PNG, maintype="image", subtype="png", filename="logo.png", disposition="inline"
    )
    mail.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="a[1].exe")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="../../meter.png")

    take(mail)

    assert words_on(kettle) == ["See here.\n\n[Not kept: a(1).exe, logo.png]"]
    assert [(kept.name, kept.size) for kept in Attachment.objects.all()] == [
        ("meter.png", len(PNG))
    ]


def test_a_file_alone_is_an_answer(kettle: Commitment, store: Path) -> None:
    mail = an_answer(kettle, "")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="meter.png")

    take(mail)

    assert words_on(kettle) == [""]
    assert Attachment.objects.get().name == "meter.png"


def test_what_cannot_be_taken_is_named_all_the_same(kettle: Commitment) -> None:
    mail = an_answer(kettle, "")
    for number in range(8):
        mail.add_attachment(
            b"<svg/>", maintype="image", subtype="svg+xml", filename=f"{number}.svg"
        )

    take(mail)

    names = "0.svg, 1.svg, 2.svg, 3.svg, 4.svg, 3 more"
    assert words_on(kettle) == [f"[Not kept: {names}]"]
    assert not Attachment.objects.exists()


def test_what_a_rule_refuses_is_set_aside(kettle: Commitment) -> None:
    services.void(kettle.pk, by=ana(), reason="Twice", now=NOON)

    end = take(an_answer(kettle, "Where is it?"))

    assert (end.outcome, end.reason) == ("quarantined", "refused")
    assert b"Where is it?" in bytes(QuarantinedMail.objects.get().content)


def test_the_command_reads_a_file_and_asks_to_come_again_while_the_database_is_away(
    kettle: Commitment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mail"
    file.write_bytes(an_answer(kettle).as_bytes())
    said = io.StringIO()

    with time_machine.travel(NOON, tick=False):
        call_command("receive_mail", str(file), stdout=said)
        call_command("receive_mail", str(file), stdout=said)
    assert said.getvalue() == f"It stands on {kettle.reference}.\nDropped. It came before.\n"

    def away(*args: object, **more: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(inbound, "take", away)
    with pytest.raises(SystemExit) as ended:
        call_command("receive_mail", str(file), stdout=said)
    assert ended.value.code == 75
