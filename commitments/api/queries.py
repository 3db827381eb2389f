"""The query string of the list: what is not understood is refused, never left out in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from rest_framework import exceptions

from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.lifecycle import Status

from . import fields, paging

_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, kw_only=True)
class Query:
    """Which promises, from where on, and how many; None: any."""

    status: str | None = None
    team: int | None = None
    owner: int | None = None
    due_at__lt: datetime | None = None
    due_at__gte: datetime | None = None
    overdue: bool | None = None
    told: bool | None = None
    cursor: paging.Cursor | None = None
    page_size: int = paging.USUAL_SIZE

    def of(self, seen: CommitmentQuerySet, *, now: datetime) -> CommitmentQuerySet:
        """Those of `seen` that are asked for. `told` asks about overdue promises only."""
        for name in ("status", "team", "owner", "due_at__lt", "due_at__gte"):
            if (value := getattr(self, name)) is not None:
                seen = seen.filter(**{name: value})
        if self.told is not None:
            seen = seen.told(now) if self.told else seen.not_told(now)
        if self.overdue is not None:
            seen = seen.overdue(now) if self.overdue else seen.exclude(
                status=Status.OPEN, due_at__lt=now
            )  # fmt: skip
        return seen


def read(given: QueryDict) -> Query:
    """Raises ValidationError, naming each parameter that is unknown, given twice or wrong."""
    wrong = _strangers(given, known=_READERS)
    taken: dict[str, Any] = {}  # Any: each parameter has its own kind of value
    for name in given.keys() & _READERS.keys() - wrong.keys():
        try:
            taken[name] = _READERS[name](given.get(name) or "")
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


def refuse_strangers(given: QueryDict, *, known: Collection[str]) -> None:
    """For addresses whose parameters are understood elsewhere."""
    if wrong := _strangers(given, known=known):
        raise exceptions.ValidationError(wrong)


def _strangers(given: QueryDict, *, known: Collection[str]) -> dict[str, list[str]]:
    names = ", ".join(known) or "none"
    unknown = f"There is no such parameter here. The parameters are: {names}."
    wrong = {name: [unknown] for name in given if name not in known}
    return wrong | {name: ["Give this once."] for name in given if len(given.getlist(name)) > 1}


def _status(text: str) -> str:
    if text not in [status.value for status in Status]:
        raise ValueError(f"Choose one of: {', '.join(Status)}.")
    return text


def _id(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError("This must be an id: a whole number from 1.")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        return fields.instant(text)
    except ValueError as no:
        hint = " In an address, + is written %2B." if " " in text else ""
        raise ValueError(f"{no}{hint}") from None


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("This must be true or false.")
    return text == "true"


def _size(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not int(text):
        raise ValueError(f"This must be a whole number from 1 to {paging.LARGEST_SIZE}.")
    return min(int(text), paging.LARGEST_SIZE)


_READERS: dict[str, Callable[[str], Any]] = {
    "status": _status,
    "team": _id,
    "owner": _id,
    "due_at__lt": _instant,
    "due_at__gte": _instant,
    "overdue": _truth,
    "told": _truth,
    "cursor": paging.Cursor.read,
    "page_size": _size,
}
