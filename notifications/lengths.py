"""How long things take, how often, how many: the one table of delivery's figures.

`NOTIFICATIONS_LENGTHS` in the settings replaces any of them by name; tests shrink them there.
`NOTIFICATIONS_EXPIRY` gives a template its own time to live.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings

from notifications.envelope import Audience


@dataclass(frozen=True, kw_only=True)
class Lengths:
    lease: timedelta = timedelta(seconds=120)
    margin: timedelta = timedelta(seconds=30)  # what a lease must still have at the marker
    round: timedelta = timedelta(seconds=20)
    batch: int = 20
    local_batch: int = 100  # what goes no further than this database needs no short leases
    retries: tuple[timedelta, ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=4),  # and every four hours from then on
    )
    spread: float = 0.2  # retries are spread by so much, either way
    conversation: timedelta = timedelta(seconds=30)  # one mail, from first byte to answer
    connect: timedelta = timedelta(seconds=10)
    request: timedelta = timedelta(seconds=20)  # one webhook or chat message, answer included
    webhook_retries: tuple[timedelta, ...] = (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),  # and no more: standardwebhooks.com
    )
    longest_wait: timedelta = timedelta(hours=24)  # that a far end may ask us for
    refused_tries: int = 3  # of a webhook that its receiver does not want
    in_flight: int = 320  # under lease for one host at a time, of all senders together
    ahead: timedelta = timedelta(seconds=1)  # of its last byte the marker of a webhook may be
    turn: timedelta = timedelta(seconds=2)  # after which other hosts have theirs
    endpoint_rest: timedelta = timedelta(minutes=5)  # at most, before one that is away is tried
    backlog_rest: timedelta = timedelta(hours=1)  # at most, for what waits behind that try
    secret_overlap: timedelta = timedelta(hours=24)  # in which the old secret signs as well
    repeat_after: timedelta = timedelta(minutes=15)  # a staff message that may have been lost
    gather: timedelta = timedelta(seconds=60)  # what comes late waits, to go out as one
    together: int = 10_000  # what a batch's readers are due beside it: at most so many rows
    in_full: int = 10  # of a bundle's messages so many are said in full, the most pressing first
    by_line: int = 50  # so many at least in a line; what lies beyond is counted
    code_valid: timedelta = timedelta(minutes=30)  # which proves an address
    code_again: timedelta = timedelta(minutes=1)  # before another one is sent
    code_tries: int = 5
    codes_a_day: int = 10  # to one person's addresses, whatever became of them
    staff_expiry: timedelta = timedelta(hours=24)
    customer_expiry: timedelta = timedelta(hours=72)
    unreachable: timedelta = timedelta(seconds=15)  # the channel rests: nobody answered
    refused: timedelta = timedelta(minutes=5)  # the channel rests: our own account was refused
    poison_after: int = 3
    unknown_for: timedelta = timedelta(hours=1)  # a template that a newer version may know
    # None: for ever. RETENTION in the settings says them in days.
    bodies_kept: timedelta | None = timedelta(days=90)  # words of what has ended; the subject stays
    attempts_kept: timedelta | None = timedelta(days=180)  # of what has ended
    inbox_kept: timedelta | None = timedelta(days=180)  # of what has been read
    rounds_kept: timedelta = timedelta(days=7)  # of jobs that are no more
    pruned_at_once: int = 500
    poke: timedelta = timedelta(seconds=1)


EXPIRY = {
    # Longer than a webhook is tried for, so that it fails rather than dies.
    "webhook_event": timedelta(hours=100),
    "webhook_step": timedelta(hours=100),
    "webhook_test": timedelta(hours=1),
    "weekly": timedelta(days=3),  # its week is still to come
}


def current() -> Lengths:
    """The figures in force."""
    return _in_force(tuple(settings.NOTIFICATIONS_LENGTHS.items()))


@cache
def _in_force(replaced: tuple[tuple[str, Any], ...]) -> Lengths:  # Any: each figure has its type
    return replace(Lengths(), **dict(replaced))


def expiry(template: str, audience: Audience, *, not_before: datetime) -> datetime:
    """When a message dies unsent: a stale nag is worse than none."""
    return not_before + life(template, audience)


def life(template: str, audience: Audience) -> timedelta:
    """How long a message may wait."""
    lengths = current()
    usual = lengths.customer_expiry if audience == "customer" else lengths.staff_expiry
    lives: timedelta = settings.NOTIFICATIONS_EXPIRY.get(template, EXPIRY.get(template, usual))
    return lives
