"""Promises as people name them: by reference, or by the address of a page."""

from __future__ import annotations

import re
from typing import Final

from django import forms

from commitments.errors import CommitmentError
from commitments.models import Commitment, Team, User
from commitments.rules import reference
from commitments.web import doors, fields, once

_APART: Final = re.compile(r"[\s,;]+")
_LONGEST: Final = 4000


def field(*, required: bool) -> fields.Words:
    return fields.lines(
        "Promises",
        what="The list of promises",
        limit=_LONGEST,
        rows=2,
        required=required,
        help_text="Their references, such as K7Q2M, or the addresses of their pages.",
        error_messages={"required": "Give the reference of a promise, such as K7Q2M."},
    )


class ReferencesForm(fields.SpokenForm):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    promises = field(required=True)


def empty() -> ReferencesForm:
    return ReferencesForm(initial={"once": once.new_key()}, label_suffix="")


def named(text: str, *, team: Team, user: User) -> list[Commitment]:
    """The promises of this team with these references, each once.

    Raises CommitmentError that names the first that is none, or is another team's: alike.
    """
    pks = {each: reference.read(_bare(each)) for each in _APART.split(text) if each}
    wanted = list(dict.fromkeys(pk for pk in pks.values() if pk is not None))
    seen = doors.visible_to(user, only=team).in_bulk(wanted)
    unknown = next((said for said, pk in pks.items() if pk not in seen), None)
    if unknown is not None:
        raise CommitmentError(f"There is no promise “{unknown[:40]}” of {team}.", field="promises")
    return [seen[pk] for pk in wanted]


def _bare(text: str) -> str:
    """The reference alone, of an address of its page."""
    _, is_address, after = text.partition("/promises/")
    return after.partition("/")[0] if is_address else text
