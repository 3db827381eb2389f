"""Callbacks that are owed, each with its window, the number to tap and what is good to know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import CallAttempt, Commitment, Event, EventKind, User
from commitments.rules import calling, saying, wall_clock
from commitments.web import doors, once, states
from commitments.web.doors import StaffRequest, signed_in

from .attempt_form import CHOICES

_MOST_ROWS = 40  # of one group; all of one group are a link away
_MOST_OF_ONE = 400
_AHEAD = timedelta(days=7)
_CALL_NOW = states.State("soon", "phone-call", "Can be called now")
_SAYS_SOMETHING = (EventKind.UPDATED, EventKind.MOVED, EventKind.RESUMED)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One callback. `lead` is its time in words; `number` what a `tel:` link dials, or empty."""

    commitment: Commitment
    state: states.State
    lead: str
    begins: str
    ends: str
    number: str
    there: str
    tried: str
    last_word: Event | None
    acts: bool
    key: str  # makes a double tap one try
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Calls that can be made at the same time; `more` are not shown."""

    name: str
    title: str
    rows: Sequence[Row]
    more: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.more


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Mine, or with `?whose=team` those of everybody in my teams; `?show=` one group in full."""
    now, user = timezone.now(), request.user
    whose = request.GET.get("whose") or _usual_for(user)
    asked = request.GET.get("show", "")
    if whose not in ("mine", "team") or asked not in ("", *_TITLES):
        raise Http404("No such list.")
    groups = groups_of(user, everybodys=whose == "team", only=asked, now=now)
    context = {
        "groups": [group for group in groups if group.rows],
        "sentence": sentence(groups),
        "is_team": whose == "team",
        "only": asked,
        "back": "calls-team" if whose == "team" else "calls",
    }
    return doors.page(request, "calls/list.html", context, now=now)


_TITLES = {
    "now": "Call now",
    "overdue": "Overdue",
    "today": "Later today",
    "coming": "In the next 7 days",
}


def groups_of(user: User, *, everybodys: bool, only: str = "", now: datetime) -> list[Group]:
    """All four, in the order of need; those not asked for are empty."""
    owed = Commitment.objects.visible_to(user).open().callbacks().with_everything()
    if not everybodys:
        owed = owed.owned_by(user)
    midnight = wall_clock.midnight_after(now, ZoneInfo(user.zone))
    said = Event.objects.filter(commitment=OuterRef("pk"), kind__in=_SAYS_SOMETHING)
    last_word = Subquery(said.not_taken_back().order_by("-sequence").values("pk")[:1])
    owed = owed.annotate(last_word=last_word).order_by("due_at", "pk")
    begun = Q(window_start__lte=now)
    chosen = {
        "now": owed.filter(begun, due_at__gte=now),
        "overdue": owed.overdue(now),
        "today": owed.exclude(begun).due_between(now, midnight),
        "coming": owed.exclude(begun).due_between(midnight, now + _AHEAD),
    }
    found = {name: _some(rows, name, only=only) for name, rows in chosen.items()}
    return _groups(found, user=user, now=now)


def _some(rows: QuerySet[Commitment], name: str, *, only: str) -> tuple[list[Commitment], int]:
    """As many as are shown, and how many there are beyond them."""
    if only not in ("", name):
        return [], 0
    most = _MOST_OF_ONE if only else _MOST_ROWS
    shown = list(rows[:most])
    return shown, rows.count() - most if len(shown) == most else 0


def _groups(
    found: dict[str, tuple[list[Commitment], int]], *, user: User, now: datetime
) -> list[Group]:
    everything = [each for shown, _ in found.values() for each in shown]
    prefetch_related_objects(everything, "call_attempts")
    words = _words_of(everything)
    acting = frozenset(team.pk for team in doors.teams_of(user, acting=True))
    return [
        Group(
            name=name,
            title=_TITLES[name],
            rows=[
                row_of(each, name, user=user, acts=each.team_id in acting, words=words, now=now)
                for each in shown
            ],
            more=more,
        )
        for name, (shown, more) in found.items()
    ]


def _words_of(promises: Iterable[Commitment]) -> dict[int, Event]:
    """What was said last about each, by the promise's id."""
    pks = {pk for each in promises if (pk := getattr(each, "last_word", None)) is not None}
    events = Event.objects.filter(pk__in=pks).select_related("text", "actor")
    return {event.commitment_id: event for event in events}


def row_of(
    promise: Commitment,
    group: str,
    *,
    user: User,
    acts: bool,
    words: dict[int, Event],
    now: datetime,
) -> Row:
    zone, first = user.zone, promise.customer.first_name
    state = {"now": _CALL_NOW, "overdue": states.OVERDUE}.get(group, states.COMING_UP)
    begins = promise.window_start
    lead = saying.say_left(begins or promise.due_at, zone=zone, now=now)
    if group in ("now", "overdue"):
        gap = saying.say_gap(promise.due_at - now)
        lead = f"{gap} left" if group == "now" else f"{gap} late"
    return Row(
        commitment=promise,
        state=state,
        lead=lead,
        begins=saying.say_clock(begins, zone=zone) if begins else "",
        ends=saying.say_clock(promise.due_at, zone=zone),
        number=calling.dialled(promise.customer.phone),
        there=_there(promise, zone=zone, now=now),
        tried=_tried(promise, zone=zone, now=now),
        last_word=words.get(promise.pk),
        acts=acts,
        key=once.new_key(),
        answers=[(value, label.replace("{first}", first)) for value, label in CHOICES],
    )


def _there(promise: Commitment, *, zone: str, now: datetime) -> str:
    """What the customer's clock shows, where it is another than the reader's."""
    theirs = promise.customer.zone or promise.due_zone
    said = saying.say_clock(now, zone=theirs)
    if said == saying.say_clock(now, zone=zone):
        return ""
    return f"{said} there now"


def _tried(promise: Commitment, *, zone: str, now: datetime) -> str:
    attempts = list(promise.call_attempts.all())
    if not attempts:
        return ""
    last = attempts[-1]
    at = saying.say_time_inside(last.at, zone=zone, now=now)
    came_of_it = CallAttempt.Outcome(last.outcome).label.lower()
    made = len(calling.counted(promise.tries(), promise.window))
    times = saying.say_count(made, "try", "tries")
    return f"Last tried {at}: {came_of_it}. {saying.sentence_case(times)} in the window."


def sentence(groups: Sequence[Group]) -> str:
    """One honest sentence: what to do first."""
    counts = {group.name: group.total for group in groups}
    ready, late = counts["now"], counts["overdue"]
    if ready or late:
        parts = []
        if ready:
            parts.append(f"{saying.say_count(ready, 'call')} can be made now")
        if late:
            parts.append(f"{saying.say_count(late, 'is', 'are')} overdue")
        return saying.sentence_case(f"{', and '.join(parts)}.")
    if counts["today"]:
        return saying.sentence_case(f"{saying.say_count(counts['today'], 'call')} later today.")
    return "Nobody waits for a call today."


def _usual_for(user: User) -> str:
    return "team" if doors.watches_over(doors.roles_of(user)) else "mine"
