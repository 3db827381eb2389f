"""What must be true of deliveries, asked of the tables: each finding is a row that breaks it.

The numbers are those of the invariants in `config.audit`. `only` narrows every question about what
was sent to some deliveries, those that changed; without it all of the table is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from notifications import lengths
from notifications.models import Attempt, Breaker, Delivery, Ending, Phase, State
from notifications.models.delivery import DeliveryQuerySet

_DUE_FOR = timedelta(minutes=3)
_LEASE_OVER_FOR = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A delivery that breaks a rule, the rule in words, and its number."""

    delivery_id: int
    key: str
    rule: str
    number: str


def broken(
    now: datetime, *, paused: bool = False, only: Collection[int] | None = None
) -> Iterator[Finding]:
    """Every delivery that breaks a rule. While the job is paused, being late is none."""
    if not paused:
        yield from _late(now)
    asked = Delivery.objects.all() if only is None else Delivery.objects.filter(pk__in=only)
    if only is None:
        yield from _each(_second_of_a_key(), "its key has another row", "I2")
    yield from _each(
        _accepted_twice(asked), "accepted twice, and the first was not uncertain", "I3"
    )
    kept = lengths.current().attempts_kept
    yield from _each(
        _sent_without_attempt(asked.filter(settled_at__gt=now - kept) if kept else asked),
        "sent without an accepted attempt of its token",
        "I4",
    )
    yield from _each(_token_behind(asked), "its token is behind that of an attempt", "I6")
    yield from _each(_astray(asked), "went out inside a bundle that is not its reader's", "B")
    yield from _each(_lonely(asked), "a bundle that went out with fewer than two messages", "B")


def _late(now: datetime) -> Iterator[Finding]:
    """I1 and I10, along the index of what has a clock."""
    resting = Breaker.objects.filter(opened_at__isnull=False).values("channel")
    waiting = Delivery.objects.filter(state=State.QUEUED).exclude(channel__in=resting)
    late = waiting.filter(attempt_at__lt=now - _DUE_FOR).first_in_line()
    yield from _each(late, "due for more than three minutes", "I1")
    # Nobody claims anything for who rests; what was past its marker is settled all the same.
    unclaimed = Q(phase=Phase.CLAIMED) & (Q(channel__in=resting) | Q(address__in=resting))
    leased = Delivery.objects.filter(state=State.LEASED).exclude(unclaimed)
    stale = leased.filter(attempt_at__lt=now - _LEASE_OVER_FOR)
    yield from _each(stale, "leased, and the lease ran out more than a minute ago", "I10")


def _second_of_a_key() -> DeliveryQuerySet:
    """A constraint forbids it; this asks whether the constraint is there, and holds."""
    return Delivery.objects.filter(
        Exists(Delivery.objects.filter(key=OuterRef("key"), pk__lt=OuterRef("pk")))
    )


def _accepted_twice(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    accepted = Count("tried", filter=Q(tried__ending=Ending.ACCEPTED))
    counted = rows.alias(accepted=accepted)
    return counted.filter(Q(accepted__gt=2) | Q(accepted__gt=1, possible_repeat=False))


def _sent_without_attempt(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    accepted = Attempt.objects.filter(
        delivery=OuterRef("pk"), token=OuterRef("token"), ending=Ending.ACCEPTED
    )
    return rows.filter(~Exists(accepted), state=State.SENT)


def _token_behind(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    ahead = Attempt.objects.filter(delivery=OuterRef("pk"), token__gt=OuterRef("token"))
    return rows.filter(Exists(ahead))


def _astray(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    """Inside no bundle, inside something else, or inside a bundle of somebody else."""
    bundled = rows.filter(state=State.BUNDLED)
    same_reader = Q(bundle__person=F("person"), bundle__channel=F("channel"))
    return bundled.exclude(same_reader, bundle__template="bundle", audience="staff")


def _lonely(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    bundles = rows.filter(template="bundle", state=State.SENT)
    return bundles.alias(carried=Count("bundled")).filter(carried__lt=2)


def _each(rows: Iterable[Delivery], rule: str, number: str) -> Iterator[Finding]:
    return (
        Finding(delivery_id=row.pk, key=row.key, rule=rule, number=number)
        for row in (rows.only("key") if isinstance(rows, DeliveryQuerySet) else rows)
    )
