"""What comes of a promise in one round, worked out once for all that stand alike.

It follows from how the promise stands, what it stands under and the time, and from nothing else.
A round takes what has come due within seconds, and most of that was promised for the same hour and
last reminded in the same round: so most of a batch stands alike, to the microsecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeAlias

from commitments import agenda
from commitments.agenda import Deed, Standing
from commitments.models import Commitment, Occurrence
from commitments.models.row import plain

Changes: TypeAlias = dict[str, Any]  # Any: JSON

_KEPT = 4096
_STANDING = itemgetter("status", "due_at", "waiting_since", *Standing.COLUMNS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A deed, the columns of the promise after it, and those it changed: name -> [old, new].

    `recorded` keeps how it is written down, by what differs between those that stand alike.
    """

    deed: Deed
    columns: Mapping[str, Any]  # Any: column values
    changes: Changes
    recorded: dict[tuple[object, ...], Occurrence] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """All that a round does about a promise, and what its clock says then."""

    turns: tuple[Turn, ...]
    next_action: str
    next_action_at: datetime | None


class Courses:
    """Of one round, at one instant."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._known: dict[tuple[object, ...], Course] = {}

    def of(self, commitment: Commitment, terms: agenda.Terms, *, breached_before: bool) -> Course:
        """Shared by all that stand alike: not to be changed.

        The terms are the very same object for all that stand under them, and outlive the round.
        """
        columns = vars(commitment)
        since = columns["revised_at"] if terms.counts_from_start else None
        done = columns["also_done"]
        key = (id(terms), since, breached_before, *done, *_STANDING(columns))
        course = self._known.get(key)
        if course is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            course = self._known[key] = self._run(commitment, terms, breached_before)
        return course

    def _run(self, commitment: Commitment, terms: agenda.Terms, breached_before: bool) -> Course:
        standing = Standing.of(commitment)
        held = {name: getattr(commitment, name) for name in Standing.COLUMNS}
        turns = []
        for deed, after in agenda.round_of(
            standing, terms, now=self._now, breached_before=breached_before
        ):
            columns = after.columns(breached_at=held["breached_at"])
            changes = dict(_changed(held, columns))
            turns.append(Turn(deed=deed, columns=columns, changes=changes))
            standing, held = after, columns
        following = agenda.next(standing, terms)
        return Course(
            turns=tuple(turns),
            next_action=following.action.value if following else "",
            next_action_at=following.at if following else None,
        )


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Each column that has another value now, for JSON."""
    for name, value in new.items():
        if value != old[name]:
            yield name, [plain(old[name]), plain(value)]
