"""How somebody who was invited gets to choose a password: by mail, or by a link handed over."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest

from commitments.models import User


def goes_by_mail() -> bool:
    """Whether mail leaves this house at all."""
    return bool(settings.EMAIL_URL or settings.NOTIFICATIONS_EMAIL_BACKEND)


def send(request: HttpRequest, person: User) -> None:
    """The mail that everybody gets who has forgotten their password."""
    form = ResetPasswordForm(data={"email": person.email})
    if form.is_valid():
        form.save(request)


def link_for(request: HttpRequest, person: User) -> str:
    """The same link, to be handed over. It ends with the first password that is chosen by it."""
    token = default_token_generator.make_token(person)
    key = f"{user_pk_to_url_str(person)}-{token}"
    return str(get_adapter(request).get_reset_password_from_key_url(key))


def lasts(person: User) -> timedelta:
    """How long such a link works: days for somebody invited, an hour for a forgotten password."""
    length: timedelta = default_token_generator.lasts(person)
    return length
