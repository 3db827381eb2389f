"""Callbacks: when somebody may be called, and from when on having tried counts for something.

A callback has a window: from its start, or else from when the time was agreed, to the due time. It
was *attempted* once the customer was tried twice in the window in force, and a message was left or
sent since the first of those tries. That is a mark beside the outcome and never makes it better:
nobody was spoken to. A wrong number was no try: somebody else was called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from commitments.errors import CommitmentError

_TRIES: Final = 2
_SET_APART: Final = re.compile(r"[\s()./\-\u2010-\u2015\u00a0]+")
_TRUNK: Final = re.compile(r"^\s*(\+[^(]*)\(0\)")  # +44 (0)20: the 0 is for calls at home only
_EXTENSION: Final = re.compile(r"\s*(?:ext\.?|extension|x|#)\s*([0-9]{1,6})\s*$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")


class Call(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"


_COUNTS: Final = frozenset({Call.NO_ANSWER, Call.VOICEMAIL, Call.BUSY})


@dataclass(frozen=True, kw_only=True)
class Try:
    """One call, and what came of it."""

    at: datetime
    came_of_it: str


@dataclass(frozen=True, kw_only=True)
class Window:
    """When the customer expects the call; both ends belong to it."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at <= self.ends_at


def window_of(*, window_start: datetime | None, revised_at: datetime, due_at: datetime) -> Window:
    """The window in force; without a start of its own it begins when the time was agreed."""
    return Window(starts_at=window_start or revised_at, ends_at=due_at)


def check_window(window_start: datetime | None, *, due_at: datetime) -> None:
    """Raises CommitmentError where it would end before it begins."""
    if window_start is not None and window_start >= due_at:
        raise CommitmentError("That window begins after it ends.", field="due_at")


def moved_along(
    window_start: datetime | None, *, old_due_at: datetime, due_at: datetime
) -> datetime | None:
    """The start of a window whose end moved out by itself: it stays as long as it was."""
    return None if window_start is None else window_start + (due_at - old_due_at)


def counted(tries: Iterable[Try], window: Window) -> list[datetime]:
    """Those that were made in the window and reached nobody, first to last."""
    return sorted(each.at for each in tries if each.came_of_it in _COUNTS and window.holds(each.at))


def attempted_at(
    tries: Iterable[Try], *, window: Window, messages: Iterable[datetime] = ()
) -> datetime | None:
    """Since when it counts as attempted; None as long as it does not.

    `messages` are when written ones were accepted; a voice left on a machine is one as well.
    """
    tries = list(tries)
    made = counted(tries, window)
    if len(made) < _TRIES:
        return None
    left = [
        each.at for each in tries if each.came_of_it == Call.VOICEMAIL and window.holds(each.at)
    ]
    said = [at for at in (*left, *messages) if at >= made[0]]
    return max(made[_TRIES - 1], min(said)) if said else None


def dialled(phone: str) -> str:
    """The number as a `tel:` link has it, such as `+442079460958`; "" for what cannot be dialled.

    The shape is that of RFC 3966: what people set digits apart with is left out.
    """
    extension = _EXTENSION.search(phone)
    bare = phone[: extension.start()] if extension else phone
    number = _SET_APART.sub("", _TRUNK.sub(r"\1", bare))
    if not number.isascii() or not _NUMBER.fullmatch(number):
        return ""
    return f"{number};ext={extension[1]}" if extension else number
