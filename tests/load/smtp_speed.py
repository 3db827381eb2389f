"""How fast one connection carries mail, beside a bare smtplib connection that is reused.

    python -m tests.load.smtp_speed [mails]

prints mails a second and each line's ratio to the bare connection, best of three rounds.
"""

from __future__ import annotations

import os
import smtplib
import socket
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import django
from django.conf import settings

from tests.load import sink

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "Hello Tom, we said: a new kettle by Friday, and it is on its way.\n" * 15
HTML = f"<html><body>{'<p>We said: a new kettle by Friday.</p>' * 50}</body></html>"
ROUNDS = 3


def main(count: int) -> None:
    with sink.running() as far_end:
        settings.EMAIL_URL = far_end.url
        ways: dict[str, Callable[[], float]] = {
            "bare smtplib, ready bytes": lambda: bare(far_end.port, count),
            "bare smtplib, TCP_NODELAY": lambda: bare(far_end.port, count, hurried=True),
            "bare smtplib, EmailMessage": lambda: stock(far_end.port, count),
            "bare smtplib, a connection each": lambda: one_by_one(far_end.port, count),
            "our conversation, ready bytes": lambda: conversation(count),
            "our channel, words to bytes": lambda: channel(count),
        }
        best = dict.fromkeys(ways, 0.0)
        for _ in range(ROUNDS):
            for name, way in ways.items():
                best[name] = max(best[name], way())
        assert far_end.count() == ROUNDS * count * len(ways)
    yardstick = next(iter(best.values()))
    for name, speed in best.items():
        sys.stdout.write(f"{name:34}{speed:8.0f} mails/s {speed / yardstick:6.2f}\n")


def speed(count: int, send: Callable[[int], object]) -> float:
    start = time.perf_counter()
    for number in range(count):
        send(number)
    return count / (time.perf_counter() - start)


def letter(number: int) -> channels.Letter:
    return channels.Letter(
        delivery_id=number,
        key=f"{number}",
        about="commitment:7",
        person_id=None,
        address="tom@example.org",
        name="Tom",
        sender="Ana at Larkfield",
        language="en",
        subject="About a new kettle",
        text=TEXT,
        html=HTML,
        possible_repeat=False,
        not_before=AT,
    )


def ready() -> bytes:
    return mime.compose(
        letter(0), recipient="tom@example.org", from_address="a@example.org", from_name=""
    )


def bare(port: int, count: int, *, hurried: bool = False) -> float:
    data = ready()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
        if hurried:
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return speed(count, lambda _: server.sendmail("a@example.org", "tom@example.org", data))


def stock(port: int, count: int) -> float:
    def message(number: int) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = "a@example.org", "tom@example.org", "A kettle"
        mail["Message-ID"] = f"<{number}@example.org>"
        mail.set_content(TEXT)
        mail.add_alternative(HTML, subtype="html")
        return mail

    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
        return speed(count, lambda number: server.send_message(message(number)))


def one_by_one(port: int, count: int) -> float:
    data = ready()

    def send(_: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
            server.sendmail("a@example.org", "tom@example.org", data)

    return speed(count, send)


def conversation(count: int) -> float:
    data = ready()
    server = smtp.Server.from_url(settings.EMAIL_URL)
    line = smtp.Conversation(server, lengths=lengths.current())
    try:
        return speed(
            count,
            lambda _: line.send_mail(
                "a@example.org", "tom@example.org", data, may_finish=lambda: True
            ),
        )
    finally:
        line.end()


def channel(count: int) -> float:
    line = email.Email()
    try:
        return speed(count, lambda number: line.send(letter(number), may_finish=lambda: True))
    finally:
        line.close()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    # Only now can anything of ours that has a table be imported.
    from notifications import channels, lengths
    from notifications.channels import email, mime, smtp

    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
