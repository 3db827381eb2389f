"""Where help desks post their webhooks. What is done with one: `commitments.helpdesks`.

    POST /hooks/helpdesks/<id>/   the id of a help desk in the settings; signed by its system

    201  {"promises": [{"reference", "url", "wording", "due_at", "again"}],
          "suggestions": [{"id", "why"}], "told": ["K7Q2M"]}
    200  the same, where nothing was made: it told of a ticket's fate, of nothing, or of what is
         known; `again` marks a promise that this very message had made before
    400, 413  it is signed, and cannot be read: `parse_error`, `invalid`, `too_large`
    401  `not_signed`: it is not signed with the help desk's secret, or was signed too long ago
    404  there is no such help desk, or it is switched off
    422  `not_understood`: no promise is made of this, nor can it be suggested
    429  `throttled`: too many suggestions wait already

Refusals look like `problems` says. Nothing of what is refused is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NoReturn

from django.conf import settings
from django.urls import path, reverse
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments import helpdesks
from commitments.errors import CommitmentError
from commitments.helpdesks import Post, System, Taken, taking
from commitments.helpdesks.content import Content
from commitments.models import Commitment, HelpDesk
from commitments.services.suggestions import TooManySuggestions

from . import fields, strict_json

app_name = "hooks"

LARGEST: Final = 1024 * 1024  # bytes; a conversation with all that was said in it


class NotSigned(exceptions.APIException):
    status_code = 401
    default_code = "not_signed"


class NotUnderstood(exceptions.APIException):
    status_code = 422
    default_code = "not_understood"


class HelpDeskHook(APIView):
    """Nobody signs in here: who wrote is proven by the signature alone."""

    http_method_names = ["post"]
    schema = None  # it is described by the systems that post here
    authentication_classes = ()
    permission_classes = ()
    parser_classes = ()

    def post(self, request: Request, pk: int) -> Response:
        now = timezone.now()
        desk, system = _listening(pk)
        raw = strict_json.read_within(request._request, LARGEST)  # type: ignore[arg-type] # reads
        post = Post(body=raw, headers=request.headers)
        try:
            taking.check(post, desk=desk, system=system, now=now)
        except helpdesks.Unsigned as no:
            raise NotSigned(str(no)) from no
        return _answer(_take(strict_json.parsed(raw), desk=desk, system=system, now=now))


def _listening(pk: int) -> tuple[HelpDesk, System]:
    desks = HelpDesk.objects.select_related("kind", "team__calendar", "team__lead_fallback")
    desk = desks.filter(pk=pk).first()
    system = taking.system_of(desk) if desk else None
    if desk is None or system is None:
        raise exceptions.NotFound("There is no help desk at this address.")
    return desk, system


def _take(
    body: Mapping[str, Any], *, desk: HelpDesk, system: System, now: datetime
) -> Taken:  # Any: JSON
    try:
        return helpdesks.take(Content(body), desk=desk, system=system, now=now)
    except CommitmentError as no:
        _refuse(no)


def _refuse(no: CommitmentError) -> NoReturn:
    match no:
        case helpdesks.Unreadable():
            raise exceptions.ParseError(str(no)) from no
        case TooManySuggestions():
            raise exceptions.Throttled(detail=str(no)) from no
    raise NotUnderstood(str(no)) from no


def _answer(taken: Taken) -> Response:
    body = {
        "promises": [
            *(_said(promise, again=False) for promise in taken.made),
            *(_said(promise, again=True) for promise in taken.again),
        ],
        "suggestions": [{"id": suggestion.pk, "why": why} for suggestion, why in taken.suggested],
        "told": [promise.reference for promise in taken.told],
    }
    return Response(body, 201 if taken.made else 200, headers={"Cache-Control": "no-store"})


def _said(promise: Commitment, *, again: bool) -> dict[str, object]:
    page = reverse("web:promise", args=[promise.reference])
    return {
        "reference": promise.reference,
        "url": f"{settings.PUBLIC_URL}{page}",
        "wording": promise.wording,
        "due_at": fields.Instant().to_representation(promise.due_at),
        "again": again,
    }


urlpatterns = [path("<int:pk>/", HelpDeskHook.as_view(), name="help_desk")]
