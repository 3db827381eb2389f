"""The grammar of deadlines: tokens into a meaning, if every one of them has its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

from commitments.reading.tokens import Clock, Date, Instant, Mark, Number, Token, Word

_WEEKDAYS: Final = {
    **dict.fromkeys(("mon", "monday"), 0),
    **dict.fromkeys(("tue", "tues", "tuesday"), 1),
    **dict.fromkeys(("wed", "weds", "wednesday"), 2),
    **dict.fromkeys(("thu", "thur", "thurs", "thursday"), 3),
    **dict.fromkeys(("fri", "friday"), 4),
    **dict.fromkeys(("sat", "saturday"), 5),
    **dict.fromkeys(("sun", "sunday"), 6),
}
_NEARBY: Final = {"today": 0, "tomorrow": 1}
_CLOCKS: Final = {"noon": time(12), "midday": time(12), "midnight": time(23, 59)}
_COUNTED: Final = (
    *("two", "three", "four", "five", "six", "seven"),
    *("eight", "nine", "ten", "eleven", "twelve"),
)
_NUMBERS: Final = {
    **dict.fromkeys(("a", "an", "one"), 1.0),
    **{word: float(number) for number, word in enumerate(_COUNTED, start=2)},
}
_UNITS: Final = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    "bh": "working hour",
    "bd": "working day",
}
_WORKING: Final = ("business", "working", "work")


@dataclass(frozen=True)
class Exactly:
    at: datetime  # naive where no offset was said


@dataclass(frozen=True)
class Elapsed:
    length: timedelta


@dataclass(frozen=True)
class WorkingTime:
    length: timedelta


@dataclass(frozen=True)
class InDays:
    days: int


@dataclass(frozen=True)
class WorkingDays:
    days: int


@dataclass(frozen=True)
class Weekday:
    number: int  # 0 is Monday


Day: TypeAlias = Date | InDays | Weekday


@dataclass(frozen=True)
class NextTime:
    clock: time


@dataclass(frozen=True)
class OnDay:
    """A day, with a clock time or without; without one, `before` means that the day is too late."""

    day: Day
    clock: time | None = None
    before: bool = False


Meaning: TypeAlias = Exactly | Elapsed | WorkingTime | WorkingDays | NextTime | OnDay

_LENGTHS: Final[Mapping[str, Callable[[float], Meaning]]] = {
    "minute": lambda amount: Elapsed(timedelta(minutes=amount)),
    "hour": lambda amount: Elapsed(timedelta(hours=amount)),
    "working hour": lambda amount: WorkingTime(timedelta(hours=amount)),
}
_COUNTS: Final[Mapping[str, Callable[[int], Meaning]]] = {
    "day": lambda days: OnDay(InDays(days)),
    "week": lambda weeks: OnDay(InDays(7 * weeks)),
    "working day": WorkingDays,
}


def meaning_of(tokens: tuple[Token, ...]) -> Meaning | None:
    """The one meaning of all these tokens, or None."""
    for rule in (_instant, _length, _moment):
        phrase = _Phrase(tokens)
        meaning = rule(phrase)
        if meaning is not None and phrase.is_over():
            return meaning
    return None


def date_of(day: Day, today: date) -> date:
    """The date that a day is, seen from today; a weekday is the next such day after it."""
    match day:
        case Date(on):
            return on
        case InDays(days):
            return today + timedelta(days=days)
        case Weekday(number):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


class _Phrase:
    """The tokens, and how far they have been read."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._next = 0

    def is_over(self) -> bool:
        return self._next == len(self._tokens)

    def peek(self) -> Token | None:
        return None if self.is_over() else self._tokens[self._next]

    def take(self) -> Token | None:
        token = self.peek()
        self._next += token is not None
        return token

    def word(self, *words: str) -> str:
        """The next token, taken if it is one of these words or marks; else ""."""
        token = self.peek()
        if isinstance(token, Word | Mark) and token.text in words:
            self._next += 1
            return token.text
        return ""


def _instant(phrase: _Phrase) -> Exactly | None:
    phrase.word("by", "before", "on", "at", "until")
    token = phrase.take()
    return Exactly(token.at) if isinstance(token, Instant) else None


def _length(phrase: _Phrase) -> Meaning | None:
    phrase.word("in", "within", "+")
    amount = _amount(phrase)
    if amount is None or amount <= 0:
        return None
    working = phrase.word(*_WORKING)
    token = phrase.take()
    unit = _UNITS.get(token.text, "") if isinstance(token, Word) else ""
    return _so_long(amount, f"working {unit}" if working else unit)


def _so_long(amount: float, unit: str) -> Meaning | None:
    if unit in _LENGTHS:
        return _LENGTHS[unit](amount)
    if unit in _COUNTS and amount.is_integer():
        return _COUNTS[unit](int(amount))
    return None


def _amount(phrase: _Phrase) -> float | None:
    """A number, or the larger of a range."""
    first = _number(phrase)
    if first is None or not phrase.word("-", "to", "or"):
        return first
    second = _number(phrase)
    return None if second is None else max(first, second)


def _number(phrase: _Phrase) -> float | None:
    match phrase.take():
        case Number(value):
            return value
        case Word(text) if text in _NUMBERS:
            return _NUMBERS[text]
    return None


def _moment(phrase: _Phrase) -> NextTime | OnDay | None:
    day: Day | None = None
    clock: time | None = None
    before = False
    while not phrase.is_over():
        phrase.word(",")
        joined = phrase.word("by", "before", "until", "on", "at")
        part = _part(phrase)
        if isinstance(part, Clock) and clock is None and joined != "on":
            clock = part.at
        elif isinstance(part, Date | InDays | Weekday) and day is None and joined != "at":
            day, before = part, joined == "before"
        else:
            return None
    if day is not None:
        return OnDay(day, clock, before)
    return None if clock is None else NextTime(clock)


def _part(phrase: _Phrase) -> Clock | Day | None:
    token = phrase.take()
    match token:
        case Clock() | Date():
            return token
        case Word(text) if text in _CLOCKS:
            return Clock(_CLOCKS[text])
        case Word(text) if text in _NEARBY:
            return InDays(_NEARBY[text])
        case Word(text) if text in _WEEKDAYS:
            return Weekday(_WEEKDAYS[text])
    return None
