"""Check-ins: what customers were asked once a promise was kept, and what they answered.

    GET  /api/v1/check-ins/                ?state=answered&customer=7&team=1&commitment=K7Q2M
    POST /api/v1/check-ins/                {"commitment": "K7Q2M"}: asked now, by hand; 201
    GET  /api/v1/check-ins/<id>/
    POST /api/v1/check-ins/<id>/confirm/   {"answer": 12}: which of two contradicting ones holds

A check-in asks about all that was kept for one customer since they were asked last; the caller
reads of those promises the ones that they may see. Where answers contradict each other, none of
them counts until the customer has said again what holds: `in_doubt`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from commitments import checkins, once
from commitments.errors import CommitmentError
from commitments.house import audits
from commitments.models import CheckIn, CheckInAnswer, CheckInItem, Commitment, Customer
from commitments.models.checkin import State
from commitments.rules import reference as references

from . import fields, listing, meant, parameters, queries, representation, schema
from .doors import Door
from .fields import Instant
from .listing import Asked, Listing, Looking
from .parameters import Parameter

_ONE = "There is no check-in with this id."
_LONGEST_REFERENCE = 12


class AnswerFields(serializers.Serializer[CheckInAnswer]):
    """What the customer said: whether it was done, whether anything is still open, and how they
    feel, from 1 to 5. It counts where it is `confirmed`, and is the last that is.
    """

    id = serializers.IntegerField()
    at = Instant()
    done = serializers.CharField()
    still_open = serializers.BooleanField()
    rating = serializers.IntegerField()
    words = serializers.CharField()
    confirmed = serializers.BooleanField()


class CheckInFields(serializers.Serializer[CheckIn]):
    """`send_at` is when it goes out, or is looked at again where something holds it: `hold_reason`
    says what, and also why one was dropped.
    """

    id = serializers.IntegerField()
    customer = representation.Named()
    state = serializers.CharField()
    hold_reason = serializers.CharField()
    planned_at = Instant()
    send_at = Instant(allow_null=True)
    sent_at = Instant(allow_null=True)
    commitments = serializers.SerializerMethodField()
    answers = AnswerFields(many=True)
    in_doubt = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    def to_representation(self, instance: CheckIn) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(instance)
        audited = audits.audited_by(self.context["request"].user)
        if not audited.issuperset(item.commitment.team_id for item in instance.items.all()):
            return said
        said["answers"] = [each | {"words": ""} for each in said["answers"]]
        return audits.left_bare(said, customer_id=instance.customer_id, words=())

    def get_commitments(self, check_in: CheckIn) -> list[str]:
        """Their references, in the order in which they were promised."""
        promises = [item.commitment for item in check_in.items.all()]
        return [each.reference for each in sorted(promises, key=lambda one: one.promised_at)]

    def get_in_doubt(self, check_in: CheckIn) -> bool:
        return {answer.confirmed for answer in check_in.answers.all()} == {False}

    def get_links(self, check_in: CheckIn) -> dict[str, str]:
        request: Request = self.context["request"]
        return {"self": reverse("api:check_in", [check_in.pk], request=request)}


class CheckInDoor(Door):
    """What the addresses of one check-in and of many have in common."""

    def items(self) -> QuerySet[CheckInItem]:
        """What is asked about, as far as the caller may see it."""
        promises = Commitment.objects.visible_to(self.user)
        return CheckInItem.objects.filter(commitment__in=promises).order_by("pk")

    def check_ins(self) -> QuerySet[CheckIn]:
        theirs = Exists(self.items().filter(check_in=OuterRef("pk")))
        return CheckIn.objects.filter(theirs).select_related("customer").prefetch_related(
            Prefetch("items", queryset=self.items().select_related("commitment")),
            Prefetch("answers", queryset=CheckInAnswer.objects.order_by("pk")),
        )  # fmt: skip

    def check_in(self, pk: int) -> CheckIn:
        """What somebody may not see does not exist for them either."""
        found = self.check_ins().filter(pk=pk).first()
        if found is None:
            raise exceptions.NotFound(_ONE)
        return found

    def shown(self, rows: Sequence[CheckIn]) -> list[dict[str, Any]]:
        return list(CheckInFields.many_init(rows, context={"request": self.request}).data)

    def check_seen(self, body: dict[str, Any]) -> None:
        self.check_in(body["id"])


class NewCheckIn(fields.Strict):
    """The fields of `POST /api/v1/check-ins/`."""

    commitment = fields.Words(what="The reference", limit=_LONGEST_REFERENCE)


def _reference(text: str) -> int:
    pk = references.read(text)
    if pk is None:
        raise ValueError("This must be the reference of a promise, such as K7Q2M.")
    return pk


class CheckIns(CheckInDoor, Listing[CheckIn]):
    """Those about promises that the caller may see; and new ones, asked by hand."""

    http_method_names = ["get", "head", "post"]
    Fields = NewCheckIn
    each = CheckInFields
    readers = {
        "state": parameters.one_of(*State.values),
        "customer": listing.an_id,
        "team": listing.an_id,
        "commitment": Parameter(read=_reference, shape=parameters.REFERENCE),
    }

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[CheckIn]:
        found = self.check_ins()
        if "state" in asked:
            found = found.filter(state=asked["state"])
        if "customer" in asked:  # also by an id from before two were merged
            found = found.filter(customer__in=Customer.objects.known_as(asked["customer"]))
        items = self.items().filter(check_in=OuterRef("pk"))
        if "team" in asked:
            items = items.filter(commitment__team=asked["team"])
        if "commitment" in asked:
            items = items.filter(commitment=asked["commitment"])
        return found.filter(Exists(items))

    def said_of(self, rows: Sequence[CheckIn], *, now: datetime) -> list[dict[str, Any]]:
        return self.shown(rows)

    @schema.gives(201, CheckInFields, headers=("Location",))
    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        asked = references.read(given.validated_data["commitment"])
        found = self.seen().filter(pk=asked).first() if asked is not None else None
        if found is None:
            no = "There is no promise with this reference."
            raise exceptions.ValidationError({"commitment": [no]})
        now = timezone.now()
        return self.only_once(partial(self._send, found.pk, now=now), now=now)

    def _send(self, pk: int, *, now: datetime) -> once.Answer:
        checkins.send_by_hand(pk, by=self.user, now=now)
        sent = self.check_ins().filter(items__commitment=pk, state=State.SENT, sent_at=now)
        (body,) = self.shown([sent.latest("pk")])
        return once.Answer(status=201, body=body)


class OneCheckIn(CheckInDoor, Looking):
    """One of them."""

    @schema.gives(200, CheckInFields)
    def get(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        (body,) = self.shown([self.check_in(pk)])
        return Response(body)


class Confirm(CheckInDoor):
    """The customer has told a colleague which of their answers holds."""

    http_method_names = ["post"]

    class Fields(fields.Strict):
        answer = fields.Id()

    @schema.gives(200, CheckInFields)
    def post(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        self.check_in(pk)
        now = timezone.now()
        act = partial(self._confirm, pk, given.validated_data["answer"], now=now)
        return self.only_once(act, now=now)

    def _confirm(self, pk: int, answer: int, *, now: datetime) -> once.Answer:
        check_in = self.check_in(pk)
        if answer not in {each.pk for each in check_in.answers.all()}:
            raise CommitmentError("This check-in has no answer with this id.", field="answer")
        promise = self._acted_on(check_in)
        checkins.confirm(promise, answer_id=answer, by=self.user, now=now)
        (body,) = self.shown([self.check_in(pk)])
        return once.Answer(status=200, body=body)

    def _acted_on(self, check_in: CheckIn) -> int:
        """Of the promises that it asked about, the newest in a team in which the caller acts."""
        promises = [item.commitment for item in reversed(check_in.items.all())]
        acting = set(meant.teams_of(self.user))
        own = [each for each in promises if each.team_id in acting]
        return (own or promises)[0].pk
