"""What customers answered when they were asked some time after a promise was kept.

An answer counts once, however many promises it is about: for the one that went worst, and so for
the day on which that was first due, its kind, its team and who kept it. Of a check-in the latest
answer counts, and none while two contradict each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from commitments.models import CheckInAnswer, CheckInItem, Commitment, RatedFigure
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.happened import Happened

from .kept import GROUPINGS
from .scope import Scope

By: TypeAlias = Literal["all", "happened", "team", "kind", "owner"]

ENOUGH: Final = 5  # answers, before anything is said of them
LABELS: Final = {
    Happened.ON_TIME: "Kept on time",
    Happened.MOVED: "Moved, told before",
    Happened.LATE_TOLD: "Late, told first",
    Happened.LATE_SILENT: "Late, in silence",
}


@dataclass(frozen=True, kw_only=True)
class Rated:
    """One group: `key` is what happened, or the id of a team, kind or person, or None.

    `asked` are check-ins that were sent, `counts` the answers of 1, 2, 3, 4 and 5.
    """

    key: int | str | None
    label: str
    asked: int
    counts: tuple[int, int, int, int, int]

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> float | None:
        total = sum(rating * count for rating, count in enumerate(self.counts, start=1))
        return total / self.answers if self.answers else None

    @property
    def share_4_5(self) -> float | None:
        return sum(self.counts[3:]) / self.answers if self.answers else None

    @property
    def response(self) -> float | None:
        """The share of those asked who answered."""
        return self.answers / self.asked if self.asked else None

    @property
    def is_too_few(self) -> bool:
        return self.answers < ENOUGH


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What somebody wrote to their rating, and the promise it counts for."""

    answer: CheckInAnswer
    commitment: Commitment

    @property
    def at(self) -> datetime:
        return self.answer.at


# Group, what it is called, the rating (0: no answer), how many.
Row: TypeAlias = tuple[int | str | None, str | None, int, int]


def ratings(scope: Scope, by: By = "all") -> tuple[Rated, ...]:
    """By what happened: the four, from the best to the worst, also where nobody was asked. Else
    each group in which somebody was asked, by name. One query.
    """
    within = (scope.period.since, scope.period.until)
    figures = RatedFigure.objects.filter(scope.chosen(), day__range=within).order_by()
    if by == "all":
        keyed = figures.values_list("rating").annotate(total=Sum("n"))
        return of_rows([(None, None, rating, n) for rating, n in keyed], by=by)
    if by == "happened":
        named = figures.annotate(group_key=F("happened"), group_label=F("happened"))
    else:
        group = GROUPINGS[by]
        named = figures.annotate(group_key=F(group.key), group_label=F(group.label))
    rows = named.values_list("group_key", "group_label", "rating").annotate(total=Sum("n"))
    return of_rows(rows, by=by)


def ratings_from_facts(scope: Scope, by: By = "all") -> tuple[Rated, ...]:
    """The same, counted from the answers themselves."""
    items = of_check_ins(scope.promises()).annotate(rating=RATING)
    if by == "all":
        keyed = items.values_list("rating").annotate(n=Count("pk"))
        return of_rows([(None, None, rating, n) for rating, n in keyed], by=by)
    if by == "happened":
        named = items.annotate(group_key=F("counts_as"), group_label=F("counts_as"))
    else:
        group = GROUPINGS[by]
        named = items.annotate(
            group_key=F(f"commitment__{group.key}"), group_label=F(f"commitment__{group.label}")
        )
    rows = named.values_list("group_key", "group_label", "rating").annotate(n=Count("pk"))
    return of_rows(rows, by=by)


def of_check_ins(promises: CommitmentQuerySet) -> QuerySet[CheckInItem]:
    """What customers were asked about and count for these promises."""
    sent = CheckInItem.objects.exclude(counts_as="").filter(check_in__sent_at__isnull=False)
    return sent.filter(commitment__in=promises.order_by()).order_by()


_holding = CheckInAnswer.objects.filter(confirmed=True)
RATING: Final = Coalesce(
    Subquery(_holding.filter(check_in=OuterRef("check_in")).order_by("-pk").values("rating")[:1]),
    0,
)


def of_rows(rows: Iterable[Row], *, by: By) -> tuple[Rated, ...]:
    counts: dict[int | str | None, list[int]] = defaultdict(lambda: [0] * 6)
    labels: dict[int | str | None, str] = {}
    for key, label, rating, n in rows:
        counts[key][rating] += n
        labels[key] = label or "Nobody"
    if by == "all":
        return (_rated(None, "All", counts[None]),)
    if by == "happened":
        return tuple(_rated(each.value, LABELS[each], counts[each.value]) for each in Happened)
    rated = [_rated(key, labels[key], of_key) for key, of_key in counts.items()]
    return tuple(sorted(rated, key=lambda each: (each.key is None, each.label.casefold())))


def _rated(key: int | str | None, label: str, of_key: list[int]) -> Rated:
    _, one, two, three, four, five = of_key
    return Rated(key=key, label=label, asked=sum(of_key), counts=(one, two, three, four, five))


def answers(scope: Scope, happened: str = "", rating: int | None = None) -> QuerySet[CheckInAnswer]:
    """Those that count, newest first; with how their promise had ended, and of one rating."""
    later = _holding.filter(check_in=OuterRef("check_in"), pk__gt=OuterRef("pk"))
    items = of_check_ins(scope.promises()).filter(check_in=OuterRef("check_in"))
    if happened:
        items = items.filter(counts_as=happened)
    counted = _holding.filter(~Exists(later), Exists(items)).order_by("-at", "-pk")
    return counted if rating is None else counted.filter(rating=rating)


def comments(
    scope: Scope, limit: int = 20, after: int | None = None, *, happened: str = ""
) -> tuple[Comment, ...]:
    """What customers wrote, first those who said that something is still open, then the newest.

    `after` is the id of the last answer of the page before; one that does not exist begins anew.
    At most three queries.
    """
    written = answers(scope, happened=happened).exclude(words="")
    last = CheckInAnswer.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        same = Q(still_open=last.still_open)
        older = same & (Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
        written = written.filter(older | Q(still_open=False) if last.still_open else older)
    page = list(written.order_by("-still_open", "-at", "-pk")[:limit])
    items = CheckInItem.objects.exclude(counts_as="").filter(
        check_in__in=[answer.check_in_id for answer in page]
    )
    people = items.select_related("commitment__customer", "commitment__owner", "commitment__kind")
    promises = {item.check_in_id: item.commitment for item in people}
    return tuple(Comment(answer=answer, commitment=promises[answer.check_in_id]) for answer in page)
