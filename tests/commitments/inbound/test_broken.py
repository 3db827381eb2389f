"""Mails that nobody would write, by the numbers of the list they are from: none is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commitments.models import Attachment, Commitment, MailTally, QuarantinedMail
from notifications.channels import answering
from notifications.models import Delivery
from tests.commitments.public.makers import PNG
from tests.makers import DAY, HOUR, NOON, a_commitment

from .mails import a_mail, raw, take, typed, words_on

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def kettle() -> Commitment:
    return a_commitment(due_at=NOON + 6 * HOUR)


@pytest.mark.parametrize(
    ("charset", "body", "read"),
    [
        ("foo-9", b"Hello", "Hello"),
        ("unknown-8bit", b"caf\xc3\xa9", "café"),
        ("rot13", b"Hello", "Hello"),
        ("hex", b"Hello", "Hello"),
        ("punycode", b"Hello-" + b"a" * 300_000, "Hello-aaa"),
        ("undefined", b"Hello", "Hello"),
        ("utf-8", b"a\x00b\x07c", "abc"),
        ("utf-8", b"caf\xe9 \xed\xa0\xbd", "caf\ufffd"),
        ("iso-8859-1", b"caf\xe9", "café"),
        ("utf-16", b"\xff\xfeH\x00i\x00", "Hi"),
        ('"', b"Hello", "Hello"),
        ("=?utf-8?q?x?=", b"Hello", "Hello"),
    ],
)
def test_m1_any_charset_is_read_as_far_as_it_goes(
    kettle: Commitment, charset: str, body: bytes, read: str
) -> None:
    take(raw(kettle, **typed(f"text/plain; charset={charset}", body)))

    assert words_on(kettle)[0].startswith(read)


@pytest.mark.parametrize(
    ("encoding", "body", "read"),
    [
        ("base64", b"SGVsbG8", "Hello"),
        ("base64", b"!SGVs!bG8=!", "Hello"),
        ("quoted-printable", b"Hello=ZZ=", "Hello"),
        ("x-uuencode", b"begin 666 x\nnothing", "begin 666 x"),
        ("8bit\x00", b"Hello", "Hello"),
    ],
)
def test_m1_wrong_encodings_are_no_fault(
    kettle: Commitment, encoding: str, body: bytes, read: str
) -> None:
    take(raw(kettle, **typed("text/plain", body, f"Content-Transfer-Encoding: {encoding}")))

    assert words_on(kettle)[0].startswith(read)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "head",
    [
        b"Subject: " + b"a" * 1_000_000 + b"\r\n",
        b"Subject: " + b"=?utf-8?q?x?= " * 70_000 + b"\r\n",
        b"Subject: " + b"a\r\n " * 3_000 + b"\r\n",
        b"X-A: b\r\n" * 20_000,
        b"To: " + b"(" * 9_000 + b"\r\n",
        b"References: " + b"<1@x> " * 2_000 + b"\r\n",
    ],
)
def test_m2_endless_headers_are_set_aside_unread(kettle: Commitment, head: bytes) -> None:
    end = take(raw(kettle, head))

    assert (end.outcome, end.reason) == ("quarantined", "headers too long")
    kept = QuarantinedMail.objects.get()
    assert kept.size == len(raw(kettle, head))
    assert len(bytes(kept.content)) <= 64 * 1024
    assert words_on(kettle) == []


def nested(depth: int, kind: str = "multipart/mixed") -> bytes:
    parts = [f'Content-Type: {kind}; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth)]
    return "".join(parts).encode() + b"Content-Type: text/plain\r\n\r\nHello"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("depth", [100, 1000])
@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822", "Multipart/Digest"])
def test_m3_mails_within_mails_are_set_aside(kettle: Commitment, depth: int, kind: str) -> None:
    whole = raw(kettle, body=b"")[:-2] + nested(depth, kind)

    assert take(whole).reason == "too deep"
    assert words_on(kettle) == []


def test_m3_a_mail_within_a_mail_or_two_is_read(kettle: Commitment) -> None:
    whole = raw(kettle, body=b"")[:-2] + nested(12)

    take(whole)

    assert words_on(kettle) == ["Hello"]


@pytest.mark.parametrize("name", ["To", "From", "Cc", "Delivered-To", "Reply-To"])
def test_m3_endless_comments_in_an_address_are_no_fault(kettle: Commitment, name: str) -> None:
    take(raw(kettle, name.encode() + b": " + b"(" * 3000 + b"\r\n"))

    assert words_on(kettle) == ["Hello"]


@pytest.mark.timeout(60)
def test_m4_a_mail_of_thousands_of_parts_or_of_30_mb_is_set_aside(kettle: Commitment) -> None:
    many = typed("multipart/mixed; boundary=x", b"--x\r\n\r\na\r\n" * 10_000)
    long_line = b"Hello" + b"a" * 5_000_000
    large = b"Hello\r\n" + b"a" * 30_000_000

    ends = [take(raw(kettle, **many)), take(raw(kettle, body=large))]

    assert [end.reason for end in ends] == ["too many parts", "too large"]
    assert words_on(kettle) == []
    take(raw(kettle, body=long_line))
    assert len(words_on(kettle)[0]) == 4000


@pytest.mark.timeout(60)
def test_m4_a_thousand_files_leave_the_words_and_one_file(kettle: Commitment, store: Path) -> None:
    mail = a_mail("See here.", To=answering.address_about(kettle.about))
    for number in range(1000):
        mail.add_attachment(PNG, maintype="image", subtype="png", filename=f"{number}.png")

    take(mail)

    assert words_on(kettle) == [
        "See here.\n\n[Not kept: 1.png, 2.png, 3.png, 4.png, 5.png, 994 more]"
    ]
    assert Attachment.objects.get().name == "0.png"


@pytest.mark.parametrize(
    "subject",
    [
        b"=?utf-8?q?stop=0d=0aBcc:_e@x?=",
        b"a\x0bBcc: e@x",
        b"a\x85b\xe2\x80\xa8c",
        b"\x00\x01",
        b"=?utf-8?b?////?=",
        b"=?" * 2000,
    ],
)
def test_m5_no_word_of_a_mail_begins_a_header_of_ours(kettle: Commitment, subject: bytes) -> None:
    take(raw(kettle, b"Subject: " + subject + b"\r\n", b"Hello\r\nBcc: e@x\x0b\x1b[31m"))

    assert words_on(kettle) == ["Hello\nBcc: e@x\n[31m"]
    told = Delivery.objects.filter(template="customer_wrote").first()
    assert told is not None
    assert "\n" not in told.subject


@pytest.mark.parametrize(
    "sender",
    [
        b'From: "\r\n',
        b"From: a@[1.2\r\n",
        b"From: g:;\r\n",
        b"From: a@b.example\r\nFrom: c@d.example\r\n",
        b"From:\r\n",
        b"From: \xff\xfe@\xff\r\n",
        "From: тест@пример.рф\r\n".encode(),
        b"From: =?utf-8?q?=22?= <tom@customers.example>\r\n",
        b"",
    ],
)
def test_m6_whoever_it_says_to_be_from_the_address_proves_it(
    kettle: Commitment, sender: bytes
) -> None:
    address = answering.address_about(kettle.about).encode()

    take(sender + b"To: " + address + b"\r\n\r\nHello")

    assert words_on(kettle) == ["Hello"]


@pytest.mark.parametrize(
    "name", [b"<", b"[]", b"", b"x" * 7000, b"\xff", b"<a@b>\r\nMessage-ID: <c@d>"]
)
def test_m7_whatever_its_name_it_is_taken_once(kettle: Commitment, name: bytes) -> None:
    mail = raw(kettle, b"Message-ID: " + name + b"\r\n")

    assert [take(mail).reason, take(mail).reason] == ["an answer", "came before"]
    assert words_on(kettle) == ["Hello"]


@pytest.mark.parametrize(
    "date", [b"", b"Date: \r\n", b"Date: 0\r\n", b"Date: Mon, 1 Jan 99999 00:00:00 +9999\r\n"]
)
def test_m8_it_is_dated_when_it_came(kettle: Commitment, date: bytes) -> None:
    take(raw(kettle, date + b"Date: Mon, 1 Jan 2035 00:00:00 +0000\r\n"))

    assert kettle.events.get(kind="customer_wrote").at == NOON


def test_m11_an_answer_to_a_mail_of_ours_makes_no_second_promise(kettle: Commitment) -> None:
    take(raw(kettle, body=b"Thanks!\r\n\r\n> We will call you on Friday at 4pm.\r\n"))

    assert Commitment.objects.count() == 1
    assert words_on(kettle) == ["Thanks!"]


def test_m12_a_guessed_address_is_set_aside_in_silence(kettle: Commitment) -> None:
    theirs = answering.address_about("commitment:999999999")
    before = Delivery.objects.count()

    for address in (theirs, theirs.replace("commitment", "schedule"), theirs.replace("@", "0@")):
        end = take(a_mail(To=address))
        assert (end.outcome, end.reason) == ("quarantined", "unproven address")

    assert QuarantinedMail.objects.count() == 3
    assert Delivery.objects.count() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("..%2f..%2fetc", b"x"),
        ("a.exe", b"MZ"),
        ("a.html", b"<html><script>a()</script>"),
        ("a.svg", b"<svg onload='a()'/>"),
        ("empty.png", b""),
        ("bomb.zip", b"PK\x03\x04"),
        ("winmail.dat", b"\x78\x9f\x3e\x22"),
        ("invite.ics", b"BEGIN:VCALENDAR\x00"),
        ("smime.p7m", b"\x30\x80\x06"),
    ],
)
def test_m13_and_m15_what_is_no_photo_is_left_out_by_name(
    kettle: Commitment, store: Path, name: str, content: bytes
) -> None:
    mail = a_mail("Here.", To=answering.address_about(kettle.about))
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)

    take(mail)

    assert words_on(kettle) == [f"Here.\n\n[Not kept: {name}]"]
    assert not Attachment.objects.exists()


HTML = """<html><head><title>x</title><style>p{}</style><base href="https://evil.example"></head>
<body onload="a()"><script>alert(1)</script><!-- <p>no</p> -->
<p>The lid &amp; the <b>cup</b><br>are&nbsp;here.</p><img src="https://track.example/1.gif">
<div>Thanks &lt;3</div><hr><blockquote>We will call you.</blockquote></body></html>"""


def test_m14_of_html_only_the_words_are_taken(kettle: Commitment) -> None:
    mail = a_mail("", To=answering.address_about(kettle.about))
    mail.set_content(HTML, subtype="html")

    take(mail)

    assert words_on(kettle) == ["The lid & the cup\nare here.\n\nThanks <3"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "html", ["<", "<!--", "<p ", "<script>", "<p><", "&#", "<![CDATA[", "<a <b <c ", "</"]
)
def test_m14_html_made_to_be_read_for_hours_is_read_at_once(kettle: Commitment, html: str) -> None:
    mail = a_mail("", To=answering.address_about(kettle.about))
    mail.set_content("Hello<br>" + html * (100_000 // len(html)), subtype="html")

    take(mail)

    assert words_on(kettle)[0].startswith("Hello")


def test_m15_the_signature_of_a_machine_is_not_named(kettle: Commitment) -> None:
    mail = a_mail("Here.", To=answering.address_about(kettle.about))
    mail.add_attachment(
        b"\x30\x80", maintype="application", subtype="pkcs7-signature", filename="s"
    )

    take(mail)

    assert words_on(kettle) == ["Here."]


def test_m16_more_mails_from_one_address_than_anybody_writes_are_set_aside(
    kettle: Commitment, settings: Any
) -> None:
    settings.COMMITMENTS_LENGTHS = {"mails_a_minute": 3, "quarantined_a_day": 2}
    address = answering.address_about(kettle.about)
    ends = [take(a_mail(str(n), To=address)).reason for n in range(7)]
    other = take(a_mail("Me", To=address, From="rosa@customers.example"))
    later = take(a_mail("Later", To=address), now=NOON + DAY)

    assert ends == ["an answer"] * 3 + ["too many"] * 4
    assert (other.reason, later.reason) == ("an answer", "an answer")
    assert QuarantinedMail.objects.count() == 2
    assert MailTally.objects.get(reason="too many").mails == 4
