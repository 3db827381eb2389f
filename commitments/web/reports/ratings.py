"""What customers say when they are asked: by what happened to them, and in their own words.

Everything counts replies: of each check-in the latest that is not in doubt. Fewer than five show no
average. What somebody calls still open stands first, because it waits for us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Literal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from commitments.models import CheckInAnswer, CheckInItem, Commitment
from commitments.reports import opening, ratings
from commitments.reports.ratings import Rated
from commitments.reports.scope import Scope
from commitments.rules import ratings as scale
from commitments.rules.happened import Happened
from commitments.web.doors import StaffRequest

from . import figures, frame, happened, leads, said
from .bars import Bar, Bars, Cell, Part
from .parts import worked_out

_PAGE: Final = 10
_BEST: Final = 5
_OPEN: Final = Q(still_open=True)
_SAYING: Final = ~Q(words="") | _OPEN
_TONES: Final = {5: "kept", 4: "kept", 3: "quiet", 2: "soon", 1: "soon"}
_COLUMNS: Final = ("Average", "4 or 5", "Replies", "Asked")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer, with the promises it is about as far as the reader may see them."""

    answer: CheckInAnswer
    rating: str
    promises: Sequence[Commitment]


def find(request: StaffRequest, scope: Scope, *, now: datetime) -> dict[str, object]:
    rows = worked_out(partial(ratings.ratings, scope, by="happened"), called="ratings")
    whole = _whole(rows) if rows else None
    chosen = _chosen(request)
    listed = _page(scope, chosen, request.GET.get("page"))
    by: Literal["team", "kind"] = "team" if len(scope.teams) > 1 else "kind"
    return {
        "whole": whole,
        "opening": opening.of_ratings(whole) if whole else "",
        "average": _average(whole) if whole else "",
        "best": said.TOO_FEW if whole is None or whole.is_too_few else said.share(whole.share_4_5),
        "response": said.share(whole.response) if whole else "",
        "open_count": listed.open_count,
        "happened": None if rows is None else happened.chart(rows, scope),
        "felt": whole and _felt(whole, scope),
        "groups": worked_out(partial(_by, scope, by), called=f"ratings by {by}"),
        "chosen": chosen,
        "title": _title(chosen, listed.page.paginator.count, rows or ()),
        "everything": leads.report("ratings", scope, at="answers"),
        "still_open": leads.report("ratings", scope, at="answers", open="yes"),
        "page": listed.page,
        "replies": [_reply(answer) for answer in listed.page],
        "asked": leads.report("ratings", scope, **chosen.named).partition("?")[2],
    }


show = frame.report("web:ratings", "ratings.html")(find)
csv = figures.csv(
    "web:ratings", find, happened="By what happened", felt="How they felt", groups="By team or kind"
)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which of the replies are listed; without any choice, those that say something."""

    happened: str = ""
    rating: int | None = None
    is_open: bool = False

    @property
    def named(self) -> dict[str, str]:
        """As they stand in an address."""
        named = {
            "happened": self.happened,
            "rating": str(self.rating or ""),
            "open": "yes" if self.is_open else "",
        }
        return {name: value for name, value in named.items() if value}

    @property
    def is_any(self) -> bool:
        return bool(self.named)


def _chosen(request: StaffRequest) -> Chosen:
    """What there is not is not found, like a colleague whom one may not see."""
    what = request.GET.get("happened", "")
    rating = request.GET.get("rating", "")
    if (what and what not in set(Happened)) or (rating and rating not in {*"12345"}):
        raise Http404("Nobody can have said that.")
    return Chosen(
        happened=what,
        rating=int(rating) if rating else None,
        is_open=request.GET.get("open", "") == "yes",
    )


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page of the replies; and how many of all say that something is still open."""

    page: Page[CheckInAnswer]
    open_count: int


class _Counted(Paginator[CheckInAnswer]):
    """Of which it is known how many there are."""

    def __init__(self, found: QuerySet[CheckInAnswer], *, count: int) -> None:
        super().__init__(found, _PAGE)
        self._count = count

    @property
    def count(self) -> int:
        return self._count


def _page(scope: Scope, chosen: Chosen, page: str | None) -> Listed:
    """What says something, unless something else was chosen; two queries, three if it was."""
    everything = ratings.answers(scope)
    counts = everything.order_by().aggregate(
        saying=Count("pk", filter=_SAYING), is_open=Count("pk", filter=_OPEN)
    )
    if chosen.happened or chosen.rating:
        found = ratings.answers(scope, happened=chosen.happened, rating=chosen.rating)
        found = found.filter(_OPEN) if chosen.is_open else found
        pages: Paginator[CheckInAnswer] = Paginator(_read(found, scope), _PAGE)
    elif chosen.is_open:
        pages = _Counted(_read(everything.filter(_OPEN), scope), count=counts["is_open"])
    else:
        pages = _Counted(_read(everything.filter(_SAYING), scope), count=counts["saying"])
    return Listed(page=pages.get_page(page), open_count=counts["is_open"])


def _read(found: QuerySet[CheckInAnswer], scope: Scope) -> QuerySet[CheckInAnswer]:
    """What is still open first; each with those of its promises that the reader may see."""
    theirs = CheckInItem.objects.filter(commitment__in=scope.whenever()).order_by("pk")
    about = Prefetch(
        "check_in__items", queryset=theirs.select_related("commitment"), to_attr="seen"
    )
    read = found.select_related("check_in__customer").prefetch_related(about)
    return read.order_by("-still_open", "-at", "-pk")


def _reply(answer: CheckInAnswer) -> Reply:
    items: Sequence[CheckInItem] = answer.check_in.seen  # type: ignore[attr-defined]  # prefetched
    return Reply(
        answer=answer,
        rating=scale.IN_WORDS[answer.rating],
        promises=[item.commitment for item in items],
    )


def _title(chosen: Chosen, count: int, rows: Sequence[Rated]) -> str:
    """`19 replies: late, in silence`."""
    if not chosen.is_any:
        return "What they said"
    labels = [row.label for row in rows if row.key == chosen.happened]
    parts = [label[:1].lower() + label[1:] for label in labels]
    if chosen.rating:
        parts.append(f"{chosen.rating} of 5")
    if chosen.is_open:
        parts.append("something is still open")
    return f"{said.count(count, 'reply', 'replies')}: {', '.join(parts)}"


def _whole(rows: Sequence[Rated]) -> Rated:
    """All together: each reply stands in one of the rows."""
    one, two, three, four, five = (
        sum(counts) for counts in zip(*(row.counts for row in rows), strict=True)
    )
    asked = sum(row.asked for row in rows)
    return Rated(key=None, label="All", asked=asked, counts=(one, two, three, four, five))


def _average(rated: Rated) -> str:
    hidden = rated.is_too_few or rated.average is None
    return said.TOO_FEW if hidden else f"{rated.average:.1f}"


def _felt(whole: Rated, scope: Scope) -> Bars:
    bars = []
    for rating in range(_BEST, 0, -1):
        many = whole.counts[rating - 1]
        url = leads.report("ratings", scope, at="answers", rating=rating) if many else ""
        words = scale.IN_WORDS[rating]
        bars.append(
            Bar(
                label=words[:1].upper() + words[1:],
                parts=[Part(tone=_TONES[rating], size=many)],
                value=f"{many:,}",
                note=said.share(many / whole.answers) if whole.answers else "",
                said="replies. Show them" if many else "replies",
                url=url,
                cells=[Cell(words=f"{many:,}", url=url)],
            )
        )
    return Bars(
        title="How they feel about it",
        counted="All replies, from very happy to very unhappy. Choose a bar to read them.",
        head="Answer",
        columns=("Replies",),
        bars=bars,
        style="rates",
        empty="Nobody has replied about these days yet.",
    )


def _by(scope: Scope, by: Literal["team", "kind"]) -> Bars:
    rows = ratings.ratings(scope, by=by)
    return Bars(
        title=f"By {by}",
        counted="Average out of 5. Beside the bars: the average, and of how many replies.",
        head=by.capitalize(),
        columns=_COLUMNS,
        bars=[_group(row, scope, by=by) for row in rows],
        whole=_BEST,
        style="rates",
        empty="Nobody has replied about these days yet.",
    )


def _group(row: Rated, scope: Scope, *, by: str) -> Bar:
    url = leads.report("ratings", scope, at="answers", **{by: row.key}) if row.answers else ""
    best = said.TOO_FEW if row.is_too_few else said.share(row.share_4_5)
    return Bar(
        label=row.label,
        parts=[] if row.is_too_few else [Part(tone="kept", size=row.average or 0)],
        value="Too few" if row.is_too_few else _average(row),
        note=f"{row.answers:,}",
        said="replies. Read them" if row.answers else "replies",
        url=url,
        cells=[
            Cell(words=_average(row)),
            Cell(words=best),
            Cell(words=f"{row.answers:,}", url=url),
            Cell(words=f"{row.asked:,}"),
        ],
    )
