"""Lists of everything but promises: in the order in which their rows came, page by page.

    {"next": "https://…?cursor=…", "results": [{…}, …]}

`next` is null on the last page. A cursor is the place of the last row that was given, so a page
costs the same wherever it begins, and a row that is new moves none of the others.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from . import fields, paging, queries
from .doors import Door

M = TypeVar("M", bound=Model)

Asked = Mapping[str, Any]  # Any: each parameter has its own kind of value
Readers = Mapping[str, Callable[[str], Any]]

_NUMBER = re.compile(r"[0-9]{1,19}")
_PLACE = re.compile(r"after ([1-9][0-9]{0,18})")


class Looking(Door):
    """An address that is only read."""

    http_method_names = ["get", "head"]


class Listing(Door, Generic[M]):
    """Rows that the caller may see. `readers` understand the parameters besides the page's own.

    `place` is the column, unlike for each, that says in which order they came.
    """

    http_method_names = ["get", "head"]
    readers: ClassVar[Readers] = {}
    place: ClassVar[str] = "pk"

    def get(self, request: Request, **_: str) -> Response:
        asked = read(request.query_params, self.readers)
        now, size = timezone.now(), asked.get("page_size", paging.USUAL_SIZE)
        found = self.found(asked, now=now)
        if "cursor" in asked:
            found = found.filter(**{f"{self.place}__gt": asked["cursor"]})
        rows = list(found.order_by(self.place)[: size + 1])
        following = self._page_after(rows[size - 1]) if len(rows) > size else None
        return Response({"next": following, "results": self.said_of(rows[:size], now=now)})

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[M]:
        """Those that are asked for, among those that the caller may see."""
        raise NotImplementedError

    def said_of(self, rows: Sequence[M], *, now: datetime) -> list[dict[str, Any]]:
        """Each of them as JSON; as many queries for two hundred as for one."""
        raise NotImplementedError

    def _page_after(self, row: M) -> str:
        parameters = self.request.query_params.copy()
        parameters["cursor"] = write_cursor(getattr(row, self.place))
        return self.request.build_absolute_uri(f"?{parameters.urlencode()}")


def read(given: QueryDict, readers: Readers) -> dict[str, Any]:
    """Raises ValidationError, naming each parameter that is unknown, given twice or wrong."""
    known = {**readers, "cursor": _cursor, "page_size": _size}
    queries.refuse_strangers(given, known=known)
    taken, wrong = {}, {}
    for name in given:
        try:
            taken[name] = known[name](given.get(name) or "")
        except ValueError as no:
            wrong[name] = [str(no)]
    if wrong:
        raise exceptions.ValidationError(wrong)
    return taken


def write_cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"after {place}".encode()).decode()


def an_id(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not 0 < int(text) <= fields.LARGEST_ID:
        raise ValueError("This must be an id: a whole number from 1.")
    return int(text)


def a_truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("This must be true or false.")
    return text == "true"


def one_of(*choices: str) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text not in choices:
            raise ValueError(f"Choose one of: {', '.join(choices)}.")
        return text

    return chosen


def _cursor(text: str) -> int:
    try:
        plain = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        place = _PLACE.fullmatch(plain.decode("ascii"))
        if place and int(place[1]) <= fields.LARGEST_ID:
            return int(place[1])
    except (binascii.Error, ValueError):
        pass  # refused below: the sentence is the same
    raise ValueError("This is no cursor of ours. Follow `next` from the first page.")


def _size(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not int(text):
        raise ValueError(f"This must be a whole number from 1 to {paging.LARGEST_SIZE}.")
    return min(int(text), paging.LARGEST_SIZE)
