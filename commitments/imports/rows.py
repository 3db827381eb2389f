"""One row into one promise, judged against its own time. Nothing is read or written here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commitments.errors import CommitmentError
from commitments.models import Channel, Kind, Team
from commitments.reading import deadlines
from commitments.rules import due_time, steps, wall_clock, words
from commitments.rules.business_time import Hours

from .table import Row

ORIGIN: Final = "import"
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_LINE_BREAKS: Final = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_LONGEST_AGO: Final = timedelta(days=20 * 366)
_FURTHEST_AHEAD: Final = timedelta(days=366)


class BadRow(CommitmentError):
    """This row says something that cannot be."""


@dataclass(frozen=True, kw_only=True)
class Standard:
    """What every row of a file is judged by. `zone`: where times without an offset are meant."""

    team: Team
    hours: Hours
    zone: str
    kinds: Mapping[str, Kind]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a good row says. `agent` and `customer_email` are addresses or empty."""

    line: int
    key: str
    conversation: str
    channel: str
    agent: str
    customer: str
    customer_email: str
    promised_at: datetime
    wording: str
    kind: Kind
    due_at: datetime
    due_said: str
    due_steps: steps.Chain
    is_usual: bool  # the kind's usual deadline, because no other could be read
    has_passed: bool  # the phrase was understood, but names a time before the promise

    @property
    def customer_key(self) -> str:
        """Who is meant: an address, or else a name within one conversation."""
        return self.customer_email.lower() or f"{self.customer}\n{self.conversation}"


def judge(row: Row, standard: Standard) -> Promise:
    """The promise of a row. Raises CommitmentError, with a sentence, for a bad one."""
    if row.trouble:
        raise BadRow(row.trouble)
    cells = {name: _LINE_BREAKS.sub(" ", cell) for name, cell in row.cells.items()}
    kind = _kind(cells["kind"], standard)
    promised_at = _promised_at(cells["promised_at"], standard)
    said = words.clean(cells["due"], what="The time", limit=200, required=False)
    read = _read(said, promised_at, standard)
    to_due = read.steps if read else kind.usual_steps(promised_at, hours=standard.hours)
    due_at = read.at if read else to_due[-1].ends_at
    due_time.check_due(
        due_at, promised_at=promised_at, now=standard.now, by_hand=False, zone=standard.zone
    )
    stated = {
        "conversation": words.clean(
            cells["conversation"], what="The conversation", limit=120, required=False
        ),
        "customer": words.clean(cells["customer"], what="The customer's name", limit=150),
        "customer_email": _address(cells, "customer_email"),
        "wording": words.clean(cells["wording"], what="The promise", limit=500),
    }
    return Promise(
        line=row.line,
        key=_key(standard.team, promised_at, stated),
        channel=_channel(cells["channel"]),
        agent=_address(cells, "agent").lower(),
        promised_at=promised_at,
        kind=kind,
        due_at=due_at,
        due_said=said,
        due_steps=to_due,
        is_usual=read is None,
        has_passed=read is None and _has_passed(said, promised_at, standard),
        **stated,
    )


def instant(text: str, *, zone: str, what: str) -> datetime:
    """An instant written in ISO 8601; without an offset it is meant in `zone`. Raises BadRow."""
    text = text.strip()
    if not _INSTANT.fullmatch(text):
        raise BadRow(
            f"{what} “{text[:40]}” is not a date and a time. Write it like 2026-11-02T14:00:00Z."
        )
    try:
        at = datetime.fromisoformat(text)
        return wall_clock.instant_of(at, wall_clock.zone_named(zone)) if _is_naive(at) else at
    except (ValueError, OverflowError):
        raise BadRow(f"{what} “{text[:40]}” is no time that there is.") from None


def _promised_at(text: str, standard: Standard) -> datetime:
    at = instant(text, zone=standard.zone, what="promised_at")
    if not standard.now - _LONGEST_AGO < at < standard.now + _FURTHEST_AHEAD:
        raise BadRow(f"promised_at “{text.strip()}” lies too far away to be right.")
    return at


def _read(said: str, promised_at: datetime, standard: Standard) -> deadlines.Reading | None:
    """What the phrase means, if it is understood and lies after the promise."""
    return deadlines.read(said, now=promised_at, zone=standard.zone, hours=standard.hours)


def _has_passed(said: str, promised_at: datetime, standard: Standard) -> bool:
    why_not = deadlines.why_not(said, now=promised_at, zone=standard.zone, hours=standard.hours)
    return bool(why_not)


def _kind(text: str, standard: Standard) -> Kind:
    code = text.strip().casefold()
    if code not in standard.kinds:
        known = ", ".join(sorted(standard.kinds))
        raise BadRow(f"There is no kind “{text.strip()[:40]}”. The kinds are: {known}.")
    return standard.kinds[code]


def _channel(text: str) -> str:
    code = text.strip().casefold()
    if code not in Channel.values:
        known = ", ".join(Channel.values)
        raise BadRow(f"There is no channel “{text.strip()[:40]}”. The channels are: {known}.")
    return code


def _address(cells: Mapping[str, str], column: str) -> str:
    text = cells[column]
    try:
        return words.one_address(text) if text.strip() else ""
    except words.WrongWords as error:
        raise BadRow(f"{column} “{text.strip()[:60]}”: {error}") from error


def _key(team: Team, promised_at: datetime, stated: Mapping[str, str]) -> str:
    """What makes two rows the same promise: who hands it on and by when may be corrected."""
    known_by = (stated["customer_email"] or stated["customer"]).casefold()
    facts = [
        *(team.pk, stated["conversation"], known_by),
        *(int(promised_at.timestamp()), stated["wording"]),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _is_naive(at: datetime) -> bool:
    return at.tzinfo is None
