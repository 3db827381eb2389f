"""What an adapter is asked, and what it answers."""

from __future__ import annotations

import enum
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from commitments.errors import CommitmentError

from .content import Content

_LONGEST_KEY: Final = 150  # what is longer is known by its digest


class Unsigned(CommitmentError):
    """It is not signed with a secret that we share, or it was signed too long ago."""


class Unreadable(CommitmentError):
    """It is signed, and does not look as its system says that it does."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """A webhook as it came. Names of headers are found in any case."""

    body: bytes
    headers: Mapping[str, str]


class Happened(enum.StrEnum):
    PROMISED = "promised"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"
    GATHERED = "gathered"  # messages of other tickets are found in this one


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer as the help desk knows them; "" for what it does not say."""

    id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class News:
    """One thing that a webhook tells.

    `case` is the ticket's number as people say it, `path` follows the help desk's address to its
    page. `key` names the thing itself, the same in every webhook that tells it. `at` is when it
    was said, where that is known. `agent` is the e-mail of who did it.

    PROMISED: `line` by the grammar of the quick line, and for which `customer`; `is_newest` unless
    it comes along with something newer. MERGED: `into` and `into_path`, "" where it is not said
    into which. GATHERED: `holds`, the keys of the messages that are in this ticket now.
    """

    happened: Happened
    case: str
    path: str
    key: str
    at: datetime | None = None
    agent: str = ""
    line: str = ""
    customer: Person = field(default_factory=Person)
    is_newest: bool = True
    into: str = ""
    into_path: str = ""
    holds: Sequence[str] = ()


class System(ABC):
    """One kind of help desk.

    `makes_secret`: whether it makes the secret itself, which is then given to us; otherwise it is
    given one of ours. `how` says what an administrator does there, in five minutes: steps in order,
    divided by blank lines. `body` is what they have to paste, if anything.
    """

    name: ClassVar[str]
    address_like: ClassVar[str]
    channel: ClassVar[str]
    makes_secret: ClassVar[bool]
    how: ClassVar[str]
    body: ClassVar[str] = ""

    @property
    def steps(self) -> list[str]:
        return [" ".join(step.split()) for step in self.how.split("\n\n")]

    @abstractmethod
    def check(self, post: Post, *, secrets: Sequence[str], now: datetime) -> None:
        """Raises Unsigned unless it was signed with one of the secrets, and lately."""

    @abstractmethod
    def news_in(self, content: Content) -> Sequence[News]:
        """What the webhook tells, in order; nothing where it is about something else.

        Raises Unreadable.
        """


def key_of(*parts: str) -> str:
    """The name of a thing, of parts that together are nobody else's."""
    name = ":".join(parts)
    if len(name) <= _LONGEST_KEY and name.isprintable():
        return name
    return f"{parts[0]}:{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"
