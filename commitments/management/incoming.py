"""Mails that customers send to the address that names a promise: an answer, or "stop".

The address alone says which promise is meant, and proves that somebody was written to about it;
nothing else in the mail is believed. What a machine answers is dropped, or two of them would talk
for ever. A mail that comes twice is taken once.
"""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from itertools import takewhile
from typing import Final

from django.db import transaction

from commitments import once, services
from commitments.errors import CommitmentError
from commitments.messages import replies
from commitments.models import Commitment
from commitments.rules import words

_ADDRESSES: Final = ("Delivered-To", "X-Original-To", "To", "Cc")
_STOPS: Final = frozenset({"stop", "unsubscribe", "baja"})
_LONGEST: Final = 4000
_CUT: Final = " […]"  # of a reply that is longer
_ABOVE_A_QUOTE: Final = re.compile(r"(on|el|am|le)\b.{0,200}:", re.IGNORECASE)


class Ignored(Exception):
    """Nothing was done. Why, in a sentence for the log."""


def take(raw: bytes, *, recipient: str = "", now: datetime) -> str:
    """Put it where it belongs; answers what was done. Raises Ignored.

    `recipient`: to which of our addresses it came, if the mail server says so.
    """
    mail = _read(raw)
    commitment = _meant(mail, recipient)
    if _is_automatic(mail):
        raise Ignored("It was written by a machine.")
    ask = once.Ask.of(principal="mail", door=str(commitment.pk), key=_name_of(mail, raw))
    try:
        said = _said(mail)
        with transaction.atomic():
            answer = once.only_once(ask, now=now, act=lambda: _act(commitment, mail, said, now=now))
    except CommitmentError as no:
        raise Ignored(str(no)) from no
    return "It came before." if answer.is_replay else str(answer.body["done"])


def _read(raw: bytes) -> EmailMessage:
    try:
        return message_from_bytes(raw, policy=policy.default)
    except (MessageError, ValueError, LookupError) as no:
        raise Ignored("It is no mail that can be read.") from no


def _meant(mail: EmailMessage, recipient: str) -> Commitment:
    named = [recipient, *(_header(mail, name) for name in _ADDRESSES)]
    pk = replies.promise_named("\n".join(named))
    found = pk and Commitment.objects.select_related("conversation").filter(pk=pk).first()
    if not found:
        raise Ignored("It names no promise, or cannot prove it.")
    return found


def _is_automatic(mail: EmailMessage) -> bool:
    """RFC 3834, and what older machines say of themselves."""
    return (
        _header(mail, "Auto-Submitted").lower() not in {"", "no"}
        or _header(mail, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}
        or _header(mail, "Return-Path") == "<>"
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
    )


def _act(commitment: Commitment, mail: EmailMessage, said: str, *, now: datetime) -> once.Answer:
    if _STOPS & {_header(mail, "Subject").lower().strip(" .!"), said.lower().strip(" .!")}:
        services.stop_mails(commitment.conversation, now=now)
        return once.Answer(status=200, body={"done": "The customer wants no more e-mails."})
    services.reply(commitment.pk, words=said, now=now)
    return once.Answer(status=200, body={"done": f"It stands on {commitment.reference}."})


def _said(mail: EmailMessage) -> str:
    """What they wrote themselves, as text; without what they answered, which we know."""
    try:
        body = mail.get_body(preferencelist=("plain",))
        text = str(body.get_content()) if body is not None else ""
    except (MessageError, ValueError, LookupError, KeyError, AssertionError, AttributeError):
        text = ""
    own = "\n".join(takewhile(_is_their_own, text.splitlines())).strip()
    if len(own) > _LONGEST:
        own = own[: _LONGEST - len(_CUT)] + _CUT
    return words.clean(own, what="The reply", limit=_LONGEST, required=False, lines=True)


def _is_their_own(line: str) -> bool:
    """Until a mail program begins to repeat what it answers: "On … wrote:", "> …", a rule."""
    line = line.strip()
    is_a_rule = len(line) > 1 and (not line.strip("-_") or line[:3] == line[-3:] == "---")
    return not (line.startswith(">") or is_a_rule or _ABOVE_A_QUOTE.fullmatch(line))


def _header(mail: EmailMessage, name: str) -> str:
    """As far as it can be read: the library raises on some that were made to be unreadable."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except (MessageError, ValueError, LookupError, AttributeError, AssertionError, TypeError):
        return ""


def _name_of(mail: EmailMessage, raw: bytes) -> str:
    return _header(mail, "Message-ID") or once.fingerprint_of(raw.decode("latin-1"))
