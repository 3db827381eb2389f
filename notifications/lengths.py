"""How long things take, how often, how many: the one table of delivery's figures.

`NOTIFICATIONS_LENGTHS` in the settings replaces any of them by name; tests shrink them there.
`NOTIFICATIONS_EXPIRY` gives a template its own time to live.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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
    repeat_after: timedelta = timedelta(minutes=15)  # a staff message that may have been lost
    staff_expiry: timedelta = timedelta(hours=24)
    customer_expiry: timedelta = timedelta(hours=72)
    unreachable: timedelta = timedelta(seconds=15)  # the channel rests: nobody answered
    refused: timedelta = timedelta(minutes=5)  # the channel rests: our own account was refused
    poison_after: int = 3
    poke: timedelta = timedelta(seconds=1)


def current() -> Lengths:
    """The figures in force."""
    return replace(Lengths(), **settings.NOTIFICATIONS_LENGTHS)


def expiry(template: str, audience: Audience, *, not_before: datetime) -> datetime:
    """When a message dies unsent: a stale nag is worse than none."""
    lengths = current()
    usual = lengths.customer_expiry if audience == "customer" else lengths.staff_expiry
    lives: timedelta = settings.NOTIFICATIONS_EXPIRY.get(template, usual)
    return not_before + lives
