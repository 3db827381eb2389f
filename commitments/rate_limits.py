"""How often the same one may ask, counted in Django's cache for all web processes together.

Counted by the minute or hour of the clock, under digests: neither an address nor a key is kept.
A cache that is away stops nobody. It is then left alone for some seconds, so that the requests of
those seconds do not each wait for it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError

logger = logging.getLogger(__name__)

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
_PREFIX: Final = 64  # of IPv6: what one connection is given; allauth counts sign-ins by the same
_REST: Final = timedelta(seconds=5)
_rests: dict[str, datetime] = {}  # until when each cache that was away is left alone, by its place


class TooOften(Exception):
    """To be asked again in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Try again in {wait} seconds.")
        self.wait = wait


def check(what: str, who: str, *, most: int, per: timedelta = MINUTE, now: datetime) -> None:
    """One more from this one. Raises TooOften beyond `most` in this minute, or this hour."""
    if counted(what, who, per=per, now=now) > most:
        raise TooOften(left(per, now=now))


def counted(what: str, who: str, *, per: timedelta = MINUTE, now: datetime) -> int:
    """The how-manieth this is; 0 where nobody counts."""
    place = str(settings.CACHES["default"].get("LOCATION", ""))
    if now < _rests.get(place, now) <= now + _REST:
        return 0
    seconds = int(per.total_seconds())
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    key = f"{what}:{digest}:{int(now.timestamp()) // seconds}"
    try:
        return _one_more(key, kept=2 * seconds)
    except (RedisError, OSError):
        logger.warning("The cache is away: nobody counts who asks how often.")
        _rests[place] = now + _REST
        return 0


def left(per: timedelta, *, now: datetime) -> int:
    """Seconds until this minute, or hour, is over: from 1 on."""
    seconds = int(per.total_seconds())
    return seconds - int(now.timestamp()) % seconds


def address(request: HttpRequest) -> str:
    """Whose tries are counted together, as the last proxy of ours saw them.

    What stands before its word anybody may have written. An address of IPv6 stands for its /64:
    whoever has one of those has them all.
    """
    proxies: int = settings.PROXIES
    said = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(said) >= proxies and said[-proxies].strip():
        return _counted_as(said[-proxies].strip())
    return _counted_as(str(request.META.get("REMOTE_ADDR", "")))


def _counted_as(said: str) -> str:
    try:
        found = ipaddress.ip_address(said)
    except ValueError:
        return said
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:  # one of IPv4, on a socket for both: all of those share one /64
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), _PREFIX), strict=False).network_address)


def _one_more(key: str, *, kept: int) -> int:
    """Of several first ones at once, the cache lets one begin and adds the others to it."""
    try:
        return cache.incr(key)
    except ValueError:  # not counted yet
        if cache.add(key, 1, kept):
            return 1
    try:
        return cache.incr(key)
    except ValueError:  # forgotten between the two
        return 0
