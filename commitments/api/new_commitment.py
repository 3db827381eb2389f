"""What a program sends to make a promise: its shape, and then who and what is meant.

The shape is judged without a clock and without the database, so that the same request is read the
same way again. Who and what is meant is looked up inside the caller's teams: whatever lies outside
them is answered like what does not exist.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from rest_framework import serializers

from commitments import services
from commitments.models import Channel, Commitment, Customer, Kind, Team, User
from commitments.reading import deadlines

from . import dues, fields, meant

_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """A customer by name, who is matched by e-mail or phone among those the team knows."""

    name: str
    email: str = ""
    phone: str = ""
    zone: str = ""


class _NewcomerFields(fields.Strict):
    name = fields.Words(what="The customer's name", limit=150)
    email = fields.Address(required=False)
    phone = fields.Words(what="The phone number", limit=40, required=False)
    zone = fields.Zone(required=False)


class _CustomerField(fields.Field[int | Newcomer]):
    """An id, or {name, email, phone, zone}."""

    def shape(self) -> dict[str, Any]:
        return {"oneOf": [fields.Id().shape(), _NewcomerFields]}

    def to_internal_value(self, data: object) -> int | Newcomer:
        if isinstance(data, dict):
            return Newcomer(**_NewcomerFields().run_validation(data))
        if isinstance(data, int) and not isinstance(data, bool):
            return fields.Id().to_internal_value(data)
        raise serializers.ValidationError("Give a customer's id, or an object with their name.")


class _LinkField(fields.Words):
    """An address of a web page; nothing that a browser would run."""

    def shape(self) -> dict[str, Any]:
        return super().shape() | {"pattern": "^$|^https?://"}

    def to_internal_value(self, data: object) -> str:
        link = super().to_internal_value(data)
        try:
            if link:
                _web_address(link)
        except ValidationError:
            raise serializers.ValidationError("Give a link that begins with https://.") from None
        return link


class TalkFields(fields.Strict):
    """In which conversation: who with, which team, and about which case."""

    customer = _CustomerField()
    team = fields.Id(required=False)
    channel = fields.OneOf(Channel.values, required=False)
    difficult = fields.Truth(required=False)
    case = fields.Words(what="The case", limit=120, required=False)
    case_url = _LinkField(what="The link to the case", limit=500, required=False)


_OF_THE_TALK = frozenset(TalkFields().fields)


class PromiseFields(dues.DueFields):
    """What was promised in it, and by whom."""

    wording = fields.Words(what="The promise", limit=500)
    kind = fields.Words(what="The kind", limit=30)
    owner = fields.Id(required=False, allow_null=True)
    team_note = fields.Words(what="The note", limit=2000, lines=True, required=False)
    urgent = fields.Truth(required=False)
    summary = fields.Truth(required=False)
    keep_by = fields.OneOf(Commitment.KeepBy.values, required=False)


class NewCommitment(PromiseFields, TalkFields):
    """The fields of `POST /api/v1/commitments/`."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A promise, and how its words were read where it was due in words."""

    commitment: Commitment
    reading: deadlines.Reading | None


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Where promises are made: `rest` is what a draft calls by the same names."""

    team: Team
    customer: Customer
    rest: dict[str, Any]


def make(given: dict[str, Any], *, by: User, now: datetime) -> Made:
    """Find out who and what is meant, and make the promise. Call it in a transaction.

    Raises CommitmentError, its `field` named as the caller named it.
    """
    talk = {name: given.pop(name) for name in _OF_THE_TALK & given.keys()}
    code, urgent = given.pop("kind"), given.get("urgent", False)
    ground = meant.ground(talk.pop("team", None), code=code, urgent=urgent, user=by)
    asked = talk.pop("customer")
    customer = _customer(asked, team=ground.team)
    kind = meant.kind_on(ground, code)
    there = Talk(team=ground.team, customer=customer, rest=talk)
    draft, reading = draft_of(given, talk=there, kind=kind, by=by, now=now)
    held = customer if isinstance(asked, int) else None
    with naming_due(reading):
        commitment = services.make_on(ground, draft, customer=held, by=by, now=now)
    return Made(commitment=commitment, reading=reading)


def talk_of(given: dict[str, Any], *, by: User) -> Talk:
    """Raises CommitmentError about `team`, or about `customer` or what stands in it."""
    team = meant.team(given.pop("team", None), user=by)
    customer = _customer(given.pop("customer"), team=team)
    return Talk(team=team, customer=customer, rest=given)


def draft_of(
    given: dict[str, Any], *, talk: Talk, kind: Kind, by: User, now: datetime
) -> tuple[services.Draft, deadlines.Reading | None]:
    """One promise of it, and how its words for a time were read where it is due in words."""
    due, phrase = given.pop("due_at", None), given.pop("due", "")
    reading = dues.read(phrase, team=talk.team, kind=kind, now=now) if phrase else None
    draft = services.Draft(
        customer_id=talk.customer.pk,
        team_id=talk.team.pk,
        kind_id=kind.pk,
        due_at=reading.at if reading else due,
        due_said=phrase,
        due_steps=reading.steps if reading else (),
        # A service keeps nothing itself: the lead is asked to find somebody.
        owner_id=given.pop("owner", None if by.is_service else by.pk),
        **given,
        **talk.rest,
    )
    return draft, reading


def naming_due(reading: deadlines.Reading | None) -> AbstractContextManager[None]:
    """What a rule says of the instant is about the words that it was read from."""
    return dues.naming({"due_at": "due"} if reading else {})


def _customer(asked: int | Newcomer, *, team: Team) -> Customer:
    if isinstance(asked, Newcomer):
        with dues.naming({"email": "customer.email", None: "customer"}):
            return services.customer_for(team=team, **asdict(asked))
    return services.known_customer(asked, team=team)
