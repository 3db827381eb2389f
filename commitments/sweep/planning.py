"""What a batch of due promises comes to, worked out in memory before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from commitments import lengths
from commitments.agenda import Action, Deed, Manner
from commitments.models import Breaches, Commitment, Event, EventKind, Occurrence, User
from commitments.models.event import draft

from . import audience
from .audience import Audience
from .courses import Changes, Turn
from .grounds import Grounds

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
    Manner.OVERTAKEN: EventKind.STEP_PASSED_OVER,
}
SECOND_BREACH = "second_breach"


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOver:
    """The promise has changed hands by a step of its ladder."""

    to: User
    from_id: int | None
    event: Event


class Done(NamedTuple):
    """One deed, the event that records it, and whom it is to reach."""

    commitment: Commitment
    deed: Deed
    event: Event
    audience: Audience
    hand_over: HandOver | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What happens, and of what is `done` as much as somebody is to hear of."""

    commitments: Sequence[Commitment]
    events: list[Event] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)


def of(commitments: Sequence[Commitment], grounds: Grounds, *, now: datetime) -> Plan:
    """Brings each promise to how it stands afterwards, its clock included."""
    within = lengths.current().second_breach_within
    breaches = Breaches.ahead(commitments, within=within, now=now)
    plan = Plan(commitments=commitments)
    for commitment in commitments:
        course = grounds.course(commitment, breached_before=breaches.is_second(commitment))
        for turn in course.turns:
            _do(commitment, turn, grounds, plan, now=now)
        commitment.next_action = course.next_action
        commitment.next_action_at = course.next_action_at
    return plan


def _do(commitment: Commitment, turn: Turn, grounds: Grounds, plan: Plan, *, now: datetime) -> None:
    """The deed's event, and after it what could not be said, and into whose hands it came."""
    deed = turn.deed
    hands_to = _hands_to(deed)
    heir = grounds.roster.next_owner(commitment, hands_to) if hands_to else None
    hands = _hand_to(heir, commitment) if heir else {}
    meant = audience.of(commitment, deed, grounds, now=now)
    why = {} if heir else _why(commitment, deed, hands_to, grounds)
    event = _record(commitment, turn, meant, why=why, now=now)
    plan.events.append(event)
    if meant.obstacle:
        plan.events.append(_not_sent(commitment, deed, meant, now=now))
    hand_over = None
    if heir is not None:
        reassigned = _happened(EventKind.REASSIGNED, changes=hands, now=now)
        handed = draft(commitment, reassigned)[0]
        plan.events.append(handed)
        hand_over = HandOver(to=heir, from_id=hands["owner_id"][0], event=handed)
    if hand_over is not None or not meant.is_silent:
        plan.done.append(Done(commitment, deed, event, meant, hand_over))


def _hand_to(heir: User, commitment: Commitment) -> Changes:
    """Whoever had said "I have it" has it no more. Answers what that changed."""
    changes = {"owner_id": [commitment.owner_id, heir.pk]}
    if commitment.acknowledged_by_id is not None:
        changes["acknowledged_by_id"] = [commitment.acknowledged_by_id, None]
    commitment.owner, commitment.acknowledged_by = heir, None
    return changes


def _hands_to(deed: Deed) -> str:
    """The audience a step hands the promise to; what is only said again changes no hands."""
    if deed.step is None or not deed.step.hands_to:
        return ""
    is_taken = deed.action is Action.STEP and deed.manner is Manner.TAKEN
    return deed.step.hands_to if is_taken else ""


def _why(commitment: Commitment, deed: Deed, hands_to: str, grounds: Grounds) -> Changes:
    """Why a step did not do what it says, for whoever reads the timeline."""
    if deed.manner is Manner.OVERTAKEN:
        return {"because": SECOND_BREACH}
    if not hands_to:
        return {}
    if hands_to == "deputy":  # whoever is here has none, and keeps it
        is_theirs = commitment.owner is not None and not grounds.roster.is_away(commitment.owner)
    else:
        is_theirs = commitment.owner in grounds.roster.of(commitment, hands_to)
    return {} if is_theirs else {"not_handed_to": hands_to}


def _record(
    commitment: Commitment, turn: Turn, meant: Audience, *, why: Changes, now: datetime
) -> Event:
    """Bring the promise to how it stands after the deed, and write down what that changed."""
    vars(commitment).update(turn.columns)
    key = (meant.names, *why.values())
    occurrence = turn.recorded.get(key)
    if occurrence is None:
        occurrence = turn.recorded[key] = _occurrence(turn, meant, why=why, now=now)
    return draft(commitment, occurrence)[0]


def _occurrence(turn: Turn, meant: Audience, *, why: Changes, now: datetime) -> Occurrence:
    deed = turn.deed
    is_overtaken = deed.step is not None and deed.manner is Manner.OVERTAKEN
    return _happened(
        _STEP_KIND[deed.manner] if deed.step else _KIND[deed.action],
        at=deed.at if deed.action is Action.BREACH else now,
        deed=deed,
        audience=deed.step.audience if deed.step and is_overtaken else meant.names,
        changes=turn.changes | why,
        now=now,
    )


def _not_sent(commitment: Commitment, deed: Deed, meant: Audience, *, now: datetime) -> Event:
    """Where somebody who was meant hears nothing, the timeline says so beside the deed."""
    named = {
        audience.NOBODY: "staff:nobody",
        audience.UNREACHABLE: "customer:unreachable",
        audience.LATE: "customer:nudge" if deed.action is Action.NUDGE else "customer:slip_note",
    }
    occurrence = _happened(
        EventKind.MESSAGE_NOT_SENT,
        audience=(named[meant.obstacle],),
        changes={"because": meant.obstacle},
        now=now,
    )
    return draft(commitment, occurrence)[0]


def _happened(
    kind: EventKind,
    *,
    now: datetime,
    changes: Changes,
    audience: Sequence[str] = (),
    at: datetime | None = None,
    deed: Deed | None = None,
) -> Occurrence:
    return Occurrence(
        kind=kind,
        at=at or now,
        recorded_at=now,
        step=deed.step.number if deed and deed.step else None,
        repetition=deed.repetition if deed else 0,
        audience=",".join(audience),
        changes=changes,
    )
