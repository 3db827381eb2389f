"""Customers: found by what other systems know of them, brought in, and corrected.

    GET  /api/v1/customers/             ?external_source=crm&external_id=48213 or ?email= or ?phone=
    POST /api/v1/customers/             201, or 200 where the team knows them already
    GET  /api/v1/customers/<id>/        and its ETag
    POST /api/v1/customers/<id>/edit/         what is given changes, everything else stays
    POST /api/v1/customers/<id>/write-again/  they asked for mails that matter, after a stop
    POST /api/v1/customers/<id>/merge/        {"into": 12}: the same person, entered twice

Somebody sees the customers whom their teams have spoken with, or owe something. A new one is known
to the team that brings them in, by an id of another system, or else by e-mail, or else by phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from commitments import once, services
from commitments.errors import CommitmentError
from commitments.house import audits, seen
from commitments.house import customers as house
from commitments.models import Channel, Customer
from commitments.models.people import CustomerQuerySet
from commitments.services import Details

from . import fields, meant, parameters, problems, queries, schema
from .doors import Door
from .fields import Instant
from .listing import Asked, Listing, Looking

_CONTACT = ("email", "phone", "external_source", "external_id")
_ONE = "There is no customer with this id."


class _ZoneField(fields.Zone):
    """The name of an IANA time zone, or empty text for the team's."""

    def shape(self) -> dict[str, Any]:
        return super().shape() | {"pattern": "^[A-Za-z0-9_+/-]*$"}

    def to_internal_value(self, data: object) -> str:
        return "" if data == "" else super().to_internal_value(data)


class _Known(fields.Strict):
    """What is known of somebody."""

    email = fields.Address(required=False)
    phone = fields.Words(what="The phone number", limit=40, required=False)
    zone = _ZoneField(required=False)
    language = fields.Words(what="The language", limit=12, required=False)
    external_source = fields.Words(what="The system", limit=40, required=False)
    external_id = fields.Words(what="The id", limit=120, required=False)


class NewCustomer(_Known):
    """The fields of `POST /api/v1/customers/`."""

    name = fields.Words(what="The customer's name", limit=150)
    team = fields.Id(required=False)
    channel = fields.OneOf(Channel.values, required=False)


class CustomerEdit(_Known):
    """The fields of `POST /api/v1/customers/<id>/edit/`: empty text takes away what was known."""

    name = fields.Words(what="The customer's name", limit=150, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Give at least one field that is to change.")
        if attrs.get("name") == "":
            raise serializers.ValidationError({"name": ["The customer's name must not be empty."]})
        return attrs


class CustomerFields(serializers.Serializer[Customer]):
    """`mails` says what they get by e-mail: `all`; `none` after a stop; `what_matters` where they
    asked for that on the phone since. `zone` is empty for the team's.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    zone = serializers.CharField()
    language = serializers.CharField()
    external_source = serializers.CharField()
    external_id = serializers.CharField()
    mails = serializers.SerializerMethodField()
    erased_at = Instant(allow_null=True)
    merged_ids = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    def to_representation(self, instance: Customer) -> dict[str, Any]:
        """An auditor learns neither who they are nor how they are reached."""
        said: dict[str, Any] = super().to_representation(instance)
        if instance.pk not in self.context["reached"]:
            said |= dict.fromkeys(_CONTACT, "") | {"name": audits.name_of(instance.pk)}
        return said

    def get_mails(self, customer: Customer) -> str:
        if not customer.has_stopped(self.context["now"]):
            return "all"
        return "what_matters" if customer.wants_what_matters else "none"

    def get_merged_ids(self, customer: Customer) -> list[int]:
        """Ids under which they were known before: they lead here."""
        return [each.pk for each in customer.merged.all()]

    def get_links(self, customer: Customer) -> dict[str, str]:
        request: Request = self.context["request"]
        return {
            "self": reverse("api:customer", [customer.pk], request=request),
            "page": reverse("web:customer", [customer.pk], request=request),
        }


class CustomerDoor(Door):
    """What the addresses of one customer and of many have in common."""

    def customers(self) -> CustomerQuerySet:
        merged = Prefetch("merged", queryset=Customer.objects.order_by("pk"))
        return house.seen_by(self.user).prefetch_related(merged)

    def customer(self, pk: int) -> Customer:
        """Also by an id from before two were merged. Whom somebody may not see does not exist for
        them either.
        """
        found = self.customers().known_as(pk).first()
        if found is None:
            raise exceptions.NotFound(_ONE)
        return found

    def shown(self, rows: Sequence[Customer], *, now: datetime) -> list[dict[str, Any]]:
        reached = audits.reached_by(self.user, [row.pk for row in rows])
        context = {"request": self.request, "reached": reached, "now": now}
        return list(CustomerFields.many_init(rows, context=context).data)

    def check_seen(self, body: dict[str, Any]) -> None:
        self.customer(body["id"])

    def answered(self, status: int, body: dict[str, Any], **headers: str) -> Response:
        """A customer, with their ETag."""
        return Response(body, status, headers={"ETag": etag(body), **headers})


class Customers(CustomerDoor, Listing[Customer]):
    """Those whom the caller may see; and new ones."""

    http_method_names = ["get", "head", "post"]
    Fields = NewCustomer
    each = CustomerFields
    readers = {
        "external_source": parameters.a_text("The system", limit=40),
        "external_id": parameters.a_text("The id", limit=120),
        "email": parameters.a_text("The e-mail address", limit=254),
        "phone": parameters.a_text("The phone number", limit=40),
    }

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[Customer]:
        if ("external_source" in asked) is not ("external_id" in asked):
            no = "Give the id, and the system that it is from: both or neither."
            raise CommitmentError(no, field="external_id")
        known = asked.keys() & self.readers.keys()
        if not known:
            return self.customers()
        rows = Customer.objects.filter(**{name: asked[name] for name in known - {"email"}})
        if "email" in known:
            rows = rows.annotate(folded=Lower("email")).filter(folded=asked["email"].lower())
        # What was known of somebody who was merged is known of the one who stayed.
        found = self.customers().filter(pk__in=rows.values_list(Coalesce("merged_into", "pk")))
        if not audits.audited_by(self.user):
            return found
        # Nobody is found by what they are not shown.
        pks = list(found.values_list("pk", flat=True))
        return found.filter(pk__in=audits.reached_by(self.user, pks))

    def said_of(self, rows: Sequence[Customer], *, now: datetime) -> list[dict[str, Any]]:
        return self.shown(rows, now=now)

    @schema.gives(201, CustomerFields, also=(200,), headers=("ETag", "Location"))
    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        return self.only_once(partial(self._meet, given.validated_data, now=now), now=now)

    def _meet(self, given: dict[str, Any], *, now: datetime) -> once.Answer:
        team = meant.team(given.pop("team", None), user=self.user)
        channel = given.pop("channel", Channel.OTHER)
        met = services.meet(Details(**given), team=team, channel=channel, by=self.user, now=now)
        (body,) = self.shown([met.customer], now=now)
        return once.Answer(status=201 if met.is_new else 200, body=body)


class OneCustomer(CustomerDoor, Looking):
    """One of them."""

    @schema.gives(200, CustomerFields, headers=("ETag",))
    def get(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        (body,) = self.shown([self.customer(pk)], now=timezone.now())
        return self.answered(200, body)


class CustomerVerb(CustomerDoor):
    """One thing done once with a customer."""

    http_method_names = ["post"]
    heeds_if_match = True

    @schema.gives(200, CustomerFields, headers=("ETag",))
    def post(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        self.customer(pk)
        now = timezone.now()
        return self.only_once(partial(self._act, pk, given.validated_data, now=now), now=now)

    def act(self, customer: Customer, given: dict[str, Any], *, now: datetime) -> Customer:
        """Do it with what was given."""
        raise NotImplementedError

    def _act(self, pk: int, given: dict[str, Any], *, now: datetime) -> once.Answer:
        customer = self.customer(pk)
        self._check_unchanged(customer, now=now)
        done = self.act(customer, given, now=now)
        (body,) = self.shown([self.customer(done.pk)], now=now)
        return once.Answer(status=200, body=body)

    def _check_unchanged(self, customer: Customer, *, now: datetime) -> None:
        """What the caller has read must still be so."""
        wanted = self.request.headers.get("If-Match")
        if wanted is None:
            return
        (body,) = self.shown([customer], now=now)
        if not {"*", etag(body)} & set(parse_etags(wanted)):
            raise problems.ChangedMeanwhile("The customer has changed since you read them.")


class Edit(CustomerVerb):
    """What is known of them is corrected."""

    Fields = CustomerEdit

    def act(self, customer: Customer, given: dict[str, Any], *, now: datetime) -> Customer:
        check = partial(self._check_unchanged, now=now)
        return services.edit_customer(customer.pk, given, by=self.user, check=check, now=now)


class WriteAgain(CustomerVerb):
    """On the phone they asked to be written to about what matters, though they had stopped all."""

    class Fields(fields.Strict):
        """None: an empty object."""

    def act(self, customer: Customer, given: dict[str, Any], *, now: datetime) -> Customer:
        return services.write_after_all(customer.pk, by=self.user, now=now)


class Merge(CustomerVerb):
    """Two entries of one customer become one.

    Everything follows to the one that is named, and this id leads there from now on.
    """

    class Fields(fields.Strict):
        into = fields.Id()

    def act(self, customer: Customer, given: dict[str, Any], *, now: datetime) -> Customer:
        into = self.customers().known_as(given["into"]).first()
        if into is None:
            raise CommitmentError(_ONE, field="into")
        # By the id that was asked for: sent again, it is of one who has been merged already.
        asked: int = self.kwargs["pk"]
        return services.merge(asked, into_id=into.pk, by=self.user, now=now)


def etag(body: dict[str, Any]) -> str:
    """Another one after every change of what is known."""
    known = {name: value for name, value in body.items() if name != "links"}
    return f'"{seen.mark(sorted(known.items()))}"'
