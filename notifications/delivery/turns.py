"""Webhooks go out host by host, each in its turn, so that a slow one holds up no other.

A turn begins with one message and goes on with as many as fit into its length at the pace of the
last; the hosts that fail come last, with one message each. An endpoint that rests has no turn, and
what is due to it waits. At one host no more are under lease than the figure says, of all senders
together: whoever counts them holds the endpoints, so that two never count at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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


def take(sender: Sender, *, clock: Clock) -> None:
    """Send until nothing is due or the time is up."""
    limits: dict[str, int] = defaultdict(lambda: 1)
    while not clock.is_over():
        sent = sum(
            _turn(name, host, sender, limits, clock=clock)
            for name, host in hosts(now=clock.now()).items()
            if not clock.is_over()
        )
        if not sent:
            break


def _turn(name: str, host: Host, sender: Sender, limits: dict[str, int], *, clock: Clock) -> int:
    """One batch to one host, and how many the next may hold."""
    figures = lengths.current()
    began_at = clock.now()
    limit = 1 if host.is_failing else limits[name]
    rows = claim(host.addresses, limit=limit, now=began_at)
    if not rows:
        return 0
    before = sender.done
    sender.send(rows)
    sender.finish()
    pace = (clock.now() - began_at) / len(rows)
    fitting = int(figures.turn / pace) if pace else figures.batch
    limits[name] = max(1, min(fitting, figures.batch))
    return sender.done - before


@transaction.atomic
def claim(names: Sequence[str], *, limit: int, now: datetime) -> list[Delivery]:
    """Take a lease on what is due to the endpoints of one host, as far as there is room there."""
    numbers = [each.pk for each in endpoints.by_address(set(names)).values()]
    list(Endpoint.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    under_way = Delivery.objects.filter(
        channel=CHANNEL, address__in=names, state=State.LEASED, attempt_at__gt=now
    )
    room = lengths.current().in_flight - under_way.count()
    if room <= 0:
        return []
    return leases.claim(CHANNEL, limit=min(limit, room), now=now, addresses=names)


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
