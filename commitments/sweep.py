"""Does what is due: remind, mark the breach, escalate.

A round looks before it locks; then it takes batches of due promises with SKIP LOCKED, plans each
in memory, and writes events, deliveries and clocks in three statements, so that the number of
queries does not depend on how many are due. Two rounds at once share the work and do every row
once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from . import agenda, lengths, messages
from .agenda import Action, Manner
from .models import Calendar, Commitment, Event, EventKind, Occurrence, PolicyVersion, User, bulk
from .models.commitment import CommitmentQuerySet, plain
from .models.event import draft
from .rules import ladder

logger = logging.getLogger(__name__)

_KIND = {
    Action.BREACH: EventKind.BREACHED,
    Action.ASK_AGAIN: EventKind.ASKED_AGAIN,
    Action.INFORM: EventKind.UPDATE_MISSED,
    Action.NUDGE: EventKind.NUDGED,
    Action.DECIDE: EventKind.DECISION_ASKED,
}
_STEP_KIND = {
    Manner.TAKEN: EventKind.STEP_TAKEN,
    Manner.COALESCED: EventKind.STEP_COALESCED,
    Manner.PASSED_OVER: EventKind.STEP_PASSED_OVER,
}


@dataclass(frozen=True, kw_only=True)
class Round:
    """What a round did: promises seen to, and promises that raised and were set aside."""

    done: int = 0
    put_off: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(done=self.done + other.done, put_off=self.put_off + other.put_off)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a batch comes to before it is written."""

    commitments: list[Commitment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    deeds: list[tuple[Commitment, agenda.Deed, Event]] = field(default_factory=list)


def run(now: datetime, *, past_due: bool | None = None, batch: int = 500) -> Round:
    """Do all that is due at `now`, or as much as fits a round's time.

    `past_due` True takes only promises whose due time has passed, False only those whose due time
    lies ahead: so one job can be paused and the other goes on.
    """
    total = Round()
    ends = time.monotonic() + lengths.current().round.total_seconds()
    while _due(now, past_due=past_due).exists():
        taken = _take(now, past_due=past_due, batch=batch)
        total += taken
        if taken == Round() or time.monotonic() > ends:
            break
    return total


def count_due(now: datetime) -> int:
    """How many promises a round at `now` would see to."""
    return _due(now, past_due=None).count()


def _due(now: datetime, *, past_due: bool | None) -> CommitmentQuerySet:
    due = Commitment.objects.filter(next_action_at__lte=now)
    if past_due is None:
        return due
    return due.filter(due_at__lte=now) if past_due else due.filter(due_at__gt=now)


def _take(now: datetime, *, past_due: bool | None, batch: int) -> Round:
    try:
        with transaction.atomic():
            claimed = _claim(_due(now, past_due=past_due), batch)
            _write(_plan(claimed, now=now), now=now)
        return Round(done=len(claimed))
    except Exception:
        logger.exception("A batch raised; it is done again row by row.")
    return _one_by_one(now, past_due=past_due, batch=batch)


def _claim(due: CommitmentQuerySet, batch: int) -> list[Commitment]:
    """A batch of due promises, held until the transaction ends; SQLite's write lock holds all.

    Locked first and read then, as in `held`: what a statement joins is as old as the statement.
    Why a promise is due is not read: a round has no use for it, and it is the longest column.
    """
    claimed = due.select_for_update(skip_locked=True).order_by("next_action_at", "pk")
    pks = list(claimed.values_list("pk", flat=True)[:batch])
    held = Commitment.objects.filter(pk__in=pks).order_by("next_action_at", "pk")
    return list(
        held.defer("due_steps").select_related(
            *("customer", "owner", "kind", "conversation__customer", "team", "acknowledged_by")
        )
    )


def _one_by_one(now: datetime, *, past_due: bool | None, batch: int) -> Round:
    total = Round()
    for pk in list(_due(now, past_due=past_due).values_list("pk", flat=True)[:batch]):
        try:
            with transaction.atomic():
                claimed = _claim(_due(now, past_due=past_due).filter(pk=pk), 1)
                _write(_plan(claimed, now=now), now=now)
            total += Round(done=len(claimed))
        except Exception:
            # Leave a broken row alone for a while: it would always be first in line,
            # and every promise behind it would wait.
            logger.exception("Commitment %s raised and is put off.", pk)
            put_off = now + lengths.current().put_off
            Commitment.objects.filter(pk=pk, next_action_at__lte=now).update(
                next_action="put_off", next_action_at=put_off
            )
            total += Round(put_off=1)
    return total


def _plan(commitments: Sequence[Commitment], *, now: datetime) -> Plan:
    grounds = _Grounds(commitments)
    plan = Plan()
    for commitment in commitments:
        terms = grounds.terms(commitment)
        standing = agenda.Standing.of(commitment)
        for deed, after in agenda.round_of(standing, terms, now=now):
            event = _record(commitment, deed, after, now)
            plan.events.append(event)
            plan.deeds.append((commitment, deed, event))
            if (not_sent := _not_sent(commitment, event, now=now)) is not None:
                plan.events.append(not_sent)
        agenda.settle(commitment, terms)
        plan.commitments.append(commitment)
    return plan


class _Grounds:
    """The ladders and hours of a batch, each loaded once."""

    def __init__(self, commitments: Iterable[Commitment]) -> None:
        versions = {commitment.policy_version_id for commitment in commitments}
        calendars = {commitment.team.calendar_id for commitment in commitments}
        self._ladders = {
            version.pk: version.ladder()
            for version in PolicyVersion.objects.filter(pk__in=versions).prefetch_related("steps")
        }
        self._hours = {
            calendar.pk: calendar.hours()
            for calendar in Calendar.objects.filter(pk__in=calendars).prefetch_related(
                "opening_hours", "holidays"
            )
        }
        self._terms: dict[tuple[int, int, int], agenda.Terms] = {}

    def terms(self, commitment: Commitment) -> agenda.Terms:
        calendar_id = commitment.team.calendar_id
        key = (commitment.policy_version_id, calendar_id, commitment.kind_id)
        if key not in self._terms:
            self._terms[key] = agenda.Terms.of(
                commitment,
                steps=self._ladders[commitment.policy_version_id],
                hours=self._hours[calendar_id],
            )
        return self._terms[key]


def _record(
    commitment: Commitment, deed: agenda.Deed, after: agenda.Standing, now: datetime
) -> Event:
    """Bring the promise to how it stands after the deed, and write down what that changed."""
    old = {name: getattr(commitment, name) for name in agenda.Standing.COLUMNS}
    after.put_into(commitment)
    occurrence = Occurrence(
        kind=_STEP_KIND[deed.manner] if deed.step else _KIND[deed.action],
        at=deed.at if deed.action is Action.BREACH else now,
        recorded_at=now,
        step=deed.step.number if deed.step else None,
        audience=",".join(_audience(commitment, deed, now=now)),
        changes={
            name: [plain(was), plain(getattr(commitment, name))]
            for name, was in old.items()
            if was != getattr(commitment, name)
        },
    )
    return draft(commitment, occurrence)[0]


def _audience(commitment: Commitment, deed: agenda.Deed, *, now: datetime) -> list[str]:
    """Who hears of it; the customer, by a step, only while nobody has told them it is late."""
    if deed.action is Action.NUDGE:
        return ["customer"]
    if deed.step is None or deed.manner is not Manner.TAKEN:
        return []
    silent = commitment.is_not_told(now)
    return [name for name in deed.step.audience if name != "customer" or silent]


def _not_sent(commitment: Commitment, event: Event, *, now: datetime) -> Event | None:
    """Where a customer cannot be written to, the timeline says so beside the step."""
    if "customer" not in event.audience.split(","):
        return None
    if messages.customer.unreachable(commitment.customer, now=now) is None:
        return None
    occurrence = Occurrence(
        kind=EventKind.MESSAGE_NOT_SENT, at=now, recorded_at=now, audience="customer:unreachable"
    )
    return draft(commitment, occurrence)[0]


def _write(plan: Plan, *, now: datetime) -> None:
    bulk.write_events(plan.events)
    roster = messages.Roster(plan.commitments, now=now)
    to_send = [
        message
        for commitment, deed, event in plan.deeds
        for message in _messages(commitment, deed, event, roster, now=now)
    ]
    messages.send(to_send, now=now)
    bulk.write_clocks(plan.commitments)


def _messages(
    commitment: Commitment,
    deed: agenda.Deed,
    event: Event,
    roster: messages.Roster,
    *,
    now: datetime,
) -> Iterator[messages.Message]:
    """What one deed says, to each person once, though they may stand in two of its audiences."""
    heard: set[int] = set()
    for template, people in _staff(commitment, deed, event, roster):
        new = [person for person in people if person.pk not in heard]
        heard.update(person.pk for person in new)
        yield from messages.staff.to(
            new,
            commitment,
            template,
            roster=roster,
            reason=_reason(event),
            event_id=event.pk,
            now=now,
        )
    if "customer" in event.audience.split(","):
        nudging = deed.action is Action.NUDGE
        said = messages.customer.about_promise(
            commitment,
            messages.customer.Template.NUDGE if nudging else messages.customer.Template.SLIP_NOTE,
            event=event,
            reason=_reason(event),
            now=now,
        )
        if isinstance(said, messages.Message):
            yield said


def _staff(
    commitment: Commitment, deed: agenda.Deed, event: Event, roster: messages.Roster
) -> Iterator[tuple[messages.staff.Template, list[User]]]:
    templates = messages.staff.Template
    if deed.action is Action.STEP and deed.step is not None:
        for name in event.audience.split(",") if event.audience else ():
            yield _step_template(deed.step, name), roster.of(commitment, name)
    elif deed.action is Action.ASK_AGAIN:
        asked = roster.of_team(commitment, commitment.acknowledged_by)
        if asked:
            yield templates.ASK_AGAIN, asked
        else:  # who said "I have it" has left
            yield templates.OVERDUE, roster.of(commitment, "owner")
    elif deed.action is Action.INFORM:
        yield templates.UPDATE_DUE, roster.of(commitment, "owner")
    elif deed.action is Action.DECIDE:
        yield templates.DECIDE, roster.of(commitment, "owner")


def _step_template(step: ladder.Step, audience: str) -> messages.staff.Template:
    templates = messages.staff.Template
    if step.is_before_due:
        return templates.REMINDER
    return templates.OVERDUE if audience in {"owner", "deputy"} else templates.ESCALATION


def _reason(event: Event) -> str:
    """A step is said once per revision and repetition; anything else once per event."""
    if event.step is None:
        return str(event.pk)
    return f"{event.commitment_id}:{event.revision}:{event.step}:{event.repetition}"
