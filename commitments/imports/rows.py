"""One row into one promise, judged against its own time. Nothing is read or written here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from commitments.errors import CommitmentError
from commitments.models import Channel, Kind, Team
from commitments.reading import deadlines
from commitments.rules import due_time, reference, steps, wall_clock, words
from commitments.rules.business_time import Hours

from . import dates
from .dates import Order
from .table import Row

ORIGIN: Final = "import"
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_LINE_BREAKS: Final = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_LONGEST_AGO: Final = timedelta(days=20 * 366)
_FURTHEST_AHEAD: Final = timedelta(days=366)
_CHANNELS: Final = {
    **{label.casefold(): value for value, label in Channel.choices},
    **{value: value for value in Channel.values},
}
_TRUE: Final = frozenset({"yes", "y", "true", "1", "x", "urgent", "sí", "si"})
_FALSE: Final = frozenset({"", "no", "n", "false", "0"})
_web_address = URLValidator(schemes=["http", "https"])


class BadRow(CommitmentError):
    """This row says something that cannot be."""


@dataclass(frozen=True, kw_only=True)
class Standard:
    """What every row of a file is judged by.

    `zone`: where times without an offset are meant. `kinds` by short name and by name, folded;
    `usual_kind` where a row names none. With `takes_days`, a promise may have a day and no time.
    """

    team: Team
    hours: Hours
    zone: str
    kinds: Mapping[str, Kind]
    now: datetime
    usual_kind: Kind | None = None
    order: Order = Order.YEAR
    takes_days: bool = False


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a good row says. `agent` is an address or a name, `customer_email` an address; or empty.

    `reference` is the id of a promise that it says it is; 0 where none can be.
    """

    line: int
    key: str
    conversation: str
    case_url: str
    channel: str
    agent: str
    customer: str
    customer_email: str
    customer_phone: str
    promised_at: datetime
    wording: str
    team_note: str
    urgent: bool
    kind: Kind
    due_at: datetime
    due_said: str
    due_steps: steps.Chain
    is_usual: bool  # the kind's usual deadline, because no other could be read
    has_passed: bool  # the phrase was understood, but names a time before the promise
    reference: int | None = None

    @property
    def customer_key(self) -> str:
        """Who is meant: an address, a number, or else a name within one conversation."""
        return (
            self.customer_email.lower()
            or self.customer_phone
            or f"{self.customer}\n{self.conversation}"
        )


def judge(row: Row, standard: Standard) -> Promise:
    """The promise of a row. Raises CommitmentError, with a sentence, for a bad one."""
    if row.trouble:
        raise BadRow(row.trouble)
    cells = _Cells(row.cells)
    _check_team(cells["team"], standard)
    kind = _kind(cells["kind"], standard)
    promised_at = _promised_at(cells["promised_at"], standard)
    said = words.clean(cells["due"], what="The time", limit=200, required=False)
    written = dates.in_iso(said, standard.order)
    read = _read(written, promised_at, standard)
    to_due = read.steps if read else kind.usual_steps(promised_at, hours=standard.hours)
    due_at = read.at if read else to_due[-1].ends_at
    due_time.check_due(
        due_at, promised_at=promised_at, now=standard.now, by_hand=False, zone=standard.zone
    )
    stated = _stated(cells)
    return Promise(
        line=row.line,
        key=_key(
            standard.team, promised_at if cells["promised_at"].strip() else None, stated, cells
        ),
        case_url=_link(cells["case_url"]),
        channel=_channel(cells["channel"]),
        agent=_agent(cells["agent"]),
        team_note=_note(row.cells),
        urgent=_truth(cells["urgent"]),
        promised_at=promised_at,
        kind=kind,
        due_at=due_at,
        due_said=said,
        due_steps=to_due,
        is_usual=read is None,
        has_passed=read is None and _has_passed(written, promised_at, standard),
        reference=_reference(cells["reference"]),
        **stated,
    )


class _Cells(dict[str, str]):
    """By what they say, each on one line; what has no column is empty."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        super().__init__((code, _LINE_BREAKS.sub(" ", cell)) for code, cell in cells.items())

    def __missing__(self, code: str) -> str:
        return ""


def instant(text: str, *, zone: str, what: str) -> datetime:
    """An instant written in ISO 8601; without an offset it is meant in `zone`. Raises BadRow."""
    text = text.strip()
    if not _INSTANT.fullmatch(text):
        raise BadRow(
            f"{what} “{text[:40]}” is not a date and a time. Write it like 2026-11-02T14:00:00Z."
        )
    return _at(text, zone=zone, what=what)


def _at(text: str, *, zone: str, what: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return wall_clock.instant_of(at, wall_clock.zone_named(zone)) if _is_naive(at) else at
    except (ValueError, OverflowError):
        raise BadRow(f"{what} “{text[:40]}” is no time that there is.") from None


def _promised_at(text: str, standard: Standard) -> datetime:
    written = dates.in_iso(text, standard.order).strip()
    if not written:
        return standard.now
    if standard.takes_days and dates.is_a_day(written):
        at = _at(written, zone=standard.zone, what="promised_at")
    else:
        at = instant(written, zone=standard.zone, what="promised_at")
    if not standard.now - _LONGEST_AGO < at < standard.now + _FURTHEST_AHEAD:
        raise BadRow(f"promised_at “{text.strip()}” lies too far away to be right.")
    return at


def _read(said: str, promised_at: datetime, standard: Standard) -> deadlines.Reading | None:
    """What the phrase means, if it is understood and lies after the promise."""
    return deadlines.read(said, now=promised_at, zone=standard.zone, hours=standard.hours)


def _has_passed(said: str, promised_at: datetime, standard: Standard) -> bool:
    why_not = deadlines.why_not(said, now=promised_at, zone=standard.zone, hours=standard.hours)
    return bool(why_not)


def _check_team(text: str, standard: Standard) -> None:
    named, team = text.strip(), standard.team
    if named and named.casefold() != team.name.casefold():
        raise BadRow(f"It is of “{named[:60]}”, and these are brought in for {team.name}.")


def _kind(text: str, standard: Standard) -> Kind:
    code = text.strip().casefold()
    if not code and standard.usual_kind is not None:
        return standard.usual_kind
    if code not in standard.kinds:
        known = ", ".join(sorted({kind.code for kind in standard.kinds.values()}))
        raise BadRow(f"There is no kind “{text.strip()[:40]}”. The kinds are: {known}.")
    return standard.kinds[code]


def _channel(text: str) -> str:
    code = text.strip().casefold()
    if not code:
        return Channel.OTHER.value
    if code not in _CHANNELS:
        known = ", ".join(Channel.values)
        raise BadRow(f"There is no channel “{text.strip()[:40]}”. The channels are: {known}.")
    return _CHANNELS[code]


def _stated(cells: _Cells) -> dict[str, str]:
    return {
        "conversation": words.clean(
            cells["conversation"], what="The conversation", limit=120, required=False
        ),
        "customer": words.clean(cells["customer"], what="The customer's name", limit=150),
        "customer_email": _address(cells["customer_email"], "customer_email"),
        "customer_phone": words.clean(
            cells["customer_phone"], what="The phone number", limit=40, required=False
        ),
        "wording": words.clean(cells["wording"], what="The promise", limit=500),
    }


def _agent(text: str) -> str:
    """An address, in lower case; or a name, which is looked up among the team's."""
    if "@" in text:
        return _address(text, "agent").lower()
    return words.clean(text, what="The owner", limit=150, required=False)


def _address(text: str, column: str) -> str:
    try:
        return words.one_address(text) if text.strip() else ""
    except words.WrongWords as error:
        raise BadRow(f"{column} “{text.strip()[:60]}”: {error}") from error


def _link(text: str) -> str:
    link = words.clean(text, what="The link", limit=500, required=False)
    try:
        if link:
            _web_address(link)
    except ValidationError:
        raise BadRow(f"“{link[:60]}” is no link. One begins with https://.") from None
    return link


def _truth(text: str) -> bool:
    said = text.strip().casefold()
    if said not in _TRUE | _FALSE:
        raise BadRow(f"Urgent is yes or no, not “{text.strip()[:40]}”.")
    return said in _TRUE


def _note(cells: Mapping[str, str]) -> str:
    note = cells.get("team_note", "")
    return words.clean(note, what="The note", limit=2000, required=False, lines=True)


def _reference(text: str) -> int | None:
    return (reference.read(text.strip()) or 0) if text.strip() else None


def _key(team: Team, promised_at: datetime | None, stated: Mapping[str, str], cells: _Cells) -> str:
    """What makes two rows the same promise: who hands it on and by when may be corrected.

    A number from elsewhere says it alone.
    """
    number = words.clean(cells["external_id"], what="The number", limit=200, required=False)
    known_by = (stated["customer_email"] or stated["customer"]).casefold()
    facts = [
        *(team.pk, stated["conversation"], known_by),
        *(int(promised_at.timestamp()) if promised_at else None, stated["wording"]),
    ]
    said = json.dumps([team.pk, number] if number else facts)
    return hashlib.sha256(said.encode()).hexdigest()


def _is_naive(at: datetime) -> bool:
    return at.tzinfo is None
