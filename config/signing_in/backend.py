"""Who is behind a session; and in the very same query, whether they lack a second step."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from commitments.house import second_steps
from commitments.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth carries no types
    def get_user(self, user_id: int) -> User | None:
        """With `lacks_second_step`, for the guard."""
        users = User.objects.annotate(lacks_second_step=second_steps.lacking())
        person = users.filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
