"""The steps of working time: which spans were worked, which days counted, and what lay between.

The end is known before the steps are told, so they cannot lead anywhere else. A short way is told
span by span. A longer one is told in fewer steps: breaks go into the day, nights into the week,
then weekends, and last of all holidays, until there are few enough to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from commitments.rules import laid_weeks
from commitments.rules.laid_weeks import LaidWeeks

from .chain import Chain, Step, What, Why, clocks_between, started

# At which grain a gap is told as part of the work around it, and how many steps each may take.
_GRAIN: Final = {Why.BREAK: 1, Why.NIGHT: 2, Why.CLOSED: 3, Why.HOLIDAY: 4}
_MOST_AT: Final = (12, 12, 20, 39, 39)
_NEVER: Final = len(_MOST_AT)


class Piece(NamedTuple):
    """A step while it can still be made one with its neighbours; in microseconds and ordinals."""

    begins: int
    ends: int
    on: int
    last_on: int
    why: Why = Why.NONE  # NONE: worked, or counted
    amount: int = 0
    days: int = 0


def worked(laid: LaidWeeks, begins: int, ends: int) -> Chain:
    """From an instant to the one at which the working time asked for has passed."""
    pieces = _told_in_few(_spans_and_gaps(laid, begins, ends))
    return _started(laid, begins), *(_worked_step(laid, piece) for piece in pieces)


def counted(laid: LaidWeeks, begins: int, last: Step) -> Chain:
    """From an instant over whole working days to the last, whose step is given."""
    ends = laid_weeks.micros_at(last.begins_at)
    pieces = _told_in_few(_whole_days(laid, begins, ends, last.on.toordinal()))
    steps, number = [_started(laid, begins)], 0
    for piece in pieces:
        number += piece.days
        what = What.SKIPPED if piece.why else What.COUNTED
        steps.append(_step(piece, what=what, days=piece.days, number=number if piece.days else 0))
    return *steps, last


def due_day(laid: LaidWeeks, on: int, *, begins: int, ends: int, days: int, zone: str = "") -> Step:
    """The day on which it is due, until it closes or until a clock on the wall of `zone`."""
    midnight = min(max(laid.midnight(on), begins), ends)
    return _step(
        Piece(midnight, ends, on, on),
        what=What.WALL if zone else What.CLOSING,
        days=min(days, 1),
        number=days,
        why=Why.NONE if zone else _unusual(laid, on),
        zone=zone,
    )


def _started(laid: LaidWeeks, begins: int) -> Step:
    return started(laid_weeks.instant(begins), zone=laid.zone.key)


# Working time -------------------------------------------------------------------------------------


def _spans_and_gaps(laid: LaidWeeks, begins: int, ends: int) -> Iterator[Piece]:
    """The spans between two instants, those that touch as one, and the gaps around them."""
    before, worked_on = begins, _day_before_any(laid, begins)
    for span in _touching_as_one(laid.spans(begins, ends)):
        if span.begins > before and span.on <= worked_on + 1:
            yield _pause(before, span.begins, worked_on, span.on)
        elif span.begins > before:
            yield from _gap(laid, before, span.begins, worked_on, span.on)
        yield span
        before, worked_on = span.ends, span.last_on
    if before < ends:
        yield from _gap(laid, before, ends, worked_on, laid.date_at(ends))


def _day_before_any(laid: LaidWeeks, begins: int) -> int:
    """The last date that need not be explained where nothing was worked yet."""
    on = laid.date_at(begins)
    if not laid.is_working(on):
        return on - 1
    has_opened = any(closes <= begins for _, closes in laid.spans_on(on))
    return on if has_opened else on - 1


def _touching_as_one(spans: Iterable[tuple[int, int, int]]) -> Iterator[Piece]:
    held: Piece | None = None
    for opens, closes, on in spans:
        if held is None or held.ends < opens:
            if held is not None:
                yield held
            held = Piece(opens, closes, on, on, amount=closes - opens, days=1)
        else:
            held = _as_one(held, Piece(opens, closes, on, on, amount=closes - opens, days=1))
    if held is not None:
        yield held


def _pause(begins: int, ends: int, after: int, before: int) -> Piece:
    """Closed time within a date, or between two that follow one another."""
    return Piece(begins, ends, after, before, Why.BREAK if after == before else Why.NIGHT)


def _gap(laid: LaidWeeks, begins: int, ends: int, after: int, before: int) -> Iterator[Piece]:
    """Closed time between two dates that have hours, split where its reason changes."""
    if before <= after + 1:
        yield _pause(begins, ends, after, before)
    else:
        yield from _runs(laid, range(after + 1, before), begins, ends, [])


# Working days -------------------------------------------------------------------------------------


def _whole_days(laid: LaidWeeks, begins: int, ends: int, due_on: int) -> Iterator[Piece]:
    """The dates from that of an instant to the one on which it is due, which is left out."""
    first = laid.date_at(begins)
    if begins < ends:
        yield from _runs(laid, range(first, due_on), begins, ends, [first])


def _runs(
    laid: LaidWeeks, dates: Sequence[int], begins: int, ends: int, same_day: Sequence[int]
) -> Iterator[Piece]:
    """Dates that follow one another for the same reason, as pieces that fill the time given."""

    def why(on: int) -> Why:
        if laid.is_working(on):
            return Why.SAME_DAY if on in same_day else Why.NONE
        return _why_closed(laid, on)

    runs = [(reason, list(run)) for reason, run in groupby(dates, why)]
    edges = [laid.midnight(run[0]) for _, run in runs[1:]] + [ends]
    for (reason, run), edge in zip(runs, edges, strict=True):
        until = min(max(edge, begins), ends)
        if until > begins:  # a date that the clocks skip has no time to pass
            days = 0 if reason else len(run)
            yield Piece(begins, until, run[0], run[-1], reason, days=days)
        begins = until


def _why_closed(laid: LaidWeeks, on: int) -> Why:
    return Why.HOLIDAY if laid.usual_on(on) and laid.has_exception(on) else Why.CLOSED


def _unusual(laid: LaidWeeks, on: int) -> Why:
    return Why.OTHER_HOURS if laid.has_exception(on) else Why.NONE


# Telling it in few steps --------------------------------------------------------------------------


def _told_in_few(told: Iterable[Piece]) -> list[Piece]:
    pieces = list(told)
    saved = _saved(pieces)
    for grain, most in enumerate(_MOST_AT):
        if len(pieces) - sum(saved[: grain + 1]) <= most:
            return pieces if grain == 0 else list(_merged(pieces, grain))
    return list(_closed_as_one(_merged(pieces, len(_MOST_AT) - 1)))


def _saved(pieces: Iterable[Piece]) -> list[int]:
    """How many pieces fewer there are at each grain than at the one before it."""
    saved, gap, grain, has_worked = [0] * len(_MOST_AT), 0, 0, False
    for piece in pieces:
        if piece.why:
            gap, grain = gap + 1, max(grain, _GRAIN.get(piece.why, 0))
            continue
        if gap and has_worked:
            saved[grain] += gap + 1
        gap, grain, has_worked = 0, 0, True
    return saved


def _closed_as_one(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for is_closed, run in groupby(pieces, lambda piece: bool(piece.why)):
        first, *rest = run
        last = rest[-1] if rest else first
        if is_closed and rest:
            yield Piece(first.begins, last.ends, first.on, last.last_on, Why.CLOSED)
        else:
            yield from (first, *rest)


def _merged(pieces: Iterable[Piece], grain: int) -> Iterator[Piece]:
    """Work goes on through gaps that are told as part of it."""
    held: Piece | None = None
    gap: list[Piece] = []
    is_part = True
    for piece in pieces:
        if piece.why:
            gap.append(piece)
            is_part = is_part and _GRAIN.get(piece.why, _NEVER) <= grain
            continue
        if held is not None and is_part:
            held = _as_one(held, piece)
        else:
            yield from ([held] if held else []) + gap
            held = piece
        gap, is_part = [], True
    yield from ([held] if held else []) + gap


def _as_one(one: Piece, other: Piece) -> Piece:
    days = one.days + other.days - (one.last_on == other.on)
    amount = one.amount + other.amount
    return Piece(one.begins, other.ends, one.on, other.last_on, Why.NONE, amount, days)


def _worked_step(laid: LaidWeeks, piece: Piece) -> Step:
    if piece.why:
        return _step(piece, what=What.SKIPPED)
    step = _step(piece, what=What.WORKED, amount=piece.amount, days=piece.days)
    zone, clocks = laid.zone.key, timedelta()
    if piece.amount == piece.ends - piece.begins:  # else they may have changed while it was closed
        clocks = clocks_between(step.begins_at, step.ends_at, zone=zone)
    why = _unusual(laid, piece.on) if piece.days == 1 else Why.NONE
    return replace(step, why=why, clocks=clocks)


def _step(
    piece: Piece,
    *,
    what: What,
    amount: int = 0,
    days: int = 0,
    number: int = 0,
    why: Why | None = None,
    zone: str = "",
) -> Step:
    return Step(
        what=what,
        begins_at=laid_weeks.instant(piece.begins),
        ends_at=laid_weeks.instant(piece.ends),
        on=date.fromordinal(piece.on),
        last_on=date.fromordinal(piece.last_on) if piece.last_on != piece.on else None,
        amount=timedelta(microseconds=amount),
        days=days,
        number=number,
        why=piece.why if why is None else why,
        zone=zone,
    )
