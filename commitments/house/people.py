"""The people who sign in: invited, changed, switched off and on.

Whoever is switched off owes nothing: each open promise of theirs goes to a colleague of its team.
There is always an administrator, and every team keeps somebody who can be asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Membership, Team, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import wall_clock, words

from . import account_log, seen, sessions, teams

_BECAME, _CEASED = "made an administrator", "no longer an administrator"


def mark(person: User) -> str:
    return seen.mark(person.name, person.email, person.zone, person.is_superuser, person.is_active)


@transaction.atomic
def invite(
    *, email: str, name: str, zone: str, team_id: int | None, role: str, is_administrator: bool,
    by_id: int | None = None,
) -> User:  # fmt: skip
    """Somebody new, without a password until they choose one. Raises CommitmentError."""
    address, called, there = _checked(email=email, name=name, zone=zone)
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                address, name=called, zone=there,
                is_superuser=is_administrator, is_staff=is_administrator,
            )  # fmt: skip
    except IntegrityError:
        raise _known(address) from None
    if is_administrator:
        account_log.note(_BECAME, user_id=person.pk, by_id=by_id)
    if team_id is not None:
        with account_log.places(user_id=person.pk, by_id=by_id):
            Membership.objects.create(user=person, team_id=team_id, role=role)
    return person


@transaction.atomic
def edit(
    person_id: int, *, email: str, name: str, zone: str, is_administrator: bool, seen_mark: str,
    by_id: int | None = None,
) -> User:  # fmt: skip
    """Raises Changed, or CommitmentError where the last administrator would be none."""
    person = _held(person_id)
    seen.check(mark(person), seen=seen_mark, what="this person")
    if person.is_superuser and not is_administrator:
        _check_other_administrators(person)
    address, called, there = _checked(email=email, name=name, zone=zone, of=person)
    if is_administrator != person.is_superuser:
        person.is_superuser = person.is_staff = is_administrator
        what = _BECAME if is_administrator else _CEASED
        account_log.note(what, user_id=person.pk, by_id=by_id)
    person.email, person.name, person.zone = address, called, there
    try:
        with transaction.atomic():
            person.save(update_fields=["email", "name", "zone", "is_superuser", "is_staff"])
    except IntegrityError:
        raise _known(address) from None
    return person


def owed_by(person: User) -> CommitmentQuerySet:
    """What they would leave behind."""
    return Commitment.objects.live().filter(owner=person)


@transaction.atomic
def switch_off(
    person_id: int, *, takers: Mapping[int, int], by: User, note: str, now: datetime
) -> User:
    """They sign in no more. `takers` says for each team who takes over what they owe there.

    Raises CommitmentError, and changes nothing then.
    """
    person = _held(person_id)
    if person == by:
        raise CommitmentError("You cannot switch yourself off. Ask another administrator.")
    if person.is_superuser:
        _check_other_administrators(person)
    _check_everybody_is_reached(person)
    for commitment in owed_by(person).select_related("team").order_by("pk"):
        taker = takers.get(commitment.team_id)
        if taker is None or taker == person.pk:
            raise CommitmentError(
                f"Choose who takes over in {commitment.team.name}.",
                field=f"team-{commitment.team_id}",
            )
        services.reassign(commitment.pk, by=by, owner_id=taker, note=note, now=now)
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end_all(person.pk)
    account_log.note("switched off", user_id=person.pk, by_id=by.pk)
    return person


@transaction.atomic
def switch_on(person_id: int, *, by_id: int | None = None) -> User:
    person = _held(person_id)
    person.is_active = True
    person.save(update_fields=["is_active"])
    account_log.note("switched on", user_id=person.pk, by_id=by_id)
    return person


@transaction.atomic
def delete(person_id: int, *, by_id: int | None = None) -> None:
    """Only somebody who never did anything here: an invitation that went wrong."""
    person = _held(person_id)
    if person.last_login is not None:
        raise _remembered(person)
    if person.is_superuser:
        _check_other_administrators(person)
    _check_everybody_is_reached(person)
    try:
        person.delete()
    except ProtectedError:
        raise _remembered(person) from None
    account_log.note("deleted", user_id=person_id, by_id=by_id)


def _held(person_id: int) -> User:
    """Every change of people waits for every other: two administrators cannot remove each other."""
    held = User.objects.filter(is_superuser=True) | User.objects.filter(pk=person_id)
    list(held.order_by("pk").select_for_update().values_list("pk"))
    return User.objects.get(pk=person_id)


def _check_other_administrators(person: User) -> None:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    invited_only = Q(last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if not others.exclude(invited_only).exists():
        raise CommitmentError(
            f"{person} is the only administrator. Make somebody else one first, and let them sign"
            " in."
            if others.exists()
            else f"{person} is the only administrator. Make somebody else one first.",
            field="is_administrator",
        )


def _check_everybody_is_reached(person: User) -> None:
    """Every team that could ask somebody still can when this person is gone."""
    led = Team.objects.filter(memberships__user=person) | Team.objects.filter(lead_fallback=person)
    for team in led.filter(retired_at=None).distinct().order_by("name"):
        places = teams.places_of(team)
        fallback = team.lead_fallback_id
        left = [place for place in places if place.user_id != person.pk]
        without = fallback if fallback != person.pk else None
        had = teams.is_somebody_reached(places, fallback_id=fallback)
        if had and not teams.is_somebody_reached(left, fallback_id=without):
            raise CommitmentError(teams.nobody_is_reached(team.name))


def _checked(*, email: str, name: str, zone: str, of: User | None = None) -> tuple[str, str, str]:
    address = words.one_address(email).casefold()
    called = words.clean(name, what="The name", limit=150, field="name")
    others = User.objects.exclude(pk=of.pk) if of else User.objects.all()
    if others.filter(email=address).exists():
        raise _known(address)
    try:
        there = wall_clock.zone_named(zone).key
    except CommitmentError as no:
        raise CommitmentError(str(no), field="zone") from no
    return address, called, there


def _known(address: str) -> CommitmentError:
    return CommitmentError(f"Somebody here has the e-mail {address} already.", field="email")


def _remembered(person: User) -> CommitmentError:
    return CommitmentError(
        f"{person} has a part in what happened here. They can be switched off, not deleted."
    )
