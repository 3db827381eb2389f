"""How often one address and one link may ask us, so that nobody finds a link by trying.

Counted by the minute in Django's cache, under digests: no address and no token is kept. A cache
that is away stops nobody: a link is long enough not to be found by trying, and customers wait.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError

from commitments import lengths

logger = logging.getLogger(__name__)

_MINUTE = 60
_KEPT = 2 * _MINUTE


class Asked(Enum):
    """What is counted: looks at a page, things sent to it, and links that open nothing."""

    PAGE = "page"
    SENT = "sent"
    GUESS = "guess"


class TooOften(Exception):
    """To be asked again in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Try again in {wait} seconds.")
        self.wait = wait


def count(request: HttpRequest, token: str, *, now: datetime) -> None:
    """One more request with this link from this address. Raises TooOften."""
    figures = lengths.current()
    asked = Asked.PAGE if request.method in {"GET", "HEAD", "OPTIONS"} else Asked.SENT
    of_link, of_address = (
        (figures.customer_pages_a_minute, figures.customer_pages_a_minute_from_one_address)
        if asked is Asked.PAGE
        else (figures.customer_answers_a_minute, figures.customer_answers_a_minute_from_one_address)
    )
    _check(asked, f"link:{token}", most=of_link, now=now)
    _check(asked, f"from:{_address(request)}", most=of_address, now=now)


def count_guess(request: HttpRequest, *, now: datetime) -> None:
    """A link that opens nothing. Raises TooOften; many from everywhere raise an alarm, once."""
    figures = lengths.current()
    if _counted(Asked.GUESS, "all", now=now) == figures.dead_links_alarm:
        logger.error("Many links of customers that open nothing: is somebody guessing?")
    most = figures.dead_links_a_minute
    address = _address(request)
    if _counted(Asked.GUESS, f"from:{address}", now=now) > most:
        logger.warning("Too many links that open nothing from one address.")
        raise TooOften(_left(now))


def _check(asked: Asked, who: str, *, most: int, now: datetime) -> None:
    if _counted(asked, who, now=now) > most:
        raise TooOften(_left(now))


def _counted(asked: Asked, who: str, *, now: datetime) -> int:
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    key = f"customers:{asked.value}:{digest}:{int(now.timestamp()) // _MINUTE}"
    try:
        cache.add(key, 0, _KEPT)
        return cache.incr(key)
    except (RedisError, OSError, ValueError):  # away, or forgotten between the two
        return 0


def _left(now: datetime) -> int:
    return _MINUTE - int(now.timestamp()) % _MINUTE


def _address(request: HttpRequest) -> str:
    """As the last proxy of ours saw it; what stands before that anybody may have written."""
    proxies: int = settings.PROXIES
    said = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(said) >= proxies and said[-proxies].strip():
        return str(said[-proxies].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
