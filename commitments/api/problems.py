"""Every refusal, as RFC 9457 problem details (`application/problem+json`), made in one place.

    {"type": "about:blank", "title": "Bad Request", "status": 400, "code": "invalid",
     "detail": "1:00 pm today has passed. Give a later time.",
     "errors": [{"field": "due_at", "message": "1:00 pm today has passed. Give a later time."}]}

`detail` is for people and may be worded better one day; `code` is for programs and stays:

    invalid 400, parse_error 400, not_authenticated 401, authentication_failed 401,
    permission_denied 403, second_step_missing 403, https_only 403, not_found 404,
    method_not_allowed 405, not_acceptable 406, not_possible_now 409, in_progress 409,
    changed_meanwhile 412, too_large 413, unsupported_media_type 415, key_used_differently 422,
    throttled 429, busy 503

`errors` names each field that is wrong, `customer.email` inside another; `field` is null where it
is about the whole. A move that a promise does not allow any more is 409 and says how it stands
under `current`. What a caller may not see is answered like what does not exist: 404, the same body.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from commitments import once
from commitments.errors import CommitmentError
from commitments.house import webhooks
from commitments.models import Commitment
from commitments.rules import reference
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 20
_LONGEST_NAME = 60
_RETRY_AFTER = "1"
_BUSY = "The database does not answer at the moment. Nothing was done; try again."


class _Error(serializers.Serializer[Any]):  # Any: one of `errors`
    field = serializers.CharField(allow_null=True)
    message = serializers.CharField()


class _Standing(serializers.Serializer[Any]):  # Any: how a promise stands
    status = serializers.CharField()
    outcome = serializers.CharField()
    due_at = serializers.DateTimeField()


class Problem(serializers.Serializer[Any]):  # Any: nothing is ever saved through it
    """Why nothing was done (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs; it stays as it is.")
    detail = serializers.CharField(help_text="A sentence for people.")
    errors = _Error(many=True)  # type: ignore[assignment]  # hides what is never asked for here
    current = _Standing(required=False, allow_null=True)


class NoSuchPromise(exceptions.NotFound):
    default_detail = "There is no promise with this reference."


class ChangedMeanwhile(exceptions.APIException):
    """The caller's If-Match names a state that is no longer the present one."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "changed_meanwhile"
    default_detail = "The promise has changed since you read it. Read it again."


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The framework's exception handler; None leaves an error of ours to Django and its log."""
    if isinstance(error, CommitmentError):
        return _rule(error, context)
    if isinstance(error, OperationalError):
        logger.warning("A request was given up: the database did not answer.", exc_info=error)
        return problem(503, _BUSY, code="busy", headers={"Retry-After": _RETRY_AFTER})
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    if isinstance(error, exceptions.APIException):
        code = error.default_code
        return problem(error.status_code, str(error.detail), code=code, headers=_headers(error))
    return _of_django(error)


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    errors: list[dict[str, str | None]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response:
    body = _body(status, detail, code=code) | {"errors": errors or [], **more}
    return Response(body, status, headers=headers, content_type=MEDIA_TYPE)


def without_frame(status: int, detail: str, *, code: str) -> JsonResponse:
    """The same where no view of the framework was reached."""
    return JsonResponse(_body(status, detail, code=code), status=status, content_type=MEDIA_TYPE)


def _body(status: int, detail: str, *, code: str) -> dict[str, object]:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return body | {"code": code, "detail": detail, "errors": []}


def _rule(error: CommitmentError, context: Mapping[str, Any]) -> Response:
    """A rule said no, in words for people."""
    said = str(error)
    match error:
        case IllegalMoveError():
            return problem(409, said, code="not_possible_now", current=_standing(context))
        case NotAllowedError():
            return problem(403, said, code="permission_denied")
        case webhooks.NotNow():
            return problem(409, said, code="not_possible_now")
        case once.StillAtWork():
            wait = {"Retry-After": _RETRY_AFTER}
            return problem(409, said, code="in_progress", headers=wait)
        case once.KeyUsedDifferently():
            return problem(422, said, code="key_used_differently")
    errors: list[dict[str, str | None]] = [{"field": error.field, "message": said}]
    return problem(400, said, code="invalid", errors=errors)


def _standing(context: Mapping[str, Any]) -> Mapping[str, object] | None:
    """How the promise that the address names stands now."""
    pk = reference.read(context["kwargs"].get("reference", ""))
    if pk is None:
        return None
    return Commitment.objects.filter(pk=pk).values("status", "outcome", "due_at").first()


def _invalid(error: exceptions.ValidationError) -> Response:
    found = list(_flat(error.detail))
    errors: list[dict[str, str | None]] = [
        {"field": field or None, "message": message} for field, message in found[:_MOST_ERRORS]
    ]
    return problem(400, errors[0]["message"] or "", code="invalid", errors=errors)


def _flat(detail: object, *, under: str = "") -> Iterator[tuple[str, str]]:
    """Field and sentence, from the framework's nested lists and objects."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            place = under if name == "non_field_errors" else f"{under}.{_shown(name)}".strip(".")
            yield from _flat(inner, under=place)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, under=under)
    else:
        yield under, str(detail)


def _shown(name: object) -> str:
    """A key as the caller wrote it, cut, and without halves of characters that cannot be sent."""
    return str(name)[:_LONGEST_NAME].encode("utf-8", "replace").decode()


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if sign_in := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = sign_in
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def _of_django(error: Exception) -> Response | None:
    match error:
        case RequestDataTooBig():
            return problem(413, "The body is too large.", code="too_large")
        case SuspiciousOperation() | MultiPartParserError():
            return problem(400, "The request could not be read.", code="parse_error")
        case Http404():
            return problem(404, "There is nothing at this address.", code="not_found")
        case PermissionDenied():
            return problem(403, "You may not do this.", code="permission_denied")
    return None
