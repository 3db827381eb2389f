"""How often one address and one link may ask us, so that nobody finds a link by trying.

A cache that is away stops nobody: a link is long enough not to be found by trying, and customers
wait.
"""

from __future__ import annotations

import logging
from datetime import datetime
from enum import Enum

from django.http import HttpRequest

from commitments import lengths, rate_limits
from commitments.rate_limits import TooOften, address

__all__ = ["TooOften", "count", "count_guess"]

logger = logging.getLogger(__name__)


class Asked(Enum):
    """What is counted: looks at a page, things sent to it, and links that open nothing."""

    PAGE = "customers:page"
    SENT = "customers:sent"
    GUESS = "customers:guess"


def count(request: HttpRequest, token: str, *, now: datetime) -> None:
    """One more request with this link from this address. Raises TooOften."""
    figures = lengths.current()
    asked = Asked.PAGE if request.method in {"GET", "HEAD", "OPTIONS"} else Asked.SENT
    of_link, of_address = (
        (figures.customer_pages_a_minute, figures.customer_pages_a_minute_from_one_address)
        if asked is Asked.PAGE
        else (figures.customer_answers_a_minute, figures.customer_answers_a_minute_from_one_address)
    )
    rate_limits.check(asked.value, f"link:{token}", most=of_link, now=now)
    rate_limits.check(asked.value, f"from:{address(request)}", most=of_address, now=now)


def count_guess(request: HttpRequest, *, now: datetime) -> None:
    """A link that opens nothing. Raises TooOften; many from everywhere raise an alarm, once."""
    figures, what = lengths.current(), Asked.GUESS.value
    if rate_limits.counted(what, "all", now=now) == figures.dead_links_alarm:
        logger.error("Many links of customers that open nothing: is somebody guessing?")
    try:
        most = figures.dead_links_a_minute
        rate_limits.check(what, f"from:{address(request)}", most=most, now=now)
    except TooOften:
        logger.warning("Too many links that open nothing from one address.")
        raise
