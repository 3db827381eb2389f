"""Who is behind a session; and in the very same query, whether they lack a second step."""

from __future__ import annotations

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from commitments.house import second_steps
from commitments.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth carries no types
    def get_user(self, user_id: int) -> User | None:
        """With `lacks_second_step`, for the guard."""
        person = _people().filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None


@cache
def _people() -> QuerySet[User]:
    """Put together once: that takes longer than the database needs to answer it."""
    return User.objects.annotate(lacks_second_step=second_steps.lacking())
