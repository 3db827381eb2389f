"""Programs that listen, and what each asked to be told of.

What is changed counts for what happens from then on: what waits for a program still goes to it, and
is taken back only where it is switched off or deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from operator import attrgetter
from typing import Final, ParamSpec, TypeVar

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.messages import endpoints
from commitments.messages.endpoints import Listener, Told
from commitments.models import EventKind, Subscription, Team
from commitments.models.subscription import EVERYTHING

from . import account_log, seen

P = ParamSpec("P")
R = TypeVar("R")

USUAL_OVERLAP: Final = timedelta(hours=24)
KINDS: Final[Mapping[str, Collection[EventKind]]] = {
    "The promise": (
        *(EventKind.MADE, EventKind.UPDATED, EventKind.MOVED, EventKind.WAITED),
        *(EventKind.RESUMED, EventKind.REASSIGNED, EventKind.ACKNOWLEDGED, EventKind.HELP_ASKED),
        *(EventKind.CALL_TRIED, EventKind.FULFILLED, EventKind.RELEASED, EventKind.ABANDONED),
        *(EventKind.VOIDED, EventKind.REOPENED, EventKind.UNDONE),
    ),
    "Its time": (
        *(EventKind.BREACHED, EventKind.STEP_TAKEN, EventKind.ASKED_AGAIN),
        *(EventKind.UPDATE_MISSED, EventKind.NUDGED, EventKind.DECISION_ASKED),
    ),
    "The customer": (
        *(EventKind.CUSTOMER_WROTE, EventKind.OTHER_TIME_ASKED, EventKind.CONFIRMED),
        *(EventKind.DISPUTED, EventKind.CUSTOMER_ANSWERED, EventKind.CHECK_IN_ANSWERED),
        EventKind.MAILS_STOPPED,
    ),
    "Messages": (*(EventKind.MESSAGE_SENT, EventKind.MESSAGE_NOT_SENT, EventKind.MESSAGE_BOUNCED),),
}
"""What a program can ask for by name; the rest of a history it hears where it asks for all."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A program as it is to be. Without kinds: only steps that name it. `teams` None: all."""

    name: str
    url: str
    kinds: Collection[str] = ()
    teams: Collection[int] | None = None


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A program, what it asked for, and the last thing it was told."""

    listener: Listener
    kinds: tuple[str, ...] = ()
    teams: tuple[Team, ...] = ()
    every_team: bool = True
    last: Told | None = None

    @property
    def hears_of_no_team(self) -> bool:
        """Those it asked for were deleted; it is not to hear of all for that."""
        return not self.every_team and not self.teams

    @property
    def mark(self) -> str:
        """Of all that can be edited on its page."""
        teams = sorted(team.pk for team in self.teams)
        it = self.listener
        return seen.mark(it.name, it.url, sorted(self.kinds), self.every_team, teams)


class NotNow(CommitmentError):
    """It makes no sense as it stands: it is switched off, or the message is still on its way."""


def _in_our_words(verb: Callable[P, R]) -> Callable[P, R]:
    """The same, raising what it refuses as a rule of this house. `Gone` goes through."""

    @wraps(verb)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except endpoints.NotNow as no:
            raise NotNow(str(no)) from no
        except endpoints.Refused as no:
            raise CommitmentError(str(no), field=no.field) from no

    return spoken


Gone = endpoints.Gone
try_out = _in_our_words(endpoints.try_out)
repeat = _in_our_words(endpoints.repeat)
repeat_since = _in_our_words(endpoints.repeat_since)
sealed, opened = endpoints.sealed, endpoints.opened
told = endpoints.told
one_told = endpoints.one_told


def every() -> list[Webhook]:
    """All of them by name, each with the last thing it was told; five queries."""
    asked = {each.endpoint_id: each for each in Subscription.objects.prefetch_related("teams")}
    last = endpoints.latest()
    return [
        _webhook(listener, asked.get(listener.id), last=last.get(listener.id))
        for listener in endpoints.every()
    ]


def one(pk: int) -> Webhook:
    """Raises Gone."""
    return _webhook(endpoints.one(pk), Subscription.objects.filter(endpoint=pk).first())


@_in_our_words
def make(plan: Plan, *, by_id: int | None = None, now: datetime) -> tuple[Webhook, str]:
    """A new one, and its secret. Raises CommitmentError."""
    _check(plan)
    endpoints.check(plan.url)
    with transaction.atomic():
        listener, secret = endpoints.add(plan.name, plan.url, now=now)
        _subscribe(listener.id, plan)
        account_log.note(f"webhook={listener.id} made", by_id=by_id)
    return one(listener.id), secret


@_in_our_words
def edit(pk: int, plan: Plan, *, seen_mark: str, by_id: int | None = None) -> Webhook:
    """Let it be so. Raises Changed or CommitmentError, and changes nothing then, or Gone."""
    _check(plan)
    endpoints.check(plan.url, of=pk)  # before anything is held: a name service may take its time
    with transaction.atomic():
        endpoints.hold(pk)
        seen.check(one(pk).mark, seen=seen_mark, what="this webhook")
        endpoints.edit(pk, name=plan.name, url=plan.url)
        _subscribe(pk, plan)
        account_log.note(f"webhook={pk} changed", by_id=by_id)
    return one(pk)


@transaction.atomic
def delete(pk: int, *, by_id: int | None = None, now: datetime) -> None:
    """Forget it. What waits for it is taken back; steps that name it reach nobody there."""
    endpoints.remove(pk, now=now)
    account_log.note(f"webhook={pk} deleted", by_id=by_id)


@_in_our_words
@transaction.atomic
def renew(
    pk: int, *, overlap: timedelta, by_id: int | None = None, now: datetime
) -> tuple[Listener, str]:
    """Another secret; for so long the one before signs too. Raises CommitmentError, or Gone."""
    renewed = endpoints.renew(pk, overlap=overlap, now=now)
    account_log.note(f"webhook={pk} has another secret", by_id=by_id)
    return renewed


@transaction.atomic
def switch_off(pk: int, *, by_id: int | None = None, now: datetime) -> Listener:
    """Send it nothing, and take back what waits. Raises Gone."""
    listener = endpoints.switch_off(pk, now=now)
    account_log.note(f"webhook={pk} switched off", by_id=by_id)
    return listener


@transaction.atomic
def switch_on(pk: int, *, by_id: int | None = None) -> Listener:
    """Begin anew with what happens from now on. Raises Gone."""
    listener = endpoints.switch_on(pk)
    account_log.note(f"webhook={pk} switched on", by_id=by_id)
    return listener


def _subscribe(pk: int, plan: Plan) -> None:
    if not plan.kinds:
        Subscription.objects.filter(endpoint=pk).delete()
        return
    kinds = [EVERYTHING] if EVERYTHING in plan.kinds else sorted(set(plan.kinds))
    facts = {"kinds": kinds, "every_team": plan.teams is None}
    asked, _ = Subscription.objects.update_or_create(endpoint_id=pk, defaults=facts)
    asked.teams.set(plan.teams or ())


def _check(plan: Plan) -> None:
    unknown = set(plan.kinds) - {EVERYTHING, *EventKind.values}
    if unknown:
        raise CommitmentError(f"There is no kind of event called {min(unknown)}.", field="kinds")
    teams = set(plan.teams or ())
    if Team.objects.filter(pk__in=teams).count() != len(teams):
        raise CommitmentError("One of these teams does not exist.", field="teams")


def _webhook(
    listener: Listener, asked: Subscription | None, *, last: Told | None = None
) -> Webhook:
    if asked is None:
        return Webhook(listener=listener, last=last)
    return Webhook(
        listener=listener,
        kinds=tuple(asked.kinds),
        teams=tuple(sorted(asked.teams.all(), key=attrgetter("name"))),
        every_team=asked.every_team,
        last=last,
    )
