"""A form that is sent twice is done once.

Each form carries a hidden key. The first submit writes it down in the same transaction as what it
does; a second one finds it and is answered like the first. Somebody who goes back in their browser
finds the old form with its old key: with something else in its fields, something else is meant.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django import forms

from commitments import once
from commitments.models import User

_DONE = 200


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Where a submit leads and what is said there; `undo` is a token, or empty.

    `page` is that of the promise it was about, where it leads somewhere else; `recap` that of all
    promises of its conversation, where there are several. `about` are the ids of the
    customers whose names or promises `said` tells of: it is forgotten with them.
    """

    location: str
    said: str
    undo: str = ""
    page: str = ""
    recap: str = ""
    about: Sequence[int] = ()


def new_key() -> str:
    return uuid.uuid4().hex


def only_once(
    form: forms.Form, *, user: User, now: datetime, act: Callable[[], Answer], beside: str = ""
) -> Answer:
    """Do `act`, unless this valid form, with the same in its fields, did it already.

    `beside` is what was sent beside those fields; raises KeyUsedDifferently where something else
    was done with them. If `act` raises, the key in the field `once` stays unused.
    """
    ask = once.Ask.of(
        principal=f"user:{user.pk}",
        door="form",
        key=_key_of(form),
        fingerprint=once.fingerprint_of(beside) if beside else "",
    )
    given = once.only_once(ask, now=now, act=lambda: _kept(act()))
    return Answer(**given.body)


def by_link(token: str, *, now: datetime, act: Callable[[], Answer]) -> Answer | None:
    """Do `act`, unless this link did it before, whoever opened it: then nothing is done, and None.

    If `act` raises, the link stays unused.
    """
    given = once.only_once(_by(token), now=now, act=lambda: _kept(act()))
    return None if given.is_replay else Answer(**given.body)


def link_was_used(token: str, *, now: datetime) -> bool:
    return once.is_used(_by(token), now=now)


def _by(token: str) -> once.Ask:
    return once.Ask.of(principal="link", door="chat", key=token)


def _kept(answer: Answer) -> once.Answer:
    return once.Answer(status=_DONE, body=asdict(answer))


def _key_of(form: forms.Form) -> str:
    asked = [
        (name, str(form.cleaned_data.get(name)))
        for name, field in form.fields.items()
        if not field.widget.is_hidden
    ]
    return f"{form.cleaned_data['once']} {asked!r}"
