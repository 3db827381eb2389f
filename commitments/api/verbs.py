"""What programs do with a promise.

    POST /api/v1/commitments/<reference>/<verb>/   200, and the promise as it stands then

With If-Match it is 412 where the promise has changed since it was read, 409 where the verb is not
possible any more. What ends or closes late needs a `cause`: a refusal lists them, and in time it is
left out. A line to the customer goes out as one from the pages does.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments import once, services
from commitments.models import Commitment, User

from . import dues, fields, problems, queries, representation, schema
from .doors import Door

_LONGEST = 4000


def _text(what: str, *, required: bool = True, limit: int = _LONGEST) -> fields.Words:
    return fields.Words(what=what, limit=limit, lines=True, required=required)


def _cause() -> fields.Words:
    return fields.Words(what="The cause", limit=40, required=False)


class Verb(Door):
    """One thing done once, in one transaction."""

    heeds_if_match = True

    @classmethod
    def name(cls) -> str:
        """As it stands in the address."""
        return cls.__name__.lower()

    @schema.gives(200, representation.CommitmentFields, headers=("ETag",))
    def post(self, request: Request, reference: str) -> Response:
        queries.refuse_all(request.query_params)
        pk = self.promise(reference).pk
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        return self.only_once(partial(self._act, pk, given.validated_data, now=now), now=now)

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> object:
        """Do it with what was given."""
        raise NotImplementedError

    def _act(self, pk: int, given: dict[str, Any], *, now: datetime) -> once.Answer:
        self._check_unchanged(pk)
        with dues.naming({"due_at": "due"} if given.get("due") else {}):
            self.act(pk, given, by=self.user, now=now)
        return once.Answer(status=200, body=self.said(pk, now=now))

    def _check_unchanged(self, pk: int) -> None:
        """What the caller has read must still be so, and stays so until the transaction ends."""
        wanted = self.request.headers.get("If-Match")
        if wanted is None:
            return
        held = Commitment.objects.select_for_update().get(pk=pk)
        if not {"*", representation.etag(held.event_count)} & set(parse_etags(wanted)):
            raise problems.ChangedMeanwhile


class Update(Verb):
    """How it stands: said to the customer, or for the team only."""

    class Fields(fields.Strict):
        words = _text("The update")
        tell_customer = fields.Truth()

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.update(pk, by=by, now=now, **given)


class Move(Verb):
    """A new time, and whether and how the customer learns of it."""

    class Fields(dues.DueFields):
        reason = _text("The reason")
        told = fields.OneOf([each.value for each in services.Told])

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        told = services.Told(given.pop("told"))
        services.move(pk, by=by, told=told, now=now, **_due(pk, given, now=now))


class Wait(Verb):
    """The customer is asked for something, and the ladder rests."""

    class Fields(fields.Strict):
        what = _text("What you need", limit=500)

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.wait(pk, by=by, now=now, **given)


class Resume(Verb):
    """The customer has answered."""

    class Fields(fields.Strict):
        note = _text("The note", required=False)

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.resume(pk, by=by, now=now, **given)


class Reassign(Verb):
    """Handed to a colleague of the same team, or to a team, in which nobody has it yet."""

    class Fields(fields.Strict):
        together = fields.one_of("owner", "team")

        owner = fields.Id(required=False)
        team = fields.Id(required=False)
        note = _text("The note", required=False)

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            if ("owner" in attrs) == ("team" in attrs):
                raise serializers.ValidationError(
                    {"owner": ["Give owner, a person's id, or team, a team's id; not both."]}
                )
            return attrs

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        note = given.get("note", "")
        if "owner" in given:
            services.reassign(pk, by=by, owner_id=given["owner"], note=note, now=now)
        else:
            services.hand_to_team(pk, by=by, team_id=given["team"], note=note, now=now)


class Acknowledge(Verb):
    """ "I have it": nobody is asked again for a while."""

    class Fields(fields.Strict):
        """None: an empty object."""

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.acknowledge(pk, by=by, now=now)


class Fulfil(Verb):
    """It is done."""

    class Fields(fields.Strict):
        how = _text("How it ended")
        evidence = fields.Words(what="The evidence", limit=500, required=False)
        cause = _cause()

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.fulfil(pk, by=by, now=now, **given)


class Release(Verb):
    """The customer no longer wants it."""

    class Fields(fields.Strict):
        reason = _text("The reason")
        cause = _cause()

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.release(pk, by=by, now=now, **given)


class Abandon(Verb):
    """We cannot keep it, and the customer is told so."""

    class Fields(fields.Strict):
        reason = _text("The reason")
        offer = _text("The offer", required=False)
        cause = _cause()

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.abandon(pk, by=by, now=now, **given)


class Void(Verb):
    """Logged by mistake: it was never owed."""

    class Fields(fields.Strict):
        reason = _text("The reason")

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.void(pk, by=by, now=now, **given)


class Reopen(Verb):
    """It is not done after all."""

    class Fields(dues.DueFields):
        may_be_left_out = True
        together = fields.one_of("due_at", "due", or_none=True)
        reason = _text("The reason")

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.reopen(pk, by=by, now=now, **_due(pk, given, now=now))


class Help(Verb):
    """The lead is asked for a hand; a line to the customer may go with it."""

    class Fields(fields.Strict):
        reason = _text("The reason")
        tell_customer = _text("The line to the customer", required=False)

    def act(self, pk: int, given: dict[str, Any], *, by: User, now: datetime) -> None:
        services.help(pk, by=by, now=now, **given)


VERBS = (
    *(Update, Move, Wait, Resume, Reassign, Acknowledge),
    *(Fulfil, Release, Abandon, Void, Reopen, Help),
)


def _due(pk: int, given: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """The same, with words for a time read as the promise's team would."""
    phrase = given.pop("due", "")
    if not phrase:
        return given
    promise = Commitment.objects.select_related("team__calendar", "kind").get(pk=pk)
    reading = dues.read(phrase, team=promise.team, kind=promise.kind, now=now)
    return given | {"due_at": reading.at, "due_said": phrase, "due_steps": reading.steps}
