"""New promises are written: they, their conversations, what happened to each, what figures count
by, and word to the programs that asked for it. As many statements for a thousand as for one.

All of a promise is worked out before, its id too, so that it is written once and as it is to stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commitments import agenda, messages
from commitments.models import (
    Commitment,
    Event,
    EventKind,
    EventText,
    Occurrence,
    figures,
    row,
)
from commitments.models.event import draft as drafted
from commitments.rules.ladder import Ladder

from .work import Work


@dataclass(frozen=True, kw_only=True)
class New:
    """A promise with its id, its clock set. `passed` are the steps whose moment has gone already,
    `besides` is what else happened to it at once.
    """

    work: Work
    passed: Ladder
    besides: tuple[Occurrence, ...] = ()

    @property
    def commitment(self) -> Commitment:
        return self.work.commitment


def laid(work: Work, *, besides: tuple[Occurrence, ...] = ()) -> New:
    """Its word to the customer owed, its climb begun and its clock set."""
    work.owe_an_update()
    passed = work.begin_climb()
    agenda.settle(work.commitment, work.terms)
    return New(work=work, passed=passed, besides=besides)


def write(new: Sequence[New], *, now: datetime) -> list[Event]:
    """Each with its events, in the order of their ids. Answers the event that made each."""
    promises = [each.commitment for each in new]
    _begin_conversations(promises)
    changes = [each.changes() for each in promises]
    drafts = [
        [drafted(each.commitment, one) for one in _happened(each, changed, now=now)]
        for each, changed in zip(new, changes, strict=True)
    ]
    events = [event for theirs in drafts for event, _ in theirs]
    notes = figures.notes_of_many(zip(promises, changes, strict=True), now=now)
    row.insert_with(events, besides=[promises, notes])
    _keep_words([pair for theirs in drafts for pair in theirs])
    for each in promises:
        each.remember()
    if any(messages.programs.may_listen(each) for each in promises):
        messages.send(messages.programs.happened(promises, events, now=now), now=now)
    return [_known(theirs[0][0], each) for theirs, each in zip(drafts, new, strict=True)]


def _begin_conversations(promises: Sequence[Commitment]) -> None:
    begun = {id(each.conversation): each.conversation for each in promises}
    row.insert([each for each in begun.values() if not each.pk])
    for each in promises:
        talk = each.conversation
        each.conversation = talk  # now that it has an id


def _happened(new: New, changes: dict[str, Any], *, now: datetime) -> Iterator[Occurrence]:
    commitment, by = new.commitment, new.work.by
    yield Occurrence(
        kind=EventKind.MADE,
        at=commitment.promised_at,
        recorded_at=now,
        actor_id=by.pk if by else None,
        changes=changes,
        words=commitment.due_said,
    )
    for step in new.passed:
        yield Occurrence.passed_over(step, now=now)
    yield from new.besides


def _known(event: Event, new: New) -> Event:
    """With whom and what it is about, so that nobody asks for them."""
    event.commitment, event.actor = new.commitment, new.work.by
    return event


def _keep_words(drafts: Sequence[tuple[Event, EventText | None]]) -> None:
    said: list[EventText] = []
    for event, text in drafts:
        if text is not None:
            text.event = event
            said.append(text)
    row.insert(said)
