"""Run inside the demonstration: a customer's page in each of its states, and each mail, as JSON.

What people say here is invented. It stands on top of the demonstration, in which some states do not
occur, and is written after everything else has been looked at.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402 - the settings come first

from commitments import checkins, messages, services, sweep  # noqa: E402
from commitments.house import wordings  # noqa: E402
from commitments.messages import samples  # noqa: E402
from commitments.messages.texts import Template  # noqa: E402
from commitments.models import CheckIn, Commitment, Customer  # noqa: E402
from tests.makers import DAY, HOUR, MINUTE, a_commitment, ana  # noqa: E402

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3
RIGHT_TO_LEFT = "להתקשר אליך עם החלטה על ההחזר"


def showcase(now: datetime) -> dict[str, object]:
    found = dict(states(now))
    sweep.run(now)
    pages = {name: _link(each, now=now) for name, each in found.items()}
    last_of_many = found["many"].conversation.commitments.latest("pk").reference
    said = checkins.Reply(done="partly", still_open=True, rating=2, words="The lid is missing.")
    answered = _asked(now)
    checkins.answer(answered.pk, said, now=now)
    pages |= {
        "one-of-many": f"{pages['many']}?about={last_of_many}",
        "said": f"{pages['asked']}?said=reply",
        "check-in": f"{messages.check_in_path(_asked(now), now=now)}?r=4",
        "thanks": messages.check_in_path(answered, now=now).replace("/check-in/", "/thanks/"),
        "needed": f"{pages['let-go']}needed/",
        "stopped": f"{pages['stopped']}stop/",
    }
    return {"pages": pages, "mails": dict(mails(now))}


def mails(now: datetime) -> Iterator[tuple[str, str]]:
    """All of them in English, and the first in Spanish."""
    for template in Template:
        yield template.value, _mail(template, "en", now=now)
    yield "agreement-es", _mail(Template.AGREEMENT, "es", now=now)
    yield "check_in-es", _mail(Template.CHECK_IN, "es", now=now)


def _mail(template: Template, language: str, *, now: datetime) -> str:
    text = wordings.standard(template, language)
    return samples.of(template, text, language=language, now=now).html


def states(now: datetime) -> Iterator[tuple[str, Commitment]]:
    """A promise, or several of one call, as a customer may find them."""
    yield from _hard_ones(now)
    yield from _open_ones(now)
    yield from _told_of_a_new_time(now)
    yield from _ended(now)
    yield from _said_by_the_customer(now)
    yield from _several(now)


def _open_ones(now: datetime) -> Iterator[tuple[str, Commitment]]:
    yield "on-track-new", _made(now, keep_by="phone")
    track = _made(now, keep_by="phone", due_at=now + DAY)
    _write(track, "I asked the team that approves refunds this morning.", at=now - DAY)
    _write(
        track,
        "I have passed this to billing with a note that you have waited since January."
        " I will call you myself, even if it is not approved by then.",
        at=now - HOUR,
    )
    services.confirm(track.pk, now=now - 2 * HOUR)
    yield "on-track", track
    needed = _made(now, wording="Correct the bill of April")
    services.wait(needed.pk, by=ana(), what="One photo of your meter", now=now - HOUR)
    yield "need", needed
    yield "missed", _made(now, due_at=now - HOUR)


def _told_of_a_new_time(now: datetime) -> Iterator[tuple[str, Commitment]]:
    for name, due_at in (("new-time", now + DAY), ("new-time-after-missed", now - 3 * HOUR)):
        moved = _made(now, due_at=due_at)
        services.move(
            moved.pk,
            by=ana(),
            due_at=now + 2 * DAY,
            reason="The bank answers on Friday. I call you as soon as I know.",
            told=services.Told.MESSAGE,
            now=now - 2 * HOUR,
        )
        yield name, moved


def _ended(now: datetime) -> Iterator[tuple[str, Commitment]]:
    done = _made(now)
    how = "I called you at 3 pm: the refund is approved and on its way to your bank."
    services.fulfil(done.pk, by=ana(), how=how, now=now - HOUR)
    yield "done", done
    broken = _made(now, wording="Keep your old tariff until June")
    services.abandon(
        broken.pk,
        by=ana(),
        reason="The tariff ended on Monday, and we cannot reopen it.",
        offer="A credit of €20, and the next tariff without its starting fee.",
        cause="outside",
        now=now - HOUR,
    )
    yield "cannot-keep", broken
    unwanted = _made(now, wording="Book a visit by an engineer")
    services.release(unwanted.pk, by=ana(), reason="It works again.", now=now - HOUR)
    yield "released", unwanted
    let_go = _made(now, wording="Send you a second key")
    services.need_no_more(let_go.pk, now=now - HOUR)
    yield "let-go", let_go


def _said_by_the_customer(now: datetime) -> Iterator[tuple[str, Commitment]]:
    wrong = _made(now)
    services.dispute(wrong.pk, words="You said Thursday.", now=now - HOUR)
    yield "not-right", wrong
    asked = _made(now)
    services.reply(asked.pk, words="Which number do you call?", now=now - HOUR)
    yield "asked", asked
    stopped = _made(now)
    services.stop_mails(stopped.conversation, now=now - HOUR)
    yield "stopped", stopped


def _several(now: datetime) -> Iterator[tuple[str, Commitment]]:
    for name, count in (("several", 3), ("many", 13)):
        first = _made(now)
        wordings_of_more = ("Send a label for the return", "Credit the fee of March")
        for number in range(1, count):
            wording = wordings_of_more[number % 2]
            _made(now, wording=wording, conversation_id=first.conversation_id)
        yield name, first


def _hard_ones(now: datetime) -> Iterator[tuple[str, Commitment]]:
    long = _made(now, wording=LONG)
    _write(long, LONG, at=now - HOUR)
    yield "long-words", long
    hebrew = _made(now, wording=RIGHT_TO_LEFT)
    _write(hebrew, "ביקשתי היום מהמחלקה לענות עד מחר.", at=now - HOUR)
    yield "right-to-left", hebrew
    for name, due_at in (("spanish", now + DAY), ("spanish-missed", now - HOUR)):
        language = {"language": "es", "zone": "America/New_York"}
        wording = "Llamarle con una decisión sobre su reembolso"
        yield name, _made(now, wording=wording, due_at=due_at, of=language, keep_by="phone")


def _made(
    now: datetime,
    *,
    wording: str = "Call you with a decision on your refund",
    due_at: datetime | None = None,
    of: dict[str, str] | None = None,
    **fields: Any,  # a draft's own
) -> Commitment:
    """Two days ago, to somebody who is new."""
    tom = Customer.objects.create(
        name="Tom Okafor", email="tom@pictures.example", phone="0755 555 0142", **(of or {})
    )
    return a_commitment(
        wording=wording,
        due_at=due_at or now + timedelta(hours=20),
        now=now - 2 * DAY,
        customer=tom,
        summary=False,
        **fields,
    )


def _write(promise: Commitment, words: str, *, at: datetime) -> None:
    services.update(promise.pk, by=ana(), words=words, tell_customer=True, now=at)


def _asked(now: datetime) -> CheckIn:
    """Asked how it went."""
    kept = _made(now - 10 * DAY)
    how = "Ana called you at 9:50 am. The refund was approved."
    services.fulfil(kept.pk, by=ana(), how=how, now=now - 11 * DAY + MINUTE)
    check_in = CheckIn.objects.get(items__commitment=kept)
    CheckIn.objects.filter(pk=check_in.pk).update(send_at=now)
    checkins.run(now)
    return CheckIn.objects.get(pk=check_in.pk)


def _link(promise: Commitment, *, now: datetime) -> str:
    return messages.status_path(promise.conversation, now=now)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(showcase(timezone.now())))
