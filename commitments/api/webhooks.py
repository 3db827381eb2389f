"""Programs that listen, for administrators.

    GET, POST           /api/v1/webhooks/                all of them; a new one, and its secret
    GET, DELETE         /api/v1/webhooks/<id>/
    POST                /api/v1/webhooks/<id>/edit/      what is left out stays as it is
    POST                /api/v1/webhooks/<id>/rotate/    another secret; both sign for some hours
    POST                /api/v1/webhooks/<id>/test/      a signed test; its delivery has the answer
    POST                /api/v1/webhooks/<id>/enable/    and disable/
    POST                /api/v1/webhooks/<id>/replay/    what happened since, again
    GET                 /api/v1/webhooks/<id>/deliveries/
    GET                 /api/v1/webhooks/<id>/deliveries/<id>/
    POST                /api/v1/webhooks/<id>/deliveries/<id>/replay/

A secret is in the answer that makes it, and in no other. What is posted to a program, how it is
signed and when it is tried again stands in docs/webhooks.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.http import parse_etags
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from commitments import once
from commitments.house import seen, webhooks
from commitments.house.webhooks import Webhook
from commitments.models import EventKind
from commitments.models.subscription import EVERYTHING

from . import fields, listing, paging, problems, queries, schema
from .doors import Door
from .fields import Instant
from .representation import Named

_PREFIX = "promise."
_KINDS = (EVERYTHING, *(f"{_PREFIX}{kind}" for kind in EventKind.values))
_LONGEST = 10_000  # the rules say it better
_MOST_HOURS = 168
_CHANGED = "The webhook has changed since you read it. Read it again."


class Line(fields.Field[str]):
    """Text on one line, which the verbs look at."""

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": _LONGEST}

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str) or len(data) > _LONGEST:
            raise serializers.ValidationError("This must be text, and no endless one.")
        return data


class Hours(fields.Field[timedelta]):
    """A whole number of hours, none to a week."""

    def shape(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, "maximum": _MOST_HOURS}

    def to_internal_value(self, data: object) -> timedelta:
        is_whole = isinstance(data, int) and not isinstance(data, bool)
        if not is_whole or not 0 <= data <= _MOST_HOURS:  # type: ignore[operator]  # it is an int
            raise serializers.ValidationError(f"This must be a whole number, 0 to {_MOST_HOURS}.")
        return timedelta(hours=data)  # type: ignore[arg-type]  # likewise


class WebhookPlan(fields.Strict):
    """`kinds` are types of events, such as promise.moved, or one `*` for all; without any it hears
    only of steps of escalation that name it. `teams` null, or left out: of all teams.
    """

    name = Line()
    url = Line()
    kinds = serializers.ListField(child=fields.OneOf(_KINDS), required=False, max_length=100)
    teams = serializers.ListField(
        child=fields.Id(), required=False, allow_null=True, allow_empty=False, max_length=1000
    )


class WebhookChange(WebhookPlan):
    """What is left out stays as it is."""

    name = Line(required=False)
    url = Line(required=False)


class Nothing(fields.Strict):
    """No fields: an empty object."""


class WebhookFields(serializers.Serializer[Webhook]):
    """`state` is on, failing or off; `disabled_because` says why it is off. Until
    `old_secret_until` the secret before this one signs as well."""

    id = serializers.IntegerField(source="listener.id")
    name = serializers.CharField(source="listener.name")
    url = serializers.CharField(source="listener.url")
    kinds = serializers.SerializerMethodField()
    teams = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    made_at = Instant(source="listener.made_at")
    failing_since = Instant(source="listener.failing_since", allow_null=True)
    disabled_at = Instant(source="listener.disabled_at", allow_null=True)
    disabled_because = serializers.CharField(source="listener.disabled_because")
    old_secret_until = Instant(source="listener.old_secret_until", allow_null=True)
    links = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_kinds(self, webhook: Webhook) -> list[str]:
        return [kind if kind == EVERYTHING else f"{_PREFIX}{kind}" for kind in webhook.kinds]

    @extend_schema_field(Named(many=True, allow_null=True))
    def get_teams(self, webhook: Webhook) -> list[dict[str, Any]] | None:
        return None if webhook.every_team else list(Named.many_init(webhook.teams).data)

    @extend_schema_field(serializers.ChoiceField(["on", "failing", "off"]))
    def get_state(self, webhook: Webhook) -> str:
        listener = webhook.listener
        if listener.disabled_at is not None:
            return "off"
        return "failing" if listener.failing_since is not None else "on"

    def get_links(self, webhook: Webhook) -> dict[str, str]:
        named: dict[str, Any] = {"args": [webhook.listener.id], "request": self.context["request"]}
        return {
            "self": reverse("api:webhook", **named),
            "page": reverse("web:webhook", **named),
            "deliveries": reverse("api:deliveries", **named),
        }


class WithSecret(WebhookFields):
    """The only answers that hold a secret: those that make one."""

    secret = serializers.CharField()


class AdministratorsDoor(Door):
    """For administrators, and for tokens of theirs that may do what they may."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.user.is_superuser:
            raise exceptions.PermissionDenied("This is for administrators.")

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, webhooks.Gone):
            exc = exceptions.NotFound("There is no such webhook, or no such message to it.")
        return super().handle_exception(exc)

    def shown(self, webhook: Webhook) -> dict[str, Any]:
        return dict(WebhookFields(webhook, context={"request": self.request}).data)

    def check_seen(self, body: dict[str, Any]) -> None:
        """Administrators see all of them; this one may be gone."""
        webhooks.one(body["id"])

    def answered(self, status: int, body: dict[str, Any], **headers: str) -> Response:
        """A secret is kept sealed beside its key, and opened for whoever asks with that again."""
        said = {name: value for name, value in body.items() if name != "sealed"}
        if "sealed" in body:
            said["secret"] = webhooks.opened(body["sealed"])
        return Response(said, status, headers=headers)


class Webhooks(AdministratorsDoor):
    """All of them in the order in which they were made; and new ones."""

    Fields = WebhookPlan
    parameters = listing.PAGE

    @schema.gives(200, WebhookFields, paged=True, refuses=(403,))
    def get(self, request: Request) -> Response:
        asked = listing.read(request.query_params, {})
        size, after = asked.get("page_size", paging.USUAL_SIZE), asked.get("cursor", 0)
        every = sorted(webhooks.every(), key=lambda each: each.listener.id)
        found = [each for each in every if each.listener.id > after]
        rows = found[:size]
        following = listing.page_after(request, rows[-1].listener.id) if found[size:] else None
        return Response({"next": following, "results": [self.shown(each) for each in rows]})

    @schema.gives(201, WithSecret, headers=("Location",))
    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        return self.only_once(partial(self._make, given.validated_data, now=now), now=now)

    def _make(self, given: dict[str, Any], *, now: datetime) -> once.Answer:
        webhook, secret = webhooks.make(_plan(given), by_id=self.user.pk, now=now)
        return once.Answer(status=201, body=self.shown(webhook) | _sealed(secret))


class OneWebhook(AdministratorsDoor):
    """One of them."""

    http_method_names = ["get", "head", "delete"]

    @schema.gives(200, WebhookFields, headers=("ETag",), refuses=(403,))
    def get(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        webhook = webhooks.one(pk)
        return self.answered(200, self.shown(webhook), ETag=_etag(webhook))

    @schema.gives(204, None, refuses=(403,))
    def delete(self, request: Request, pk: int) -> Response:
        """Forgotten with its secret; what waits for it is taken back."""
        queries.refuse_all(request.query_params)
        webhooks.delete(pk, by_id=self.user.pk, now=timezone.now())
        return Response(status=204)


class WebhookDeed(AdministratorsDoor):
    """Something done with one of them, once."""

    http_method_names = ["post"]
    Fields: ClassVar[type[fields.Strict]] = Nothing
    gives: ClassVar[type[serializers.Serializer[Any]]] = WebhookFields

    @schema.gives(200, "gives")
    def post(self, request: Request, **named: int) -> Response:
        queries.refuse_all(request.query_params)
        webhooks.one(named["pk"])
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()

        def act() -> once.Answer:
            return once.Answer(status=200, body=self.act(given.validated_data, now=now, **named))

        return self.only_once(act, now=now)

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        """Do it with what was given; answers what is said of it."""
        raise NotImplementedError


class Edit(WebhookDeed):
    """What is changed counts for what happens from then on."""

    Fields = WebhookChange
    heeds_if_match = True

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        webhook = webhooks.one(named["pk"])
        wanted = self.request.headers.get("If-Match")
        if wanted is not None and not {"*", _etag(webhook)} & set(parse_etags(wanted)):
            raise problems.ChangedMeanwhile(_CHANGED)
        plan = _plan(given, of=webhook)
        try:
            by_id, mark = self.user.pk, webhook.mark
            return self.shown(webhooks.edit(named["pk"], plan, seen_mark=mark, by_id=by_id))
        except seen.Changed as no:
            raise problems.ChangedMeanwhile(_CHANGED) from no


class Rotate(WebhookDeed):
    """Another secret. For so many hours, a day where nothing is said, the one before signs too."""

    gives = WithSecret

    class Fields(fields.Strict):
        overlap_hours = Hours(required=False)

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        overlap = given.get("overlap_hours", webhooks.USUAL_OVERLAP)
        by_id = self.user.pk
        _, secret = webhooks.renew(named["pk"], overlap=overlap, by_id=by_id, now=now)
        return self.shown(webhooks.one(named["pk"])) | _sealed(secret)


class Enable(WebhookDeed):
    """Switched on, for what happens from now on."""

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        webhooks.switch_on(named["pk"], by_id=self.user.pk)
        return self.shown(webhooks.one(named["pk"]))


class Disable(WebhookDeed):
    """Switched off: what waits for it is taken back."""

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        webhooks.switch_off(named["pk"], by_id=self.user.pk, now=now)
        return self.shown(webhooks.one(named["pk"]))


def _plan(given: Mapping[str, Any], *, of: Webhook | None = None) -> webhooks.Plan:
    """With what was given; what was not stays as it is, or is as it usually is."""
    kinds = [kind.removeprefix(_PREFIX) for kind in given.get("kinds", ())]
    teams = given.get("teams")
    if of is None:
        return webhooks.Plan(name=given["name"], url=given["url"], kinds=kinds, teams=teams)
    kept = None if of.every_team else [team.pk for team in of.teams]
    return webhooks.Plan(
        name=given.get("name", of.listener.name),
        url=given.get("url", of.listener.url),
        kinds=kinds if "kinds" in given else of.kinds,
        teams=teams if "teams" in given else kept,
    )


def _etag(webhook: Webhook) -> str:
    return f'"{webhook.mark}"'


def _sealed(secret: str) -> dict[str, str]:
    return {"sealed": webhooks.sealed(secret)}
