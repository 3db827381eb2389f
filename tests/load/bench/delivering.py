"""What delivery costs beside one plain reused connection, and the whole way from due to sent.

The messages are reminders as a sweep writes them, each to somebody else, with a row in the inbox
beside each mail. The mails stand alone first: ours are put into words, claimed, marked and
recorded, the yardstick's are ready and only sent; the inbox is set aside for that. The whole way
contains it, and so do both of its parts: the sweep writes its rows, the delivery keeps them.
Everything is done twice, by turns, for the machine is never quite the same; the better counts.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from commitments import sweep
from notifications import delivery
from notifications.models import Delivery, State
from tests.load import sink
from tests.load.bench import table
from tests.load.bench.filling import Company, round_at
from tests.load.bench.measuring import apart, beside

_SENDERS = (1, 2)
_SECOND = timedelta(seconds=1)
_WANTED = ">= 0.5"
_WANTED_WHOLE = 1.2


def measure(company: Company, stored: int) -> None:
    """Mail alone, then the whole way; each with one and two senders, as processes."""
    with sink.running() as far_end:
        settings.EMAIL_URL = far_end.url
        _mails(company, stored // 2, far_end)
        _the_whole_way(company, stored // 2, far_end)


def _mails(company: Company, stored: int, far_end: sink.Running) -> None:
    stage, count = _grow(company, stored), company.people
    ours: dict[int, list[float]] = {senders: [] for senders in _SENDERS}
    plain = []
    for number, senders in enumerate(_SENDERS * 2):
        now = round_at(stage, number) + _SECOND
        _sweep(now)
        apart(_set_the_inbox_aside)
        ours[senders].append(_deliver(now, senders=senders))
        plain.append(_plain(far_end.port, count))
    table.head(f"{count:,} mails", "seconds", "a second", "ratio", "wanted")
    best = min(plain)
    table.line("one plain reused connection", best, count / best, 1.0, "")
    for senders, all_of_them in ours.items():
        took = min(all_of_them)
        name = f"delivery, {senders} sender{'s' if senders > 1 else ''}"
        table.line(name, took, count / took, best / took, _WANTED)


def _the_whole_way(company: Company, stored: int, far_end: sink.Running) -> None:
    stage, count = _grow(company, stored), company.people
    apart_, at_once = [], []
    for number in (0, 2):
        now = round_at(stage, number) + _SECOND
        apart_.append(_sweep(now) + _deliver(now, senders=2))
        at_once.append(_sweep_and_deliver(round_at(stage, number + 1) + _SECOND, far_end))
    parts, whole = min(apart_), min(at_once)
    table.head(f"From {count:,} due to {count:,} mails", "seconds", "ratio", "wanted")
    table.line("the sweep and then the delivery, with 2 senders", parts, 1.0, "")
    table.line("both at once, in two processes", whole, whole / parts, f"<= {_WANTED_WHOLE}")


def _grow(company: Company, added: int) -> int:
    """A stage of its own. Round by round: what is swept long after its time gathers a minute."""
    stage = company.stages
    company.grow_to(company.stored + added)
    return stage


def _sweep(now: datetime) -> float:
    return apart(lambda: sweep.run(now, past_due=True)).seconds


def _set_the_inbox_aside() -> None:
    Delivery.objects.filter(channel="inbox", state=State.QUEUED).delete()


def _deliver(now: datetime, *, senders: int) -> float:
    took = beside([lambda: _send_all(now)] * senders)
    _everything_was_sent()
    return took


def _send_all(now: datetime) -> None:
    while Delivery.objects.filter(attempt_at__lte=now).exists():
        delivery.run(now)


def _sweep_and_deliver(now: datetime, far_end: sink.Running) -> float:
    """Two processes that do both by turns, as the worker does, until the last mail has arrived."""
    before = far_end.count()

    def work() -> None:
        due = Delivery.objects.filter(attempt_at__lte=now)
        while sweep.run(now, past_due=True).done or due.exists():
            delivery.run(now)

    took = beside([work, work])
    _everything_was_sent()
    assert far_end.count() > before
    return took


def _plain(port: int, count: int) -> float:
    """The words of the last round by Django's own means over one connection."""
    sent = Delivery.objects.filter(channel="email", state=State.SENT).order_by("-pk")
    mails = list(sent.values_list("subject", "text", "html", "address", "name", "key")[:count])
    line = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port
    )
    line.open()
    began = time.perf_counter()
    for subject, text, html, address, name, key in mails:
        mail = EmailMultiAlternatives(
            subject,
            text,
            "Followthrough <promises@localhost>",
            [f"{name} <{address}>"],
            headers={
                "Message-ID": f"<{key.replace(':', '.')}@localhost>",
                "Auto-Submitted": "auto-generated",
            },
            connection=line,
        )
        mail.attach_alternative(html, "text/html")
        mail.send()
    took = time.perf_counter() - began
    line.close()
    return took


def _everything_was_sent() -> None:
    unsent = Delivery.objects.exclude(state=State.SENT)
    assert not unsent.exists(), list(unsent.values_list("state", "reason")[:5])
