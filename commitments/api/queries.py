"""The query string of the list: what is not understood is refused, never left out in silence.

`q`, `state` and `told` find what the search field and the filters of the page find. `q` looks for
common words among the newest promises only; the answer then says among how many.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.http import QueryDict
from rest_framework import exceptions

from commitments import lengths
from commitments.house import audits
from commitments.models import Customer, Membership, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.reports import search, standing
from commitments.rules.lifecycle import Status

from . import paging, parameters, representation
from .parameters import A_TRUTH, AN_ID, AN_INSTANT, Parameter, a_text

_COLUMNS = {
    **{name: name for name in ("status", "team", "owner", "urgent")},
    **{name: name for name in ("due_at__lt", "due_at__gte")},
    "kind": "kind__code",
    "case": "conversation__outside_reference",
}


@dataclass(frozen=True, kw_only=True)
class Query:
    """Which promises, from where on, and how many; None: any."""

    status: str | None = None
    state: str | None = None
    team: int | None = None
    owner: int | None = None
    kind: str | None = None
    customer: int | None = None
    case: str | None = None
    urgent: bool | None = None
    q: str | None = None
    due_at__lt: datetime | None = None
    due_at__gte: datetime | None = None
    overdue: bool | None = None
    told: bool | None = None
    fields: tuple[str, ...] | None = None
    cursor: paging.Cursor | None = None
    page_size: int = paging.USUAL_SIZE

    @property
    def is_by_time_alone(self) -> bool:
        """Whether nothing narrows it that an index of its own, or a search, would find."""
        narrows = (self.status, self.state, self.owner, self.customer, self.case, self.q)
        return all(each is None for each in (*narrows, self.overdue, self.told))

    def of(self, seen: CommitmentQuerySet, *, user: User, now: datetime) -> Found:
        """Those of `seen` that are asked for. `told` asks about overdue promises only."""
        for name, column in _COLUMNS.items():
            if (value := getattr(self, name)) is not None:
                seen = seen.filter(**{column: value})
        if self.customer is not None:  # also by an id from before two were merged
            seen = seen.filter(customer=Customer.objects.now_known_as(self.customer))
        if self.state is not None:
            seen = standing.narrow(seen, self.state, zone=user.zone, now=now)
        if self.told is not None:
            seen = seen.told(now) if self.told else seen.not_told(now)
        if self.overdue is not None:
            seen = seen.overdue(now) if self.overdue else seen.exclude(
                status=Status.OPEN, due_at__lt=now
            )  # fmt: skip
        return self._with_words(seen, user=user)

    def _with_words(self, seen: CommitmentQuerySet, *, user: User) -> Found:
        if self.q is None:
            return Found(seen, searched=None)
        chooses = self.owner or self.customer or self.case or self.overdue or self.told is not None
        few = bool(chooses) or self.state in standing.FEW
        found, is_cut = search.hastily(
            seen, self.q, few=few, teams=_teams_of(user), audited=audits.audited_by(user)
        )
        return Found(found, searched=lengths.current().searched_at_most if is_cut else None)


class Found(NamedTuple):
    """Promises, and among how many of the newest they were looked for; None: among all."""

    promises: CommitmentQuerySet
    searched: int | None


def _teams_of(user: User) -> list[int] | None:
    if user.is_superuser:
        return None
    return list(Membership.objects.filter(user=user).values_list("team", flat=True))


def read(given: QueryDict) -> Query:
    """Raises ValidationError, naming each parameter that is unknown, given twice or wrong."""
    wrong = _strangers(given, known=PARAMETERS)
    taken: dict[str, Any] = {}  # Any: each parameter has its own kind of value
    for name in given.keys() & PARAMETERS.keys() - wrong.keys():
        try:
            taken[name] = PARAMETERS[name](given.get(name) or "")
        except ValueError as no:
            wrong[name] = [str(no)]
    query = Query(**taken)
    if query.due_at__gte and query.due_at__lt and query.due_at__gte >= query.due_at__lt:
        wrong["due_at__lt"] = ["This lies before due_at__gte, so nothing can be found."]
    if wrong:
        raise exceptions.ValidationError(wrong)
    return query


def refuse_all(given: QueryDict) -> None:
    """For addresses that take no parameters."""
    refuse_strangers(given, known=())


def chosen_fields(given: QueryDict) -> tuple[str, ...] | None:
    """For addresses that take nothing but `fields`."""
    refuse_strangers(given, known=ONE)
    try:
        return _FIELDS.read(str(given["fields"])) if "fields" in given else None
    except ValueError as no:
        raise exceptions.ValidationError({"fields": [str(no)]}) from None


def refuse_strangers(given: QueryDict, *, known: Collection[str]) -> None:
    """For addresses whose parameters are understood elsewhere."""
    if wrong := _strangers(given, known=known):
        raise exceptions.ValidationError(wrong)


def refuse_empty(given: QueryDict) -> None:
    """For parameters whose emptiness means something to the pages, which have empty choices."""
    if wrong := {name: ["Give a value, or leave it out."] for name in given if not given[name]}:
        raise exceptions.ValidationError(wrong)


def _strangers(given: QueryDict, *, known: Collection[str]) -> dict[str, list[str]]:
    names = ", ".join(known) or "none"
    unknown = f"There is no such parameter here. The parameters are: {names}."
    wrong = {name: [unknown] for name in given if name not in known}
    return wrong | {name: ["Give this once."] for name in given if len(given.getlist(name)) > 1}


_FIELDS = parameters.some_of(*representation.CommitmentFields().fields).about(
    "Only these of each promise."
)

PARAMETERS: dict[str, Parameter] = {
    "status": parameters.one_of(*Status).about("How they stand."),
    "state": parameters.one_of(*standing.STATES).about("How they stand, as the pages say it."),
    "team": AN_ID.about("Those of one team."),
    "owner": AN_ID.about("Those of one person."),
    "kind": a_text("The kind", limit=30).about("Those of one kind, by its code."),
    "customer": AN_ID.about("Those made to one customer."),
    "case": a_text("The case", limit=120).about("Those of one case."),
    "urgent": A_TRUTH.about("Whether they are urgent."),
    "q": a_text("What you look for", limit=search.LONGEST).about(
        "Words to look for, as in the search on the pages."
    ),
    "due_at__lt": AN_INSTANT.about("Due before this instant."),
    "due_at__gte": AN_INSTANT.about("Due at this instant or later."),
    "overdue": A_TRUTH.about("Whether they are overdue now."),
    "told": A_TRUTH.about("Of overdue ones: whether their customers have been told."),
    "fields": _FIELDS,
    "cursor": parameters.a_place(paging.Cursor.read),
    "page_size": parameters.a_size(usual=paging.USUAL_SIZE, largest=paging.LARGEST_SIZE),
}
ONE = {"fields": _FIELDS}
