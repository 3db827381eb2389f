"""Sixty days of ordinary work, drawn up from phrases: the same days each time, no two alike.

Most promises are kept in time, and more of them from month to month. Some are moved with the
customer told, some come late, with a word or in silence, or got lost from hand to hand, and a few
end otherwise. Of those who are asked afterwards most answer, and all who were let down.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from typing import Final, TypeVar

from commitments.rules.causes import Cause

from . import phrases
from .company import BILLING, FIELD, MOVES
from .customers import LET_DOWN, OF_THE_PAST
from .deeds import Deed, Story
from .phrases import Phrase

_FIRST_DAY: Final = 43  # working days ago
# How many a day, and how they end, since so many working days ago: things went badly at first.
_BAD_DAYS, _BETTER_DAYS, _GOOD_DAYS = 5, 5, 7
_BETTER_SINCE: Final = 28
_GOOD_SINCE: Final = 14
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

_SAME_DAY: Final = ("16:00", "17:00")
_LATER: Final = ("16:00", "17:00", "17:30")
_AT_ALL_HOURS: Final = ("10:30", "12:00", "13:30", "15:00", "16:00", "17:00")
_LONGEST: Final = 6  # working days: within so many, anything can have ended

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Promise:
    """One that has been made: on which day, for which day, and how its words are chosen."""

    phrase: Phrase
    owner: str
    colleague: str
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

    def kept_late(self, day: int, *, by: str = "", cause: str = "") -> Deed:
        return Deed(self.on(day, hours=(14, 16)), "fulfil", self.done, by=by, cause=cause)

    def handed(self, day: int, *, hours: tuple[int, int], by: str, to: str) -> Deed:
        at = self.on(day, hours=hours)
        return Deed(at, "reassign", self.one_of(phrases.HANDED), by=by, to=to)

    def answer(
        self, day: int, *, words: Sequence[str], ratings: Sequence[int], often: float = 0.75
    ) -> tuple[Deed, ...]:
        """What customers say when they are asked about what was done on a day, so often."""
        wait = _ANSWERED_AFTER.get(self.phrase.kind, _USUALLY_ANSWERED_AFTER)
        if day <= wait or self.draw.random() >= often:
            return ()
        rating = self.draw.choice(ratings)
        done = "partly" if rating < 3 else "yes"
        at = self.on(day - wait, hours=(15, 18))
        return (Deed(at, "answer_if_asked", self.one_of(words), to=done, rating=rating),)

    def grumble(self, day: int, *, ratings: Sequence[int]) -> tuple[Deed, ...]:
        """Who was let down always answers."""
        return self.answer(day, words=phrases.GRUMBLES, ratings=ratings, often=1.0)


def _kept(promise: _Promise) -> tuple[Deed, ...]:
    day = promise.in_time()
    answer = promise.answer(day, words=phrases.PRAISE, ratings=(5, 5, 5, 5, 4, 4))
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
    return (sorry, promise.kept_late(day), *promise.grumble(day, ratings=(5, 4, 4, 3, 4)))


def _late_in_silence(promise: _Promise) -> tuple[Deed, ...]:
    day = promise.due - 1
    return (promise.kept_late(day), *promise.grumble(day, ratings=(1, 2, 3, 2, 2)))


def _lost_on_the_way(promise: _Promise) -> tuple[Deed, ...]:
    """Handed to a colleague, and late."""
    day = promise.due - 1
    handed = promise.handed(promise.made, hours=(13, 15), by=promise.owner, to=promise.colleague)
    done = promise.kept_late(day, by=promise.colleague, cause=Cause.HANDED_ON)
    return (handed, done, *promise.grumble(day, ratings=(2, 3, 2, 1)))


def _to_and_fro(promise: _Promise) -> tuple[Deed, ...]:
    """Handed to a colleague and back again, and late; the customer heard of it at least."""
    day = promise.due - 1
    there = promise.handed(promise.made, hours=(13, 14), by=promise.owner, to=promise.colleague)
    back = promise.handed(promise.made, hours=(15, 15), by=promise.colleague, to=promise.owner)
    sorry = Deed(promise.on(day, hours=(9, 11)), "update", promise.one_of(phrases.SORRY))
    done = promise.kept_late(day, cause=Cause.HANDED_ON)
    return (there, back, sorry, done, *promise.grumble(day, ratings=(4, 3, 4)))


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
_BAD: Final[tuple[_Fate, ...]] = (
    *(_kept, _kept, _late_and_told, _kept, _late_in_silence, _kept_with_a_word, _kept, _moved),
    *(_kept, _lost_on_the_way, _kept, _late_and_told, _kept, _kept, _waited, _late_in_silence),
    *(_kept, _no_longer_wanted, _kept, _given_up, _to_and_fro, _kept, _kept, _a_mistake, _kept),
)
_BETTER: Final[tuple[_Fate, ...]] = (
    *(_kept, _late_and_told, _kept, _kept, _kept_with_a_word, _moved, _late_in_silence, _kept),
    *(_kept, _waited, _kept, _to_and_fro, _kept, _kept, _no_longer_wanted, _kept, _kept, _kept),
    *(_late_in_silence, _kept, _kept, _kept, _moved, _kept, _a_mistake, _kept, _kept, _given_up),
)
_GOOD: Final[tuple[_Fate, ...]] = (
    *(_kept, _kept, _lost_on_the_way, _kept, _kept, _kept, _moved, _kept, _kept, _kept, _kept),
    *(_kept_with_a_word, _kept, _kept, _no_longer_wanted, _kept, _kept, _late_and_told, _kept),
    *(_kept, _kept, _kept, _kept, _kept, _kept, _moved, _kept, _kept, _kept, _kept, _a_mistake),
    *(_kept, _kept, _kept, _kept, _waited, _kept, _kept, _kept, _kept, _kept, _kept, _kept),
)
_IN_MOVES: Final[tuple[_Fate, ...]] = (
    *(_kept, _kept, _late_and_told, _kept, _kept, _moved, _kept, _kept, _kept, _no_longer_wanted),
    *(_kept, _kept, _late_in_silence, _kept, _given_up, _kept, _kept, _moved, _kept, _kept),
    *(_kept, _kept, _kept, _kept_with_a_word, _kept, _kept, _a_mistake, _kept, _kept, _kept),
)
_AT_ONCE: Final = (_kept, _kept_with_a_word)  # what can happen within a day
_LETS_DOWN: Final = (_late_and_told, _late_in_silence, _lost_on_the_way, _to_and_fro, _moved)


def _past() -> Iterator[Story]:
    """The stories of the past, oldest first."""
    drawn = _Drawn(random.Random("Larkfield"))  # noqa: S311 - the same company each time
    teams, moves = cycle(_BY_TURNS), cycle(_IN_MOVES)
    for fates, days, a_day in (
        (cycle(_BAD), range(_FIRST_DAY, _BETTER_SINCE, -1), _BAD_DAYS),
        (cycle(_BETTER), range(_BETTER_SINCE, _GOOD_SINCE, -1), _BETTER_DAYS),
        (cycle(_GOOD), range(_GOOD_SINCE, 0, -1), _GOOD_DAYS),
    ):
        for made in (day for day in days for _ in range(a_day)):
            team = next(teams)
            fate = next(moves if team == MOVES else fates)
            yield drawn.story(team, fate if made > _LONGEST else _kept, made=made)


class _Drawn:
    """Words, people and times by lot, one promise after the other."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._numbers = count()
        self._customers = _by_lot(OF_THE_PAST, draw)
        self._let_down = _by_lot(LET_DOWN, draw)
        self._agents = {team: cycle(names) for team, names in _AGENTS.items()}
        self._said = {team: _by_lot(known, draw) for team, known in phrases.PHRASES.items()}

    def story(self, team: str, fate: _Fate, *, made: int) -> Story:
        draw, number, owner = self._draw, next(self._numbers), next(self._agents[team])
        least = 0 if fate in _AT_ONCE else 1
        phrase = next(each for each in self._said[team] if least <= each.days < made)
        values = _values(draw)
        clocks = _AT_ALL_HOURS if fate in _LETS_DOWN else _LATER if phrase.days else _SAME_DAY
        promise = _Promise(
            phrase=phrase,
            owner=owner,
            colleague=next(each for each in _AGENTS[team] if each != owner),
            lead=_LEADS[team],
            made=made,
            due=made - phrase.days,
            done=phrase.done.format(**values),
            draw=draw,
        )
        return Story(
            customer=next(self._let_down if fate in _LETS_DOWN else self._customers),
            by=owner,
            team=team,
            kind=phrase.kind,
            words=phrase.words.format(**values),
            at=promise.on(made, hours=(9, 11)),
            due=f"-{promise.due} {draw.choice(clocks)}",
            channel=draw.choice(_CHANNELS),
            case=f"LK-{20100 + number * 3}" if number % 3 else "",
            value=values["pounds"] if "{pounds}" in phrase.words else "",
            summary=None if number % 8 == 0 else False,
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
