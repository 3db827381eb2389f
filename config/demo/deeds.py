"""What people do in the demonstration: a promise made, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from commitments import checkins, services
from commitments.models import CheckIn, Commitment, Customer, Kind, User
from commitments.models.checkin import State
from commitments.rules.causes import Cause

from .company import Company
from .diary import Diary


@dataclass(frozen=True, kw_only=True)
class Told:
    """A customer of Larkfield, as they gave themselves on the phone."""

    name: str
    email: str = ""
    phone: str = ""
    has_stopped: bool = False


@dataclass(frozen=True)
class Deed:
    """Something done to a promise: a verb, when, in what words, by its owner unless said."""

    at: str
    verb: str
    words: str = ""
    by: str = ""
    to: str = ""  # a new due time, a colleague, what came of a call, or what the customer is told
    rating: int = 0
    cause: str = ""  # why it was not in time; else one of the usual ones


@dataclass(frozen=True, kw_only=True)
class Story:
    """One promise from the day it was made."""

    customer: str
    by: str
    team: str
    kind: str
    words: str
    at: str
    due: str
    deeds: tuple[Deed, ...] = ()
    said: str = ""
    note: str = ""
    channel: str = "phone"
    keep_by: str = ""
    window: str = ""  # when to ring at the earliest; `due` is when at the latest
    summary: bool | None = None
    case: str = ""
    urgent: bool = False
    difficult: bool = False
    value: str = ""
    value_reason: str = ""  # said where the value is not usual


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where the stories play."""

    company: Company
    diary: Diary
    customers: dict[str, Customer]
    made: dict[Story, int] = field(default_factory=dict)


_WHY: Final = "That is what the account shows; nothing is added."


def make(stage: Stage, story: Story, *, now: datetime) -> None:
    owner = stage.company.people[story.by]
    kind = Kind.objects.get(code=story.kind)
    value = story.value if kind.has_value else ""
    draft = services.Draft(
        customer_id=stage.customers[story.customer].pk,
        team_id=stage.company.teams[story.team].pk,
        kind_id=kind.pk,
        owner_id=owner.pk,
        wording=story.words,
        due_at=stage.diary.when(story.due),
        due_said=story.said,
        team_note=story.note,
        channel=story.channel,
        keep_by=story.keep_by,
        window_start=stage.diary.when(story.window) if story.window else None,
        summary=story.summary,
        case=story.case,
        urgent=story.urgent,
        difficult=story.difficult,
        value=Decimal(value) if value else None,
        currency="GBP" if value else "",
        value_reason=(story.value_reason or _WHY) if value else "",
    )
    stage.made[story] = services.make(draft, by=owner, now=now).pk


def do(stage: Stage, story: Story, deed: Deed, *, now: datetime) -> None:
    """Do one deed, and let it fail aloud where the story is wrong."""
    pk = stage.made[story]
    by = stage.company.people[deed.by or story.by]
    _VERBS[deed.verb](stage, deed, pk, by, now)


Verb = Callable[[Stage, Deed, int, User, datetime], object]


# What it mostly is at Larkfield, in turn.
_CAUSES: Final = (
    *(Cause.TOOK_LONGER, Cause.OUTSIDE, Cause.TOO_MUCH, Cause.TOO_TIGHT, Cause.SLIPPED),
    *(Cause.OTHER_TEAM, Cause.TOOK_LONGER, Cause.SYSTEM, Cause.HANDED_ON),
)


def _cause(deed: Deed, pk: int, *, now: datetime) -> str:
    """Why this was not in time, or not kept; nothing where there is nothing to explain."""
    promise = Commitment.objects.get(pk=pk)
    is_asked = deed.verb == "abandon" or promise.was_broken(now)
    if not is_asked or promise.cause:
        return deed.cause
    return deed.cause or _CAUSES[pk % len(_CAUSES)].value


def _fulfil(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    cause = _cause(deed, pk, now=now)
    services.fulfil(pk, by=by, how=deed.words, evidence=deed.to, cause=cause, now=now)


def _move(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    due_at = stage.diary.when(deed.to)
    services.move(pk, by=by, due_at=due_at, reason=deed.words, told=services.Told.MESSAGE, now=now)


def _move_untold(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    due_at = stage.diary.when(deed.to)
    services.move(pk, by=by, due_at=due_at, reason=deed.words, told=services.Told.NO, now=now)


def _update(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.update(pk, by=by, words=deed.words, tell_customer=True, now=now)


def _note(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.update(pk, by=by, words=deed.words, tell_customer=False, now=now)


def _wait(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.wait(pk, by=by, what=deed.words, now=now)


def _resume(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.resume(pk, by=by, note=deed.words, now=now)


def _reassign(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    owner = stage.company.people[deed.to]
    services.reassign(pk, by=by, owner_id=owner.pk, note=deed.words, now=now)


def _acknowledge(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.acknowledge(pk, by=by, now=now)


def _help(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.help(pk, by=by, reason=deed.words, tell_customer=deed.to, now=now)


def _attempt(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.attempt(pk, by=by, came_of_it=deed.to, note=deed.words, now=now)


def _release(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    cause = _cause(deed, pk, now=now)
    services.release(pk, by=by, reason=deed.words, cause=cause, now=now)


def _abandon(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    cause = _cause(deed, pk, now=now)
    services.abandon(pk, by=by, reason=deed.words, offer=deed.to, cause=cause, now=now)


def _dispute(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    """The customer's own: on their page they say that this is not what was agreed."""
    services.dispute(pk, words=deed.words, now=now)


def _other_time(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    """The customer's own: on their page they ask for a time that suits them."""
    wanted_at = stage.diary.when(deed.to)
    services.ask_other_time(pk, wanted_at=wanted_at, words=deed.words, now=now)


def _void(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.void(pk, by=by, reason=deed.words, now=now)


def _reopen(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    services.reopen(pk, by=by, reason=deed.words, due_at=stage.diary.when(deed.to), now=now)


def _answer(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    """The customer answers the check-in that asks about this promise, or once more elsewhere."""
    asked = CheckIn.objects.filter(items__commitment=pk, sent_at__isnull=False).get()
    reply = checkins.Reply(
        done=deed.to or "yes",
        still_open=deed.verb == "still_open",
        rating=deed.rating,
        words=deed.words,
        browser_key="another" if deed.verb == "answer_elsewhere" else "",
    )
    checkins.answer(asked.pk, reply, now=now)


def _answer_if_asked(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    """The same, unless they were asked about another promise instead, or not at all."""
    if CheckIn.objects.filter(items__commitment=pk, state=State.SENT).exists():
        _answer(stage, deed, pk, by, now)


def _finish_follow_up(stage: Stage, deed: Deed, pk: int, by: User, now: datetime) -> None:
    """What the customer's answer had left open is done."""
    follow_up = Commitment.objects.get(follows=pk)
    cause = _cause(deed, follow_up.pk, now=now)
    services.fulfil(follow_up.pk, by=by, how=deed.words, cause=cause, now=now)


_VERBS: Final[dict[str, Verb]] = {
    "fulfil": _fulfil,
    "move": _move,
    "move_untold": _move_untold,
    "update": _update,
    "note": _note,
    "wait": _wait,
    "resume": _resume,
    "reassign": _reassign,
    "acknowledge": _acknowledge,
    "help": _help,
    "attempt": _attempt,
    "release": _release,
    "abandon": _abandon,
    "dispute": _dispute,
    "other_time": _other_time,
    "void": _void,
    "reopen": _reopen,
    "answer": _answer,
    "still_open": _answer,
    "answer_elsewhere": _answer,
    "answer_if_asked": _answer_if_asked,
    "finish_follow_up": _finish_follow_up,
}
