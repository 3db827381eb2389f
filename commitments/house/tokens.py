"""Tokens of programs: given once, taken back at once.

A person's token does what that person may. What somebody may as an administrator is left out of it
unless the token says so, and then only while they are one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from commitments.errors import CommitmentError
from commitments.models import ApiToken, User
from commitments.rules import words

from . import account_log

Scope = ApiToken.Scope

LONGEST: Final = timedelta(days=3650)
_MOST: Final = 50


def issue(
    user: User, *, name: str, scope: str, lasts: timedelta, by_id: account_log.By = None,
    now: datetime,
) -> tuple[ApiToken, str]:  # fmt: skip
    """A new token, and the secret, which cannot be read again. Raises CommitmentError."""
    if not user.is_active:
        raise CommitmentError(f"{user} is switched off: this token would open nothing.")
    if not timedelta(days=1) <= lasts <= LONGEST:
        raise CommitmentError(f"A token lasts from 1 to {LONGEST.days} days.", field="lasts")
    if scope == Scope.ADMIN and not user.is_superuser:
        raise CommitmentError("Only an administrator has tokens that administer.", field="scope")
    purpose = words.clean(name, what="The name", limit=80, required=False, field="name")
    if ApiToken.objects.filter(user=user, revoked_at=None).count() >= _MOST:
        raise CommitmentError(f"{user} has {_MOST} tokens. Revoke one that is not used first.")
    token, secret = ApiToken.issue(user=user, now=now, name=purpose, scope=scope, lasts=lasts)
    account_log.note(f"token={token.pk} given to {scope}", user_id=user.pk, by_id=by_id)
    return token, secret


def revoke(token: ApiToken, *, by_id: account_log.By = None, now: datetime) -> None:
    if token.revoke(now=now):
        account_log.note(f"token={token.pk} revoked", user_id=token.user_id, by_id=by_id)
