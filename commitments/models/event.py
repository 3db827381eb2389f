"""What happened, append only: each event carries the hash of the one before it.

Personal words lie apart, in an EventText that can be erased; the event keeps their salted digest,
so erasing them leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from json.encoder import encode_basestring
from typing import Any, ClassVar, NamedTuple, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from commitments.rules import ladder

from .commitment import Commitment
from .people import User
from .row import Row

# What an event has of an occurrence; the rest is its promise's.
_ALIKE = (
    *("kind", "at", "recorded_at", "actor_id", "step", "repetition", "audience", "changes"),
    *("visible", "undoes_id"),
)
_OWN = ("commitment_id", "sequence", "revision", "text_digest", "previous_hash")
HASHED = (
    *("commitment_id", "sequence", "kind", "at", "recorded_at", "actor_id", "revision", "step"),
    *("repetition", "audience", "changes", "visible", "undoes_id", "text_digest", "previous_hash"),
)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class EventKind(models.TextChoices):
    """Past tense, each."""

    MADE = "made"
    UPDATED = "updated"
    MOVED = "moved"
    WAITED = "waited"
    RESUMED = "resumed"
    REASSIGNED = "reassigned"
    ACKNOWLEDGED = "acknowledged"
    HELP_ASKED = "help_asked"
    FULFILLED = "fulfilled"
    RELEASED = "released"
    ABANDONED = "abandoned"
    VOIDED = "voided"
    REOPENED = "reopened"
    UNDONE = "undone"
    BREACHED = "breached"
    STEP_TAKEN = "step_taken"
    STEP_PASSED_OVER = "passed_over"
    STEP_COALESCED = "coalesced"
    ASKED_AGAIN = "asked_again"
    UPDATE_MISSED = "update_missed"
    NUDGED = "nudged"
    DECISION_ASKED = "decision_asked"
    MESSAGE_SENT = "message_sent"
    MESSAGE_NOT_SENT = "message_not_sent"
    MESSAGE_BOUNCED = "message_bounced"
    REPLANNED = "replanned"
    CALL_TRIED = "call_tried"
    CHECK_IN_PLANNED = "check_in_planned"
    CHECK_IN_HELD = "check_in_held"
    CHECK_IN_DROPPED = "check_in_dropped"
    CHECK_IN_ANSWERED = "check_in_answered"
    CUSTOMER_WROTE = "customer_wrote"
    OTHER_TIME_ASKED = "other_time_asked"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CUSTOMER_ANSWERED = "customer_answered"
    MAILS_STOPPED = "mails_stopped"
    LINK_RENEWED = "link_renewed"
    THANKED = "thanked"
    ERASED = "erased"
    CUSTOMER_MERGED = "customer_merged"
    CASE_TOLD = "case_told"


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """What is about to be written down. `at`: when true; it may lie before `recorded_at`.

    One serves many promises, where the same happens to all of them; it is not to be changed.
    """

    kind: str
    at: datetime
    recorded_at: datetime
    actor_id: int | None = None
    step: int | None = None
    repetition: int = 0
    audience: str = ""
    changes: dict[str, Any] = field(default_factory=dict)  # Any: JSON
    visible: bool = False
    undoes_id: int | None = None
    words: str = ""
    words_before: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, Any]:
        """As an event holds them, but for what it has of its promise and of its words."""
        return {name: getattr(self, name) for name in _ALIKE}

    @cached_property
    def facts(self) -> _Facts:
        """As the hash of an event sees them."""
        return _facts(self.columns)

    @classmethod
    def passed_over(cls, step: ladder.Step, *, now: datetime) -> Occurrence:
        """A step's moment had gone before the promise came under it."""
        return cls(
            kind=EventKind.STEP_PASSED_OVER,
            at=now,
            recorded_at=now,
            step=step.number,
            audience=",".join(step.audience),
        )


class _Facts(NamedTuple):
    """What happened, as canonical JSON: what stands before and after the revision."""

    before: str
    after: str


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> Self:
        return self.order_by("-sequence").select_related("actor", "text", "attachment")

    def asking(self, *, since: datetime | None) -> Self:
        """What has asked the customer, or the owner what to do without an answer, since then."""
        asking = (EventKind.WAITED, EventKind.NUDGED, EventKind.DECISION_ASKED)
        return self.filter(kind__in=asking, recorded_at__gte=since)

    def not_taken_back(self) -> Self:
        """Without what was undone: it is as if it had not been."""
        undone = Event.objects.filter(commitment=OuterRef("commitment"), undoes=OuterRef("pk"))
        return self.exclude(Exists(undone))

    def shown_to_customer(self) -> Self:
        return self.not_taken_back().filter(visible=True)


class Event(Row):
    """One line of a promise's timeline. No update, no delete: triggers on both databases say so."""

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="events", db_index=False
    )
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    revision = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField(null=True)
    repetition = models.PositiveSmallIntegerField(default=0)
    audience = models.CharField(max_length=120, blank=True)
    changes = models.JSONField(default=dict)
    visible = models.BooleanField(default=False)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    text_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    text: EventText
    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["commitment", "sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["commitment", "sequence"], name="one_event_per_place"),
            models.UniqueConstraint(
                fields=["commitment", "revision", "step", "repetition"],
                condition=Q(step__isnull=False),
                name="a_step_is_taken_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def words(self) -> str:
        """What was said, or nothing: none was, or it has been erased."""
        return self.text.words if hasattr(self, "text") else ""

    @property
    def words_before(self) -> dict[str, Any]:
        """The old words of the fields it changed, unless they have been erased."""
        return self.text.before if hasattr(self, "text") else {}


class EventText(models.Model):
    """The words of an event, the only part of it that can be erased."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="text")
    salt = models.CharField(max_length=32)
    words = models.TextField()
    # Old words of the fields it changed, for undo.
    before = models.JSONField(default=dict, db_default=Value({}, output_field=models.JSONField()))

    def __str__(self) -> str:
        return self.words[:60]


def append(commitment: Commitment, occurrence: Occurrence) -> Event:
    """Write one event and move the head of the chain; the caller holds the row and saves it."""
    event, text = draft(commitment, occurrence)
    event.commitment = commitment
    event.save(force_insert=True)
    if text is not None:
        text.event = event
        text.save(force_insert=True)
    return event


def draft(commitment: Commitment, occurrence: Occurrence) -> tuple[Event, EventText | None]:
    """The event as it will be written, and the commitment's head moved on to it."""
    text = _text(occurrence)
    columns = occurrence.columns | {
        "id": None,
        "commitment_id": commitment.id,
        "sequence": commitment.event_count + 1,
        "revision": commitment.revision,
        "text_digest": digest_of(text) if text else "",
        "previous_hash": commitment.head_hash,
    }
    columns["hash"] = _hash(columns, occurrence.facts)
    commitment.event_count, commitment.head_hash = columns["sequence"], columns["hash"]
    return Event.filled(columns), text


def hash_of(event: Event) -> str:
    """SHA-256 over every fact of the event and the hash before it, as canonical JSON."""
    return hashlib.sha256(written_of(event).encode()).hexdigest()


def written_of(event: Event) -> str:
    """The facts that the hash is over, as one list in JSON: the columns are `HASHED`."""
    columns = {name: getattr(event, name) for name in (*_ALIKE, *_OWN)}
    return _written(columns, _facts(columns))


def _hash(columns: Mapping[str, Any], facts: _Facts) -> str:
    return hashlib.sha256(_written(columns, facts).encode()).hexdigest()


def _written(columns: Mapping[str, Any], facts: _Facts) -> str:
    """Its promise stands first, and its revision among the facts."""
    place = f"{columns['commitment_id']},{columns['sequence']}"
    digest = encode_basestring(columns["text_digest"])
    previous = encode_basestring(columns["previous_hash"])
    return f"[{place},{facts.before},{columns['revision']},{facts.after},{digest},{previous}]"


def _facts(columns: Mapping[str, Any]) -> _Facts:
    kind, at, recorded_at, actor, *after = map(columns.__getitem__, _ALIKE)
    before = [kind, _instant(at), _instant(recorded_at), actor]
    return _Facts(before=_canonical(before)[1:-1], after=_canonical(after)[1:-1])


def digest_of(text: EventText) -> str:
    """SHA-256 over all words of an event, salted so that they cannot be guessed from it.

    Without old words it is what it was before those were kept, so that older events still verify.
    """
    facts = f"{text.salt}{text.words}"
    if text.before:
        facts = json.dumps([text.salt, text.words, text.before], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()


def first_broken_link(commitment: Commitment, events: Iterable[Event] | None = None) -> int | None:
    """The sequence of the first event that does not fit the chain, or None if all of it holds.

    `events` are all of them in order, with their texts, where the caller has read them already.
    """
    previous = ""
    count = 0
    if events is None:
        events = commitment.events.order_by("sequence").select_related("text")
    for event in events:
        count += 1
        text_holds = not hasattr(event, "text") or digest_of(event.text) == event.text_digest
        fits = event.sequence == count and event.previous_hash == previous
        if not (fits and text_holds and hash_of(event) == event.hash):
            return event.sequence
        previous = event.hash
    return None if (count, previous) == (commitment.event_count, commitment.head_hash) else count


def _text(occurrence: Occurrence) -> EventText | None:
    words, before = occurrence.words, occurrence.words_before
    if not words and not before:
        return None
    return EventText(salt=secrets.token_hex(16), words=words, before=before)


@lru_cache(maxsize=256)  # a round writes the same few
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
