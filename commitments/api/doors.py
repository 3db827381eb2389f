"""What every address of the API does first and last: who is it, has it been asked before, and what
headers go with the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.db import transaction
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments import once
from commitments.models import Commitment, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import reference as references

from . import authentication, fields, problems, representation, throttles
from .parameters import Parameter

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_HOW_KEY = "An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID."


class Door(APIView):
    """A view of the API. What it answers is nobody else's to keep.

    What a door declares, the schema says, and every answer in the tests is held to it:

        Fields          what the body of a POST holds: a `fields.Strict`
        parameters      what its query string may hold, by name (`parameters`); none unless said
        heeds_if_match  whether it takes If-Match
        @schema.gives   on each method: the status and shape of its answer, the refusals (`refuses`)
                        that do not follow from the above, and its headers

    A part of the address that is no <int:…> has its shape in `schema`, and a field of a new kind
    says its own (`fields.Field.shape`).
    """

    http_method_names = ["get", "head", "post"]
    Fields: ClassVar[type[fields.Strict]]
    heeds_if_match = False
    changes_nothing = False  # whatever the method: a token that may only read is enough

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return {}

    def perform_authentication(self, request: Request) -> None:
        """Find out who calls, and count it: also those who may not do this, or are nobody."""
        now = timezone.now()
        try:
            super().perform_authentication(request)
        except exceptions.AuthenticationFailed:
            throttles.count_stranger(request, now=now)
            raise
        if not request.user.is_authenticated:
            throttles.count_stranger(request, now=now)
            return
        throttles.count(request, changes=not self.changes_nothing, now=now)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final

    @property
    def user(self) -> User:
        return cast("User", self.request.user)  # the permission lets nobody else in

    def seen(self) -> CommitmentQuerySet:
        """Every promise that the caller may see, with what is said about each."""
        seen = Commitment.objects.visible_to(self.user)
        return seen.select_related("customer", "owner", "team", "kind", "conversation")

    def promise(self, reference: str) -> Commitment:
        """What somebody may not see does not exist for them either."""
        pk = references.read(reference)
        found = self.seen().filter(pk=pk).first() if pk is not None else None
        if found is None:
            raise problems.NoSuchPromise
        return found

    def said(self, pk: int, *, now: datetime) -> dict[str, Any]:
        """A promise as it stands in the database."""
        found = self.seen().get(pk=pk)
        return representation.of_many([found], request=self.request, now=now)[0]

    def answered(self, status: int, body: dict[str, Any], **headers: str) -> Response:
        """With its ETag where it is a promise, the only thing that has a version."""
        if "version" in body:
            headers["ETag"] = representation.etag(body["version"])
        return Response(body, status, headers=headers)

    def check_seen(self, body: dict[str, Any]) -> None:
        """Raise NotFound where the caller may no longer see what they were answered before."""
        self.promise(body["reference"])

    def only_once(self, act: Callable[[], once.Answer], *, now: datetime) -> Response:
        """Do `act` in one transaction, and only once for each Idempotency-Key."""
        key = self.request.headers.get("Idempotency-Key")
        ask = self._ask(key) if key is not None else None
        with transaction.atomic():
            if ask is None:
                answer = act()
            else:
                once.claim(ask)
                answer = once.only_once(ask, now=now, act=act)
        return self._first_or_again(answer)

    def _first_or_again(self, answer: once.Answer) -> Response:
        headers = {}
        if answer.is_replay:
            self.check_seen(answer.body)
            headers["Idempotency-Replayed"] = "true"
        if answer.status == HTTPStatus.CREATED:
            headers["Location"] = answer.body["links"]["self"]
        return self.answered(answer.status, answer.body, **headers)

    def _ask(self, key: str) -> once.Ask:
        if not _KEY.fullmatch(key):
            raise exceptions.ValidationError({"Idempotency-Key": [_HOW_KEY]})
        request = self.request
        said = json.dumps([request.method, request.path, request.data], sort_keys=True)
        return once.Ask.of(
            principal=authentication.principal_of(request),
            door="api",
            key=key,
            fingerprint=once.fingerprint_of(said),
        )


class Reading(Door):
    """Understands what it is sent, and keeps nothing of it. So it may be asked again at will, and a
    key has nothing to hold together: it is looked at and left.
    """

    http_method_names = ["post"]
    changes_nothing = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if (key := request.headers.get("Idempotency-Key")) is not None:
            self._ask(key)


class Nowhere(Door):
    """Every other address below the API's: JSON there too, and nothing for strangers."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound("There is nothing at this address. Addresses end with a slash.")
