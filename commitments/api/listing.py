"""Lists of everything but promises: in the order in which their rows came, page by page.

    {"next": "https://…?cursor=…", "results": [{…}, …]}

`next` is null on the last page. A cursor is the place of the last row that was given, so a page
costs the same wherever it begins, and a row that is new moves none of the others.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from . import fields, paging, parameters, queries, schema
from .doors import Door
from .parameters import Parameter

M = TypeVar("M", bound=Model)

Asked = Mapping[str, Any]  # Any: each parameter has its own kind of value
Readers = Mapping[str, Parameter]

_PLACE = re.compile(r"after ([1-9][0-9]{0,18})")


class Looking(Door):
    """An address that is only read."""

    http_method_names = ["get", "head"]


class Listing(Door, Generic[M]):
    """Rows that the caller may see. `readers` understand the parameters besides the page's own, and
    `each` says what there is to read of a row.

    `place` is the column, unlike for each, that says in which order they came.
    """

    http_method_names = ["get", "head"]
    readers: ClassVar[Readers] = {}
    place: ClassVar[str] = "pk"
    each: ClassVar[type[serializers.Serializer[Any]]]

    @property
    def parameters(self) -> Readers:
        return {**self.readers, **PAGE}

    @schema.gives(200, "each", paged=True)
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
        return page_after(self.request, getattr(row, self.place))


def page_after(request: Request, place: int) -> str:
    """The address of the page that begins after the row with this place."""
    parameters = request.query_params.copy()
    parameters["cursor"] = write_cursor(place)
    return request.build_absolute_uri(f"?{parameters.urlencode()}")


def read(given: QueryDict, readers: Readers) -> dict[str, Any]:
    """Raises ValidationError, naming each parameter that is unknown, given twice or wrong."""
    known = {**readers, **PAGE}
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


an_id = parameters.AN_ID
a_truth = parameters.A_TRUTH
one_of = parameters.one_of


def _cursor(text: str) -> int:
    try:
        plain = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        place = _PLACE.fullmatch(plain.decode("ascii"))
        if place and int(place[1]) <= fields.LARGEST_ID:
            return int(place[1])
    except (binascii.Error, ValueError):
        pass  # refused below: the sentence is the same
    raise ValueError("This is no cursor of ours. Follow `next` from the first page.")


PAGE = {
    "cursor": parameters.a_place(_cursor),
    "page_size": parameters.a_size(usual=paging.USUAL_SIZE, largest=paging.LARGEST_SIZE),
}
