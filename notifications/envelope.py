"""What the rest of the house hands over to be sent, and what it is asked in return. No ORM here.

A message names its reason in its key: the same reason never makes two deliveries. Everything else
is who it is for, what it is about, and the template that puts it into words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal, NamedTuple, Protocol, TypeAlias

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
Audience: TypeAlias = Literal["staff", "customer"]
Outcome: TypeAlias = Literal[
    "sent", "failed", "expired", "suppressed", "uncertain", "bounced", "complained"
]

_ONE_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Blame(Enum):
    """Whose the fault is, and so what must rest: this message, the address, or the channel."""

    MESSAGE = "message"
    ADDRESS = "address"
    FAR_END = "far end"
    OURSELVES = "ourselves"


class Bounce(Enum):
    """What is heard of a mail after it was accepted.

    HARD: the address takes nothing, this or other. SOFT: it came back, and the next may not.
    COMPLAINT: it arrived, and its reader wants no more of them.
    """

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


class DeliveryError(Exception):
    """The far end said no, or could not be reached: what was to be sent was not accepted.

    `permanent` says that trying again is useless, `wait` for how long the far end asks us not to.
    """

    def __init__(
        self,
        answer: str,
        *,
        permanent: bool = False,
        blame: Blame = Blame.MESSAGE,
        code: int | None = None,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent
        self.blame = blame
        self.code = code
        self.wait = wait


class Uncertain(Exception):
    """The last byte went out and no answer came back: it may have arrived."""


class LetGo(Exception):
    """The delivery was withdrawn, or its lease is nearly over: nothing was sent."""


class Message(NamedTuple):
    """One message to one person through one channel. Made by names, always.

    `key` is built from why it is sent, never from when. `not_before` and `expires_at` are aware;
    without `expires_at` the usual time for its template and audience counts from `not_before`.
    `work_resumes_at` is the reader's next working minute, None while they are at work; `late` says
    that an outage lies between what happened and this message.
    """

    key: str
    about: str
    audience: Audience
    channel: str
    template: str
    not_before: datetime
    context: Mapping[str, JSON]
    event_id: int | None = None
    person_id: int | None = None
    address: str = ""
    name: str = ""
    urgent: bool = False
    is_escalation: bool = False
    pierces_quiet: bool = False
    work_resumes_at: datetime | None = None
    late: bool = False
    expires_at: datetime | None = None
    sender: str = ""
    language: str = "en"


class Action(NamedTuple):
    """What a reader may want to do about a message, and where a link to that leads."""

    label: str
    url: str


@dataclass(frozen=True)
class Recipient:
    """Where a delivery goes now, which may differ from where it went when it was enqueued.

    `actions` follow its words where they are read in a chat; its mail has links of its own.
    """

    address: str
    name: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The facts of a delivery, as its subject is asked and told about it.

    `reason` is what the far end said, where it said why not; `at` is when it was enqueued.
    """

    key: str
    about: str
    event_id: int | None
    audience: Audience
    person_id: int | None
    channel: str
    address: str
    template: str
    name: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a message is about, for whoever sees to it: in words, and the ways to it."""

    title: str
    url: str
    phone: str = ""
    edit_url: str = ""


class Subject(Protocol):
    """What the deliveries are about. Named by the setting NOTIFICATIONS_SUBJECT."""

    def recipients(
        self, keys: Sequence[Delivered], *, now: datetime
    ) -> Mapping[str, Recipient | None]:
        """Asked once a batch: the current recipient by key; None, or no entry, refuses it."""

    def settled(self, delivered: Delivered, outcome: Outcome, at: datetime) -> None:
        """Told first of all in the transaction that records how a delivery ended.

        Of staff messages that were sent nothing is said: their rows say it.
        """

    def attended(self, delivered: Delivered, note: str, *, by_id: int, at: datetime) -> None:
        """Told first of all when a person has seen to a message, and noted how."""

    def shown(self, about: Sequence[str]) -> Mapping[str, Shown]:
        """What these are, by name, for the page of messages that need a person."""

    def instead(self, expired: Delivered) -> str:
        """What a person is asked to do, where to send this one again would be wrong by now."""


def is_one_address(address: str) -> bool:
    """Whether this is exactly one plain e-mail address in ASCII: a list of two is none."""
    return _ONE_ADDRESS.fullmatch(address) is not None


def one_line(text: str) -> str:
    """Text on one line without control characters, as a header may carry it."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_CONTROL.sub(" ", encodable(text)).split())


def encodable(text: str) -> str:
    """Text without halves of surrogate pairs, which no encoding and no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
