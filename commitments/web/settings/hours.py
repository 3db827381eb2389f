"""Settings, Hours: when each team is at work. What an edit touches is shown before it is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from commitments.errors import CommitmentError
from commitments.house import hours, seen
from commitments.models import Calendar, Membership, Relook, Team
from commitments.policies import calendars
from commitments.rules import business_time
from commitments.rules.business_time import Hours, Span
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import four_weeks, frame, sure
from .frame import administrator
from .hour_forms import DAYS, TrialForm, WeekForm

_SECTION = "hours"
_SHORT = tuple(day[:3].capitalize() for day in DAYS)


@dataclass(frozen=True, kw_only=True)
class Row:
    calendar: Calendar
    week: Sequence[str]
    users: str
    open: int
    days_ahead: int
    is_settling: bool


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Every calendar; as many queries for many as for one."""
    now = timezone.now()
    counts = frame.open_promises("team__calendar")
    users: dict[int, list[str]] = defaultdict(list)
    for calendar, name in Team.objects.order_by("name").values_list("calendar", "name"):
        users[calendar].append(name)
    own = Membership.objects.filter(calendar__isnull=False).select_related("user")
    for member in own.order_by("user__name"):
        users[member.calendar_id or 0].append(str(member.user))
    settling = set(Relook.objects.filter(finished_at=None).values_list("team__calendar", flat=True))
    found = Calendar.objects.prefetch_related("opening_hours", "holidays").order_by("name")
    rows = [
        Row(
            calendar=each,
            week=in_words(each.hours().weekly),
            users=", ".join(dict.fromkeys(users[each.pk])),
            open=counts.get(each.pk, 0),
            days_ahead=sum(day.on >= each.today(now) for day in each.holidays.all()),
            is_settling=each.pk in settling,
        )
        for each in found
    ]
    return frame.page(request, "hours.html", {"rows": rows}, section=_SECTION, now=now)


def in_words(weekly: Sequence[Sequence[Span]]) -> list[str]:
    """`Mon to Fri 09:00 to 17:30`, a line for each run of days with the same hours."""
    lines: list[tuple[int, int, Sequence[Span]]] = []
    for weekday, spans in enumerate(weekly):
        if lines and lines[-1][1] == weekday - 1 and tuple(lines[-1][2]) == tuple(spans):
            lines[-1] = (lines[-1][0], weekday, spans)
        else:
            lines.append((weekday, weekday, spans))
    return [
        f"{_SHORT[first]}{f' to {_SHORT[last]}' if last > first else ''} {_said(spans)}"
        for first, last, spans in lines
        if spans
    ] or ["Never open"]


def _said(spans: Sequence[Span]) -> str:
    clock = business_time.clock_of
    return ", ".join(f"{clock(opens)} to {clock(closes)}" for opens, closes in spans)


@administrator
@vary_on_headers("HX-Request")
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """One working week, or a new one."""
    now = timezone.now()
    calendar = get_object_or_404(Calendar, pk=pk) if pk is not None else None
    if request.method != "POST":
        if request.htmx and calendar is not None:
            return render(request, "commitments/web/settings/trial.html", _trial(request, calendar))
        form = WeekForm(calendar=calendar, zone=request.user.zone)
        return _page(request, calendar, form, calendar.hours() if calendar else None, now=now)
    form = WeekForm(request.POST, calendar=calendar)
    return _look_or_save(request, calendar, form, now=now)


def _look_or_save(
    request: StaffRequest, calendar: Calendar | None, form: WeekForm, *, now: datetime
) -> HttpResponse:
    """What was not shown yet is shown first."""
    wanted = _wanted(calendar, form)
    touched = _touched(calendar, wanted) if calendar and wanted else None
    looks = request.POST.get("press") == "preview"
    was_shown = touched is None or request.POST.get("shown") == _mark(touched)
    if wanted is not None and not looks and was_shown:
        answer = frame.saved(request, form, partial(_save, form, calendar, now=now), now=now)
        if answer is not None:
            return answer
        touched = None
    return _page(request, calendar, form, wanted, touched=touched, now=now)


def _wanted(calendar: Calendar | None, form: WeekForm) -> Hours | None:
    """The hours that the form says, or None and the reason in it."""
    if not form.is_valid():
        return None
    week = form.week()
    try:
        if calendar is not None:
            return hours.would_be(calendar, week)
        return hours.checked(week)
    except CommitmentError as no:
        form.refuse(no)
        return None


def _touched(calendar: Calendar, wanted: Hours) -> calendars.Differences | None:
    """None where the edit leaves every promise where other hours would put it, too."""
    if wanted == calendar.hours():
        return None
    found = calendars.what_would_differ(calendar, wanted)
    return found if found.count else None


def _mark(touched: calendars.Differences) -> str:
    moved = [(each.commitment.pk, each.would_be_due_at) for each in touched.shown]
    return seen.mark(touched.count, moved)


def _save(form: WeekForm, calendar: Calendar | None, *, now: datetime) -> Answer:
    if calendar is None:
        kept = hours.make(form.week())
        return _back(f"{kept} can be given to a team.")
    kept = hours.edit(calendar.pk, form.week(), seen_mark=form.cleaned_data["seen"], now=now)
    return _back(f"{kept} is saved. No promise was moved; reminders follow within a minute.")


def _page(
    request: StaffRequest,
    calendar: Calendar | None,
    form: WeekForm,
    shown: Hours | None,
    *,
    touched: calendars.Differences | None = None,
    now: datetime,
) -> HttpResponse:
    names = dict(calendar.holidays.values_list("on", "name")) if calendar else {}
    may_delete = calendar is not None and not _is_used(calendar)
    context: dict[str, object] = {
        "form": form,
        "calendar": calendar,
        "title": calendar.name if calendar else "New hours",
        "lede": "When it is open, day by day. Working time is counted by it.",
        "over": "Hours",
        "back": reverse("web:hours"),
        "keeps": "Changes apply to new promises; open ones keep their times." if calendar else "",
        "touched": touched,
        "shown": _mark(touched) if touched else "",
        "lines": lines_of(touched, zone=calendar.zone, now=now) if touched and calendar else (),
        "weeks": four_weeks.days(shown, names, now=now) if shown else (),
        "weekdays": _SHORT,
        "ways_out": [("Delete", reverse("web:delete_hours", args=[calendar.pk]))]
        if calendar and may_delete
        else (),
    }
    if calendar is not None:
        context |= _trial(request, calendar)
    status = 422 if form.errors else 200
    return frame.page(request, "calendar.html", context, section=_SECTION, now=now, status=status)


def lines_of(
    touched: calendars.Differences, *, zone: str, now: datetime
) -> list[tuple[str, str, str]]:
    """For each promise that is shown: its reference, its wording, and what would be otherwise."""
    return [
        (each.commitment.reference, each.commitment.wording, each.sentence(zone=zone, now=now))
        for each in touched.shown
    ]


def _trial(request: StaffRequest, calendar: Calendar) -> dict[str, object]:
    now = timezone.now()
    form = TrialForm(request.GET if "try" in request.GET else None, label_suffix="")
    text = form.cleaned_data["try_"] if form.is_bound and form.is_valid() else ""
    return {
        "calendar": calendar,
        "trial_form": form,
        "trial": four_weeks.tried(text, calendar, now=now) if text else None,
        "zone": calendar.zone if text else request.user.zone,
        "now": now,
    }


def _is_used(calendar: Calendar) -> bool:
    teams = Team.objects.filter(calendar=calendar).exists()
    return teams or Membership.objects.filter(calendar=calendar).exists()


@administrator
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    calendar = Calendar.objects.filter(pk=pk).first()
    if calendar is None:
        return redirect("web:hours")
    question = sure.Question(
        title=f"Delete {calendar}?",
        consequence="No team and nobody has these hours. Their exceptions go with them.",
        goes="Delete them",
        back=reverse("web:calendar", args=[pk]),
        section=_SECTION,
    )

    def act() -> Answer:
        hours.delete(pk)
        return _back(f"{calendar} is deleted.")

    return sure.ask(request, lambda: question, act, now=now)


def _back(said: str) -> Answer:
    return Answer(location=reverse("web:hours"), said=said)
