"""What a browser says of a passkey, or what somebody sends instead."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms
from django import forms as django_forms

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


class AddForm(_Careful, forms.AddWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    pass


class AuthenticateForm(_Careful, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class SignInForm(_Careful, forms.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_Careful, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
