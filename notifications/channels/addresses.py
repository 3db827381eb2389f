"""Where we may connect to on somebody's word: public hosts by https, and what the operator allowed.

A URL is checked when it is saved and again each time it is used. A name is looked up once, every
address it has must be allowed, and the connection goes to one of those very addresses: a name that
changes its mind between the check and the connection changes nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from notifications.envelope import one_line

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LONGEST = 2000
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
_STANDARD = {"https": 443, "http": 80}

# The standard library's own questions let some of these pass: shared address space, the metadata
# services of two clouds, addresses that carry an IPv4 address inside.
_CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared address space
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own services
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # protocols, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")  # nothing outside is anybody's public address


class Refused(Exception):
    """We do not connect to this address, in a sentence for the person who entered it."""


class Unknown(Exception):
    """The name has no address, or nobody told us in time."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A URL taken apart: where to connect, and what to ask for there."""

    scheme: str
    host: str  # in ASCII, without brackets
    port: int
    path: str

    @property
    def name(self) -> str:
        """As the Host header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _STANDARD[self.scheme] else f"{host}:{self.port}"


def target(url: str) -> Target:
    """Take a URL apart, refusing what can be refused without asking anybody. Raises Refused."""
    if len(url) > _LONGEST:
        raise Refused(f"This address is longer than {_LONGEST} characters.")
    if one_line(url) != url or " " in url or "\\" in url:
        raise Refused("An address holds no spaces, backslashes or control characters.")
    parts, port = _split(url)
    if parts.scheme not in _STANDARD:
        raise Refused("The address has to begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise Refused("The address must not hold a user name or password.")
    port = port if port is not None else _STANDARD[parts.scheme]
    if port not in settings.WEBHOOK_PORTS:
        allowed = ", ".join(str(port) for port in settings.WEBHOOK_PORTS)
        raise Refused(f"Port {port} is not one we connect to, which are: {allowed}.")
    host = _host(parts.hostname or "")
    if host.rstrip(".") == _own_host():
        raise Refused("This is our own address.")
    query = f"?{parts.query}" if parts.query else ""
    return Target(scheme=parts.scheme, host=host, port=port, path=(parts.path or "/") + query)


def check(url: str, *, patience: timedelta) -> None:
    """Whether we would connect to this URL now. Raises Refused or Unknown."""
    allowed(target(url), patience=patience)


def allowed(wanted: Target, *, patience: timedelta) -> Sequence[Address]:
    """Every address of the target, all of them allowed. Raises Refused or Unknown.

    One that is not allowed refuses them all: which of them answers is not ours to choose.
    """
    found = _look_up(wanted.host, wanted.port, patience=patience)
    trusted = [ipaddress.ip_network(network) for network in settings.WEBHOOK_ALLOW_PRIVATE]
    for address in found:
        if _is_in(address, trusted):
            continue
        if not _is_public(address):
            raise Refused(f"{wanted.host} leads to {address}, which is not a public address.")
        if wanted.scheme != "https":
            raise Refused("The address has to begin with https://.")
    return found


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("This is not an address we can read.") from error
    return parts, port


def _host(named: str) -> str:
    """The host in ASCII: letters of all languages and their look-alikes come out as one name."""
    if ":" in named:
        return _literal(named)
    try:
        host = named.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise Refused("The address names no host that we can read.")
    return host


def _literal(named: str) -> str:
    """An IPv6 address; one with a zone belongs to a network card of ours."""
    try:
        address = ipaddress.IPv6Address(named)
    except ValueError as error:
        raise Refused("The address names no host that we can read.") from error
    if address.scope_id:
        raise Refused("The address names no host that we can read.")
    return str(address)


def _own_host() -> str:
    return (urlsplit(settings.PUBLIC_URL).hostname or "").rstrip(".")


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC_V6:
        return False
    return not _is_in(address, _CLOSED)


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _look_up(host: str, port: int, *, patience: timedelta) -> Sequence[Address]:
    """Ask the name service, which cannot be interrupted: a dead one is left to a thread."""
    found: list[Address] = []
    asking = threading.Thread(target=_ask, args=(host, port, found), daemon=True)
    asking.start()
    asking.join(patience.total_seconds())
    # A thread that is still asking may add to its own list whenever it likes.
    known = tuple(found)
    if not known:
        raise Unknown(f"The name service knows no address of {host}.")
    return known


def _ask(host: str, port: int, found: list[Address]) -> None:
    with contextlib.suppress(OSError, UnicodeError):
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # All at once: nobody may see the half of them.
        found.extend([ipaddress.ip_address(str(answer[4][0])) for answer in answers])
