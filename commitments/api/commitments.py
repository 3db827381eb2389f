"""Promises for programs: make, list, read, fulfil.

    GET  /api/v1/commitments/                      filters and pages: `queries`
    POST /api/v1/commitments/                      201; fields: `new_commitment`
    GET  /api/v1/commitments/<reference>/          the promise, and its ETag
    POST /api/v1/commitments/<reference>/fulfil/   200; with If-Match 412 where it has changed

What is fulfilled late needs a `cause`: a refusal lists them, and in time it is left out.

A POST with an Idempotency-Key may be sent again for 24 hours: the same body is given the first
answer, marked `Idempotency-Replayed: true`; another body 422; a second one at the same time 409.
What was refused did nothing and keeps no key. Refusals look like `problems` says.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from commitments import once, services
from commitments.models import Commitment

from . import fields, new_commitment, paging, problems, queries, representation
from .doors import Door

_LONGEST = 4000


class FulfilFields(fields.Strict):
    how = fields.Words(what="How it ended", limit=_LONGEST, lines=True)
    evidence = fields.Words(what="The evidence", limit=500, required=False)
    cause = fields.Words(what="The cause", limit=40, required=False)


class Commitments(Door):
    """Every promise the caller may see, the next due first; and new ones."""

    def get(self, request: Request) -> Response:
        now = timezone.now()
        query = queries.read(request.query_params)
        found = query.of(self.seen(), now=now)
        rows, following = paging.page(found, after=query.cursor, size=query.page_size)
        results = representation.of_many(rows, request=request, now=now)
        return Response({"next": self._next(following), "results": results})

    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = new_commitment.NewCommitment(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        return self.only_once(partial(self._make, given.validated_data, now=now), now=now)

    def _make(self, given: dict[str, Any], *, now: datetime) -> once.Answer:
        made = new_commitment.make(given, by=self.user, now=now)
        body = self.said(made.commitment.pk, now=now)
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

    def get(self, request: Request, reference: str) -> Response:
        queries.refuse_all(request.query_params)
        found = self.promise(reference)
        return self.answered(200, self.said(found.pk, now=timezone.now()))


class Fulfil(Door):
    """It is done."""

    def post(self, request: Request, reference: str) -> Response:
        queries.refuse_all(request.query_params)
        pk = self.promise(reference).pk
        given = FulfilFields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        return self.only_once(partial(self._fulfil, pk, given.validated_data, now=now), now=now)

    def _fulfil(self, pk: int, given: dict[str, Any], *, now: datetime) -> once.Answer:
        self._check_unchanged(pk)
        services.fulfil(pk, by=self.user, now=now, **given)
        return once.Answer(status=200, body=self.said(pk, now=now))

    def _check_unchanged(self, pk: int) -> None:
        """What the caller has read must still be so, and stays so until the transaction ends."""
        wanted = self.request.headers.get("If-Match")
        if wanted is None:
            return
        held = Commitment.objects.select_for_update().get(pk=pk)
        if not {"*", representation.etag(held.event_count)} & set(parse_etags(wanted)):
            raise problems.ChangedMeanwhile
