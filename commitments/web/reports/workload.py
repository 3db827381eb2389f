"""Who has how much on their hands, and who could use one: open now, and due on the days ahead.

People stand in the order of their load, which says nothing about how well they keep promises. How
many conversations were difficult is for each of them and for their managers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from commitments.reports import opening, workload
from commitments.reports.scope import Scope
from commitments.reports.workload import Move, Workload
from commitments.rules import saying
from commitments.web import doors, once
from commitments.web.doors import StaffRequest

from . import figures, frame, leads, said
from .bars import Bar, Bars, Cell, Key, Part
from .parts import worked_out

# As they are coloured, called, and named in an address of the list. Red is overdue alone.
OPEN: Final = {
    "overdue": ("late", "Overdue"),
    "today": ("soon", "Due today"),
    "upcoming": ("quiet", "Later"),
}
NOBODY: Final = "Without an owner"


@dataclass(frozen=True, kw_only=True)
class Day:
    """One of the days ahead: what is due, what fits, and how many are at work."""

    on: date
    due: int
    fits: int
    at_work: int


@dataclass(frozen=True, kw_only=True)
class Square:
    """What somebody has due on a day, beside what fits into it."""

    words: str
    url: str
    is_too_much: bool


@dataclass(frozen=True, kw_only=True)
class Person:
    """A row of the table. `difficult` is None where the reader may not see it."""

    name: str
    url: str
    open: int
    squares: Sequence[Square]
    difficult: int | None
    difficult_url: str


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """A promise that could change hands, with the key of its one click."""

    move: Move
    once: str
    is_far: bool  # the giver is not at work on that day


def find(request: StaffRequest, scope: Scope, *, now: datetime) -> dict[str, object]:
    look = worked_out(partial(workload.look, scope, now), called="workload")
    people = look.people() if look else ()
    shown = [each for each in people if each.open or each.person]
    return {
        "opening": opening.of_workload(shown, is_own=scope.is_own) if look else "",
        "is_known": look is not None,
        "fresh": now,  # all of it is read live
        "loads": look and _loads(shown, scope),
        "ahead": look and _ahead(_days(look, shown), scope, now=now),
        "days": [f"{on:%a} {on.day}" for on in look.days] if look else [],
        "people": [_person(each, scope, now=now) for each in shown],
        "sees_difficult": any(each.difficult is not None for each in shown),
        "moves": [_suggested(move) for move in look.moves()] if look else [],
        "acts": request.user.is_superuser or bool(doors.teams_of(request.user, acting=True)),
        "is_of_one_kind": scope.kind is not None,
    }


show = frame.report("web:workload", "workload.html")(find)
csv = figures.csv("web:workload", find, loads="Open", ahead="Days ahead")


def _loads(people: Sequence[Workload], scope: Scope) -> Bars:
    return Bars(
        title="Open now" if scope.is_own else "Who could use a hand",
        counted="Open promises, whoever has most ahead first. Choose a bar to see them.",
        head="Person",
        columns=(*(words for _, words in OPEN.values()), "Open"),
        bars=[_load(each, scope) for each in people],
        legend=[Key(tone=tone, words=words) for tone, words in OPEN.values()],
        empty="Nothing is open.",
    )


def _load(each: Workload, scope: Scope) -> Bar:
    counts = {
        "overdue": each.overdue,
        "today": each.today,
        "upcoming": each.open - each.overdue - each.today,
    }
    aloud = ", ".join(f"{many} {OPEN[name][1].lower()}" for name, many in counts.items())
    return Bar(
        label=_name(each),
        parts=[Part(tone=OPEN[name][0], size=many) for name, many in counts.items()],
        value=f"{each.open:,}",
        said=f"open: {aloud}. Show them",
        url=_listed(each, scope, state="open") if each.open else "",
        cells=[
            *(
                Cell(words=f"{many:,}", url=_listed(each, scope, state=name) if many else "")
                for name, many in counts.items()
            ),
            Cell(
                words=f"{each.open:,}",
                url=_listed(each, scope, state="open") if each.open else "",
            ),
        ],
    )


def _days(look: workload.Look, people: Sequence[Workload]) -> list[Day]:
    """All of them together: due on each day, against what fits for those who are at work then."""
    found = []
    for at, on in enumerate(look.days):
        here = [each for each in people if each.person and each.on_shift[at]]
        found.append(
            Day(
                on=on,
                due=sum(each.due[at] for each in people),
                fits=sum(each.capacity for each in here),
                at_work=len(here),
            )
        )
    return found


def _ahead(days: Sequence[Day], scope: Scope, *, now: datetime) -> Bars:
    return Bars(
        title=_fullest(days),
        counted="Due on the next five working days. The line is what fits for those at work.",
        head="Day",
        columns=("Due", "Fits", "At work"),
        bars=[_day(each, scope, now=now) for each in days],
        legend=[
            Key(tone="quiet", words="Fits into the day"),
            Key(tone="soon", words="More than fits"),
        ],
        style="ahead",
        empty="Nothing is due on the next five working days.",
    )


def _day(each: Day, scope: Scope, *, now: datetime) -> Bar:
    url = _on_day(each.on, scope, now=now) if each.due else ""
    return Bar(
        label=f"{each.on:%a} {each.on.day} {each.on:%b}",
        parts=[
            Part(tone="quiet", size=min(each.due, each.fits)),
            Part(tone="soon", size=max(each.due - each.fits, 0)),
        ],
        value=f"{each.due:,}",
        note=f"{each.fits:,} fit",
        said=f"due, {said.count(each.at_work, 'person', 'people')} at work",
        url=url,
        mark=each.fits or None,
        cells=[
            Cell(words=f"{each.due:,}", url=url),
            Cell(words=f"{each.fits:,}"),
            Cell(words=f"{each.at_work:,}"),
        ],
    )


def _fullest(days: Sequence[Day]) -> str:
    over = [each.on for each in days if each.due > each.fits]
    if not over:
        return "Each of the days ahead has room"
    if len(over) == 1:
        return f"{over[0]:%A} holds more than fits"
    return f"{saying.sentence_case(saying.say_count(len(over), 'day'))} hold more than fits"


def _person(each: Workload, scope: Scope, *, now: datetime) -> Person:
    return Person(
        name=_name(each),
        url=_listed(each, scope, state="open"),
        open=each.open,
        squares=[_square(each, at, scope, now=now) for at in range(len(each.days))],
        difficult=each.difficult,
        difficult_url=_difficult(each, scope) if each.difficult else "",
    )


def _square(each: Workload, at: int, scope: Scope, *, now: datetime) -> Square:
    due, on = each.due[at], each.days[at]
    beside = f"of {each.capacity}" if each.on_shift[at] else "off"
    return Square(
        words=f"{due} {beside}" if each.person and (due or each.capacity) else f"{due}",
        url=_on_day(on, scope, now=now, of=each) if due else "",
        is_too_much=each.too_much[at],
    )


def _name(each: Workload) -> str:
    return str(each.person) if each.person else NOBODY


def _listed(each: Workload, scope: Scope, **asked: object) -> str:
    if each.person is None:
        return leads.counted(scope, "unowned", **asked)
    return leads.counted(scope, "watched", owner=each.person.pk, **asked)


def _on_day(on: date, scope: Scope, *, now: datetime, of: Workload | None = None) -> str:
    """The list of what is due on that day: of somebody, or of everybody."""
    asked: dict[str, object] = {"state": "open", "first": on, "last": on}
    if on == said.today(now, zone=scope.viewer.zone):
        asked = {"state": "today"}  # what is overdue since this morning stands apart
    return _listed(of, scope, **asked) if of else leads.counted(scope, "watched", **asked)


def _difficult(each: Workload, scope: Scope) -> str:
    """What was promised in them: of every kind, and whoever keeps it by now."""
    agent = each.person.pk if each.person else ""
    return leads.counted(scope, "difficult", agent=agent, owner="", kind="")


def _suggested(move: Move) -> Suggested:
    return Suggested(move=move, once=once.new_key(), is_far=move.is_away)
