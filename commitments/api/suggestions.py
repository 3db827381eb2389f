"""A conversation in, suggested promises out: what the page for pasted conversations shows.

    POST /api/v1/suggestions/   {"text": "Ana: I'll refund it by Friday.", "team": 1}

Each comes with the sentence in which it was said and with what would be logged for it. Suggestions
are made by rules, from English, and each says by which. None is a promise before somebody makes it:
`is_clear` marks those at which the page would ask nothing more. Nothing of the text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.errors import CommitmentError
from commitments.models import Kind, Team, User
from commitments.reading import languages
from commitments.reading.promises import Suggestion
from commitments.reading.transcript import Side, Speaker, key_of
from commitments.understanding import conversations, keepers, kinds, remarks, suggested
from commitments.understanding.conversations import Heard
from commitments.understanding.dues import Due
from commitments.understanding.suggested import Moment

from . import fields, meant, queries, schema
from .deadlines import DueRead, KindMeant, TeamMeant
from .doors import Reading
from .fields import Instant

_MOST_SPEAKERS = 50
_A_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_US = ""  # the caller, among those who may be named


class _Text(fields.Field[str]):
    """A conversation as somebody has it at hand."""

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": conversations.LONGEST}

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        try:
            return conversations.cleaned(data)
        except CommitmentError as no:
            raise serializers.ValidationError(str(no)) from no


class _Day(fields.Field[date]):
    """A day, as in 2026-05-21."""

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def to_internal_value(self, data: object) -> date:
        with suppress(ValueError):
            if isinstance(data, str) and _A_DAY.fullmatch(data):
                return date.fromisoformat(data)
        raise serializers.ValidationError("Give a day, as in 2026-05-21.")


class _SpeakerField(fields.Strict):
    name = fields.Words(what="The name", limit=200)
    side = fields.OneOf(conversations.SIDES)


class TranscriptFields(fields.Strict):
    """The fields of `POST /api/v1/suggestions/`. `customer` is their name; `on` the day of clocks
    that stand without one; `speakers` says who is one of us where the text does not.
    """

    text = _Text()
    team = fields.Id(required=False)
    customer = fields.Words(what="The customer's name", limit=200, required=False)
    on = _Day(required=False)
    speakers = serializers.ListField(
        child=_SpeakerField(), required=False, max_length=_MOST_SPEAKERS
    )


class VoiceFields(serializers.Serializer[Speaker]):
    """Somebody who speaks: `agent` is one of us. `name` is empty for words without a name."""

    name = serializers.CharField()
    side = serializers.CharField()
    is_guess = serializers.BooleanField()


class TurnFields(serializers.Serializer[Any]):  # Any: what was said, in two shapes
    speaker = serializers.CharField()
    side = serializers.CharField()
    at = Instant(allow_null=True)
    text = serializers.CharField()


class OwnerMeant(serializers.Serializer[User]):
    id = serializers.IntegerField()
    name = serializers.CharField()


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """One suggestion as it is answered."""

    turn: int
    start: int
    end: int
    quote: str
    wording: str
    kind: Kind
    due: Due | None
    due_is_usual: bool
    owner: User | None
    is_conditional: bool
    is_clear: bool
    note: str
    reason: str


class SuggestedFields(serializers.Serializer[Suggested]):
    """`start` and `end` count characters in the text of the turn, which counts from 0. `due` is
    null where not even the kind's usual time lies ahead; `owner` where somebody else than the
    caller was said to act and nobody knows who.
    """

    turn = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()
    wording = serializers.CharField()
    kind = KindMeant()
    due = DueRead(allow_null=True)
    due_is_usual = serializers.BooleanField()
    owner = OwnerMeant(allow_null=True)
    is_conditional = serializers.BooleanField()
    is_clear = serializers.BooleanField()
    note = serializers.CharField()
    reason = serializers.CharField()


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that is answered; `unshown` promises more stand in the text."""

    team: Team
    speakers: Sequence[Speaker]
    turns: Sequence[dict[str, Any]]
    suggestions: Sequence[Suggested]
    unshown: int
    notes: Sequence[str]


class FoundFields(serializers.Serializer[Found]):
    """The conversation taken apart, and the promises that seem to be in it."""

    team = TeamMeant()
    speakers = VoiceFields(many=True)
    turns = TurnFields(many=True)
    suggestions = SuggestedFields(many=True)
    unshown = serializers.IntegerField()
    notes = serializers.ListField(child=serializers.CharField())


class Suggestions(Reading):
    """Reads a conversation for one of the caller's teams."""

    Fields = TranscriptFields

    @schema.gives(200, FoundFields)
    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        found = find(given.validated_data, user=self.user, now=now)
        return Response(FoundFields(found, context={"now": now}).data)


def find(given: dict[str, Any], *, user: User, now: datetime) -> Found:
    """As many queries for forty promises as for none. Raises CommitmentError."""
    team = meant.team(given.get("team"), user=user)
    customer, on = given.get("customer", ""), given.get("on")
    if on is not None:
        conversations.check_day(on, now=now)
    colleagues = list(meant.colleagues(user, team))
    ours = [user.name, *(each.name for each in colleagues)]
    theirs = [customer] if customer else []
    conversation = conversations.taken_apart(given["text"], known=[*ours, *theirs])
    heard = conversations.hear(
        conversation,
        ours=ours,
        theirs=theirs,
        chosen=_chosen(given.get("speakers", [])),
        zone=team.calendar.zone,
        on=on,
        now=now,
    )
    people = {_US: user} | {str(each.pk): each for each in colleagues}
    return Found(
        team=team,
        speakers=heard.speakers,
        turns=_turns(heard),
        suggestions=_suggested(heard, team=team, people=people, zone=user.zone, now=now),
        unshown=heard.unshown,
        notes=_notes(heard, given, zone=team.calendar.zone, now=now),
    )


def _chosen(speakers: Sequence[dict[str, Any]]) -> dict[str, Side]:
    return {key_of(each["name"]): each["side"] for each in speakers}


def _turns(heard: Heard) -> list[dict[str, Any]]:
    return [
        {"speaker": said.speaker, "side": turn.speaker, "at": turn.at, "text": said.text}
        for said, turn in zip(heard.transcript.said, heard.turns, strict=True)
    ]


def _notes(heard: Heard, given: dict[str, Any], *, zone: str, now: datetime) -> list[str]:
    """What somebody should know before they make these promises."""
    customer = given.get("customer", "")
    instants = [turn.at for turn in heard.turns]
    said = [
        remarks.of_somebody_else(heard.speakers, customer=customer) if customer else "",
        "" if languages.is_english(given["text"]) else remarks.ONLY_ENGLISH,
        "" if given.get("on") else remarks.of_yesterday(
            heard.transcript, instants, zone=zone, now=now
        ),
    ]  # fmt: skip
    return [each for each in said if each]


def _suggested(
    heard: Heard, *, team: Team, people: Mapping[str, User], zone: str, now: datetime
) -> list[Suggested]:
    if not heard.shown:
        return []
    known, hours = meant.kinds(), team.calendar.hours()
    if not known:
        raise CommitmentError("No kind of promise is in use. Please ask an administrator.")
    found = []
    for each in heard.shown:
        read_as_of = heard.turns[each.turn].at or now
        moment = Moment(read_as_of=read_as_of, now=now, hours=hours, zone=zone)
        kind = kinds.suggested(each.kind, known)
        found.append(_one(each, kind=kind, owner=_owner(each, people), moment=moment))
    return found


def _one(suggestion: Suggestion, *, kind: Kind, owner: User | None, moment: Moment) -> Suggested:
    proposal = suggested.proposal(suggestion, kind=kind, moment=moment)
    usual = proposal.due is None
    return Suggested(
        turn=suggestion.turn,
        start=suggestion.start,
        end=suggestion.end,
        quote=suggestion.quote,
        wording=proposal.wording,
        kind=kind,
        due=_usual(suggestion.deadline_text, kind=kind, moment=moment) if usual else proposal.due,
        due_is_usual=usual,
        owner=owner,
        is_conditional=suggestion.is_conditional,
        is_clear=proposal.is_clear,
        note=suggested.note(proposal.trouble, kind) if proposal.trouble else "",
        reason=suggested.reason(suggestion),
    )


def _owner(suggestion: Suggestion, people: Mapping[str, User]) -> User | None:
    """Who was named; the caller, unless it was said of somebody whom nobody knows."""
    named = keepers.named(suggestion, people={key: each.name for key, each in people.items()})
    if named is None and suggestion.promisor == "team":
        return None
    return people[named or _US]


def _usual(said: str, *, kind: Kind, moment: Moment) -> Due | None:
    with suppress(CommitmentError):  # such as a calendar that never opens
        return suggested.usual(said[: suggested.LONGEST_TIME], kind=kind, moment=moment)
    return None
