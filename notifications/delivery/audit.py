"""What must be true of deliveries, asked of the tables: each finding is a row that breaks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from notifications.models import Attempt, Breaker, Delivery, Ending, State

_DUE_FOR = timedelta(minutes=3)
_LEASE_OVER_FOR = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A delivery that breaks a rule, and the rule in words."""

    delivery_id: int
    key: str
    rule: str


def broken(now: datetime, *, paused: bool = False) -> Iterator[Finding]:
    """Every delivery that breaks a rule. While the job is paused, being late is none."""
    if not paused:
        resting = Breaker.objects.filter(opened_at__isnull=False).values("channel")
        waiting = Delivery.objects.filter(state=State.QUEUED).exclude(channel__in=resting)
        late = waiting.filter(attempt_at__lt=now - _DUE_FOR)
        yield from _each(late, "due for more than three minutes")
        stale = Delivery.objects.filter(state=State.LEASED, attempt_at__lt=now - _LEASE_OVER_FOR)
        yield from _each(stale, "leased, and the lease ran out more than a minute ago")
    yield from _each(_accepted_twice(), "accepted twice, and the first was not uncertain")
    yield from _each(_sent_without_attempt(), "sent without an accepted attempt of its token")
    yield from _each(_token_behind(), "its token is behind that of an attempt")


def _accepted_twice() -> Iterable[Delivery]:
    accepted = Count("tried", filter=Q(tried__ending=Ending.ACCEPTED))
    counted = Delivery.objects.alias(accepted=accepted)
    return counted.filter(Q(accepted__gt=2) | Q(accepted__gt=1, possible_repeat=False))


def _sent_without_attempt() -> Iterable[Delivery]:
    accepted = Attempt.objects.filter(
        delivery=OuterRef("pk"), token=OuterRef("token"), ending=Ending.ACCEPTED
    )
    return Delivery.objects.filter(~Exists(accepted), state=State.SENT)


def _token_behind() -> Iterable[Delivery]:
    ahead = Attempt.objects.filter(delivery=OuterRef("pk"), token__gt=OuterRef("token"))
    return Delivery.objects.filter(Exists(ahead))


def _each(rows: Iterable[Delivery], rule: str) -> Iterator[Finding]:
    return (Finding(delivery_id=row.pk, key=row.key, rule=rule) for row in rows)
