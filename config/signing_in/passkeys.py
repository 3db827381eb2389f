"""What a browser says of a passkey, or what somebody sends instead."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from allauth.mfa.webauthn.internal import auth
from django import forms as django_forms

from commitments.models import User
from config.signing_in import codes

# The libraries beneath raise whatever reading rubbish comes to.
_RUBBISH = (AttributeError, KeyError, RecursionError, TypeError, ValueError)


class _Careful(django_forms.Form):
    """What cannot even be read is as wrong as what does not fit."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except _RUBBISH:
            self.cleaned_data: dict[str, Any] = {}
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))


class _OfSomebody(_Careful):
    """Whose it is we know: each try is counted."""

    user: User

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        auth.parse_authentication_response(credential)
        tried = codes.counted(self.user)
        found = auth.complete_authentication(self.user, credential)
        tried.rollback()
        return found


class AddForm(_Careful, forms.AddWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    pass


class AuthenticateForm(_OfSomebody, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class SignInForm(_Careful, forms.LoginWebAuthnForm):  # type: ignore[misc]
    """It stands for the password, too, so it must have seen its owner: what was asked of it before,
    at another door, was less.
    """

    def clean_credential(self) -> Authenticator:
        said = auth.parse_authentication_response(self.cleaned_data["credential"])
        if not said.response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()


class ReauthenticateForm(_OfSomebody, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
