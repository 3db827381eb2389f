"""Thousands of mails, each changed where a parser could trip over it: the same in every run."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from commitments.inbound import machines, quoting
from commitments.inbound.ends import Quarantined
from commitments.inbound.letters import Letter, parsed
from commitments.models import Commitment, MailTally
from tests.makers import HOUR, NOON, a_commitment, events_of

from .mails import raw, take, typed, words_on

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MANY, FEW = 10_000, 200
SEEDS: tuple[dict[str, bytes], ...] = (
    {},
    typed("text/plain; charset=utf-8", b"Hello\r\n> you\r\n"),
    typed("text/html", b"<p>Hello <b>you</b></p>", "Content-Transfer-Encoding: base64"),
    typed(
        "multipart/mixed; boundary=x",
        b'--x\r\nContent-Type: text/plain; charset="iso-8859-1"\r\n\r\nHello\r\n--x\r\n'
        b"Content-Type: image/png; name*=utf-8''a%2f.png\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="a.png"; filename*0=b; filename*1*=c\r\n\r\n'
        b"iVBORw0KGgo=\r\n--x--\r\n",
        "Subject: =?utf-8?b?SGVsbG8=?= =?iso-8859-1?q?=E9?=",
        "From: =?utf-8?q?T=C3=B6m?= (a (b)) <tom@customers.example>, g: a@b.example;",
        "Date: Thu, 21 May 2026 12:00:00 +0000",
        "Message-ID: <1@customers.example>",
    ),
    typed("multipart/report; report-type=delivery-status; boundary=x", b"--x\r\n\r\na\r\n--x--"),
    typed("message/rfc822", b"Subject: inner\r\n\r\nHello"),
)
SPICE = (
    *(b"\x00", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b":", b";", b"=", b'"', b"<", b">", b"(", b")"),
    *(b"[", b"]", b",", b"@", b"=?", b"?=", b"=?x?b?", b"*", b"'", b"%", b"\xff", b"\xed\xa0\xbd"),
    *(b"\x0b", b"\x85", b"--x", b"--x--", b"charset=", b"boundary=", b"filename*1*=x'y'", b"\t "),
    *(b"Content-Type: ", b'multipart/mixed; boundary=""', b"punycode", b"uu", b"\xe2\x80\xae"),
)


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, left out, doubled, or put in from what parsers trip over."""
    mail = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(mail) + 1)
        match chance.randrange(5):
            case 0 if at < len(mail):
                mail[at] = chance.randrange(256)
            case 1:
                del mail[at : at + chance.randint(1, 12)]
            case 2:
                mail[at:at] = chance.choice(SPICE) * chance.choice([1, 1, 1, 2, 40])
            case 3:
                mail[at:at] = mail[at : at + 60]
            case _:
                mail[at:at] = chance.choice(SPICE)
    return bytes(mail)


@pytest.fixture
def seeds() -> list[bytes]:
    kettle = a_commitment(due_at=NOON + 6 * HOUR)
    return [raw(kettle, **seed) if seed else raw(kettle) for seed in SEEDS]


def test_no_mail_is_a_fault_to_its_reader_however_it_was_changed(seeds: list[bytes]) -> None:
    chance, read = random.Random(8), 0

    for _ in range(MANY):
        mail = mutated(chance.choice(seeds), chance)
        with suppress(Quarantined):
            letter = Letter(parsed(mail), recipient="")
            said = [letter.sender, letter.subject, letter.fingerprint, letter.addressed_to()]
            said += [quoting.own_words(letter.text), machines.why_no_person(letter)]
            said += [file.name for file in letter.files if file.content]
            assert all(isinstance(each, str) for each in said)
            assert isinstance(letter.people("To"), list)
            read += "Hello" in letter.text

    assert read > MANY / 3


def test_no_mail_is_a_fault_to_the_house_however_it_was_changed(
    seeds: list[bytes], store: Path, settings: Any
) -> None:
    settings.COMMITMENTS_LENGTHS = {"mails_a_minute": 10**9}
    kettle, chance = Commitment.objects.get(), random.Random(9)

    for _ in range(FEW):
        take(mutated(chance.choice(seeds), chance))

    assert sum(MailTally.objects.values_list("mails", flat=True)) == FEW
    kept = "".join(words_on(kettle))
    assert not set(kept) & {chr(code) for code in range(32)} - {"\n", "\t"}
    assert events_of(kettle).count("customer_wrote") > FEW / 10
