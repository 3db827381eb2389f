"""The auditor's round: what changed since the last one, and what was broken then.

Clocks and notices are asked by the partial indexes of their jobs, whole tables never. Histories are
read where events have been written, in their order, up to a mark; deliveries where attempts have
been opened. Both are left alone for some minutes first, so that what is under way has ended and
what was written by an earlier transaction is there. What is not reached in one round is in the
next.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet

from commitments.models import Event
from config import awake
from notifications.delivery import audit as deliveries
from notifications.models import Attempt, AuditFinding, Mark

from . import histories, tables
from .finding import Finding
from .whole import first_event_since

logger = logging.getLogger(__name__)

EVENTS: Final = "audited events"
ATTEMPTS: Final = "audited attempts"
_LENGTH: Final = timedelta(seconds=30)
_AT_ONCE: Final = 2000
_COME_TO_REST: Final = timedelta(minutes=3)  # longer than any lease and any transaction
_LOOK_BACK: Final = timedelta(days=1)  # the first time
_ASKED_EVERY_TIME: Final = ("I1", "I10", "I11")
_SUBJECT: Final = re.compile(r"(commitment|delivery) (\d+)")


@dataclass(frozen=True, kw_only=True)
class Done:
    """How many rules are broken, and whether the round ended before it had read all."""

    broken: int
    left: bool


def run(now: datetime) -> Done:
    """Look, remember what is broken, and log what was not known to be."""
    ends = time.monotonic() + _LENGTH.total_seconds()
    audit = _Round(now)
    audit.ask_tables()
    audit.read_promises(audit.known("commitment"))
    audit.read_deliveries(audit.known("delivery"))
    left = True
    while left and time.monotonic() < ends:
        left = audit.go_on()
    return Done(broken=audit.remember(), left=left)


class _Round:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self._found: set[Finding] = set()
        self._read: set[str] = set()
        self._marks: dict[str, int] = {}
        self._reached: dict[str, int] = {}
        known = AuditFinding.objects.values_list("about", "rule", "number")
        self._known = {Finding(*row) for row in known}

    def known(self, what: str) -> list[int]:
        """Those that were broken the last time, to be looked at again."""
        named = (_SUBJECT.match(finding.what) for finding in self._known)
        return sorted({int(name[2]) for name in named if name is not None and name[1] == what})

    def ask_tables(self) -> None:
        state = awake.look(self._now)
        is_paused = "deliver_notifications" in state.paused
        found = deliveries.broken(self._now, paused=is_paused, only=())
        self._found.update(_from_deliveries(found))
        self._found.update(tables.late_clocks(self._now, state.paused))
        self._found.update(tables.untold_troubles(self._now, is_restored=state.is_restored))

    def go_on(self) -> bool:
        """Read some more; answers whether there is more to read."""
        rest = self._now - _COME_TO_REST
        events = list(
            Event.objects.filter(pk__gt=self._upto(EVENTS), recorded_at__lte=rest)
            .order_by("pk")
            .values_list("pk", "commitment")[:_AT_ONCE]
        )
        self.read_promises({commitment for _, commitment in events})
        attempts = list(
            Attempt.objects.filter(pk__gt=self._upto(ATTEMPTS), started_at__lte=rest)
            .order_by("pk")
            .values_list("pk", "delivery")[:_AT_ONCE]
        )
        self.read_deliveries({delivery for _, delivery in attempts})
        for name, rows in ((EVENTS, events), (ATTEMPTS, attempts)):
            if rows:
                self._reached[name] = rows[-1][0]
        return _AT_ONCE in (len(events), len(attempts))

    def read_promises(self, pks: Collection[int]) -> None:
        for some in _portions(pks):
            self._found.update(tables.clockless(only=some))
            self._found.update(histories.differing(some))
            self._read.update(f"commitment {pk}" for pk in some)

    def read_deliveries(self, pks: Collection[int]) -> None:
        for some in _portions(pks):
            found = deliveries.broken(self._now, paused=True, only=some)
            self._found.update(_from_deliveries(found))
            self._read.update(f"delivery {pk}" for pk in some)

    @transaction.atomic
    def remember(self) -> int:
        """Keep what is broken, forget what no longer is; answers how much is broken."""
        mended = [finding for finding in self._known - self._found if self._was_asked(finding)]
        for finding in mended:
            _row(finding).delete()
        new = sorted(self._found - self._known)
        AuditFinding.objects.bulk_create(
            (
                AuditFinding(
                    number=each.number, about=each.what, rule=each.rule, found_at=self._now
                )
                for each in new
            ),
            ignore_conflicts=True,
        )
        for name, upto in self._reached.items():
            Mark.objects.reached(name, upto)
        for finding in new:
            logger.error("%s %s: %s.", finding.number, finding.what, finding.rule)
        return len(self._known) - len(mended) + len(new)

    def _was_asked(self, finding: Finding) -> bool:
        if finding.number in _ASKED_EVERY_TIME:
            return True
        named = _SUBJECT.match(finding.what)
        return named is None or named[0] in self._read

    def _upto(self, name: str) -> int:
        """Where to go on; the first time a day back, or it would take weeks to catch up."""
        if name not in self._marks:
            mark = Mark.objects.upto(name)
            self._marks[name] = mark if mark is not None else _beginning(name, now=self._now)
        return self._reached.get(name, self._marks[name])


def _beginning(name: str, *, now: datetime) -> int:
    if name == EVENTS:
        return first_event_since(now - _LOOK_BACK) - 1
    last = Attempt.objects.aggregate(last=Max("pk"))["last"] or 0
    return max(0, last - _AT_ONCE)


def _from_deliveries(found: Iterable[deliveries.Finding]) -> Iterator[Finding]:
    for each in found:
        yield Finding(f"delivery {each.delivery_id} ({each.key})", each.rule, each.number)


def _portions(pks: Collection[int]) -> Iterator[list[int]]:
    """Small enough for one statement on any database."""
    in_order = sorted(pks)
    for start in range(0, len(in_order), _AT_ONCE):
        yield in_order[start : start + _AT_ONCE]


def _row(finding: Finding) -> QuerySet[AuditFinding]:
    return AuditFinding.objects.filter(number=finding.number, about=finding.what, rule=finding.rule)
