"""Is it awake? What the tables say about whether work gets done, in two cheap queries.

The first reads four small tables: rounds, pauses, rests, findings. The second asks each clock for
its oldest due row, by the partial index that the claim of its job uses. Pages, probes, metrics and
the heartbeat all judge by what is read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    Min,
    Model,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django_celery_beat.models import PeriodicTask

from commitments.models import CheckIn, Commitment, Relook, Replan, Schedule
from config import beat
from notifications.models import AuditFinding, Breaker, Delivery, JobRound

TOO_LATE: Final = timedelta(minutes=3)
TOO_LONG_AWAY: Final = timedelta(minutes=15)
SLACK: Final = timedelta(seconds=60)  # on top of two periods, for a round that was long
RESTORED: Final = "Paused after a restore, until somebody releases it."
"""Said of each job in beat's table; a job that an operator paused says something else."""

Rows = QuerySet[Any, tuple[Any, ...]]  # Any: a union of tables

CLOCKS: Final[Mapping[str, tuple[type[Model], str]]] = {
    "commitments": (Commitment, "next_action_at"),
    "deliveries": (Delivery, "attempt_at"),
    "check-ins": (CheckIn, "send_at"),
    "schedules": (Schedule, "next_at"),
    "re-plans": (Replan, "next_at"),
    "relooks": (Relook, "next_at"),
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A job's last finished round."""

    at: datetime
    left_due: int


@dataclass(frozen=True, kw_only=True)
class State:
    """What was read at one instant. `due_since`: of each clock with due rows, the oldest;
    `unreachable`: channels whose far end is away, and since when.
    """

    now: datetime
    rounds: Mapping[str, Seen] = field(default_factory=dict)
    paused: frozenset[str] = frozenset()
    is_restored: bool = False
    refused: tuple[str, ...] = ()
    unreachable: Mapping[str, datetime] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    due_since: Mapping[str, datetime] = field(default_factory=dict)

    def waited(self, clock: str) -> timedelta:
        """How long the oldest due row of this clock has waited."""
        return self.now - self.due_since.get(clock, self.now)

    def away(self) -> list[str]:
        """Channels that have not been reached for longer than a server takes to start."""
        since = sorted(self.unreachable.items())
        return [channel for channel, at in since if self.now - at > TOO_LONG_AWAY]

    def late_clocks(self) -> list[str]:
        return [clock for clock in CLOCKS if self.waited(clock) > TOO_LATE]

    def absent(self, *, patience: timedelta = timedelta(0)) -> dict[str, timedelta]:
        """Jobs that nobody paused and that have missed two rounds, and for how long.

        A round that lies ahead means that the clock was set back: beat waits until it has caught
        up. A job that never came round is not missed: its clock tells.
        """
        found = {}
        for name, entry in beat.SCHEDULE.items():
            if name not in self.rounds or name in self.paused:
                continue
            age = self.now - self.rounds[name].at
            if not -TOO_LATE < age < max(2 * entry["schedule"] + SLACK, patience):
                found[name] = age
        return found

    def left_nothing_due(self) -> bool:
        """Whether every job has come round in time and finished what was due."""
        is_whole = self.rounds.keys() >= beat.SCHEDULE.keys() - self.paused
        left = any(self.rounds[name].left_due for name in beat.SCHEDULE if name in self.rounds)
        return is_whole and not left and not any(troubles(self))


def look(now: datetime) -> State:
    """Read how things stand. Two queries."""
    rounds: dict[str, Seen] = {}
    names: dict[str, list[str]] = {"paused": [], "restored": [], "refused": []}
    findings: dict[str, int] = {}
    unreachable: dict[str, datetime] = {}
    for what, name, at, count in _standing():
        if what == "round":
            rounds[name] = Seen(at=at, left_due=count)
        elif what == "finding":
            findings[name] = count
        elif what == "unreachable":
            unreachable[name] = at
        else:
            names[what].append(name)
    return State(
        now=now,
        rounds={name: seen for name, seen in rounds.items() if name in beat.SCHEDULE},
        paused=frozenset(names["paused"] + names["restored"]),
        is_restored=bool(names["restored"]),
        refused=tuple(sorted(names["refused"])),
        unreachable=unreachable,
        findings=findings,
        due_since=dict(_oldest(now)),
    )


def troubles(state: State) -> Iterator[str]:
    """A sentence for everything that an operator should look at."""
    if state.is_restored:
        yield (
            "It is paused after a restore: nothing goes out until somebody has looked and run"
            " manage.py release."
        )
    else:
        yield from _lateness(state)
    for channel in state.refused:
        yield f"The channel {channel} rests: our own account is refused there."
    for channel in state.away():
        since = f"{state.unreachable[channel]:%H:%M} UTC"
        yield f"The channel {channel} has not been reached since {since}."
    if state.findings:
        count = sum(state.findings.values())
        yield f"The auditor has found {count} broken rules: manage.py audit_delivery prints them."


def _lateness(state: State) -> Iterator[str]:
    for clock in state.late_clocks():
        yield f"The oldest due of {clock} has waited {state.waited(clock).total_seconds():.0f} s."
    for name, age in state.absent(patience=TOO_LATE).items():
        yield f"{name} last came round {age.total_seconds():.0f} s ago."


def _standing() -> Rows:
    """Rounds, pauses, rests and findings as rows of what, name, when and how many."""
    no_time = Cast(Value(None), DateTimeField())
    rounds = JobRound.objects.values_list(
        Value("round", CharField()), "name", "finished_at", "left_due"
    )
    is_restored = When(description=RESTORED, then=Value("restored"))
    pauses = PeriodicTask.objects.filter(enabled=False).values_list(
        Case(is_restored, default=Value("paused")), "name", no_time, Value(0)
    )
    why = Case(When(ours=True, then=Value("refused")), default=Value("unreachable"))
    rests = (
        Breaker.objects.of_channels()
        .filter(opened_at__isnull=False)
        .values_list(why, "channel", "opened_at", Value(0))
    )
    findings = AuditFinding.objects.values_list(
        Value("finding", CharField()), "number", Min("found_at"), Count("pk")
    )
    return rounds.union(pauses, rests, findings, all=True)


def _oldest(now: datetime) -> Rows:
    """The oldest due row of each clock: its name and since when."""
    first, *others = (_oldest_of(clock, now) for clock in CLOCKS)
    return first.union(*others, all=True)


def _oldest_of(clock: str, now: datetime) -> Rows:
    model, column = CLOCKS[clock]
    due = model._default_manager.filter(**{f"{column}__lte": now}).order_by(column)
    oldest = model._default_manager.filter(pk=Subquery(due.values("pk")[:1]))
    return oldest.values_list(Value(clock, CharField()), F(column))
