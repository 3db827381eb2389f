"""What allauth asks us about second steps: their names, and that their secrets are sealed."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from commitments.house import second_steps
from commitments.models import User
from config.signing_in import browsers
from notifications import sealing


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That did not work. A code counts once, for half a minute.",
        "cannot_delete_authenticator": "Your role needs a second step, and this is your only one."
        " Add another first.",
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        ours = "Followthrough"
        return ours if ours == settings.COMPANY_NAME else f"{settings.COMPANY_NAME}, {ours}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have one keeps one."""
        steps = second_steps.of(authenticator.user_id).filter(type__in=second_steps.STEPS)
        if steps.exclude(pk=authenticator.pk).exists():
            return True
        return not second_steps.must(User.objects.get(pk=authenticator.user_id))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        """Proposed for a passkey: the browser in which it is made."""
        agent = context.request.headers.get("User-Agent", "")
        return browsers.called(agent) or "Passkey"

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.name}
