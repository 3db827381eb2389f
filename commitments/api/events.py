"""What has happened to one promise, in the order in which it was written down.

    GET /api/v1/commitments/<reference>/events/   ?kind=moved&visible=true

Each event has a `sequence` from 1 that it keeps: whoever follows a promise asks again from the last
cursor, or listens to webhooks. `at` is when it was true, `recorded_at` when it was noticed; `words`
are empty where none were said or they have been erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from commitments.house import audits
from commitments.models import Event, EventKind

from . import listing
from .fields import Instant
from .listing import Asked, Listing
from .representation import Named


class EventFields(serializers.Serializer[Event]):
    """`actor` is null for what a customer or the clock did. `visible`: the customer sees it.
    `changes` has the old and the new of the columns that it changed; `undoes` is the sequence of
    what it took back.
    """

    sequence = serializers.IntegerField()
    kind = serializers.CharField()
    at = Instant()
    recorded_at = Instant()
    actor = Named(allow_null=True)
    words = serializers.CharField()
    visible = serializers.BooleanField()
    step = serializers.IntegerField(allow_null=True)
    audience = serializers.CharField()
    changes = serializers.DictField()
    undoes = serializers.IntegerField(source="undoes.sequence", default=None, allow_null=True)


class Events(Listing[Event]):
    """The events of one promise."""

    each = EventFields
    readers = {"kind": listing.one_of(*EventKind.values), "visible": listing.a_truth}
    place = "sequence"

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[Event]:
        promise = self.promise(self.kwargs["reference"])
        events = Event.objects.filter(commitment=promise)
        chosen = {name: asked[name] for name in self.readers if name in asked}
        return events.filter(**chosen).select_related("actor", "text", "undoes")

    def said_of(self, rows: Sequence[Event], *, now: datetime) -> list[dict[str, Any]]:
        said = list(EventFields.many_init(rows).data)
        audited = audits.audited_by(self.user)
        if audited and self.promise(self.kwargs["reference"]).team_id in audited:
            return [each | {"words": ""} for each in said]
        return said
