"""The pages of the second step: allauth's, in our frame, with what a script needs as data."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

from commitments.house import sessions
from config.signing_in import codes
from config.signing_in.doors import SaysTooMany

_BACK = reverse_lazy("web:signing_in")


class _Options:
    """What the browser is asked for goes into the form as data: no page of ours has a script."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        for options in context.get("js_data", {}).values():
            context["options"] = json.dumps(options)
        return context


class Authenticate(SaysTooMany, _Options, base.AuthenticateView):  # type: ignore[misc]  # untyped
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which of the two ways this person has."""
        context = super().get_context_data(**kwargs)
        theirs = Authenticator.objects.filter(user=self.stage.login.user)
        kinds = set(theirs.values_list("type", flat=True))
        return context | {
            "has_app": Authenticator.Type.TOTP in kinds,
            "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        }


class ByCode(SaysTooMany, base.ReauthenticateView):  # type: ignore[misc]
    pass


class ByPasskey(_Options, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    pass


class AddApp(SaysTooMany, totp.ActivateTOTPView):  # type: ignore[misc]
    @transaction.atomic
    def form_valid(self, form: Form) -> HttpResponse:
        """Nothing that came before the step goes on without it, whatever dies now."""
        answer: HttpResponse = super().form_valid(form)
        codes.note_used(self.request.user, form.cleaned_data["code"])
        sessions.end_all(self.request.user.pk, but=self.request.session.session_key)
        return answer


class RemoveApp(totp.DeactivateTOTPView):  # type: ignore[misc]
    success_url = _BACK


class AddPasskey(_Options, webauthn.AddWebAuthnView):  # type: ignore[misc]
    @transaction.atomic
    def form_valid(self, form: Form) -> HttpResponse:
        """The passkey, the codes, and the end of other sessions, which the adapter sees to."""
        answer: HttpResponse = super().form_valid(form)
        return answer


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    success_url = _BACK

    def form_valid(self, form: Form) -> HttpResponse:
        """allauth asks the adapter for apps only."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            said = adapter.error_messages["cannot_delete_authenticator"]
            messages.error(self.request, said)
            return HttpResponseRedirect(_BACK)
        answer: HttpResponse = super().form_valid(form)
        return answer


class Codes(recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    pass


class NewCodes(recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    pass


class SignInByPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Form) -> HttpResponse:
        said = "That passkey did not work here. Sign in with your password."
        get_account_adapter().add_message(self.request, messages.ERROR, message=said)
        return HttpResponseRedirect(reverse("account_login"))
