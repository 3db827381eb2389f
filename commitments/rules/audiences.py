"""Whom a step means.

An audience is a token: `owner`, `deputy`, `lead`, `manager` and `customer` mean whoever that is for
the promise; `person:7` one person, `role:agent` everybody of the team with that role, `webhook:3` a
program that listens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from commitments.errors import CommitmentError

MOST: Final = 6  # that one step may address
OF_THE_PROMISE: Final = ("owner", "deputy", "lead", "manager", "customer")
ROLES: Final = ("agent", "lead", "manager", "auditor")
# Whoever is to keep a promise can neither be a program, nor the customer, nor who has it already.
_NO_OWNERS: Final = frozenset({"owner", "customer", "webhook"})

# Written in one way only: two tokens for one person would tell them twice.
_ID: Final = re.compile(r"[1-9][0-9]{0,17}")

_CALLED: Final[Mapping[str, str]] = {
    "owner": "the owner",
    "deputy": "the deputy",
    "lead": "the team lead",
    "manager": "the manager",
    "customer": "the customer",
}
_MANY: Final[Mapping[str, str]] = {
    "agent": "every agent of the team",
    "lead": "every lead of the team",
    "manager": "every manager of the team",
    "auditor": "every auditor of the team",
}


class UnknownAudience(CommitmentError):
    """No step can mean this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """A token, taken apart. `pk` for person and webhook, `role` for role."""

    token: str
    what: str
    pk: int = 0
    role: str = ""


@lru_cache(maxsize=1024)
def read(token: str) -> Audience:
    """Raises UnknownAudience. Kept: a round asks about the same few again and again."""
    what, _, whom = token.partition(":")
    if not whom and token in OF_THE_PROMISE:
        return Audience(token=token, what=what)
    if what in {"person", "webhook"} and _ID.fullmatch(whom):
        return Audience(token=token, what=what, pk=int(whom))
    if what == "role" and whom in ROLES:
        return Audience(token=token, what=what, role=whom)
    raise UnknownAudience(
        f"“{token}” is nobody we can tell. Choose the owner, the deputy, the team lead, the"
        " manager, the customer, a person, a role or a webhook.",
        field="audience",
    )


@lru_cache(maxsize=1024)
def programs_among(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Those of these tokens that mean a program. Kept, as `read` is."""
    return tuple(token for token in tokens if read(token).what == "webhook")


def can_own(audience: Audience) -> bool:
    """Whether a promise can be handed to somebody of this audience."""
    return audience.what not in _NO_OWNERS and audience.role != "auditor"


def pks_of(tokens: Iterable[str], what: str) -> set[int]:
    """The persons, or the webhooks, that these name."""
    return {each.pk for each in map(read, tokens) if each.what == what}


def say(token: str, names: Mapping[str, str]) -> str:
    """`the team lead`, `every agent of the team`, `Dev Shah`; `names` holds those of tokens."""
    audience = read(token)
    if audience.what == "role":
        return _MANY[audience.role]
    return names.get(token) or _CALLED.get(token) or f"somebody who is no longer here ({token})"
