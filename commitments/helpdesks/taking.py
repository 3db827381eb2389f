"""A webhook is taken: believed if it is signed, read by its system's adapter, and acted on once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from commitments import sealed
from commitments.errors import CommitmentError
from commitments.models import Commitment, HelpDesk, Suggestion
from commitments.services import cases, suggestions
from commitments.services.cases import Case, Fate, Telling

from . import people, promising, systems
from .adapter import Happened, News, Post, System, Unsigned, key_of
from .content import Content

_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(kw_only=True)
class Taken:
    """What came of a webhook. `told` are promises whose history says what became of their ticket.

    `made` now, or `again` where that very message had made it before. With what is `suggested`
    stands why it is no promise.
    """

    made: list[Commitment] = field(default_factory=list)
    again: list[Commitment] = field(default_factory=list)
    suggested: list[tuple[Suggestion, str]] = field(default_factory=list)
    told: list[Commitment] = field(default_factory=list)


def system_of(desk: HelpDesk) -> System | None:
    """The adapter for it; None where it is switched off, or its system is understood no more."""
    return systems.known().get(desk.system) if desk.off_at is None else None


def check(post: Post, *, desk: HelpDesk, system: System, now: datetime) -> None:
    """Raises Unsigned. From here on the help desk is known to have been heard."""
    secrets = sealed.unseal(desk.secrets)
    if not secrets:
        raise Unsigned("This help desk has no secret yet. Give it one in the settings.")
    system.check(post, secrets=secrets, now=now)
    unnoted = Q(heard_at=None) | Q(heard_at__lte=now - _NOTED_EVERY)
    HelpDesk.objects.filter(unnoted, pk=desk.pk).update(heard_at=now)


@transaction.atomic
def take(content: Content, *, desk: HelpDesk, system: System, now: datetime) -> Taken:
    """Act on all that it tells, in one transaction. Raises Unreadable or CommitmentError."""
    taken = Taken()
    news = system.news_in(content)
    # One at a time, so that what comes twice at once finds what the first one made.
    HelpDesk.objects.select_for_update(no_key=True).get(pk=desk.pk)
    for each in news:
        _act(each, taken, desk=desk, system=system, now=now)
    return taken


def _act(news: News, taken: Taken, *, desk: HelpDesk, system: System, now: datetime) -> None:
    match news.happened:
        case Happened.PROMISED:
            _promised(news, taken, desk=desk, system=system, now=now)
        case Happened.GATHERED:
            _gathered(news, taken, desk=desk, now=now)
        case _:
            taken.told += _tell(news, Fate(news.happened.value), desk=desk, now=now)


def _promised(news: News, taken: Taken, *, desk: HelpDesk, system: System, now: datetime) -> None:
    known = promising.made_before(news, desk=desk)
    waiting = suggestions.known(desk.origin, news.key)
    if known is not None:
        taken.again.append(known)
    elif waiting is not None:
        taken.suggested.append((waiting, "It was suggested before."))
    elif promising.is_stale(news, now=now):
        if news.is_newest:
            raise promising.NotUnderstood(
                "This was said more than a day ago. Log the promise by hand."
            )
    else:
        _make_or_suggest(news, taken, desk=desk, system=system, now=now)


def _make_or_suggest(
    news: News, taken: Taken, *, desk: HelpDesk, system: System, now: datetime
) -> None:
    try:
        with transaction.atomic():
            made = promising.make(news, desk=desk, system=system, now=now)
    except CommitmentError as no:
        suggestion = promising.suggest(news, desk=desk, system=system, now=now)
        taken.suggested.append((suggestion, str(no)))
        return
    cases.link(made.conversation, desk.page_of(news.path))
    taken.made.append(made)


def _gathered(news: News, taken: Taken, *, desk: HelpDesk, now: datetime) -> None:
    """Messages of which promises were made lie in this ticket now: it is what theirs became."""
    here = Case(number=news.case, url=desk.page_of(news.path))
    for was in cases.gathered(desk.origin, news.holds, here):
        key = key_of("merged", was.number, news.key)
        telling = Telling(fate=Fate.MERGED, key=key, desk=desk.name, origin=desk.origin, into=here)
        taken.told += cases.tell(desk.team_id, was, telling, now=now)


def _tell(news: News, fate: Fate, *, desk: HelpDesk, now: datetime) -> list[Commitment]:
    agent = people.agent(news.agent, team=desk.team)
    into = Case(number=news.into, url=desk.page_of(news.into_path)) if news.into else None
    telling = Telling(
        fate=fate,
        key=news.key,
        desk=desk.name,
        origin=desk.origin,
        by_id=agent.pk if agent else None,
        into=into,
    )
    case = Case(number=news.case, url=desk.page_of(news.path))
    return cases.tell(desk.team_id, case, telling, now=now)
