from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notifications.channels import Letter, mime
from tests.notifications.makers import NOON

LETTER = Letter(
    delivery_id=1,
    key="1:tom:email",
    about="commitment:7",
    person_id=None,
    address="tom@example.org",
    name="Tom",
    sender="Ana at Larkfield",
    language="en",
    subject="About a new kettle",
    text="Hello Tom,\n\nwe said: a new kettle.\n",
    html="<p>Hello Tom, we said: a new kettle.</p>",
    possible_repeat=False,
    not_before=NOON,
)


def composed(**changes: object) -> bytes:
    return mime.compose(
        replace(LETTER, **changes),  # type: ignore[arg-type]  # whatever the test names
        recipient="tom@example.org",
        from_address="promises@larkfield.example",
        from_name="Larkfield",
    )


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def test_a_mail_carries_text_and_html():
    mail = read(composed())

    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n").rstrip() == LETTER.text.rstrip()
    assert html.get_content().strip() == LETTER.html


def test_the_headers_say_who_what_and_that_a_machine_wrote_it():
    mail = read(composed())

    assert mail["From"] == "Ana at Larkfield <promises@larkfield.example>"
    assert mail["To"] == "Tom <tom@example.org>"
    assert mail["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["Content-Language"] == "en"
    assert mail["X-Possible-Repeat"] is None


def test_without_a_sender_the_house_speaks():
    assert read(composed(sender=""))["From"] == "Larkfield <promises@larkfield.example>"


def test_the_message_id_comes_from_the_key_and_the_thread_from_the_subject():
    first, again, other = (
        read(composed()),
        read(composed(possible_repeat=True, text="Else.")),
        read(composed(key="2:tom:email")),
    )

    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith("@larkfield.example>")
    assert first["References"] == first["In-Reply-To"] == other["References"]
    assert first["References"] != read(composed(about="commitment:8"))["References"]
    assert again["X-Possible-Repeat"] == "1"


@pytest.mark.parametrize(
    "words",
    [
        "Ein neuer Wasserkocher für Tom, wie versprochen - und zwar bis Freitag um 17 Uhr: ✓",
        "A long subject " * 20,
        "名前" * 40,
        "x" * 300,
    ],
)
def test_any_words_arrive_as_they_were(words: str):
    data = composed(subject=words.strip(), name=words.strip(), text=f"{words}\n", html=words)

    mail = read(data)
    plain, html = mail.iter_parts()
    assert mail["Subject"].replace(" ", "") == words.replace(" ", "")
    assert mail["To"].addresses[0].display_name == words.strip()
    assert plain.get_content().rstrip("\r\n") == words
    assert html.get_content().rstrip("\r\n") == words
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998


def test_a_name_cannot_add_a_header():
    mail = read(composed(name="Tom\r\nBcc: all@example.org", sender="Ana\nX-Evil: 1"))

    assert (mail["Bcc"], mail["X-Evil"]) == (None, None)


def test_every_line_ends_with_crlf():
    data = composed(text="one\ntwo\r\nthree\n", html="<p>\n</p>")

    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
