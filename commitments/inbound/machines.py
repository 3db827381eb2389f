"""What no person wrote, or what we wrote ourselves: two machines would talk for ever.

RFC 3834 asks machines to say what they are. Older ones say it in other headers or in the subject,
and mailing lists, loops and returned mails have words of their own.
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings

from .letters import Letter

_LISTS: Final = ("List-Id", "List-Post", "X-Loop", "X-Mailing-List")
_ROBOTS: Final = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
_IN_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_DAEMONS: Final = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply"})
_AWAY: Final = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|"
    r"respuesta automática|fuera de la oficina|automatische antwort|abwesenheitsnotiz|"
    r"réponse automatique|absence du bureau|risposta automatica|automatisch antwoord)\b",
    re.IGNORECASE,
)
_OUR_NAME: Final = re.compile(r"<[0-9a-f]{40}@([^<>@\s]{1,255})>", re.IGNORECASE)


def why_no_person(letter: Letter) -> str:
    """What it is instead, in a word or two to count it by; "" where a person may have written."""
    if is_ours(letter.sender) or _has_our_name(letter):
        return "a loop"
    if letter.header("Auto-Submitted").lower().partition(";")[0].strip() not in {"", "no"}:
        return "an automatic answer"
    if any(letter.has(name) for name in _ROBOTS) or _AWAY.match(letter.subject):
        return "an automatic answer"
    if letter.header("Precedence").lower() in _IN_BULK or any(map(letter.has, _LISTS)):
        return "a mailing list"
    if letter.is_report or _is_returned(letter):
        return "a report of a mail server"
    return ""


def is_ours(address: str) -> bool:
    """Whether mail to this address comes to us, or mail of ours comes from it."""
    own = (
        settings.REPLY_ADDRESS,
        settings.PROMISE_ADDRESS,
        settings.BOUNCE_ADDRESS,
        settings.DEFAULT_FROM_EMAIL,
    )
    return bool(address) and _plain(address) in {_plain(each) for each in own if each}


def names_us(addresses: str) -> bool:
    """Whether one of these is an address that we gave somebody to answer to."""
    local, _, domain = settings.REPLY_ADDRESS.rpartition("@")
    ours = rf"(?<![\w.+-]){re.escape(local)}(?:\+[^@\s]{{0,80}})?@{re.escape(domain)}(?![\w-]|\.\w)"
    return bool(local) and re.search(ours, addresses, re.IGNORECASE) is not None


def _is_returned(letter: Letter) -> bool:
    local = letter.sender.partition("@")[0]
    return letter.header("Return-Path") == "<>" or local in _DAEMONS


def _has_our_name(letter: Letter) -> bool:
    """Whether its Message-ID is one that we give."""
    found = _OUR_NAME.fullmatch(letter.header("Message-ID"))
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ").lower()
    return found is not None and found[1].lower() == domain


def _plain(address: str) -> str:
    """Without what stands after the first `+`; an address may stand in angles after a name."""
    bare = address.rpartition("<")[2].rstrip("> ").lower()
    local, _, domain = bare.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
