"""What must be true of promises and their messages, asked of the tables of both rooms.

Each finding is a row that breaks a rule. The rules about deliveries alone live in notifications.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django_celery_beat.models import PeriodicTask

from commitments.models import CheckIn, Commitment, Event, EventKind, Schedule
from commitments.models.commitment import Status, plain
from commitments.models.event import first_broken_link
from notifications.delivery import audit as deliveries
from notifications.models import Attempt, Delivery

_DUE_FOR: Final = timedelta(minutes=3)
_NOTICE_WITHIN: Final = timedelta(minutes=15)
_FOLDED: Final = ("status", "due_at", "owner_id", "revision")
_STEPS: Final = (EventKind.STEP_TAKEN, EventKind.STEP_COALESCED, EventKind.STEP_PASSED_OVER)
_NAGS: Final = ("reminder", "overdue", "escalation", "ask_again", "update_due", "decide")


@dataclass(frozen=True)
class Finding:
    """What breaks a rule, and the rule in words."""

    what: str
    rule: str


def findings(now: datetime, *, since: datetime | None = None) -> Iterator[Finding]:
    """Every row that breaks a rule; of histories, those in which something happened `since`."""
    paused = set(PeriodicTask.objects.filter(enabled=False).values_list("name", flat=True))
    for found in deliveries.broken(now, paused="deliver_notifications" in paused):
        yield Finding(f"delivery {found.delivery_id} ({found.key})", found.rule)
    yield from _late_clocks(now, paused)
    yield from _each(_without_clock(), "is open, and neither a clock nor an ended ladder")
    yield from _each(_closed_with_clock(), "is closed, and its clock still runs")
    yield from _steps_unsaid()
    yield from _nags_after_the_end()
    yield from _troubles_untold(now)
    yield from _histories(since)


def _late_clocks(now: datetime, paused: set[str]) -> Iterator[Finding]:
    late = now - _DUE_FOR
    clocks: tuple[tuple[str, QuerySet[Any]], ...] = (  # Any: rows of each kind
        ("remind_owners", Commitment.objects.filter(next_action_at__lt=late, due_at__gt=now)),
        ("escalate_overdue", Commitment.objects.filter(next_action_at__lt=late, due_at__lte=now)),
        ("send_check_ins", CheckIn.objects.filter(send_at__lt=late)),
        ("run_schedules", Schedule.objects.filter(next_at__lt=late)),
    )
    for job, rows in clocks:
        if job not in paused:
            yield from _each(rows, "has been due for more than three minutes")


def _without_clock() -> Iterator[Commitment]:
    """Open, and nothing will ever happen to it, though its ladder has not ended."""
    still = Commitment.objects.filter(status=Status.OPEN, next_action_at=None)
    for commitment in still.select_related("policy_version").iterator(500):
        ended = commitment.climbed >= len(commitment.policy_version.ladder())
        if not (ended and commitment.breach_is_recorded):
            yield commitment


def _closed_with_clock() -> QuerySet[Commitment]:
    live = (Status.OPEN, Status.WAITING)
    return Commitment.objects.exclude(status__in=live).filter(next_action_at__isnull=False)


def _steps_unsaid() -> Iterator[Finding]:
    """Steps that were taken and told nobody, without a line that says why."""
    row = Delivery.objects.filter(event_id=OuterRef("pk"))
    reason = Event.objects.filter(
        commitment=OuterRef("commitment"),
        sequence=OuterRef("sequence") + 1,
        kind=EventKind.MESSAGE_NOT_SENT,
    )
    taken = Event.objects.filter(~Exists(row), ~Exists(reason), kind=EventKind.STEP_TAKEN)
    for event in taken.exclude(audience="").iterator(500):
        yield Finding(
            f"commitment {event.commitment_id}",
            f"took step {event.step} without a message or a reason",
        )


def _nags_after_the_end() -> Iterator[Finding]:
    """Colleagues nagged about a promise that had been closed before the attempt began."""
    ended = Commitment.objects.filter(closed_at__lt=OuterRef("started_at"))
    about = Concat(Value("commitment:"), F("pk"), output_field=Delivery._meta.get_field("about"))
    ended = ended.annotate(subject=about).filter(subject=OuterRef("delivery__about"))
    late = Attempt.objects.filter(
        Exists(ended), delivery__template__in=_NAGS, delivery__state="sent"
    )
    for attempt in late.iterator(500):
        yield Finding(f"delivery {attempt.delivery_id}", "nags about what had been closed before")


def _troubles_untold(now: datetime) -> Iterator[Finding]:
    """A customer's message that went wrong, and nobody has been told."""
    notice = Delivery.objects.filter(key__startswith=Concat(OuterRef("key"), Value(":")))
    wrong = Delivery.objects.filter(
        ~Exists(notice),
        audience="customer",
        state__in=["failed", "uncertain"],
        settled_at__lt=now - _NOTICE_WITHIN,
    )
    for row in wrong.iterator(500):
        yield Finding(f"delivery {row.pk} ({row.key})", f"is {row.state}, and nobody was told")


def _histories(since: datetime | None) -> Iterator[Finding]:
    changed = Commitment.objects.select_related("policy_version").order_by("pk")
    if since is not None:
        recent = Event.objects.filter(commitment=OuterRef("pk"), recorded_at__gte=since)
        changed = changed.filter(Exists(recent))
    for commitment in changed.iterator(500):
        broken = first_broken_link(commitment)
        if broken is not None:
            yield Finding(_name(commitment), f"has a history that breaks at event {broken}")
        elif trouble := _unlike_its_history(commitment):
            yield Finding(_name(commitment), trouble)


def _unlike_its_history(commitment: Commitment) -> str:
    """How a promise differs from what its events add up to; empty where it does not."""
    folded: dict[str, Any] = {}  # Any: column values as JSON
    steps: set[int] = set()
    for event in commitment.events.order_by("sequence"):
        folded |= {name: event.changes[name][1] for name in _FOLDED if name in event.changes}
        if event.kind in _STEPS and event.step is not None:
            steps.add(event.step)
    for name in _FOLDED:
        stored = getattr(commitment, name)
        if _same(folded.get(name)) != _same(plain(stored)):
            return f"has {name} {stored}, and its events say {folded.get(name)}"
    climbed = commitment.policy_version.ladder()[: commitment.climbed]
    missing = [step.number for step in climbed if step.number not in steps]
    return f"climbed past step {missing[0]} without a word" if missing else ""


def _same(value: Any) -> Any:  # Any: JSON in, something comparable out
    """Instants are the same in every zone."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _each(rows: Any, rule: str) -> Iterator[Finding]:  # Any: rows of any table
    return (Finding(_name(row), rule) for row in rows)


def _name(row: Any) -> str:  # Any: a row of any table
    return f"{row._meta.verbose_name} {row.pk}"
