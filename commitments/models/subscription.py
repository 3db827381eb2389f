"""What a program asked to be told of: which kinds of happenings, in which teams."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db import models
from django.db.models import Exists, Q

from .people import Team

EVERYTHING: Final = "*"
"""In place of kinds: all there are, and those of later versions, too."""

REMEMBERED: Final = timedelta(days=7)
"""For so long what happens is kept for a program that is switched off, to be sent when asked."""

_COLUMNS = (
    *("endpoint", "endpoint__name", "endpoint__disabled_at", "kinds", "every_team"),
    "teams",
)


@dataclass(frozen=True, kw_only=True)
class Hearer:
    """A program, and what it is told of. `teams` None: of all of them."""

    endpoint_id: int
    name: str
    is_on: bool
    kinds: frozenset[str]
    teams: frozenset[int] | None

    def hears(self, kind: str, *, teams: Collection[int]) -> bool:
        """Whether it is told of such an event in one of these teams."""
        is_asked_for = EVERYTHING in self.kinds or kind in self.kinds
        return is_asked_for and (self.teams is None or not self.teams.isdisjoint(teams))


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def hearers(self, now: datetime) -> Sequence[Hearer]:
        """Every program that is told of something, those just switched off too; one query."""
        is_heard = Q(endpoint__disabled_at=None) | Q(endpoint__disabled_at__gt=now - REMEMBERED)
        rows = self.filter(is_heard).order_by("endpoint").values_list(*_COLUMNS)
        return list(_hearers(rows))


class Subscription(models.Model):
    """Of one program. Where there is none, it hears only of the steps of ladders that name it."""

    endpoint = models.OneToOneField(
        "notifications.Endpoint", models.CASCADE, related_name="subscription"
    )
    kinds = models.JSONField()  # of EventKind, or EVERYTHING
    every_team = models.BooleanField()
    teams = models.ManyToManyField(Team, related_name="+", blank=True)

    objects = SubscriptionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.endpoint_id}: {', '.join(self.kinds)}"


def some() -> Exists:
    """Within a query of others': whether any program is told of anything."""
    return Exists(Subscription.objects.all())


def _hearers(rows: Iterable[tuple[Any, ...]]) -> Iterator[Hearer]:  # Any: column values
    """Of rows in the order of their programs, one for each of its teams."""
    for endpoint, theirs in groupby(rows, key=itemgetter(0)):
        (_, name, disabled_at, kinds, every_team, first), *others = theirs
        yield Hearer(
            endpoint_id=endpoint,
            name=name,
            is_on=disabled_at is None,
            kinds=frozenset(kinds),
            teams=None if every_team else frozenset({first, *(row[-1] for row in others)}),
        )
