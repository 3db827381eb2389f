"""That what is sent was sent by somebody who saw the page.

Links are opened by mail scanners, and some of those even submit forms. So each view of the form
carries a signed one-time value, bound to a key in a cookie of the same browser. An answer needs
both, and at least two seconds between them. What lacks one of these is not lost: a second page
shows the answer and asks "Send this answer?" with a value of its own, which needs no cookie.

Nothing is stored before an answer is: the values are signed, and which were used is in the OnceKey
written with the answer.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from commitments import lengths
from commitments.models import OnceKey

COOKIE = "check_in"
_COOKIE_LASTS = timedelta(days=14)
_TOO_FAST = timedelta(seconds=2)
# Shorter than a used value is remembered (`Lengths.once_key_kept`), or it could be used again.
_VALID_FOR = timedelta(hours=12)


class Page(StrEnum):
    """Where a value was issued; one salt each, so that neither passes for the other."""

    FORM = "form"
    CONFIRM = "confirm"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a value says: on which page, when, in which browser. `nonce` is used once."""

    page: Page
    nonce: str
    at: datetime
    browser: str


def browser_key(request: HttpRequest) -> str:
    """The key this browser holds already, or a new one."""
    held = request.COOKIES.get(COOKIE, "")
    return held if 20 <= len(held) <= 60 else secrets.token_urlsafe(24)


def keep_browser_key(response: HttpResponse, key: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        key,
        max_age=_COOKIE_LASTS,
        path="/c/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def issue(about: str, page: Page, *, browser: str, again: Seen | None = None, now: datetime) -> str:
    """A value for one view of a page. One that is shown `again` stands for the same answer.

    `about` names what the page asks, of whom: a value of one page is no use on another.
    """
    nonce, at = (again.nonce, again.at) if again else (secrets.token_urlsafe(12), now)
    return signing.dumps([about, nonce, at.timestamp(), _digest(browser)], salt=_salt(page))


def read(value: str, about: str, *, now: datetime) -> Seen | None:
    """What a value says, or None where it is forged, for something else, or out of date."""
    for page in Page:
        try:
            was_about, nonce, timestamp, browser = signing.loads(value[:400], salt=_salt(page))
        except (signing.BadSignature, ValueError):
            continue
        at = datetime.fromtimestamp(timestamp, UTC)
        if was_about == about and at <= now <= at + _VALID_FOR:
            return Seen(page=page, nonce=nonce, at=at, browser=browser)
    return None


def is_first_use(seen: Seen, about: str, *, now: datetime) -> bool:
    """Whether this value is used now for the first time; written down with what is done with it."""
    _, is_first = OnceKey.objects.get_or_create(
        principal=about[:80],
        key=f"answer:{seen.nonce}",
        defaults={"expires_at": now + lengths.current().once_key_kept},
    )
    return is_first


def is_enough(seen: Seen, request: HttpRequest, *, now: datetime) -> bool:
    """Whether an answer that carries this may be saved without asking once more."""
    if not _comes_from_here(request):
        return False
    if seen.page is Page.CONFIRM:
        return True
    held = _digest(request.COOKIES.get(COOKIE, ""))
    return secrets.compare_digest(held, seen.browser) and now - seen.at >= _TOO_FAST


def _comes_from_here(request: HttpRequest) -> bool:
    """Browsers say so themselves; those that say nothing are judged by the rest."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()[:32]


def _salt(page: Page) -> str:
    return f"commitments.public.proof.{page}"
