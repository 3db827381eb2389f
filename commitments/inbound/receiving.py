"""Where a mail belongs, and that it is taken once.

To the address that the mail server names, or else to the first of ours in its headers. Returned
mails go to those who read them; what a machine wrote is dropped; the rest is an answer, a draft, or
set aside. What becomes of a mail is counted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from email.message import Message
from functools import partial
from typing import Any, Final

from django.db import transaction

from commitments import lengths, once, rate_limits
from commitments.messages import replies
from commitments.models import MailTally

from . import drafting, machines, quarantine, replying
from .ends import DROPPED, QUARANTINED, TAKEN, Dropped, End, Quarantined
from .letters import Letter, parsed

logger = logging.getLogger(__name__)

_UNPROVEN: Final = "It names no promise, or cannot prove it."


def take(mail: bytes | Message[Any, Any], *, recipient: str = "", now: datetime) -> End:
    """Put it where it belongs, once. `recipient` is the address of ours that it came to, if known.

    Whatever the mail is, nothing is raised but what a database that is away raises.
    """
    try:
        end = _taken(mail, recipient=recipient, now=now)
    except Quarantined as no:
        return set_aside(_raw(mail), why=str(no), counts_as=no.reason, now=now)
    except Dropped as no:
        end = End(outcome=DROPPED, said=str(no), reason=no.reason)
    return _noted(end, now=now)


def set_aside(raw: bytes, *, why: str, counts_as: str = "unreadable", now: datetime) -> End:
    """What cannot be taken is kept for the operator to look into."""
    quarantine.keep(raw, why=why, now=now)
    return _noted(End(outcome=QUARANTINED, said=why, reason=counts_as), now=now)


def turn_away(*, now: datetime) -> End:
    """What is too large to see who sends it is counted alone."""
    end = End(outcome=DROPPED, said="It is too large to be read.", reason="too large")
    return _noted(end, now=now)


def _noted(end: End, *, now: datetime) -> End:
    MailTally.objects.one_more(end.outcome, end.reason, now=now)
    logger.log(logging.INFO if end.outcome == TAKEN else logging.WARNING, "A mail: %s", end.said)
    return end


def _taken(mail: bytes | Message[Any, Any], *, recipient: str, now: datetime) -> End:
    letter = Letter(parsed(mail) if isinstance(mail, bytes) else mail, recipient=recipient)
    if letter.is_report or replies.is_for_bounces(letter.addressed_to()):
        return _returned(_raw(mail), letter, now=now)
    no_person = machines.why_no_person(letter)
    if no_person:
        raise Dropped(no_person, "It was written by a machine.")
    if rate_limits.counted("mails", letter.sender, now=now) > lengths.current().mails_a_minute:
        raise Quarantined("too many", "Too many mails came from this address in a minute.")
    return _act(letter, now=now)


def _returned(raw: bytes, letter: Letter, *, now: datetime) -> End:
    """A bounce or a complaint: whoever reads those believes it only if it proves itself."""
    said = replies.returned(raw, recipient=letter.recipient, now=now)
    if not said:
        raise Dropped("a report of a mail server", "It reports on no mail of ours.")
    return End(outcome=TAKEN, said=said, reason="a returned mail")


def _act(letter: Letter, *, now: datetime) -> End:
    """The mail server's own word of where it came to goes before what its headers say."""
    for place in (letter.recipient, letter.addressed_to()):
        commitment, phrase = replying.promise_in(place), drafting.phrase_in(place)
        if commitment is not None:
            act = partial(replying.take, letter, commitment, now=now)
            return _once(letter, f"reply:{commitment.pk}", now=now, act=act)
        if phrase is not None:
            act = partial(drafting.take, letter, phrase, now=now)
            return _once(letter, "draft", now=now, act=act)
    if machines.names_us(letter.addressed_to()):
        raise Quarantined("unproven address", _UNPROVEN)
    raise Dropped("not for us", _UNPROVEN)


def _once(letter: Letter, door: str, *, now: datetime, act: Callable[[], End]) -> End:
    ask = once.Ask.of(principal="mail", door=door, key=letter.fingerprint)
    ends: list[End] = []

    def first() -> once.Answer:
        ends.append(act())
        return once.Answer(status=200, body={})

    with transaction.atomic():
        once.only_once(ask, now=now, act=first, kept=lengths.current().mail_known_for)
    return ends[0] if ends else replying.came_before()


def _raw(mail: bytes | Message[Any, Any]) -> bytes:
    return mail if isinstance(mail, bytes) else Letter.put_together(mail)
