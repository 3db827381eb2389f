"""Addresses for chat and SMS, which are apprise's URLs: what may be one, and how it may be shown.

They hold passwords and tokens, so they lie sealed and are shown by their ends only. Services with a
home of their own are safe to name. Where the URL itself says which host to talk to, that host must
be one the operator has listed: apprise looks names up by itself, and may be led anywhere. It also
reads URLs in a way of its own, so what it could read in another way than we do is refused.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from notifications import sealing
from notifications.envelope import one_line
from notifications.models.contact import PROVED

_LONGEST = 1000
# Apprise ends a host at the first of two @, unpacks a % in it, and begins an option at each ; too.
_READ_IN_TWO_WAYS = re.compile(r"[\\;]|://[^/?]*@[^/?]*@|://[^/?]*%[^/?@]*([/?]|$)")
_AT_HOME = frozenset(
    {
        *("slack", "discord", "tgram", "gchat", "wxteams"),
        *("twilio", "vonage", "nexmo", "sns", "msgbird", "sinch", "clicksend", "plivo", "bulksms"),
    }
)
# Others make apprise read files, follow redirects, trust any certificate, or fetch pictures.
_OPTIONS = frozenset({"channel", "from", "mode", "priority", "region", "thread", "to", "topic"})


class Refused(Exception):
    """This is not an address we send to, in a sentence for the person who entered it."""


def check(channel: str, url: str) -> None:
    """Whether we would send to this address. Raises Refused."""
    is_whole = one_line(url) == url and " " not in url
    if len(url) > _LONGEST or not is_whole or _READ_IN_TWO_WAYS.search(url.replace("#", "%23")):
        raise Refused("This is not an address we can read.")
    try:
        # A room may begin with #, which apprise goes on reading behind.
        parts = urlsplit(url.replace("#", "%23"))
    except ValueError as error:
        raise Refused("This is not an address we can read.") from error
    allowed = schemes(channel)
    if parts.scheme not in allowed or "://" not in url:
        raise Refused(f"The address has to begin with one of: {_beginnings(allowed)}.")
    for name, _ in parse_qsl(parts.query, keep_blank_values=True):
        if name not in _OPTIONS:
            raise Refused(f"The address must not say “{name[:40]}”.")
    if parts.scheme not in _AT_HOME and not _is_listed(parts.hostname or ""):
        raise Refused("This host is not on the list. An administrator can add it to CHAT_HOSTS.")


def schemes(channel: str) -> list[str]:
    """How an address of this channel may begin."""
    allowed: list[str] = settings.SMS_SCHEMES if channel == "sms" else settings.CHAT_SCHEMES
    return allowed


def masked(sealed: str) -> str:
    """Enough of a sealed address to know it again, and no more."""
    try:
        url = sealing.unseal(sealed)
    except sealing.CannotOpen:
        return "(cannot be read any more)"
    scheme, _, rest = url.partition("://")
    return f"{scheme}://…{rest.partition('?')[0].rstrip('/')[-4:]}"


def readable(channel: str, address: str) -> str:
    """An address of any channel, as a person may read it."""
    return masked(address) if channel in PROVED else address


def _is_listed(host: str) -> bool:
    """A name that begins with a dot stands for everything below it."""
    return any(
        host == listed or (listed.startswith(".") and host.endswith(listed))
        for listed in settings.CHAT_HOSTS
    )


def _beginnings(allowed: list[str]) -> str:
    return ", ".join(f"{scheme}://" for scheme in allowed)
