"""How long the parts of a provider's call are, before anybody makes a mail of them.

Anymail puts mails together with Python's parser, which takes 24 seconds over a subject of 1 MB, and
minutes over mails within mails. It is asked only for what could be a mail that people write.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest

from . import letters
from .ends import Quarantined

_IN_HEADERS: Final = frozenset(
    {"subject", "from", "to", "cc", "bcc", "replyto", "sender", "recipient", "date", "messageid"}
    | {"name", "value", "fullname", "fromname", "displayname", "address", "filename"}
)
_HEADERS: Final = frozenset({"headers", "messageheaders"})
_WHOLE_MAILS: Final = frozenset({"rawemail", "rawmsg", "emailrfc822", "bodymime", "email", "raw"})
_PERHAPS_WHOLE: Final = "message"  # in base64, which holds no colon; elsewhere it is something else
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]")


class TooLong(ValueError):
    """No mail is made of this. Why, in a sentence."""


def check(request: HttpRequest) -> None:
    """Raises TooLong, or what a body that is no JSON raises."""
    if request.content_type == "application/json":
        _check(json.loads(request.body))
        return
    for name, values in request.POST.lists():
        for value in values:
            _check(json.loads(value) if _is_json(name) else value, name)


def _is_json(name: str) -> bool:
    return name in {"mandrill_events", "message-headers"}


def _check(said: Any, name: str = "") -> None:  # Any: JSON
    for where, text in _within(said, name):
        if where in _IN_HEADERS and len(text) > letters.LONGEST_HEADER:
            raise TooLong("A header is longer than 8 KB.")
        if where in _HEADERS and len(text) > letters.MOST_HEADERS:
            raise TooLong("The headers are longer than 64 KB.")
        if where in _WHOLE_MAILS or (where == _PERHAPS_WHOLE and ":" not in text[:200]):
            _check_mail(text)


def _check_mail(text: str) -> None:
    try:
        letters.check_sizes(_mail_in(text))
    except Quarantined as no:
        raise TooLong(str(no)) from no


def _within(said: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every text and what it is called; within headers, each is one."""
    waiting = [(said, _NOT_LETTERS.sub("", name.lower()))]
    while waiting:
        one, called = waiting.pop()
        if isinstance(one, str):
            yield called, one
        elif isinstance(one, list):
            waiting += [(each, _inside(called)) for each in one]
        elif isinstance(one, dict):
            known = [(each, _NOT_LETTERS.sub("", str(key).lower())) for key, each in one.items()]
            waiting += [(each, "value" if called in _HEADERS else key) for each, key in known]


def _inside(called: str) -> str:
    return "value" if called in _HEADERS else called


def _mail_in(text: str) -> bytes:
    """As it came, also where it was sent as base64."""
    raw = text.encode("utf-8", "surrogatepass")
    if b":" in raw[:200]:
        return raw
    try:
        return b64decode(raw)
    except (binascii.Error, ValueError):
        return raw
