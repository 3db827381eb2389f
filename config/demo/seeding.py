"""Walk through the stories in the order of their deeds, up to the present."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from commitments import starting
from commitments.models import Calendar, Customer
from config import walk

from . import company, deeds
from .company import PASSWORD, Company
from .customers import CUSTOMERS
from .deeds import Stage
from .diary import Diary
from .stories import STORIES

__all__ = ["PASSWORD", "seed"]

_FIRST: Final = "-17 08:00"
# Messages wait for the undo to end: by then all that a deed says can go out in one round.
_UNDO_IS_OVER: Final = timedelta(minutes=1)
_Doing = tuple[datetime, Callable[..., None]]  # called with `now`


@transaction.atomic
def seed(now: datetime) -> Company:
    """Found the company and live through its last weeks, all or nothing."""
    starting.ensure(zone=company.ZONE, now=now)
    Calendar.objects.filter(name=starting.CALENDAR).update(zone=company.ZONE)
    diary = Diary(now=now, hours=company.calendar().hours())
    stage = Stage(
        company=company.found(diary),
        diary=diary,
        customers={each.name: _customer(each, diary) for each in CUSTOMERS},
    )
    at = diary.when(_FIRST)
    for moment, do in sorted(_doings(stage), key=lambda doing: doing[0]):
        walk.walk(at + _UNDO_IS_OVER, moment)
        do(now=moment)
        at = moment
    walk.walk(at + _UNDO_IS_OVER, now)
    return stage.company


def _doings(stage: Stage) -> Iterator[_Doing]:
    """Every making and every deed, each with its moment."""
    for story in STORIES:
        yield stage.diary.when(story.at), partial(deeds.make, stage, story)
        for deed in story.deeds:
            yield stage.diary.when(deed.at), partial(deeds.do, stage, story, deed)


def _customer(told: deeds.Told, diary: Diary) -> Customer:
    return Customer.objects.create(
        name=told.name,
        email=told.email,
        phone=told.phone,
        zone=company.ZONE,
        stopped_at=diary.when(_FIRST) if told.has_stopped else None,
    )
