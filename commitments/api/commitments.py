"""Promises for programs: make, list, read. What is done with one: `verbs`.

    GET  /api/v1/commitments/               filters and pages: `queries`
    POST /api/v1/commitments/               201; fields: `new_commitment`
    GET  /api/v1/commitments/<reference>/   the promise, and its ETag

A POST with an Idempotency-Key may be sent again for 24 hours: the same body is given the first
answer, marked `Idempotency-Replayed: true`; another body 422; a second one at the same time 409.
What was refused did nothing and keeps no key. Refusals look like `problems` says.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from commitments import once

from . import new_commitment, paging, queries, representation, schema
from .doors import Door


class Commitments(Door):
    """Every promise the caller may see, the next due first; and new ones."""

    Fields = new_commitment.NewCommitment
    parameters = queries.PARAMETERS

    @schema.gives(200, representation.PageFields)
    def get(self, request: Request) -> Response:
        now = timezone.now()
        query = queries.read(request.query_params)
        found = query.of(self.seen(), user=self.user, now=now)
        rows, following = paging.page(
            found.promises,
            after=query.cursor,
            size=query.page_size,
            in_halves=query.is_by_time_alone,
        )
        results = representation.of_many(rows, request=request, only=query.fields, now=now)
        searched = {} if found.searched is None else {"searched": found.searched}
        return Response({"next": self._next(following), **searched, "results": results})

    @schema.gives(201, representation.MadeFields, headers=("ETag", "Location"))
    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        return self.only_once(partial(self._make, given.validated_data, now=now), now=now)

    def _make(self, given: dict[str, Any], *, now: datetime) -> once.Answer:
        made = new_commitment.make(given, by=self.user, now=now)
        (body,) = representation.of_many([made.commitment], request=self.request, now=now)
        if made.reading is not None:
            body["read"] = representation.of_reading(made.reading, commitment=made.commitment)
        return once.Answer(status=201, body=body)

    def _next(self, following: paging.Cursor | None) -> str | None:
        if following is None:
            return None
        parameters = self.request.query_params.copy()
        parameters["cursor"] = following.write()
        return self.request.build_absolute_uri(f"?{parameters.urlencode()}")


class OneCommitment(Door):
    """One promise as it stands."""

    parameters = queries.ONE

    @schema.gives(200, representation.ChosenFields, headers=("ETag",))
    def get(self, request: Request, reference: str) -> Response:
        only = queries.chosen_fields(request.query_params)
        body = self.said(self.promise(reference).pk, now=timezone.now())
        shown = {name: body[name] for name in only or body}
        return Response(shown, headers={"ETag": representation.etag(body["version"])})
