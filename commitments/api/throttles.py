"""How often one caller may call, in all and with what changes something.

A token is counted by itself, somebody signed in to the pages as themselves, and whoever has shown
neither by their address. Beyond it the answer is 429, and `Retry-After` says for how many seconds.
"""

from __future__ import annotations

from datetime import datetime

from rest_framework import exceptions, permissions
from rest_framework.request import Request

from commitments import lengths, rate_limits
from commitments.rate_limits import MINUTE

from . import authentication


class TooManyRequests(exceptions.Throttled):
    """To be sent again in `wait` seconds."""

    def __init__(self, said: str, *, wait: int) -> None:
        super().__init__(detail=said)
        self.wait = wait


def count(request: Request, *, changes: bool, now: datetime) -> None:
    """One more call of somebody known. Raises TooManyRequests."""
    figures, who = lengths.current(), authentication.principal_of(request)
    _check("calls", who, most=figures.api_calls_a_minute, now=now)
    if changes and request.method not in permissions.SAFE_METHODS:
        _check("changes", who, most=figures.api_changes_a_minute, now=now)


def count_stranger(request: Request, *, now: datetime) -> None:
    """A call without a token, or with one that opens nothing. Raises TooManyRequests."""
    most, who = lengths.current().api_strangers_a_minute, f"from:{rate_limits.address(request)}"
    _check("calls without a valid token", who, most=most, now=now)


def _check(what: str, who: str, *, most: int, now: datetime) -> None:
    try:
        rate_limits.check(f"api:{what.replace(' ', '-')}", who, most=most, per=MINUTE, now=now)
    except rate_limits.TooOften as no:
        said = f"More than {most} {what} in a minute. Try again in {no.wait} seconds."
        raise TooManyRequests(said, wait=no.wait) from None
