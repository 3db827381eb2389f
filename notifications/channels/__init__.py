"""The media a message can travel by, a file for each.

A `Line` reaches into the world and asks before the last byte; a `Local` medium only writes to this
database, in the transaction that settles the delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from notifications.envelope import JSON

KEYED = frozenset({"webhook"})
"""Whose receivers know a message by its key: what may have arrived is simply sent again."""


T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A delivery in its words, ready to go.

    A program reads `context` instead; `attempts` counts the tries, this one among them.
    """

    delivery_id: int
    key: str
    about: str
    person_id: int | None
    address: str
    name: str
    sender: str
    language: str
    subject: str
    text: str
    html: str
    possible_repeat: bool
    not_before: datetime
    template: str = ""
    context: Mapping[str, JSON] = field(default_factory=dict)
    attempts: int = 1


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the far end said when it accepted, and the name it gave the message."""

    provider_id: str
    code: int
    answer: str


class Desk(Protocol):
    """Where a line, which has no database of its own, has something read or written."""

    def __call__(self, work: Callable[[], T]) -> T:
        """Answers what it answers, raises what it raises."""


class Line(Protocol):
    """A connection that is opened when first used, and reused until closed.

    Each is used in a thread of its own, and leaves the database to its desk.
    """

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        """Send it, asking `may_finish` once, immediately before what cannot be taken back.

        Raises DeliveryError when it was not accepted, LetGo when it may not be finished, and
        Uncertain when the answer to the last byte is missing.
        """

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to. Never raises."""


class Local(Protocol):
    """A medium that goes no further than this database."""

    def keep(self, letters: Sequence[Letter], *, now: datetime) -> Receipt:
        """Write them down, in the caller's transaction."""
