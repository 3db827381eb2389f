"""The agent's day: what I owe, to whom, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from commitments import reports
from commitments.messages import reminders
from commitments.models import Commitment, Customer, User
from commitments.rules import saying

from . import day, doors, new_promise
from .day import Day, Group
from .doors import StaffRequest, signed_in


@dataclass(frozen=True, kw_only=True)
class Week:
    """My promises of this week, as far as they have come."""

    kept: int
    moved: int
    late: int
    attempted: int  # of those that were not kept as agreed
    overdue: int
    said: str  # what customers answered, as `4.7 of 5`; empty where nobody did

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
@require_safe
@vary_on_headers("HX-Request")
def show(request: StaffRequest) -> HttpResponse:
    """My promises, with the line to log the next one; a script is given what may have changed."""
    now = timezone.now()
    is_renewed = bool(request.htmx) and not request.htmx.history_restore_request
    context = _context(request, now=now)
    if is_renewed:
        renewed = doors.page(request, "my_promises_renewed.html", context, now=now)
        # Whatever asked for it, the form of a verb for one, is not what it takes the place of.
        renewed["HX-Retarget"] = "#day"
        return renewed
    form = new_promise.quick_form(request.user, now=now)
    if form is not None and len(get_messages(request)):
        form.fields["line"].widget.attrs["autofocus"] = True  # the next one is typed right away
    return doors.page(request, "my_promises.html", context | {"form": form}, now=now)


def _context(request: StaffRequest, *, now: datetime) -> dict[str, object]:
    user, asked = request.user, request.GET.get("show", "")
    today = day.of(user, now=now, shown=asked.split(","))
    overdue = today.groups[0]
    return {
        "day": today,
        "show": ",".join(today.shown) if today.shown != day.SHOWN else "",
        "overdue": overdue.total,
        "greeting": _greeting(user, now=now),
        "sentence": sentence(today, user, now=now),
        "next_due": _next_due(today, zone=user.zone, now=now),
        "has_no_team": not doors.teams_of(user),
        "may_promise": bool(doors.teams_of(user, acting=True)),
        "is_first_day": _is_first_day(today, user),
        "reminders": reminders.latest_unread(user, now=now),
        "week": _week(user, overdue=overdue, now=now),
        "list_url": reverse("web:promises"),
    }


def _is_first_day(today: Day, user: User) -> bool:
    """Asked only where there is nothing to be shown."""
    if today.total or today.visible:
        return False
    return not Commitment.objects.owned_by(user).exists()


def sentence(today: Day, user: User, *, now: datetime) -> str:
    """One honest sentence about the day."""
    overdue, due, *_ = today.groups
    if today.is_clear:
        return _calm_sentence(today, zone=user.zone, now=now)
    need = saying.say_count(overdue.total + due.total, "promise needs", "promises need")
    opening = saying.sentence_case(f"{need} you today.")
    return f"{opening} {_late_sentence(overdue, user, now=now)}".strip()


def _late_sentence(overdue: Group, user: User, *, now: datetime) -> str:
    if not overdue.total:
        return "Nothing is overdue."
    silent = _silent(overdue, user, now=now)
    count = saying.sentence_case(saying.say_count(overdue.total, "is", "are"))
    if not silent:
        return f"{count} overdue, and every customer has been told."
    if len(silent) == 1:
        return f"{count} overdue, and {silent[0]} has not been told yet."
    customers = saying.say_count(len(silent), "customer")
    return f"{count} overdue, and {customers} have not been told yet."


def _silent(overdue: Group, user: User, *, now: datetime) -> list[str]:
    """The first names of those who have not been told, each once; of two Toms, both."""
    shown = [row.commitment.customer for row in overdue.rows if row.not_told]
    if not overdue.more:
        return [customer.first_name for customer in dict.fromkeys(shown)]
    mine = doors.visible_to(user).owned_by(user).not_told(now)
    return [each.first_name for each in Customer.objects.filter(commitments__in=mine).distinct()]


def _calm_sentence(today: Day, *, zone: str, now: datetime) -> str:
    upcoming = today.groups[3]
    if not upcoming.rows:
        return "Nothing you promised is due in the next 7 days."
    at = upcoming.rows[0].commitment.due_at
    said = saying.say_time_inside(at, zone=zone, now=now)
    return f"Everything you promised for today is done. The next one is due {said}."


def _next_due(today: Day, *, zone: str, now: datetime) -> str:
    """Beside "Everything you promised today is done": what waits, and what comes next."""
    _, _, waiting, upcoming = today.groups
    said = []
    if waiting.total:
        count = saying.say_count(waiting.total, "promise waits", "promises wait")
        said.append(f"{saying.sentence_case(count)} on a customer's reply.")
    if upcoming.rows:
        at = upcoming.rows[0].commitment.due_at
        said.append(f"Your next one is due {saying.say_time_inside(at, zone=zone, now=now)}.")
    return " ".join(said) or "Nothing is open in your name."


def _greeting(user: User, *, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(user.zone)).hour
    part = "morning" if 5 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    return f"Good {part}, {user.first_name}"


def _week(user: User, *, overdue: Group, now: datetime) -> Week:
    local = now.astimezone(ZoneInfo(user.zone))
    monday = local.replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=local.weekday())
    mine = Commitment.objects.owned_by(user)
    ended = reports.ended(mine, since=monday)
    return Week(
        kept=ended.on_time,
        moved=ended.moved,
        late=ended.late,
        attempted=ended.attempted,
        overdue=overdue.total,
        said=_said(reports.said(mine, since=monday)),
    )


def _said(said: reports.Said) -> str:
    if said.average is None:
        return ""
    answers = "" if said.answers > 1 else ", from one answer"
    return f"{said.average:.1f}".removesuffix(".0") + f" of 5{answers}"
