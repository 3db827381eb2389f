"""One round: every channel in turn, a batch at a time, until nothing is due or its time is up.

Of the ways that lead outside each has its part of the time: the slowest of servers, with whatever
waits for it, holds up no other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial

from django.conf import settings

from notifications import lengths
from notifications.channels import Desk, Line, Local
from notifications.channels.backend import Backend
from notifications.channels.chat import Chat
from notifications.channels.email import Email, ShownHere
from notifications.channels.inbox import Inbox
from notifications.channels.webhook import Known, Webhook
from notifications.delivery import breaker, healing, keeping, leases, results, sparing, turns
from notifications.delivery.clock import Clock
from notifications.delivery.sender import Sender
from notifications.models import Delivery


def run(now: datetime) -> int:
    """Send what is due at `now`, for 20 seconds at most. Answers how many were dealt with."""
    clock = Clock(now, length=lengths.current().round)
    healing.memory.look(now)
    done = 0
    waiting = _channels_due(now)
    for channel, local in _locals().items():
        if channel in waiting:
            done += _keep_all(channel, local, clock=clock)
    due = [(name, connect) for name, connect in _lines(clock).items() if name in waiting]
    for place, (channel, connect) in enumerate(due):
        done += _send_all(channel, connect, clock=clock.part(len(due) - place))
    return done


def _locals() -> Mapping[str, Local]:
    """The media that end in this database. Mail is one of them while it has nowhere to go."""
    inbox: dict[str, Local] = {"inbox": Inbox()}
    return inbox if _mail() else inbox | {"email": ShownHere()}


def _lines(clock: Clock) -> Mapping[str, Callable[[Desk], Line]]:
    """The media that reach into the world, each in a file of its own."""
    lines: dict[str, Callable[[Desk], Line]] = {
        "webhook": partial(Webhook, clock.now, Known()),
        "chat": lambda _: Chat("chat"),
        "sms": lambda _: Chat("sms"),
    }
    mail = _mail()
    return {"email": mail, **lines} if mail else lines


def _mail() -> Callable[[Desk], Line] | None:
    """Our own conversation with a server goes before a backend of Django's."""
    if settings.EMAIL_URL:
        return lambda _: Email()
    return (lambda _: Backend()) if settings.NOTIFICATIONS_EMAIL_BACKEND else None


def _channels_due(now: datetime) -> set[str]:
    due = Delivery.objects.filter(attempt_at__lte=now).order_by()
    return set(due.values_list("channel", flat=True).distinct())


def _keep_all(channel: str, local: Local, *, clock: Clock) -> int:
    def act(rows: Sequence[Delivery]) -> None:
        keeping.keep(local, rows, now=clock.now())

    done = leases.settle_lost(channel, now=clock.now())
    limit = lengths.current().local_batch
    while not clock.is_over():
        rows = leases.claim(channel, limit=limit, now=clock.now())
        if not rows:
            break
        sparing.each(rows, act, clock=clock)
        done += len(rows)
    return done


def _send_all(channel: str, connect: Callable[[Desk], Line], *, clock: Clock) -> int:
    done = leases.settle_lost(channel, now=clock.now())
    with closing(Sender(channel, connect, clock=clock, lines=settings.SENDERS)) as sender:
        if channel == turns.CHANNEL:
            turns.take(sender, clock=clock)
        else:
            done += _take(channel, sender, clock=clock)
    return done + sender.done


def _take(channel: str, sender: Sender, *, clock: Clock) -> int:
    """One batch after another in the order of the claim, unless the channel rests.

    Answers how many died while it rested.
    """
    batch = lengths.current().batch * settings.SENDERS
    while not clock.is_over():
        allowed = breaker.allowance(channel, batch=batch, now=clock.now())
        if not allowed:
            return _expire(channel, clock=clock)
        rows = leases.claim(channel, limit=allowed, now=clock.now())
        if allowed < batch and rows:
            _see_whether_it_is_back(channel, rows, sender, clock=clock)
            continue
        sender.send(rows)
        if not rows and not sender.finish():
            break
    return 0


def _see_whether_it_is_back(
    channel: str, rows: Sequence[Delivery], sender: Sender, *, clock: Clock
) -> None:
    before = sender.accepted
    sender.send(rows)
    sender.finish()
    if sender.accepted > before:
        breaker.open_again(channel, now=clock.now())


def _expire(channel: str, *, clock: Clock) -> int:
    """While a channel rests its messages may still die, and that has to be said in time."""
    done = 0
    limit = lengths.current().batch
    while not clock.is_over():
        rows = leases.claim(channel, limit=limit, now=clock.now(), only_expired=True)
        if not rows:
            break
        for row in rows:
            leases.record_or_leave(results.expired(row, at=clock.now()))
        done += len(rows)
    return done
