"""Help desks as administrators connect them: where each is, for which team, and its secrets.

A secret is sealed before it is kept, and shown once if we made it. Two are believed at a time, so
that one can be exchanged for another while webhooks go on.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from commitments import sealed
from commitments.errors import CommitmentError
from commitments.house import account_log, seen
from commitments.models import HelpDesk, Kind, Team
from commitments.rules import words

from . import systems

_MOST_SECRETS: Final = 3
_SHORTEST: Final = 16
_LONGEST: Final = 500
_RANDOM_BYTES: Final = 32


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A help desk as it is to be."""

    name: str
    system: str
    address: str
    team_id: int
    kind_id: int


def mark(desk: HelpDesk) -> str:
    """Of all that can be edited on its page."""
    return seen.mark(*(getattr(desk, name) for name in sorted(Plan.__dataclass_fields__)))


@transaction.atomic
def make(plan: Plan, *, by_id: int | None = None, now: datetime) -> HelpDesk:
    """It believes nobody until it has a secret. Raises CommitmentError."""
    desk = _saved(HelpDesk(made_at=now), plan)
    account_log.note(f"help_desk={desk.pk} made", by_id=by_id)
    return desk


@transaction.atomic
def edit(desk_id: int, plan: Plan, *, seen_mark: str, by_id: int | None = None) -> HelpDesk:
    """Raises Changed or CommitmentError, and changes nothing then."""
    desk = _held(desk_id)
    seen.check(mark(desk), seen=seen_mark, what="this help desk")
    _saved(desk, plan)
    account_log.note(f"help_desk={desk_id} changed", by_id=by_id)
    return desk


@transaction.atomic
def give_secrets(desk_id: int, given: Sequence[str], *, by_id: int | None = None) -> HelpDesk:
    """Believe these, which its system made, and no others from now on. Raises CommitmentError."""
    desk = _held(desk_id)
    kept = list(dict.fromkeys(each.strip() for each in given if each.strip()))
    if not kept:
        raise CommitmentError("Enter the secret that the help desk shows.", field="secrets")
    if len(kept) > _MOST_SECRETS:
        raise CommitmentError(f"Keep it to {_MOST_SECRETS} secrets.", field="secrets")
    for each in kept:
        if not _SHORTEST <= len(each) <= _LONGEST or not each.isascii() or not each.isprintable():
            raise CommitmentError(
                f"A secret has {_SHORTEST} to {_LONGEST} letters, digits and signs. Copy it whole.",
                field="secrets",
            )
    return _keep(desk, kept, by_id=by_id)


@transaction.atomic
def new_secret(desk_id: int, *, by_id: int | None = None) -> str:
    """One of ours, to be shown once. The one before is believed until there is another."""
    desk = _held(desk_id)
    secret = secrets.token_urlsafe(_RANDOM_BYTES)
    _keep(desk, [secret, *sealed.unseal(desk.secrets)[:1]], by_id=by_id)
    return secret


@transaction.atomic
def switch_off(desk_id: int, *, by_id: int | None = None, now: datetime) -> HelpDesk:
    """Listen to it no more. What it told is kept."""
    desk = _held(desk_id)
    desk.off_at = desk.off_at or now
    desk.save(update_fields=["off_at"])
    account_log.note(f"help_desk={desk_id} switched off", by_id=by_id)
    return desk


@transaction.atomic
def switch_on(desk_id: int, *, by_id: int | None = None) -> HelpDesk:
    desk = _held(desk_id)
    desk.off_at = None
    desk.save(update_fields=["off_at"])
    account_log.note(f"help_desk={desk_id} switched on", by_id=by_id)
    return desk


@transaction.atomic
def delete(desk_id: int, *, by_id: int | None = None) -> None:
    """Its promises and customers stay; their cases keep their links."""
    _held(desk_id).delete()
    account_log.note(f"help_desk={desk_id} deleted", by_id=by_id)


def _held(desk_id: int) -> HelpDesk:
    return HelpDesk.objects.select_for_update().get(pk=desk_id)


def _keep(desk: HelpDesk, kept: Sequence[str], *, by_id: int | None) -> HelpDesk:
    desk.secrets = sealed.seal(kept)
    desk.save(update_fields=["secrets"])
    account_log.note(f"help_desk={desk.pk} has another secret", by_id=by_id)
    return desk


def _saved(desk: HelpDesk, plan: Plan) -> HelpDesk:
    desk.name = words.clean(plan.name, what="The name", limit=60, field="name")
    _check(desk, plan)
    desk.system, desk.address = plan.system, _address(plan.address)
    desk.team_id, desk.kind_id = plan.team_id, plan.kind_id
    try:
        with transaction.atomic():
            desk.save()
    except IntegrityError:
        raise _taken(desk.name) from None
    return desk


def _check(desk: HelpDesk, plan: Plan) -> None:
    others = HelpDesk.objects.exclude(pk=desk.pk) if desk.pk else HelpDesk.objects.all()
    if others.filter(name__iexact=desk.name).exists():
        raise _taken(desk.name)
    if plan.system not in systems.known() and plan.system != desk.system:
        raise CommitmentError("Choose one of the systems that are offered.", field="system")
    if not Team.objects.filter(pk=plan.team_id, retired_at=None).exists():
        raise CommitmentError("Choose a team that is in use.", field="team")
    if not Kind.objects.for_customers().filter(pk=plan.kind_id).exists():
        raise CommitmentError("Choose a kind that is in use.", field="kind")


def _address(text: str) -> str:
    """Where its pages begin, without a slash at the end."""
    address = words.clean(text, what="The address", limit=200, field="address").rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise CommitmentError(
            "Give the address at which its pages begin, like https://help.example.org.",
            field="address",
        )
    return address


def _taken(name: str) -> CommitmentError:
    return CommitmentError(f"There is a help desk called {name} already.", field="name")
