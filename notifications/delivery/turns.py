"""Webhooks go out host by host, each in its turn, so that a slow one holds up no other.

The first turn begins with one message and goes on with as many as fit into a turn at the pace of
those before, batch after batch; where several hosts wait, each has its part of that time, or one
batch. The hosts that fail come last, with one message each. An endpoint that rests has no turn, and
what is due to it waits. At one host no more are under lease than the figure says, of all senders
together: whoever counts them holds the endpoints, so that two never count at once. What an endpoint
asked for it hears in order: of one promise nothing is claimed for it before all that came earlier
has ended, one way or another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from notifications import lengths
from notifications.channels import addresses, endpoints
from notifications.delivery import leases
from notifications.delivery.clock import Clock
from notifications.delivery.sender import Sender
from notifications.models import Delivery, Endpoint, State

CHANNEL = endpoints.CHANNEL
_GONE = "This endpoint was deleted."
_OFF = "This endpoint is switched off."


@dataclass(kw_only=True)
class Host:
    """The endpoints at one host that have something due."""

    urgent: bool = False
    since: datetime
    is_failing: bool = False
    addresses: list[str] = field(default_factory=list)

    @property
    def place(self) -> tuple[bool, bool, datetime]:
        return (self.is_failing, not self.urgent, self.since)


@dataclass(kw_only=True)
class Pace:
    """How many a host is given: in a batch, and marked at once."""

    batch: int = 1
    at_once: int = 1


def take(sender: Sender, *, clock: Clock) -> None:
    """Send until nothing is due or the time is up."""
    paces: dict[str, Pace] = defaultdict(Pace)
    while not clock.is_over():
        before = sender.done
        waiting = hosts(now=clock.now())
        for name, host in waiting.items():
            length = lengths.current().turn / len(waiting)
            _turn(host, sender, paces[name], length=length, clock=clock)
        if sender.done == before:
            break


def _turn(host: Host, sender: Sender, pace: Pace, *, length: timedelta, clock: Clock) -> None:
    """Batches to one host until something is not accepted, or nothing is left to be claimed."""
    began_at, done, accepted = clock.now(), sender.done, sender.accepted
    while not clock.is_over():
        limit = 1 if host.is_failing else pace.batch
        rows = claim(host.addresses, limit=limit, now=clock.now())
        if not rows:
            break
        waited, answered = sender.waited, sender.accepted
        sender.send_known(rows, at_once=pace.at_once)
        if limit == 1:  # the first says how it goes
            sender.finish()
        spent, tried = clock.now() - began_at, sender.done - done
        pace.batch = _fitting(spent / max(tried, 1), lines=sender.lines)
        if host.is_failing or spent >= length or sender.accepted - accepted < tried:
            break
        if sender.accepted > answered:
            pace.at_once = _at_once(sender, sender.waited - waited, sender.accepted - answered)
    sender.finish()
    fall_back(host.addresses, now=clock.now())


def _at_once(sender: Sender, seconds: float, answered: int) -> int:
    """As many as go out within a tenth of the time for which a marker is good."""
    soon = lengths.current().ahead.total_seconds() / 10
    return max(1, int(sender.lines * soon * answered / seconds)) if seconds else 1


def _fitting(pace: timedelta, *, lines: int) -> int:
    """How many fit into a turn, if a batch for each line is not enough for it."""
    figures = lengths.current()
    most = figures.batch * lines
    return max(1, min(int(figures.turn / pace), most)) if pace else most


@transaction.atomic
def claim(names: Sequence[str], *, limit: int, now: datetime) -> list[Delivery]:
    """Take a lease on what is due to the endpoints of one host, as far as there is room there."""
    endpoints.hold(set(names))
    figures = lengths.current()
    # Both kinds are named, so that the index need not be read from end to end.
    ahead = Delivery.objects.filter(channel=CHANNEL, urgent__in=(True, False), attempt_at__gt=now)
    under_way = ahead.filter(attempt_at__lte=now + 2 * figures.lease, state=State.LEASED)
    room = figures.in_flight - under_way.bound_for(names).count()
    if room <= 0:
        return []
    return leases.claim(CHANNEL, limit=min(limit, room), now=now, addresses=names)


def fall_back(names: Sequence[str], *, now: datetime) -> None:
    """What could not be claimed, because it follows what is not due, comes due with that."""
    rows = Delivery.objects.filter(channel=CHANNEL, address__in=names)
    soon = now + lengths.current().webhook_retries[0]
    rows.fall_back(now=now, soon=soon)


def hosts(*, now: datetime) -> Mapping[str, Host]:
    """Whose turn it is, in order. What is due to no endpoint of ours is taken back here."""
    due = Delivery.objects.filter(channel=CHANNEL, attempt_at__lte=now).order_by()
    rows = due.values_list("address", "urgent").annotate(since=Min("attempt_at"))
    waiting: dict[str, tuple[bool, datetime]] = {}
    for address, urgent, since in rows:
        known_urgent, known_since = waiting.get(address, (False, since))
        waiting[address] = (urgent or known_urgent, min(since, known_since))
    known = endpoints.by_address(set(waiting))
    resting = endpoints.resting(set(waiting), now=now)
    found: dict[str, Host] = {}
    for address, (urgent, since) in waiting.items():
        endpoint = known.get(address)
        if endpoint is None or endpoint.disabled_at is not None:
            endpoints.cancel_all(address, because=_OFF if endpoint else _GONE, now=now)
        elif address in resting:
            endpoints.put_off(address, until=resting[address])
        else:
            _add(found, endpoint, urgent=urgent, since=since)
    return dict(sorted(found.items(), key=lambda named: named[1].place))


def _add(found: dict[str, Host], endpoint: Endpoint, *, urgent: bool, since: datetime) -> None:
    """A host waits as long as its endpoint that waits longest, and fails if any of them does."""
    host = found.setdefault(_host_of(endpoint), Host(since=since))
    host.addresses.append(endpoint.address)
    host.urgent |= urgent
    host.since = min(host.since, since)
    host.is_failing |= endpoint.failing_since is not None


def _host_of(endpoint: Endpoint) -> str:
    try:
        return addresses.target(endpoint.url).host
    except addresses.Refused:
        return endpoint.address
