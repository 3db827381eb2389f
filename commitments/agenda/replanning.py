"""Where a climb begins: at the foot of a ladder, or in its midst, under another version of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from commitments.rules import ladder
from commitments.rules.ladder import Ladder
from commitments.rules.lifecycle import Status

from .standing import Standing, Terms


def passed_over_at_start(standing: Standing, terms: Terms) -> Ladder:
    """The leading steps whose moment had already passed when the present deadline was set."""
    instants = terms.laid(standing)
    passed = sum(at <= standing.revised_at for at in instants)
    return terms.ladder[:passed]


def replanned(
    standing: Standing, terms: Terms, *, was: Ladder, now: datetime
) -> tuple[Standing, Ladder]:
    """How a promise that stood under `was` stands under these terms, and what it passes over.

    A step keeps its number: what was seen to in this revision never comes again, wherever it is
    listed now. What was owed already and held back (it is acknowledged, or the climb is catching
    up) is still owed. Of all else, what would have stood before `now` is passed over. Nothing is
    passed over while the ladder rests.
    """
    before = replace(terms, ladder=was)
    done = ladder.numbers(was[: standing.climbed]) | standing.also_done
    known = done | {step.number for step in _until(now, standing, before)}
    passed: Ladder = ()
    if standing.status is Status.OPEN:
        passed = tuple(step for step in _until(now, standing, terms) if step.number not in known)
    done |= ladder.numbers(passed)
    climbed = ladder.first_ahead(terms.ladder, done)
    after = replace(
        standing,
        climbed=climbed,
        also_done=done - ladder.numbers(terms.ladder[:climbed]),
        last_step=_last_step(standing, terms, before),
    )
    return after, passed


def _until(now: datetime, standing: Standing, terms: Terms) -> Ladder:
    """The steps that stand no later than `now`; instants never fall."""
    return terms.ladder[: sum(at <= now for at in terms.laid(standing))]


def _last_step(standing: Standing, terms: Terms, before: Terms) -> int | None:
    """A reminder that is no more is forgotten; a step after due still says that the climb began."""
    taken = before.step_numbered(standing.last_step)
    is_gone = terms.step_numbered(standing.last_step) is None
    return None if taken and taken.is_before_due and is_gone else standing.last_step
