"""What programs were told, for administrators: its fate, a test, and once more what was missed.

    {"id": 7, "webhook_id": "msg_…", "type": "promise.moved", "reference": "K7Q2M", "state": "sent",
     "attempts": 1, "code": 200, "answer": "200 thank you", …}

`state` is queued, leased, sent, failed, expired or cancelled. `webhook_id` is what the program
knows the message by: the same at every try, and when it is sent again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from commitments.house import webhooks
from commitments.messages.endpoints import Told

from . import fields, listing, paging, queries, schema
from .fields import Instant
from .webhooks import AdministratorsDoor, WebhookDeed


class DeliveryFields(serializers.Serializer[Told]):
    """`next_at` is when it is tried again; `code` and `answer` are those of the last try."""

    id = serializers.IntegerField()
    webhook_id = serializers.CharField()
    type = serializers.CharField()
    reference = serializers.CharField()
    at = Instant()
    state = serializers.CharField()
    reason = serializers.CharField()
    attempts = serializers.IntegerField()
    next_at = Instant(allow_null=True)
    settled_at = Instant(allow_null=True)
    code = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField()
    links = serializers.SerializerMethodField()

    def get_links(self, told: Told) -> dict[str, str]:
        named: dict[str, Any] = {"args": [self.context["pk"], told.id]}
        place = reverse("api:delivery", request=self.context["request"], **named)
        return {"self": place}


class ReplayedFields(serializers.Serializer[Any]):
    """`continue_from` is null, or the time from which on there is more than goes at once."""

    replayed = serializers.IntegerField()
    continue_from = Instant(allow_null=True)


class Deliveries(AdministratorsDoor):
    """All that one program was told, the newest first."""

    http_method_names = ["get", "head"]
    parameters = listing.PAGE

    @schema.gives(200, DeliveryFields, paged=True, refuses=(403,))
    def get(self, request: Request, pk: int) -> Response:
        webhooks.one(pk)
        asked = listing.read(request.query_params, {})
        size = asked.get("page_size", paging.USUAL_SIZE)
        rows = webhooks.told(pk, most=size + 1, before=asked.get("cursor"))
        following = listing.page_after(request, rows[size - 1].id) if len(rows) > size else None
        said = [_shown(told, pk=pk, request=request) for told in rows[:size]]
        return Response({"next": following, "results": said})


class OneDelivery(AdministratorsDoor):
    """One message, and what became of it by now."""

    http_method_names = ["get", "head"]

    @schema.gives(200, DeliveryFields, refuses=(403,))
    def get(self, request: Request, pk: int, message: int) -> Response:
        queries.refuse_all(request.query_params)
        return Response(_shown(webhooks.one_told(pk, message), pk=pk, request=request))


class _OneToldDeed(WebhookDeed):
    """Answers a message, and where its fate can be read."""

    gives = DeliveryFields

    def check_seen(self, body: dict[str, Any]) -> None:
        """Administrators see all of them; the program may be gone."""
        webhooks.one_told(self.kwargs["pk"], body["id"])


class Test(_OneToldDeed):
    """A signed test, at once. Its answer stands in the delivery, a moment later."""

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        told = webhooks.try_out(named["pk"], now=now)
        return _shown(told, pk=named["pk"], request=self.request)


class Replay(_OneToldDeed):
    """One message again, under the id it had."""

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        again = webhooks.repeat(named["pk"], named["message"], now=now)
        return _shown(again, pk=named["pk"], request=self.request)


class ReplaySince(WebhookDeed):
    """What happened since then and did not arrive, or all of it: of seven days, 1,000 at once."""

    gives = ReplayedFields

    class Fields(fields.Strict):
        since = Instant()
        also_arrived = fields.Truth(required=False)

    def check_seen(self, body: dict[str, Any]) -> None:
        webhooks.one(self.kwargs["pk"])

    def act(self, given: dict[str, Any], *, now: datetime, **named: int) -> dict[str, Any]:
        again = webhooks.repeat_since(
            named["pk"], given["since"], also_arrived=given.get("also_arrived", False), now=now
        )
        body = {"replayed": again.count, "continue_from": again.goes_on_at}
        return dict(ReplayedFields(body).data)


def _shown(told: Told, *, pk: int, request: Request) -> dict[str, Any]:
    return dict(DeliveryFields(told, context={"request": request, "pk": pk}).data)
