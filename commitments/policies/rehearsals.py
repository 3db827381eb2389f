"""A policy rehearsed: what would happen to a promise that does not exist, every message shown.

What rehearses looks into both rooms and so lives above them; the setting COMMITMENTS_REHEARSAL
names it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from commitments.models import Kind, Policy, Team


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is rehearsed: a promise of this kind, made by this team at that instant."""

    policy: Policy
    team: Team
    kind: Kind
    start: datetime
    end: datetime
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message as somebody would read it; `channels` are all the ways it goes at that moment."""

    at: datetime
    to: str
    audience: str
    channels: tuple[str, ...]
    subject: str
    text: str
    together: int = 0  # so many messages leave for this person at this moment by one channel


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A line of the promise's timeline."""

    at: datetime
    title: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    version: int
    owner: str
    due_at: datetime
    happened: tuple[Happened, ...]
    said: tuple[Said, ...]
    goes_on_at: datetime | None  # where it was cut off


def rehearse(plan: Plan) -> Rehearsal:
    """Nothing is sent and nothing is kept. Raises CommitmentError."""
    play: Callable[[Plan], Rehearsal] = import_string(settings.COMMITMENTS_REHEARSAL)
    return play(plan)
