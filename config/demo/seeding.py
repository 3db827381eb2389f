"""Walk through the stories in the order of their deeds, up to the present."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from commitments import starting
from commitments.models import Calendar, Customer
from commitments.reports import rolling
from config import walk

from . import company, deeds, learning
from .company import PASSWORD, Company
from .customers import CUSTOMERS
from .deeds import Stage, Story
from .diary import Diary
from .past import PAST
from .present import PRESENT
from .stories import STORIES

__all__ = ["PASSWORD", "seed"]

_FIRST: Final = "-43 08:00"
# Messages wait for the undo to end: by then all that a deed says can go out in one round.
_UNDO_IS_OVER: Final = timedelta(minutes=1)
# Until then the clock takes long strides: weeks are lived through within seconds.
_CLOSE_UP: Final = "-2 08:00"
_STRIDE: Final = timedelta(hours=3)
_Doing = tuple[datetime, Callable[..., None]]  # called with `now`


@transaction.atomic
def seed(now: datetime) -> Company:
    """Found the company and live through its last sixty days, all or nothing."""
    starting.ensure(zone=company.ZONE, now=now)
    Calendar.objects.filter(name=starting.CALENDAR).update(zone=company.ZONE)
    diary = Diary(now=now, hours=company.calendar().hours())
    stage = Stage(
        company=company.found(diary),
        diary=diary,
        customers={each.name: _customer(each, diary) for each in CUSTOMERS},
    )
    _live_through(stage, (*PAST, *STORIES, *PRESENT))
    return stage.company


def _live_through(stage: Stage, stories: tuple[Story, ...]) -> None:
    """Everybody does their deeds; in between, and at the end, the clock does its own."""
    diary = stage.diary
    close_up = diary.when(_CLOSE_UP)
    looked = done = diary.when(_FIRST)
    for moment, do in sorted(_doings(stage, stories), key=lambda doing: doing[0]):
        if moment >= close_up:
            walk.walk(done + _UNDO_IS_OVER, moment)
        elif moment - looked >= _STRIDE:
            walk.walk(done + _UNDO_IS_OVER, moment, stride=_STRIDE)
            looked = moment
        do(now=moment)
        done = moment
    walk.walk(done + _UNDO_IS_OVER, diary.now)
    while rolling.run(diary.now):  # the figures of the days that have been
        pass


def _doings(stage: Stage, stories: tuple[Story, ...]) -> Iterator[_Doing]:
    """Every making and every deed, each with its moment."""
    yield from learning.doings(stage)
    for story in stories:
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
