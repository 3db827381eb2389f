"""The second step of signing in: who must have one, who has, and what happens when it is lost."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from commitments import messages
from commitments.errors import CommitmentError
from commitments.messages import account
from commitments.models import SecondStepDuty, User

from . import account_log, seen, sessions

# Codes to recover with are no step of their own: they stand in for one that is lost.
STEPS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def bound() -> frozenset[str]:
    """The roles that sign in with a second step."""
    return frozenset(SecondStepDuty.objects.values_list("role", flat=True))


def mark(roles: Collection[str]) -> str:
    return seen.mark(sorted(roles))


@transaction.atomic
def bind(roles: Collection[str], *, by: User, seen_mark: str) -> None:
    """From the next page on these roles and no others. Raises Changed."""
    before = frozenset(SecondStepDuty.objects.select_for_update().values_list("role", flat=True))
    seen.check(mark(before), seen=seen_mark, what="who needs a second step")
    SecondStepDuty.objects.exclude(role__in=roles).delete()
    added = [SecondStepDuty(role=role) for role in roles if role not in before]
    SecondStepDuty.objects.bulk_create(added, ignore_conflicts=True)
    if before != frozenset(roles):
        said = ", ".join(sorted(roles)) or "nobody"
        account_log.note(f"second step asked of: {said}", by_id=by.pk)


def lacking() -> ExpressionWrapper[Q]:
    """Of users: whether somebody must have a second step and has none."""
    theirs = Authenticator.objects.filter(user=OuterRef("pk"), type__in=STEPS)
    return ExpressionWrapper(SecondStepDuty.binds() & ~Q(Exists(theirs)), BooleanField())


def must(user: User) -> bool:
    return User.objects.filter(SecondStepDuty.binds(), pk=user.pk).exists()


def of(user_id: int) -> QuerySet[Authenticator]:
    """The one that was set up first comes first."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user_id)
    return found.order_by("created_at", "pk")


def without() -> QuerySet[User]:
    """Who would be led to set one up before anything else."""
    return User.objects.people().filter(lacking(), is_active=True)


@transaction.atomic
def take_away(person_id: int, *, by: User, now: datetime) -> User:
    """Somebody lost what they proved themselves with: they are out everywhere, and begin anew.

    Raises CommitmentError for oneself: that would be a way around the step.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    if person == by:
        raise CommitmentError("You cannot take away your own. Ask another administrator.")
    of(person.pk).delete()
    sessions.end_all(person.pk)
    account_log.note("second step taken away", user_id=person.pk, by_id=by.pk)
    messages.send([account.changed(person, "second step taken away", now=now)], now=now)
    return person
