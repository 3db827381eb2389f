"""Single sign-on with one provider of OpenID Connect, for whoever is known here or was invited.

The provider says who somebody is; whether they work here, we say. Nobody signs themselves up by it.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse, SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from requests import RequestException

from commitments.house import account_log
from commitments.models import User

PROVIDER: Final = "company"
_KNOWN_FOR: Final = 300  # seconds
_NEEDED: Final = {"authorization_endpoint", "token_endpoint"}
_VERIFIED: Final = (True, "true")  # some say it in a word; “false” is a word, too


class _Remembering(views.OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # untyped
    @property
    def openid_config(self) -> dict[str, Any]:
        """Where the doors of the provider are: it is not asked for each who looks at ours."""
        place = self.get_provider().server_url
        key = f"single-sign-on:{hashlib.sha256(place.encode()).hexdigest()}"
        known: dict[str, Any] | None = cache.get(key)
        if known is None:
            known = dict(super().openid_config)
            if known.keys() >= _NEEDED:
                cache.set(key, known, _KNOWN_FOR)
        return known


class ByProvider(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Any:
        found = super().get_provider(request, provider, client_id=client_id)
        found.oauth2_adapter_class = _Remembering
        return found

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whom the provider means; the page for strangers where it is nobody of ours.

        The first time by the address that the provider has verified, then by its own number.
        """
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(redirect("account_login"))
        if sociallogin.is_existing:
            return
        person = _known(sociallogin.account.extra_data)
        if person is None:
            account_log.note("single sign-on refused")
            raise SignupClosedException
        sociallogin.connect(request, person)
        account_log.note("single sign-on joined", user_id=person.pk)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Of what the provider says of somebody nothing becomes ours."""
        return User()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False


def _known(said: dict[str, Any]) -> User | None:
    """Whoever signs in with the address that the provider has verified."""
    profile = said.get("userinfo") or said.get("id_token") or {}
    email, verified = profile.get("email"), profile.get("email_verified")
    if not isinstance(email, str) or verified not in _VERIFIED:
        return None
    return User.objects.people().filter(email=email.strip().lower(), is_active=True).first()


def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider. By a link: a form of ours may not lead anywhere else."""
    return _if_it_answers(request, views.login, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """From the provider."""
    return _if_it_answers(request, views.callback, provider_id)


def _if_it_answers(request: HttpRequest, view: Any, provider_id: str) -> HttpResponseBase:
    if provider_id != PROVIDER:
        raise Http404
    try:
        answer: HttpResponse = view(request, provider_id)
    except (RequestException, AttributeError, KeyError, TypeError, ValueError):
        # It does not answer, or says what nobody can make sense of.
        account_log.note("single sign-on failed")
        return render(request, "socialaccount/authentication_error.html", status=502)
    return answer
