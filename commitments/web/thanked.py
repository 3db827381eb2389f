"""Thanks between two, among the lines of a promise's history: for the eyes of these two alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from commitments.models import Commitment, Thanks, User

from .lines import Line
from .timeline import History


def woven_in(history: History, commitment: Commitment, *, reader: User) -> History:
    """The same lines with those in their places; a query only where there are such thanks."""
    if not getattr(commitment, "thanked_privately", False):  # annotated by `one_promise`
        return history
    private = Thanks.objects.private().filter(commitment=commitment)
    between = private.filter(Q(giver=reader) | Q(receiver=reader))
    found = between.select_related("giver", "receiver")
    mine = [_line(each, reader) for each in found if _is_here(each.at, history)]
    lines = sorted([*mine, *history.lines], key=lambda line: line.at, reverse=True)
    return replace(history, lines=lines)


def _is_here(at: datetime, history: History) -> bool:
    """Whether it belongs between the lines of this page; the newest page has no upper end."""
    recorded = [line.at for line in history.lines]
    is_older = history.older > 0 and bool(recorded) and at < min(recorded)
    is_newer = history.newer > 0 and bool(recorded) and at >= max(recorded)
    return not is_older and not is_newer


def _line(each: Thanks, reader: User) -> Line:
    by_me = each.giver_id == reader.pk
    title = f"You thanked {each.receiver}" if by_me else f"{each.giver.first_name} thanked you"
    return Line(
        title=title,
        icon="heart",
        tone="kept",
        at=each.at,
        words=each.words,
        is_between_two=True,
    )
