"""The board's sections: one for each person, in the order of need, each with its words and rows.

Need is not a mark: what nobody owns comes first, then whose customers wait without word, then
whose promises are late, then who has more than fits into the day. Nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from commitments.models import Commitment, Team
from commitments.rules import saying
from commitments.web import states

from .people import BUCKETS, Person

_WORDS = {
    "overdue": "overdue",
    "today": "due today",
    "later": "later",
    "waiting": "waiting on the customer",
}
_STATES = {
    "overdue": states.OVERDUE,
    "today": states.DUE_SOON,
    "later": states.COMING_UP,
    "waiting": states.WAITING,
}
_ASKED = {"overdue": "overdue", "today": "today", "later": "upcoming", "waiting": "waiting"}
_BARS = (("overdue", "late"), ("today", "soon"))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One promise. `lead` is its time in words."""

    promise: Commitment
    state: states.State
    lead: str
    not_told: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """The rows of one sort; `more` others are behind `url`."""

    name: str
    words: str
    count: int
    rows: Sequence[Row]
    url: str

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One person's part of the board."""

    key: str
    title: str
    person: Person
    parts: Sequence[Part]
    room: str
    full_days: str

    @property
    def now(self) -> list[Part]:
        return [part for part in self.parts if part.name in ("overdue", "today")]

    @property
    def folded(self) -> list[Part]:
        """What can wait: there, and out of the way."""
        return [part for part in self.parts if part.name in ("later", "waiting")]

    @property
    def folded_words(self) -> str:
        return ", ".join(f"{part.count} {part.words}" for part in self.folded)

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """Tone, start and width of each bar of what the day holds, in per cent."""
        whole = max(self.person.capacity, self.person.load.now) or 1
        start, bars = 0.0, []
        for name, tone in _BARS:
            width = 100 * self.person.load.counts.get(name, 0) / whole
            bars.append((tone, f"{start:.2f}%", f"{width:.2f}%"))
            start += width
        return bars


@dataclass(frozen=True, kw_only=True)
class Board:
    """`cover` asks for somebody else, `working` are on shift, `off` have nothing for today."""

    cover: Sequence[Section]
    working: Sequence[Section]
    off: Sequence[Section]
    sentence: str

    @property
    def is_empty(self) -> bool:
        everybody = (*self.cover, *self.working, *self.off)
        return not any(section.person.load.total for section in everybody)


def board_of(people: Sequence[Person], *, team: Team, zone: str, now: datetime) -> Board:
    sections = [_section(person, team=team, zone=zone, now=now) for person in people]
    sections.sort(key=_need)
    return Board(
        cover=[each for each in sections if each.person.needs_cover],
        working=[each for each in sections if each.person.is_on_shift],
        off=[each for each in sections if not (each.person.is_on_shift or each.person.needs_cover)],
        sentence=sentence(people),
    )


def _need(section: Section) -> tuple[bool, int, int, int, str]:
    load, capacity = section.person.load, section.person.capacity
    return (
        section.person.user is not None,
        -load.silent,
        -load.counts.get("overdue", 0),
        capacity - load.now,
        section.title.casefold(),
    )


def sentence(people: Sequence[Person]) -> str:
    """One honest sentence: where a hand is needed."""
    cover = sum(person.load.now for person in people if person.needs_cover)
    late = sum(person.load.counts.get("overdue", 0) for person in people)
    silent = sum(person.load.silent for person in people)
    parts = []
    if cover:
        parts.append(saying.say_count(cover, "promise needs cover", "promises need cover"))
    if late:
        told = f", {saying.say_count(silent, 'customer')} not told" if silent else ", all told"
        parts.append(f"{saying.say_count(late, 'is', 'are')} overdue{told}")
    if not parts:
        return "Nothing is overdue, and nothing needs cover."
    return f"{saying.sentence_case('; '.join(parts))}."


def _section(person: Person, *, team: Team, zone: str, now: datetime) -> Section:
    user = person.user
    return Section(
        key=f"person-{user.pk}" if user else "nobody",
        title=str(user) if user else "Without an owner",
        person=person,
        parts=[
            _part(name, person, team=team, zone=zone, now=now)
            for name in BUCKETS
            if person.load.counts.get(name)
        ],
        room=_room(person) if person.is_on_shift else "",
        full_days=_full_days(person) if person.capacity else "",
    )


def _part(name: str, person: Person, *, team: Team, zone: str, now: datetime) -> Part:
    return Part(
        name=name,
        words=_WORDS[name],
        count=person.load.counts[name],
        rows=[_row(each, name, zone=zone, now=now) for each in person.load.rows[name]],
        url=_listed(name, person, team=team),
    )


def _listed(name: str, person: Person, *, team: Team) -> str:
    """The same promises in the list of all."""
    if person.user is None:
        asked: dict[str, object] = {"team": team.pk, "state": "nobody"}
    else:
        asked = {"team": team.pk, "owner": person.user.pk, "state": _ASKED[name]}
    return f"{reverse('web:promises')}?{urlencode(asked)}"


def _row(promise: Commitment, name: str, *, zone: str, now: datetime) -> Row:
    return Row(
        promise=promise,
        state=_STATES[name],
        lead="Paused" if name == "waiting" else saying.say_left(promise.due_at, zone=zone, now=now),
        not_told=promise.is_not_told(now),
    )


def _room(person: Person) -> str:
    """What still fits into today."""
    free = person.capacity - person.load.now
    if free > 0:
        return f"Room for {free} more today"
    if not free:
        return "Today is full"
    return f"{-free} more than fit into today"


def _full_days(person: Person) -> str:
    """Days ahead that hold more than fits into them."""
    full = [
        f"{on:%a} {on.day} {on:%b} has {many} due"
        for on, many in sorted(person.load.by_day.items())
        if many > person.capacity
    ]
    if not full:
        return ""
    return f"{saying.sentence_case(', '.join(full))}; {person.capacity} fit into a day."
