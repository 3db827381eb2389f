"""Conversations: several promises made in one call, chat or mail, all of them or none.

    GET  /api/v1/conversations/        ?team=1&customer=7&case=48213
    POST /api/v1/conversations/        201; once per Idempotency-Key
    GET  /api/v1/conversations/<id>/

A refusal names the promise that it is about, counted from 0: `commitments.1.due`. With `recap` the
customer reads one mail about all of them instead of one about each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from commitments import once, services
from commitments.errors import CommitmentError
from commitments.house import audits
from commitments.models import Commitment, Conversation, Customer
from commitments.reading import deadlines

from . import fields, listing, meant, new_commitment, parameters, queries, representation, schema
from .doors import Door
from .fields import Instant
from .listing import Asked, Listing, Looking

_MOST = 20
_ONE = "There is no conversation with this id."


class NewConversation(new_commitment.TalkFields):
    """The fields of `POST /api/v1/conversations/`."""

    recap = fields.Truth(required=False)
    commitments = serializers.ListField(
        child=new_commitment.PromiseFields(),
        min_length=1,
        max_length=_MOST,
        error_messages={
            "not_a_list": "Give a list of promises.",
            "min_length": "Give at least one promise.",
            "max_length": f"Give {_MOST} promises at most.",
        },
    )


class ConversationFields(serializers.Serializer[Conversation]):
    """With those of its promises that the caller may see, in the order in which they were made."""

    id = serializers.IntegerField()
    customer = representation.Named()
    team = representation.Named()
    agent = representation.Named(allow_null=True)
    channel = serializers.CharField()
    case = serializers.CharField(source="outside_reference")
    case_url = serializers.CharField(source="outside_url")
    at = Instant()
    commitments = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    def to_representation(self, instance: Conversation) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(instance)
        if instance.team_id not in audits.audited_by(self.context["request"].user):
            return said
        words = ("case", "case_url")
        return audits.left_bare(said, customer_id=instance.customer_id, words=words)

    @extend_schema_field(representation.MadeFields(many=True))
    def get_commitments(self, conversation: Conversation) -> list[dict[str, Any]]:
        promises = list(conversation.commitments.all())
        return representation.of_many(promises, **self.context)

    def get_links(self, conversation: Conversation) -> dict[str, str]:
        place = reverse("api:conversation", [conversation.pk], request=self.context["request"])
        return {"self": place}


class _Conversations(Door):
    """What the addresses of one and of many have in common."""

    def talks(self) -> QuerySet[Conversation]:
        promises = self.seen().order_by("pk")
        seen = Conversation.objects.visible_to(self.user)
        together = seen.select_related("customer", "team", "agent")
        return together.prefetch_related(Prefetch("commitments", queryset=promises))

    def shown(self, rows: Sequence[Conversation], *, now: datetime) -> list[dict[str, Any]]:
        context = {"request": self.request, "now": now}
        return list(ConversationFields.many_init(rows, context=context).data)


class Conversations(_Conversations, Listing[Conversation]):
    """Those of the caller's teams; and new ones."""

    http_method_names = ["get", "head", "post"]
    Fields = NewConversation
    each = ConversationFields
    readers = {
        "team": listing.an_id,
        "customer": listing.an_id,
        "case": parameters.a_text("The case", limit=120),
    }

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[Conversation]:
        columns = {"team": "team", "case": "outside_reference"}
        chosen = {column: asked[name] for name, column in columns.items() if name in asked}
        if "customer" in asked:  # also by an id from before two were merged
            chosen["customer"] = Customer.objects.now_known_as(asked["customer"])
        return self.talks().filter(**chosen)

    def said_of(self, rows: Sequence[Conversation], *, now: datetime) -> list[dict[str, Any]]:
        return self.shown(rows, now=now)

    @schema.gives(201, ConversationFields, headers=("Location",))
    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        return self.only_once(partial(self._make, given.validated_data, now=now), now=now)

    def check_seen(self, body: dict[str, Any]) -> None:
        if not self.talks().filter(pk=body["id"]).exists():
            raise exceptions.NotFound(_ONE)

    def _make(self, given: dict[str, Any], *, now: datetime) -> once.Answer:
        recap, asked = given.pop("recap", False), given.pop("commitments")
        talk = new_commitment.talk_of(given, by=self.user)
        known = meant.kinds()
        drafts, readings = [], []
        for position, each in enumerate(asked):
            with _about(position):
                kind = meant.among(known, each.pop("kind"))
                draft, reading = new_commitment.draft_of(
                    each, talk=talk, kind=kind, by=self.user, now=now
                )
            drafts.append(draft)
            readings.append(reading)
        made = self._made(drafts, readings, now=now)
        if recap:
            services.recap(made[0].conversation_id, by=self.user, now=now)
        (body,) = self.shown([self.talks().get(pk=made[0].conversation_id)], now=now)
        _say_readings(body, made, readings)
        return once.Answer(status=201, body=body)

    def _made(
        self,
        drafts: list[services.Draft],
        readings: list[deadlines.Reading | None],
        *,
        now: datetime,
    ) -> list[Commitment]:
        try:
            return services.make_together(drafts, by=self.user, now=now)
        except services.NotTogether as no:
            with _about(no.position), new_commitment.naming_due(readings[no.position]):
                raise CommitmentError(str(no), field=no.field) from no


class OneConversation(_Conversations, Looking):
    """One of them."""

    @schema.gives(200, ConversationFields)
    def get(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        found = list(self.talks().filter(pk=pk))
        if not found:
            raise exceptions.NotFound(_ONE)
        return Response(self.shown(found, now=timezone.now())[0])


@contextmanager
def _about(position: int) -> Iterator[None]:
    """A refusal of one promise says of which."""
    try:
        yield
    except CommitmentError as no:
        no.field = f"commitments.{position}.{no.field or ''}".strip(".")
        raise


def _say_readings(
    body: dict[str, Any], made: list[Commitment], readings: list[deadlines.Reading | None]
) -> None:
    """How the words of each due time were understood."""
    for shown, promise, reading in zip(body["commitments"], made, readings, strict=True):
        if reading is not None:
            shown["read"] = representation.of_reading(reading, commitment=promise)
