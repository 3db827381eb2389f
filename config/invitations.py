"""How long a link lives by which somebody chooses their password.

One for a password that was forgotten lives for an hour. Whoever never had one was invited: they may
be on leave, and the link lets nobody into anything that was theirs before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from commitments.models import User


class _Invitations(PasswordResetTokenGenerator):
    def _now(self) -> datetime:
        """As much earlier as an invitation outlives the link that Django thinks of."""
        longer = timedelta(days=settings.INVITATION_DAYS, seconds=-settings.PASSWORD_RESET_TIMEOUT)
        return super()._now() - longer


class Tokens(PasswordResetTokenGenerator):
    """Either ends with the first password that is chosen by it."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or user.has_usable_password():
            return super().check_token(user, token)
        return _Invitations().check_token(user, token)

    def lasts(self, person: User) -> timedelta:
        """How long a link made now works for this person."""
        if person.has_usable_password():
            return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        return timedelta(days=settings.INVITATION_DAYS)
