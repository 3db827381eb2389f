"""What customers say, by what happened to their promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commitments.reports.ratings import Rated
from commitments.reports.scope import Scope

from . import leads, said
from .bars import Bar, Bars, Cell, Part

TITLE: Final = "Rating by what happened"
_TELLING: Final = "Being told matters as much as being on time"
_TONES: Final = {"on_time": "kept", "moved": "wait", "late_told": "soon", "late_silent": "late"}
_BEST: Final = 5
_BY: Final = 0.5  # so much better told than in silence
_ENOUGH: Final = 10  # answers of each


def chart(rated: Sequence[Rated], scope: Scope) -> Bars:
    return Bars(
        title=_title(rated),
        counted="Average rating out of 5 and number of replies.",
        head="What happened",
        columns=("Average", "Replies"),
        bars=[_bar(each, scope) for each in rated],
        whole=_BEST,
        empty="Nobody has answered a check-in of these days yet.",
        style="rates",
    )


def _title(rated: Sequence[Rated]) -> str:
    """It takes enough answers on both sides to say that telling matters."""
    known = {each.key: each for each in rated if each.answers >= _ENOUGH}
    told, silent = known.get("late_told"), known.get("late_silent")
    if told is None or silent is None:
        return TITLE
    return _TELLING if (told.average or 0) - (silent.average or 0) >= _BY else TITLE


def average(rated: Sequence[Rated]) -> float | None:
    """Of all their answers together."""
    answers = sum(each.answers for each in rated)
    total = sum(rating * many for each in rated for rating, many in enumerate(each.counts, start=1))
    return total / answers if answers else None


def _bar(rated: Rated, scope: Scope) -> Bar:
    url = leads.report("ratings", scope, happened=rated.key, at="answers")
    tone = _TONES.get(str(rated.key), "quiet")
    shown = None if rated.is_too_few else rated.average
    words = f"{shown:.1f}" if shown is not None else said.TOO_FEW
    return Bar(
        label=rated.label,
        parts=[Part(tone=tone, size=shown or 0)],
        value="Too few" if shown is None else words,
        note=f"{rated.answers:,}",
        said="reply" if rated.answers == 1 else "replies",
        url=url,
        cells=(Cell(words=words), Cell(words=f"{rated.answers:,}", url=url)),
    )
