"""Why promises break: by cause, by weekday and hour, and by how often they changed hands.

These are the promises that count against the kept rate: late, not kept, or overdue. A cause names
what happened to the work, never who is to blame.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.urls import reverse

from commitments.reports import breaks, opening
from commitments.reports.breaks import Broke
from commitments.reports.scope import Scope
from commitments.web import doors
from commitments.web.doors import StaffRequest
from commitments.web.reviews import access

from . import figures, frame, heat, leads, said
from .bars import Bar, Bars, Cell, Part
from .heat import Heat
from .parts import worked_out

_MOST: Final = 0.3  # of what is explained, before a cause is named in the title
_ENOUGH: Final = 10  # explained, before anything is


def find(request: StaffRequest, scope: Scope, *, now: datetime) -> dict[str, object]:
    found = worked_out(partial(breaks.causes, scope), called="causes")
    leads_some = bool(doors.led_by(request.user))
    return {
        "opening": "" if found is None else opening.of_causes(found),
        "is_empty": found == (),
        "reads_reviews": access.reads_some(request.user),
        "review_url": _review_of(found, scope) if leads_some else "",
        "causes": None if found is None else _causes(found, scope, reviews=leads_some),
        "times": worked_out(partial(_times, scope), called="breaches by hour"),
        "hands": worked_out(partial(_hands, scope), called="hand-offs"),
    }


show = frame.report("web:causes", "causes.html")(find)
csv = figures.csv("web:causes", find, causes="Causes", times="When they broke", hands="Handed on")


def _review_of(found: Sequence[Broke] | None, scope: Scope) -> str:
    """Begins a review of what broke for the most frequent cause that was named."""
    most = next((each for each in found or () if each.cause), None)
    return f"{reverse('web:new_review')}?{scope.query(cause=most.cause)}" if most else ""


def _causes(found: Sequence[Broke], scope: Scope, *, reviews: bool) -> Bars:
    return Bars(
        title=_title(found),
        counted="Promises, and how many customers they were made to. Choose a bar to see them.",
        head="Cause",
        columns=("Promises", "Customers", *(["Look into it"] * reviews)),
        bars=[_cause(each, scope, reviews=reviews) for each in found],
        style="causes",
        empty=opening.NOTHING_BROKE,
    )


def _title(found: Sequence[Broke]) -> str:
    """Names the most frequent cause where it stands out among what was explained."""
    explained = [each for each in found if each.cause]
    whole = sum(each.promises for each in explained)
    if whole < _ENOUGH:
        return "Why they broke"
    first, *others = sorted(explained, key=lambda each: -each.promises)
    is_alone = not others or others[0].promises < first.promises
    if is_alone and first.promises >= _MOST * whole:
        return f"Most often: {first.label[:1].lower()}{first.label[1:]}"
    return "No cause stands out"


def _cause(each: Broke, scope: Scope, *, reviews: bool) -> Bar:
    url = leads.counted(scope, "broke", cause=each.cause or "none")
    return Bar(
        label=each.label,
        parts=[Part(tone="soon" if each.cause else "quiet", size=each.promises)],
        value=f"{each.promises:,}",
        note=said.count(each.customers, "customer"),
        said="Show the promises",
        url=url,
        cells=[
            Cell(words=f"{each.promises:,}", url=url),
            Cell(words=f"{each.customers:,}"),
            *([_review(each, scope)] * reviews),
        ],
    )


def _review(each: Broke, scope: Scope) -> Cell:
    """A review of these promises is begun; of what has no cause yet, the cause comes first."""
    if not each.cause:
        return Cell(words="", is_a_way=True)
    url = leads.report("new_review", scope, cause=each.cause)
    return Cell(words="Begin a review", url=url, is_a_way=True)


def _times(scope: Scope) -> Heat:
    counts = breaks.heat(scope)
    return heat.heat_of(
        counts,
        key="times",
        title=_when(counts),
        text="By the weekday and the hour of the due time they let pass, on your clock.",
        url=lambda weekday, hour: leads.counted(scope, "broke", weekday=weekday, hour=hour),
        day_url=lambda weekday: leads.counted(scope, "broke", weekday=weekday),
    )


def _when(counts: Sequence[Sequence[int]]) -> str:
    """Names the weekday on which a third or more of them broke."""
    days = [sum(day) for day in counts]
    whole, most = sum(days), max(days)
    if whole >= _ENOUGH and days.count(most) == 1 and 3 * most >= whole:
        return f"{heat.DAYS[days.index(most)]}s break most of them"
    return "When they broke"


def _hands(scope: Scope) -> Bars:
    found = breaks.hand_offs(scope)
    whole = sum(each.promises for each in found)
    handed = sum(each.promises for each in found if each.times)
    return Bars(
        title=_handed(handed, whole),
        counted="Promises that broke, by how often they were handed on.",
        head="Handed on",
        columns=("Promises",),
        bars=[
            Bar(
                label=each.label,
                parts=[Part(tone="wait" if each.times else "quiet", size=each.promises)],
                value=f"{each.promises:,}",
                said="Show them" if each.promises else "",
                url=leads.counted(scope, "broke", times=each.times) if each.promises else "",
                cells=[_cell(scope, each.times, each.promises)],
            )
            for each in found
        ],
        style="causes",
        empty=opening.NOTHING_BROKE,
    )


def _handed(handed: int, whole: int) -> str:
    if whole < _ENOUGH:
        return "Hand-offs"
    if not handed:
        return "None of them had changed hands"
    return f"{said.share(handed / whole)} of them had changed hands"


def _cell(scope: Scope, times: int, promises: int) -> Cell:
    url = leads.counted(scope, "broke", times=times) if promises else ""
    return Cell(words=f"{promises:,}", url=url)
