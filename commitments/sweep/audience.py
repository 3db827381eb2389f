"""Whom one deed is to reach: colleagues, programs, the customer, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from commitments import lengths, messages
from commitments.agenda import Action, Deed, Manner
from commitments.models import Commitment, User
from commitments.rules import audiences
from commitments.rules.ladder import Step

from .grounds import Grounds

UNREACHABLE = "unreachable"
LATE = "late"
NOBODY = "nobody"
HOLDER = "holder"  # who said "I have it"


class Audience(NamedTuple):
    """`obstacle` says why somebody who was meant hears nothing.

    The `asked_instead` are asked to tell the customer, who cannot be written to.
    """

    people: Mapping[str, list[User]] = MappingProxyType({})
    programs: tuple[str, ...] = ()
    to_customer: bool = False
    asked_instead: tuple[User, ...] = ()
    obstacle: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """As an event keeps them."""
        instead = ("owner",) if self.asked_instead and "owner" not in self.people else ()
        customer = ("customer",) if self.to_customer else ()
        return (*self.people, *instead, *self.programs, *customer)

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to say to anybody."""
        return not (self.people or self.programs or self.to_customer or self.asked_instead)


_NOBODY_IS_MEANT = Audience()


def of(commitment: Commitment, deed: Deed, grounds: Grounds, *, now: datetime) -> Audience:
    """Whom this deed reaches, as things stand after it."""
    roster = grounds.roster
    match deed.action:
        case Action.BREACH:  # its steps say it
            return _NOBODY_IS_MEANT
        case Action.STEP | Action.REPEAT if deed.step and deed.manner is Manner.TAKEN:
            return _of_step(commitment, deed, deed.step, grounds, now=now)
        case Action.ASK_AGAIN:
            asked = roster.told_with_stand_in(commitment, commitment.acknowledged_by)
            # Who said "I have it" may have left.
            return _of_people({HOLDER: asked} if asked else roster.told(commitment, ["owner"]))
        case Action.INFORM | Action.DECIDE:
            return _of_people(roster.told(commitment, ["owner"]))
        case Action.NUDGE:
            return _of_customer(commitment, deed, grounds, now=now)
        case _:
            return _NOBODY_IS_MEANT


def _of_people(people: Mapping[str, list[User]]) -> Audience:
    return Audience(people=people, obstacle="" if people else NOBODY)


def _of_customer(
    commitment: Commitment, deed: Deed, grounds: Grounds, *, now: datetime
) -> Audience:
    """A mail to the customer, or where none can go any more, the owner is asked instead."""
    obstacle = _obstacle(commitment, deed, now=now)
    if not obstacle:
        return Audience(to_customer=True)
    owner = grounds.roster.told(commitment, ["owner"])
    asked = tuple(person for people in owner.values() for person in people)
    return Audience(asked_instead=asked, obstacle=obstacle)


def _obstacle(commitment: Commitment, deed: Deed, *, now: datetime) -> str:
    templates = messages.customer.Template
    mail = templates.NUDGE if deed.action is Action.NUDGE else templates.SLIP_NOTE
    if messages.customer.unreachable(commitment.customer, mail, now=now) is not None:
        return UNREACHABLE
    return LATE if now - deed.at > lengths.current().stale_after else ""


def _of_step(
    commitment: Commitment, deed: Deed, step: Step, grounds: Grounds, *, now: datetime
) -> Audience:
    """The customer only once, and only while nobody has told them that it is late."""
    people, programs = grounds.roster.told(commitment, step.audience), _listening(step, grounds)
    obstacle = ""
    if not people and not programs and not step.is_for_customer_alone:
        people = grounds.roster.fallback(commitment)
        obstacle = "" if people else NOBODY
    tells_customer = "customer" in step.audience and deed.action is Action.STEP
    if tells_customer and _is_unaware(commitment, now=now):
        customer = _of_customer(commitment, deed, grounds, now=now)
        return customer._replace(people=people, programs=programs)
    return Audience(people=people, programs=programs, obstacle=obstacle)


def _is_unaware(commitment: Commitment, *, now: datetime) -> bool:
    """Whether nobody has told the customer that it is late.

    From the due time itself on: a step that stands there tells them at that very instant, when
    the promise is not overdue yet.
    """
    told_at, due_at = commitment.told_at, commitment.due_at
    return due_at <= now and (told_at is None or told_at < due_at)


def _listening(step: Step, grounds: Grounds) -> tuple[str, ...]:
    named = audiences.programs_among(step.audience)
    return tuple(name for name in named if name in grounds.listeners()) if named else ()
