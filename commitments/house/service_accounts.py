"""Services: programs that act under a name of their own, in the teams they are given.

A service is a user who never signs in and to whom nothing is sent. In its teams it does what agents
do, but keeps no promise itself and is nobody to be asked. What it did stays under its name, so it
is switched off and never deleted.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.models import ApiToken, Membership, Role, Team, User
from commitments.rules import words

from . import account_log, seen

# A domain that takes no mail, by RFC 2606: nobody is ever written to or signs in there.
_NOWHERE: Final = "service.invalid"


@dataclass(frozen=True, kw_only=True)
class Service:
    """One with the teams it acts in and the tokens it has."""

    user: User
    teams: Sequence[Team]
    tokens: Sequence[ApiToken]


@transaction.atomic
def make(*, name: str, teams: Collection[int], by_id: account_log.By = None) -> User:
    """A new service. Raises CommitmentError."""
    called = _name(name)
    address = f"{secrets.token_hex(8)}@{_NOWHERE}"
    service = User.objects.create_user(address, name=called, is_service=True)
    _place(service, teams, by_id=by_id)
    return service


@transaction.atomic
def edit(
    service: User,
    *,
    name: str,
    teams: Collection[int],
    seen_mark: str,
    by_id: int | None = None,
) -> User:
    """From now on so, for the tokens it has as well. Raises Changed or CommitmentError."""
    held = User.objects.select_for_update(no_key=True).get(pk=service.pk, is_service=True)
    seen.check(mark(held), seen=seen_mark, what="this service")
    held.name = _name(name, of=held)
    held.save(update_fields=["name"])
    _place(held, teams, by_id=by_id)
    return held


def switch(service: User, *, on: bool, by_id: int | None = None) -> None:
    """Off, its tokens open nothing from now on; on again, those in force do."""
    User.objects.filter(pk=service.pk, is_service=True).update(is_active=on)
    account_log.note("switched on" if on else "switched off", user_id=service.pk, by_id=by_id)


def mark(service: User) -> str:
    teams = Membership.objects.filter(user=service).order_by("team").values_list("team", flat=True)
    return seen.mark(service.name, list(teams))


def named(name: str) -> User | None:
    return User.objects.filter(is_service=True, name__iexact=name.strip()).first()


def every(*, only: int | None = None) -> list[Service]:
    """All of them, or one by its id: as many queries for many as for one."""
    found = User.objects.filter(is_service=True).order_by("-is_active", "name", "pk")
    users = list(found if only is None else found.filter(pk=only))
    places = Membership.objects.filter(user__in=users).select_related("team")
    teams: dict[int, list[Team]] = {user.pk: [] for user in users}
    for place in places.order_by("team__name"):
        teams[place.user_id].append(place.team)
    tokens: dict[int, list[ApiToken]] = {user.pk: [] for user in users}
    for token in ApiToken.objects.filter(user__in=users, revoked_at=None).order_by("-pk"):
        tokens[token.user_id].append(token)
    return [Service(user=user, teams=teams[user.pk], tokens=tokens[user.pk]) for user in users]


def _place(service: User, teams: Collection[int], *, by_id: account_log.By) -> None:
    found = list(Team.objects.filter(pk__in=teams))
    if not found or len(found) != len(set(teams)):
        raise CommitmentError("Choose the teams in which it acts.", field="teams")
    with account_log.places(user_id=service.pk, by_id=by_id):
        Membership.objects.filter(user=service).exclude(team__in=found).delete()
        Membership.objects.bulk_create(
            (Membership(user=service, team=team, role=Role.SERVICE) for team in found),
            ignore_conflicts=True,
        )


def _name(name: str, *, of: User | None = None) -> str:
    called = words.clean(name, what="The name", limit=150, field="name")
    known = User.objects.filter(is_service=True, name__iexact=called)
    others = known.exclude(pk=of.pk) if of else known
    if others.exists():
        raise CommitmentError(f"There is a service called {called} already.", field="name")
    return called
