"""The agent's day: what I owe, to whom, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from commitments.messages import reminders
from commitments.models import Commitment, User
from commitments.rules import saying
from commitments.rules.lifecycle import Outcome

from . import doors, new_promise, states
from .doors import StaffRequest, signed_in

_AHEAD = timedelta(days=7)
_MOST_ROWS = 60  # of one group; the rest is one link away
_TERMS = ("policy_version__steps", "team__calendar__opening_hours", "team__calendar__holidays")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One promise in a list. `lead` and `clock` are its time in words, `at` what they mean."""

    commitment: Commitment
    state: states.State
    lead: str
    clock: str
    at: datetime
    not_told: bool = False
    acts: bool = False  # whether the reader may do something about it


@dataclass(frozen=True, kw_only=True)
class Group:
    """Promises that ask for the same thing of me."""

    name: str
    title: str
    note: str
    rows: tuple[Row, ...]
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class Week:
    """My promises of this week, as far as they have come."""

    kept: int
    moved: int
    late: int
    overdue: int

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """Tone, start and width of each bar, in per cent."""
        parts = [("kept", self.kept), ("wait", self.moved), ("soon", self.late)]
        parts.append(("late", self.overdue))
        total, start, bars = sum(part for _, part in parts) or 1, 0.0, []
        for tone, part in parts:
            width = 100 * part / total
            bars.append((tone, f"{start:.2f}%", f"{width:.2f}%"))
            start += width
        return bars


@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """My promises, with the line to log the next one."""
    now = timezone.now()
    form = new_promise.quick_form(request.user, now=now)
    if form is not None and len(get_messages(request)):
        form.fields["line"].widget.attrs["autofocus"] = True  # the next one is typed right away
    return render(request, form, now=now)


def render(
    request: StaffRequest, form: object, *, now: datetime, status: int = 200
) -> HttpResponse:
    user = request.user
    groups = groups_of(user, now=now)
    context = {
        "greeting": _greeting(user, now=now),
        "sentence": sentence(groups, user, now=now),
        "groups": [group for group in groups if group.rows],
        "has_no_team": not doors.teams_of(user),
        "is_first_day": not Commitment.objects.owned_by(user).exists(),
        "reminders": reminders.latest_unread(user),
        "week": _week(user, overdue=groups[0], now=now),
        "form": form,
        "list_url": reverse("web:promises"),
    }
    return doors.page(request, "my_promises.html", context, now=now, status=status)


def groups_of(user: User, *, now: datetime) -> list[Group]:
    """Overdue, due today, waiting on the customer, coming up: always these four, in this order."""
    mine = Commitment.objects.visible_to(user).owned_by(user)
    mine = mine.with_everything().prefetch_related(*_TERMS).order_by("due_at", "pk")
    midnight = _midnight_after(now, zone=user.zone)
    acting = frozenset(team.pk for team in doors.teams_of(user, acting=True))
    today = mine.due_between(now, midnight)
    ahead = mine.due_between(midnight, now + _AHEAD)
    return [
        _group("overdue", "Overdue", mine.overdue(now), user, acting=acting, now=now),
        _group("today", "Due today", today, user, acting=acting, now=now),
        _group("waiting", states.WAITING.words, mine.waiting(), user, acting=acting, now=now),
        _group("upcoming", "Coming up", ahead, user, acting=acting, now=now),
    ]


def _group(
    name: str,
    title: str,
    found: QuerySet[Commitment],
    user: User,
    *,
    acting: frozenset[int],
    now: datetime,
) -> Group:
    rows = tuple(
        row_of(each, zone=user.zone, acts=each.team_id in acting, now=now)
        for each in found[:_MOST_ROWS]
    )
    total = len(rows) if len(rows) < _MOST_ROWS else found.count()
    note = f"{total} in the next 7 days" if name == "upcoming" else str(total)
    return Group(name=name, title=title, note=note, rows=rows, more=total - len(rows))


def row_of(commitment: Commitment, *, zone: str, acts: bool, now: datetime) -> Row:
    """How one promise reads in a list."""
    state = states.of(commitment, now=now, soon=states.is_soon(commitment, now=now))
    is_today = saying.say_day_nearby(commitment.due_at, zone=zone, now=now) == "Today"
    clock = saying.say_clock(commitment.due_at, zone=zone)
    if state is states.OVERDUE:
        clock = f"was due {clock if is_today else _short_day(commitment.due_at, zone, now)}"
    lead, at = saying.say_left(commitment.due_at, zone=zone, now=now), commitment.due_at
    if commitment.is_waiting:
        at = commitment.waiting_since or commitment.due_at
        lead, clock = "Paused", f"since {_short_day(at, zone, now)}"
    return Row(
        commitment=commitment,
        state=state,
        lead=lead,
        clock=clock,
        at=at,
        not_told=commitment.is_not_told(now),
        acts=acts,
    )


def sentence(groups: Iterable[Group], user: User, *, now: datetime) -> str:
    """One honest sentence about the day."""
    overdue, today, _, upcoming = groups
    late, due = len(overdue.rows) + overdue.more, len(today.rows) + today.more
    if not late + due:
        return _calm_sentence(upcoming, zone=user.zone, now=now)
    need = saying.say_count(late + due, "promise needs", "promises need")
    opening = saying.sentence_case(f"{need} you today.")
    return f"{opening} {_late_sentence(overdue, late)}".strip()


def _late_sentence(overdue: Group, late: int) -> str:
    if not late:
        return "Nothing is overdue."
    silent = [row.commitment.customer.first_name for row in overdue.rows if row.not_told]
    count = saying.sentence_case(saying.say_count(late, "is", "are"))
    if not silent:
        return f"{count} overdue, and every customer has been told."
    if len(set(silent)) == 1:
        return f"{count} overdue, and {silent[0]} has not been told yet."
    customers = saying.say_count(len(set(silent)), "customer")
    return f"{count} overdue, and {customers} have not been told yet."


def _calm_sentence(upcoming: Group, *, zone: str, now: datetime) -> str:
    if not upcoming.rows:
        return "Nothing you promised is due in the next 7 days."
    at = upcoming.rows[0].commitment.due_at
    said = saying.say_time_inside(at, zone=zone, now=now)
    return f"Everything you promised for today is done. The next one is due {said}."


def _short_day(at: datetime, zone: str, now: datetime) -> str:
    return saying.say_day(at, zone=zone, now=now)


def _midnight_after(now: datetime, *, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    following = (local + timedelta(days=1)).date()
    return datetime.combine(following, datetime.min.time(), ZoneInfo(zone))


def _greeting(user: User, *, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(user.zone)).hour
    part = "morning" if 5 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    return f"Good {part}, {user.first_name}"


def _week(user: User, *, overdue: Group, now: datetime) -> Week:
    local = now.astimezone(ZoneInfo(user.zone))
    monday = local.replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=local.weekday())
    counts = Commitment.objects.owned_by(user).filter(closed_at__gte=monday).aggregate(
        kept=Count("pk", filter=Q(outcome=Outcome.ON_TIME)),
        moved=Count("pk", filter=Q(outcome=Outcome.MOVED)),
        late=Count("pk", filter=Q(outcome=Outcome.LATE)),
    )  # fmt: skip
    return Week(**counts, overdue=len(overdue.rows) + overdue.more)
