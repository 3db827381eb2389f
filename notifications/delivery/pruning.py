"""Forgets what nobody needs any more: old words, old attempts, what has long been read.

Each table is walked in the order in which it grew, a batch at a time in a transaction of its own,
and left at the first row that is too young: no index is kept for this, no lock is held for long,
and a night costs what has grown too old since the night before. Killed anywhere, it is gone on
with the next time.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from notifications import lengths
from notifications.models import Attempt, Delivery, InboxItem, JobRound, Mark, State

M = TypeVar("M", bound=Model)
_BODIES: Final = "words forgotten"
_NO_WORDS: Final[dict[str, Any]] = {"text": "", "html": "", "context": {}}  # Any: columns
_STILL_OPEN: Final = (State.QUEUED, State.LEASED)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of data, and until when it is kept. `kept` None: for ever, and nothing of it goes.

    `count` says how many are too old at this moment, `go` lets go of them batch by batch, each
    whole in itself, and says how many there were in each.
    """

    code: str
    kept: timedelta | None
    why: str
    count: Callable[[], int]
    go: Callable[[], Iterable[int]]

    def waiting(self) -> int:
        """How many would go."""
        return self.count() if self.kept is not None else 0


@dataclass
class Gone:
    """How many rows went, by the code of their kind, and whether there was time for all."""

    rows: Counter[str]
    is_all: bool = True


def let_go(kinds: Iterable[Kind], *, within: timedelta | None = None) -> Gone:
    """Forget what is old of these kinds, for so long at most. In no transaction."""
    gone = Gone(Counter())
    ends = time.monotonic() + within.total_seconds() if within is not None else float("inf")
    for kind in kinds:
        for count in kind.go() if kind.kept is not None else ():
            gone.rows[kind.code] += count
            if count and time.monotonic() > ends:
                gone.is_all = False
                return gone
    return gone


def kinds(now: datetime) -> list[Kind]:
    """What is forgotten of messages."""
    figures = lengths.current()
    return [
        Kind(
            code="message_words",
            kept=figures.bodies_kept,
            why="messages that ended; their subject stays",
            count=lambda: sum(rows.count() for rows, _ in _words(now)),
            go=lambda: _empty(_words(now)),
        ),
        Kind(
            code="attempts",
            kept=figures.attempts_kept,
            why="what far ends answered about messages that ended",
            count=lambda: sum(rows.count() for rows in _attempts(now)),
            go=lambda: (rows.delete()[0] for rows in _attempts(now)),
        ),
        Kind(
            code="reminders",
            kept=figures.inbox_kept,
            why="reminders that were read",
            count=lambda: sum(rows.count() for rows in _read(now)),
            go=lambda: (rows.delete()[0] for rows in _read(now)),
        ),
        Kind(
            code="job_rounds",
            kept=figures.rounds_kept,
            why="jobs that are no more",
            count=lambda: _rounds(now).count(),
            go=lambda: [_rounds(now).delete()[0]],
        ),
    ]


def at_once(rows: QuerySet[Any], act: Callable[[QuerySet[Any]], int]) -> Iterator[int]:
    """A batch after the other of rows that are fewer once they have been acted upon."""
    model = rows.model._default_manager
    while pks := list(rows.values_list("pk", flat=True)[: lengths.current().pruned_at_once]):
        yield act(model.filter(pk__in=pks))


def _words(now: datetime) -> Iterator[tuple[QuerySet[Delivery], int]]:
    """Messages that ended long ago, and up to which one; what still needs a person is passed by."""
    figures = lengths.current()
    after, kept = Mark.objects.upto(_BODIES) or 0, figures.bodies_kept
    while kept is not None:
        rows = Delivery.objects.filter(pk__gt=after).order_by("pk")
        facts = list(rows.values_list("pk", "settled_at")[: figures.pruned_at_once])
        pks = _leading([(pk, at is not None and at < now - kept) for pk, at in facts])
        if not pks:
            return
        ended = Delivery.objects.filter(pk__in=pks)
        yield ended.exclude(pk__in=ended.needing_attention().values("pk")), pks[-1]
        if len(pks) < len(facts):
            return
        after = pks[-1]


def catch_up(pk: int) -> None:
    """Forget the words of a message that was passed by because it needed a person.

    Called once that is written, in the same transaction.
    """
    upto = Mark.objects.select_for_update().upto(_BODIES)
    if upto is not None and pk <= upto and lengths.current().bodies_kept is not None:
        Delivery.objects.filter(pk=pk).update(**_NO_WORDS)


def _empty(batches: Iterable[tuple[QuerySet[Delivery], int]]) -> Iterator[int]:
    for rows, upto in batches:
        with transaction.atomic():
            # Held first: who sees to one of those passed by waits, and finds it behind the mark.
            Mark.objects.select_for_update().upto(_BODIES)
            count = rows.update(**_NO_WORDS)
            Mark.objects.reached(_BODIES, upto)
        yield count


def _attempts(now: datetime) -> Iterator[QuerySet[Attempt]]:
    kept = lengths.current().attempts_kept
    rows = Attempt.objects.values_list("pk", "started_at")
    for pks in _older(rows, than=now - kept) if kept else ():
        yield Attempt.objects.filter(pk__in=pks).exclude(delivery__state__in=_STILL_OPEN)


def _read(now: datetime) -> Iterator[QuerySet[InboxItem]]:
    kept = lengths.current().inbox_kept
    rows = InboxItem.objects.values_list("pk", "created_at")
    for pks in _older(rows, than=now - kept) if kept else ():
        yield InboxItem.objects.filter(pk__in=pks, read_at__isnull=False)


def _older(rows: QuerySet[M, tuple[int, datetime]], *, than: datetime) -> Iterator[list[int]]:
    """The ids of those from before, a batch at a time, from rows of an id and an instant."""
    after = 0
    while True:
        facts = rows.filter(pk__gt=after).order_by("pk")[: lengths.current().pruned_at_once]
        pks = _leading([(pk, at < than) for pk, at in facts])
        if not pks:
            return
        yield pks
        after = pks[-1]


def _rounds(now: datetime) -> QuerySet[JobRound]:
    """Of jobs that the schedule does not know; one it knows and that stays away must be seen."""
    known = [*settings.CELERY_BEAT_SCHEDULE, "heartbeat"]
    old = now - lengths.current().rounds_kept
    return JobRound.objects.filter(finished_at__lt=old).exclude(name__in=known)


def _leading(rows: list[tuple[int, bool]]) -> list[int]:
    """The first rows, up to the one that is too young."""
    old = []
    for pk, is_old in rows:
        if not is_old:
            break
        old.append(pk)
    return old
