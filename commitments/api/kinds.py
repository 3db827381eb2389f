"""What may be promised: the kinds, with what each usually comes to.

    GET /api/v1/kinds/         ?retired=false&for_customers=true
    GET /api/v1/kinds/<code>/

They are the whole house's. A promise is made with a kind's `code`, of those that are not retired
and are for customers; the others are what teams promise themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.models import Kind

from . import listing, queries, schema
from .fields import Instant
from .listing import Asked, Listing, Looking


@extend_schema_field({"type": ["string", "null"], "pattern": "^[0-2][0-9]:[0-5][0-9]$"})
class _Clock(serializers.TimeField):
    """A time of day, to the minute."""


class UsualFields(serializers.Serializer[Kind]):
    """By when it is usually promised: so many of `basis`; `hour` is null for closing time."""

    wording = serializers.CharField(source="usual_wording")
    length = serializers.IntegerField(source="usual_length")
    basis = serializers.CharField(source="usual_basis")
    hour = _Clock(source="usual_hour", format="%H:%M", allow_null=True)


class KindFields(serializers.Serializer[Kind]):
    """`check_in_after`, `inform_every` and `nudge_after` are working days."""

    code = serializers.CharField()
    name = serializers.CharField()
    keywords = serializers.ListField(child=serializers.CharField())
    usual = UsualFields(source="*")
    needs_evidence = serializers.BooleanField()
    has_value = serializers.BooleanField()
    summary = serializers.BooleanField(source="summary_on")
    check_in_after = serializers.IntegerField()
    inform_every = serializers.IntegerField(allow_null=True)
    nudge_after = serializers.IntegerField()
    for_customers = serializers.BooleanField()
    retired_at = Instant(allow_null=True)


class Kinds(Listing[Kind]):
    """All of them."""

    each = KindFields
    readers = {"retired": listing.a_truth, "for_customers": listing.a_truth}

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[Kind]:
        found = Kind.objects.all()
        if "retired" in asked:
            found = found.filter(retired_at__isnull=not asked["retired"])
        if "for_customers" in asked:
            found = found.filter(for_customers=asked["for_customers"])
        return found

    def said_of(self, rows: Sequence[Kind], *, now: datetime) -> list[dict[str, Any]]:
        return list(KindFields.many_init(rows).data)


class OneKind(Looking):
    """One of them."""

    @schema.gives(200, KindFields)
    def get(self, request: Request, code: str) -> Response:
        queries.refuse_all(request.query_params)
        found = Kind.objects.filter(code=code).first() if "\0" not in code else None
        if found is None:
            raise exceptions.NotFound("There is no kind with this code.")
        return Response(KindFields(found).data)
