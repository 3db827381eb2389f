"""Sixty days of ordinary work, drawn up from phrases: the same days each time, no two alike.

Most promises are kept in time. Some are moved with the customer told, some come late, with a word
or in silence, and a few end otherwise. Of those who are asked afterwards half answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final, TypeVar

from . import phrases
from .company import BILLING, FIELD, MOVES
from .customers import OF_THE_PAST
from .deeds import Deed, Story
from .phrases import Phrase

_COUNT: Final = 226
_FIRST_DAY: Final = 43  # working days ago
_LAST_DAY: Final = 7
_BY_TURNS: Final = (BILLING, MOVES, BILLING, FIELD, BILLING, MOVES, FIELD)
_AGENTS: Final = {
    BILLING: ("ana", "omar", "beth"),
    MOVES: ("ivy", "kofi"),
    FIELD: ("lena", "tess", "jonas"),
}
_LEADS: Final = {BILLING: "dev", MOVES: "rhys", FIELD: "dev"}
_CHANNELS: Final = ("phone", "phone", "phone", "email", "chat")
# Working days until customers are asked, and some until they answer.
_ANSWERED_AFTER: Final = {"refund": 6, "replacement": 7, "callback": 2, "credit": 6, "repair": 7}
_USUALLY_ANSWERED_AFTER: Final = 4

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Promise:
    """One that has been made: on which day, for which day, and how its words are chosen."""

    phrase: Phrase
    lead: str
    made: int
    due: int
    done: str
    draw: random.Random

    def one_of(self, words: Sequence[str]) -> str:
        return self.draw.choice(words)

    def on(self, day: int, *, hours: tuple[int, int]) -> str:
        return f"-{day} {self.draw.randint(*hours):02}:{self.draw.randint(0, 59):02}"

    def in_time(self) -> int:
        """A day on which it can be kept in time."""
        return self.draw.randint(self.due, max(self.due, self.made - 1))

    def kept(self, day: int) -> Deed:
        hours = (13, 15) if day == self.made else (9, 11)
        return Deed(self.on(day, hours=hours), "fulfil", self.done)

    def kept_late(self, day: int) -> Deed:
        return Deed(self.on(day, hours=(14, 16)), "fulfil", self.done)

    def answer(self, day: int, *, words: Sequence[str], ratings: Sequence[int]) -> tuple[Deed, ...]:
        """What half of the customers say when they are asked about what was done on a day."""
        wait = _ANSWERED_AFTER.get(self.phrase.kind, _USUALLY_ANSWERED_AFTER)
        if day <= wait or self.draw.random() < 0.5:
            return ()
        rating = self.draw.choice(ratings)
        done = "partly" if rating < 3 else "yes"
        at = self.on(day - wait, hours=(15, 18))
        return (Deed(at, "answer_if_asked", self.one_of(words), to=done, rating=rating),)


def _kept(promise: _Promise) -> tuple[Deed, ...]:
    day = promise.in_time()
    answer = promise.answer(day, words=phrases.PRAISE, ratings=(5, 5, 5, 4, 4, 3))
    return (promise.kept(day), *answer)


def _kept_with_a_word(promise: _Promise) -> tuple[Deed, ...]:
    word = Deed(f"-{promise.made} 12:59", "update", promise.one_of(phrases.UPDATES))
    return (word, *_kept(promise))


def _moved(promise: _Promise) -> tuple[Deed, ...]:
    day = promise.due - 1
    at = promise.on(promise.made, hours=(13, 15))
    reason = promise.one_of(phrases.MOVED)
    answer = promise.answer(day, words=phrases.GRUMBLES, ratings=(5, 4, 4, 3))
    return (Deed(at, "move", reason, to=f"-{day} 17:00"), promise.kept(day), *answer)


def _waited(promise: _Promise) -> tuple[Deed, ...]:
    asked = promise.on(promise.made, hours=(13, 15))
    heard = promise.on(promise.made - 1, hours=(9, 10))
    return (
        Deed(asked, "wait", promise.one_of(phrases.ASKED)),
        Deed(heard, "resume", "They wrote back."),
        Deed(promise.on(promise.made - 1, hours=(11, 11)), "fulfil", promise.done),
    )


def _late_and_told(promise: _Promise) -> tuple[Deed, ...]:
    day = promise.due - 1
    sorry = Deed(promise.on(day, hours=(9, 11)), "update", promise.one_of(phrases.SORRY))
    answer = promise.answer(day, words=phrases.GRUMBLES, ratings=(4, 4, 3, 3))
    return (sorry, promise.kept_late(day), *answer)


def _late_in_silence(promise: _Promise) -> tuple[Deed, ...]:
    day = promise.due - 1
    answer = promise.answer(day, words=phrases.GRUMBLES, ratings=(1, 2, 2, 3))
    return (promise.kept_late(day), *answer)


def _given_up(promise: _Promise) -> tuple[Deed, ...]:
    at = promise.on(promise.due - 1, hours=(9, 11))
    return (Deed(at, "abandon", promise.one_of(phrases.GIVEN_UP)),)


def _no_longer_wanted(promise: _Promise) -> tuple[Deed, ...]:
    at = promise.on(promise.made, hours=(13, 15))
    return (Deed(at, "release", promise.one_of(phrases.NO_LONGER)),)


def _a_mistake(promise: _Promise) -> tuple[Deed, ...]:
    at = promise.on(promise.made, hours=(13, 15))
    return (Deed(at, "void", promise.one_of(phrases.MISTAKES), by=promise.lead),)


_Fate = Callable[[_Promise], tuple[Deed, ...]]
_FATES: Final[tuple[_Fate, ...]] = (
    *(_kept, _kept, _kept_with_a_word, _kept, _moved, _kept, _kept, _late_and_told, _kept),
    *(_kept, _waited, _kept, _no_longer_wanted, _kept, _kept, _late_in_silence, _kept, _kept),
    *(_kept, _kept_with_a_word, _moved, _kept, _kept, _given_up, _kept, _kept, _kept),
    *(_kept, _kept, _kept, _kept, _a_mistake, _kept, _moved, _kept, _kept, _kept),
)


def _past() -> Iterator[Story]:
    """The stories of the past, oldest first."""
    draw = random.Random("Larkfield")  # noqa: S311 - the same company each time, and no secret
    customers = _by_lot(OF_THE_PAST, draw)
    agents = {team: cycle(names) for team, names in _AGENTS.items()}
    said = {team: _by_lot(known, draw) for team, known in phrases.PHRASES.items()}
    for number, (team, fate) in enumerate(zip(cycle(_BY_TURNS), cycle(_FATES), strict=False)):
        if number == _COUNT:
            return
        phrase, values = next(said[team]), _values(draw)
        made = _FIRST_DAY - number * (_FIRST_DAY - _LAST_DAY) // _COUNT
        promise = _Promise(
            phrase=phrase,
            lead=_LEADS[team],
            made=made,
            due=made - phrase.days,
            done=phrase.done.format(**values),
            draw=draw,
        )
        clock = draw.choice(("16:00", "17:00", "17:30") if phrase.days else ("16:00", "17:00"))
        yield Story(
            customer=next(customers),
            by=next(agents[team]),
            team=team,
            kind=phrase.kind,
            words=phrase.words.format(**values),
            at=promise.on(made, hours=(9, 11)),
            due=f"-{promise.due} {clock}",
            channel=draw.choice(_CHANNELS),
            case=f"LK-{20100 + number * 3}" if number % 3 else "",
            value=values["pounds"] if "{pounds}" in phrase.words else "",
            summary=None if number % 2 else False,
            deeds=fate(promise),
        )


def _by_lot(these: Sequence[T], draw: random.Random) -> Iterator[T]:
    """All of them in some order, then all in another, for ever."""
    while True:
        yield from draw.sample(these, len(these))


def _values(draw: random.Random) -> dict[str, str]:
    return {
        "pounds": draw.choice(phrases.POUNDS),
        "month": draw.choice(phrases.MONTHS),
        "room": draw.choice(phrases.ROOMS),
        "street": f"{draw.randint(2, 98)} {draw.choice(phrases.STREETS)}",
    }


PAST: Final = tuple(_past())
