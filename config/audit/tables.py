"""The invariants that a query over a table answers: clocks (I1, I8) and notices (I11)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from commitments.models import CheckIn, Commitment, Relook, Replan, Schedule
from commitments.models.commitment import CommitmentQuerySet, Status
from notifications.delivery import restoring
from notifications.models import Delivery

from .finding import Finding

_DUE_FOR: Final = timedelta(minutes=3)
_NOTICE_WITHIN: Final = timedelta(minutes=15)
_LIVE: Final = (Status.OPEN, Status.WAITING)
# Notices themselves: where they fail they stand on the page of what needs a person.
_NOTICES: Final = ("unreached", "undelivered")


def late_clocks(now: datetime, paused: frozenset[str]) -> Iterator[Finding]:
    """I1: nothing has been due for more than three minutes, unless its job is paused."""
    late = now - _DUE_FOR
    clocks: tuple[tuple[str, QuerySet[Any]], ...] = (  # Any: rows of each kind
        ("remind_owners", Commitment.objects.filter(next_action_at__lt=late, due_at__gt=now)),
        ("escalate_overdue", Commitment.objects.filter(next_action_at__lt=late, due_at__lte=now)),
        ("send_check_ins", CheckIn.objects.filter(send_at__lt=late)),
        ("run_schedules", Schedule.objects.filter(next_at__lt=late)),
        ("run_schedules", Replan.objects.filter(next_at__lt=late)),
        ("run_schedules", Relook.objects.filter(next_at__lt=late)),
    )
    for job, rows in clocks:
        if job not in paused:
            yield from _each(rows, "has been due for more than three minutes", "I1")


def clockless(*, only: Collection[int] | None = None) -> Iterator[Finding]:
    """I8: open without a clock though the ladder has not ended, or closed with one."""
    asked = Commitment.objects.all() if only is None else Commitment.objects.filter(pk__in=only)
    yield from _without_clock(asked)
    ticking = asked.filter(next_action_at__isnull=False).exclude(status__in=_LIVE)
    yield from _each(ticking, "is closed, and its clock still runs", "I8")


def _without_clock(asked: CommitmentQuerySet) -> Iterator[Finding]:
    still = asked.filter(status=Status.OPEN, next_action_at=None)
    rows = still.select_related("policy_version").prefetch_related("policy_version__steps")
    rule = "is open, and neither a clock nor an ended ladder"
    for commitment in rows.iterator(500):
        ended = commitment.climbed >= len(commitment.policy_version.ladder())
        if not (ended and commitment.breach_is_recorded):
            yield Finding(name(commitment), rule, "I8")


def untold_troubles(now: datetime, *, is_restored: bool) -> Iterator[Finding]:
    """I11: a message went wrong a quarter of an hour ago, and nobody has been told.

    A notice begins with the key of the message it is about, and of a question to a customer stands
    with one of the promises asked about; one to managers, about a colleague's, names colleague and
    channel. What a restore left in doubt is told when somebody releases it.
    """
    wrong = Delivery.objects.needing_attention().filter(
        settled_at__lt=now - _NOTICE_WITHIN, attempt_at=None
    )
    if is_restored:
        wrong = wrong.exclude(state="uncertain", reason=restoring.IN_DOUBT)
    own = Delivery.objects.filter(
        about=OuterRef("about"), key__startswith=Concat(OuterRef("key"), Value(":"))
    )
    managers_know = cache(_managers_know)
    for row in wrong.filter(~Exists(own)).exclude(template__in=_NOTICES).iterator(500):
        whom = str(row.person_id or row.address)
        is_for_customer = row.audience == "customer"
        if not (_owner_knows(row) if is_for_customer else managers_know(whom, row.channel)):
            what = f"delivery {row.pk} ({row.key})"
            yield Finding(what, f"is {row.state}, and nobody was told", "I11")


def _owner_knows(row: Delivery) -> bool:
    return Delivery.objects.filter(key__startswith=f"{row.key}:").exists()


def _managers_know(whom: str, channel: str) -> bool:
    """Asked once for each whom and channel, however many messages did not reach them."""
    return Delivery.objects.filter(key__startswith=f"unreached:{whom}:{channel}:").exists()


def _each(rows: Any, rule: str, number: str) -> Iterator[Finding]:  # Any: rows of any table
    return (Finding(name(row), rule, number) for row in rows.iterator(500))


def name(row: Any) -> str:  # Any: a row of any table
    return f"{row._meta.verbose_name} {row.pk}"
