"""A ladder in plain sentences: one for each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from . import audiences, saying
from .ladder import Basis, Ladder, Step

_DAY: Final = 24 * 3600
_NOBODY_NAMED: Final[Mapping[str, str]] = {}
_REMINDED: Final = frozenset({"owner", "deputy"})


def summary(ladder: Ladder, names: Mapping[str, str] = _NOBODY_NAMED) -> list[str]:
    """`2 working hours before it is due, the owner is reminded.`

    `names` says what the persons and webhooks of its audiences are called, by their tokens.
    """
    return [sentence(step, names) for step in ladder]


def sentence(step: Step, names: Mapping[str, str] = _NOBODY_NAMED) -> str:
    """One step: when, to whom, and what else it does."""
    said = [f"{saying.sentence_case(moment(step))}, {told(step, names)}."]
    if step.words:
        said.append(f"The customer reads: “{step.words}”")
    if step.hands_to:
        said.append(f"The promise is handed to {audiences.say(step.hands_to, names)}.")
    if again := said_again(step):
        said.append(f"It is {again}.")
    if step.pierces_quiet:
        said.append("It is sent in quiet hours too.")
    return " ".join(said)


def said_again(step: Step) -> str:
    """`said again every 2 working hours, at most 3 times`, or nothing."""
    if not step.repeat_every or not step.repeat_cap:
        return ""
    every = _length(step.basis, step.repeat_every)
    times = "once more" if step.repeat_cap == 1 else f"at most {step.repeat_cap} times"
    return f"said again every {every}, {times}"


def moment(step: Step) -> str:
    """`2 working hours before it is due`, `when it is due`, `when 75 % of the time is over`."""
    if step.basis is Basis.PERCENT:
        return f"when {step.offset} % of the time given is over"
    if step.offset == 0:
        return "when it is due"
    side = "before it is due" if step.offset < 0 else "after it was due"
    amount = abs(step.offset)
    if step.basis is Basis.WORKING_DAYS:
        return f"{_counted(amount, 'working day')} {side}"
    return f"{_length(step.basis, amount)} {side}"


def told(step: Step, names: Mapping[str, str] = _NOBODY_NAMED) -> str:
    """Who is reminded, who is asked to help, and that the customer gets a note."""
    meant = [(each, [audiences.say(each, names)]) for each in step.audience]
    said = said_of(meant, is_before_due=step.is_before_due, customer="the customer")
    return said or "nobody is told"


def said_of(
    meant: Iterable[tuple[str, Sequence[str]]], *, is_before_due: bool, customer: str
) -> str:
    """`Ana is reminded, and Tom gets an automatic note`, from each audience and who is in it.

    Every page says a step in these words, and they are those of the message that it sends: before
    the time a reminder; after it a reminder to those who keep the promise, and a question for help
    to all others. Empty where nobody is meant.
    """
    by_deed: dict[str, list[str]] = {"reminded": [], "asked to help": [], "told": [], "noted": []}
    for audience, people in meant:
        named = [customer] if audience == "customer" else people
        by_deed[_deed(audience, is_before_due=is_before_due)] += named
    is_customer_told = bool(by_deed.pop("noted"))
    clauses = [_clause(people, deed) for deed, people in by_deed.items() if people]
    clauses += [f"{customer} gets an automatic note"] * is_customer_told
    return _and(clauses, joint=", and ")


def _length(basis: Basis, seconds: int) -> str:
    """`2 working hours`, `1 hour and 30 minutes`; a percentage repeats in working time."""
    if basis is Basis.ELAPSED and seconds % _DAY == 0:
        return _counted(seconds // _DAY, "day")
    word = "" if basis is Basis.ELAPSED else "working "
    hours, minutes = divmod(seconds // 60, 60)
    parts = [_counted(hours, f"{word}hour")] * bool(hours)
    parts += [_counted(minutes, f"{'' if hours else word}minute")] * bool(minutes)
    return " and ".join(parts) or f"{seconds} seconds"


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _deed(audience: str, *, is_before_due: bool) -> str:
    if audience == "customer":
        return "noted"
    if audience.startswith("webhook:"):
        return "told"
    return "reminded" if is_before_due or audience in _REMINDED else "asked to help"


def _clause(people: Sequence[str], deed: str) -> str:
    each = list(dict.fromkeys(people))  # one person may be meant twice
    return f"{_and(each)} {'is' if len(each) == 1 else 'are'} {deed}"


def _and(parts: Sequence[str], *, joint: str = " and ") -> str:
    *first, last = parts or [""]
    return f"{', '.join(first)}{joint}{last}" if first else last
