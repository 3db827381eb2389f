"""Accounts: only by invitation, and their mails go the way of every other mail, by the outbox."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from commitments import messages, rate_limits
from commitments.house import account_log, sessions
from commitments.messages import account
from commitments.models import User
from config import invitations
from config.signing_in import browsers
from config.signing_in.sessions import SessionStore
from notifications import outbox
from notifications.envelope import Message

_STEPS = {
    "totp_activated": "app added",
    "totp_deactivated": "app removed",
    "webauthn_added": "passkey added",
    "webauthn_removed": "passkey removed",
    "recovery_codes_generated": "recovery codes drawn",
}
_JUST_NOW = timedelta(minutes=15)
PASSWORD_RESET = "account/email/password_reset_key"  # noqa: S105 (the name of a mail)


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "That went wrong too often. Wait five minutes and try again, or"
        " choose a new password.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom tries are counted for; no header that the asking one wrote changes it."""
        return rate_limits.address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account alone: allauth's names the host as well, and that a caller writes."""
        return str(credentials.get("email", "")).lower()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Known or not, it is asked for alike: how long that takes tells nobody who works here."""
        address = str(credentials.get("email", "")).lower()
        known = User.objects.filter(email=address).values_list("pk", flat=True).first()
        account_log.note("sign-in failed", user_id=known)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        SessionStore.clear_expired()
        request.session["browser"] = browsers.called(request.headers.get("User-Agent", ""))

    def logout(self, request: HttpRequest) -> None:
        account_log.note("signed out", user_id=request.user.pk)
        super().logout(request)

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse:
        account_log.note("signed in", user_id=user.pk)
        answer: HttpResponse = super().post_login(request, user, **said)
        return answer

    def is_reauthentication_required(self, *, app: str, **said: Any) -> bool:
        """Not of somebody who has signed in just now."""
        began_at = getattr(context.request.session, "began_at", None)
        return began_at is None or timezone.now() - began_at >= _JUST_NOW

    def set_password(self, user: User, password: str) -> None:
        """Whoever knew the old one is out, everywhere but where the new one was chosen."""
        is_their_first = not user.has_usable_password() and user.last_login is None
        user.set_password(password)
        user.save(update_fields=["password"])
        sessions.end_all(user.pk, but=context.request.session.session_key)
        if is_their_first:
            account_log.note("password chosen", user_id=user.pk)
        else:
            _note_and_tell("password chosen", user)

    def send_notification_mail(self, template_prefix: str, user: User, **said: Any) -> None:
        """allauth tells of what changed about an account: the log hears of it, and whose it is.

        Whoever adds or takes away a step is signed in with it from here on, and nowhere without.
        """
        what = template_prefix.rpartition("/")[2]
        if what in _STEPS:
            _note_and_tell(_STEPS[what], user)
            sessions.end_all(user.pk, but=self.request.session.session_key)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Never from the request's Host header, which a stranger may have written."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return settings.PUBLIC_URL + path

    def send_mail(self, template_prefix: str, email: str, said: dict[str, Any]) -> None:
        """Put the one mail we know into the outbox. allauth's others are switched off.

        Nobody hurries it: how long that takes would tell a stranger who works here. It goes with
        the next round, some seconds later.
        """
        if template_prefix != PASSWORD_RESET:
            raise NotImplementedError(f"There is no message for {template_prefix}.")
        if said["user"].is_service:
            return  # it never signs in, and has no address that takes mail
        now = timezone.now()
        message = _new_password(said["user"], url=said["password_reset_url"], now=now)
        outbox.enqueue([message], now=now, hurry=False)


def _note_and_tell(what: str, user: User) -> None:
    now = timezone.now()
    account_log.note(what, user_id=user.pk)
    messages.send([account.changed(user, what, now=now)], now=now)


def _new_password(user: User, *, url: str, now: datetime) -> Message:
    """The link goes to the account's own address, and dies in the outbox as it does on the page.

    Whoever never had a password was invited.
    """
    return Message(
        key=f"password:{user.pk}:{hashlib.sha256(url.encode()).hexdigest()[:24]}",
        about=f"user:{user.pk}",
        audience="staff",
        person_id=user.pk,
        channel="email",
        address=user.email,
        name=user.name,
        template="new_password" if user.has_usable_password() else "invitation",
        context={
            "url": url,
            "person": user.name,
            "company": settings.COMPANY_NAME,
            "days": settings.INVITATION_DAYS,
        },
        urgent=True,
        not_before=now,
        expires_at=now + invitations.Tokens().lasts(user),
    )
