"""Forgets what nobody needs any more: old words, old attempts, what has long been read.

Each table is walked in the order in which it grew, a batch at a time in a transaction of its own,
and left at the first row that is too young: no index is kept for this, no lock is held for long,
and a night costs what has grown too old since the night before.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from notifications import lengths
from notifications.models import Attempt, Delivery, InboxItem, JobRound, Mark, State

M = TypeVar("M", bound=Model)
_BODIES: Final = "words forgotten"
_STILL_OPEN: Final = (State.QUEUED, State.LEASED)


def prune(now: datetime) -> Mapping[str, int]:
    """Forget what is old, for as long as a round may take; answers how many of each kind."""
    done: Counter[str] = Counter()
    ends = time.monotonic() + lengths.current().round.total_seconds()
    for what, walk in (
        ("words", _words(now)),
        ("attempts", _attempts(now)),
        ("inbox", _read(now)),
    ):
        for count in walk:
            done[what] += count
            if time.monotonic() > ends:
                return done
    done["rounds"] = _rounds(now)
    return done


def _words(now: datetime) -> Iterator[int]:
    """What was said in messages that ended long ago; what still needs a person keeps its words."""
    figures = lengths.current()
    old = now - figures.bodies_kept
    while True:
        with transaction.atomic():
            after = Mark.objects.upto(_BODIES) or 0
            rows = Delivery.objects.filter(pk__gt=after).order_by("pk")
            facts = list(rows.values_list("pk", "settled_at")[: figures.pruned_at_once])
            pks = _leading([(pk, at is not None and at < old) for pk, at in facts])
            if not pks:
                return
            ended = Delivery.objects.filter(pk__in=pks)
            waiting = ended.needing_attention().values("pk")
            count = ended.exclude(pk__in=waiting).update(text="", html="", context={})
            Mark.objects.reached(_BODIES, pks[-1])
        yield count
        if len(pks) < len(facts):
            return


def _attempts(now: datetime) -> Iterator[int]:
    old = now - lengths.current().attempts_kept
    for pks in _older(Attempt.objects.values_list("pk", "started_at"), than=old):
        gone = Attempt.objects.filter(pk__in=pks).exclude(delivery__state__in=_STILL_OPEN)
        yield gone.delete()[0]


def _read(now: datetime) -> Iterator[int]:
    old = now - lengths.current().inbox_kept
    for pks in _older(InboxItem.objects.values_list("pk", "created_at"), than=old):
        yield InboxItem.objects.filter(pk__in=pks, read_at__isnull=False).delete()[0]


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


def _rounds(now: datetime) -> int:
    """Of jobs that the schedule does not know; one it knows and that stays away must be seen."""
    known = [*settings.CELERY_BEAT_SCHEDULE, "heartbeat"]
    old = now - lengths.current().rounds_kept
    return JobRound.objects.filter(finished_at__lt=old).exclude(name__in=known).delete()[0]


def _leading(rows: list[tuple[int, bool]]) -> list[int]:
    """The first rows, up to the one that is too young."""
    old = []
    for pk, is_old in rows:
        if not is_old:
            break
        old.append(pk)
    return old
