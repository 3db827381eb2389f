"""Settings, Holidays: dated exceptions, each looked at before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.errors import CommitmentError
from commitments.house import hours, seen
from commitments.models import Calendar, Holiday
from commitments.policies import calendars
from commitments.rules import saying
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, sure
from .frame import administrator
from .holiday_forms import AddForm, CountryForm, FileForm, PlanForm, RowForm, days_in, rows
from .hour_forms import DayForm, written
from .hours import lines_of

_SECTION = "holidays"
_PAST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Touched:
    """What a plan touches in one calendar."""

    calendar: Calendar
    found: calendars.Differences
    lines: Sequence[tuple[str, str, str]]


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """The days ahead, by calendar, and those of the last year; two queries, however many."""
    now = timezone.now()
    found = Calendar.objects.order_by("name").prefetch_related("holidays")
    groups = [_group(each, today=each.today(now)) for each in found]
    context = {"groups": groups, "has_some": any(group["ahead"] for group in groups)}
    return frame.page(request, "holidays.html", context, section=_SECTION, now=now)


def _group(calendar: Calendar, *, today: date) -> dict[str, object]:
    days = calendar.holidays.all()
    return {
        "calendar": calendar,
        "ahead": [day for day in days if day.on >= today],
        "past": [day for day in days if today - _PAST <= day.on < today],
    }


@administrator
def add(request: StaffRequest) -> HttpResponse:
    """One day, to be looked at."""
    now = timezone.now()
    form = AddForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        chosen = [calendar.pk for calendar in form.cleaned_data["calendars"]]
        return _plan_page(request, PlanForm(chosen=chosen), rows(days=form.days()), now=now)
    context = {
        "title": "Add a day",
        "lede": "A day on which it is closed, or open at other hours than usual.",
    }
    return _source_page(request, form, context, now=now)


@administrator
def country(request: StaffRequest) -> HttpResponse:
    """A country's public holidays, to be looked at."""
    now = timezone.now()
    is_asked = request.method == "POST" and request.POST.get("press") != "regions"
    if not is_asked:
        chosen = request.POST.get("country", "")
        form = CountryForm(now=now, country=chosen)
    else:
        form = CountryForm(request.POST, now=now)
        if form.is_valid():
            try:
                found = form.days()
            except CommitmentError as no:
                form.refuse(no)
            else:
                picked = [calendar.pk for calendar in form.cleaned_data["calendars"]]
                return _plan_page(request, PlanForm(chosen=picked), rows(days=found), now=now)
    context = {
        "title": "Public holidays of a country",
        "lede": "Of a whole country, or of the part of it in which you work.",
        "asks_regions": True,
    }
    return _source_page(request, form, context, now=now)


@administrator
def file(request: StaffRequest) -> HttpResponse:
    """A calendar file, to be looked at."""
    now = timezone.now()
    is_sent = request.method == "POST"
    form = FileForm(request.POST if is_sent else None, files=request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        try:
            found = form.found(now=now)
        except CommitmentError as no:
            form.refuse(no)
        else:
            if found.days:
                plan = PlanForm(chosen=[form.cleaned_data["calendar"].pk])
                days = rows(days=found.days)
                return _plan_page(request, plan, days, left_out=found.left_out, now=now)
            form.add_error("file", _nothing(found.left_out))
    context = {
        "title": "Import a calendar file",
        "lede": "Closing days from another calendar program.",
        "takes_files": True,
    }
    return _source_page(request, form, context, now=now)


def _nothing(left_out: Sequence[str]) -> str:
    said = " ".join(left_out[:3])
    return f"No day of the next three years comes of that file. {said}".strip()


@administrator
def plan(request: StaffRequest) -> HttpResponse:
    """What was looked at is kept; what was changed on the page is shown again first."""
    now = timezone.now()
    if request.method != "POST":
        return redirect("web:holidays")
    form, days = PlanForm(request.POST), rows(request.POST)
    if not days.is_valid():
        form.add_error(None, "Some rows are not complete. Look at each.")
    if not form.is_valid():
        return _plan_page(request, form, days, now=now)
    if not days_in(days):
        form.add_error(None, "No day is ticked. Choose at least one, or cancel.")
        return _plan_page(request, form, days, now=now)
    touched = _touched(form, days, now=now)
    is_seen = request.POST.get("shown") == _mark(touched)
    if request.POST.get("press") == "save" and is_seen:
        sent = repr(sorted(each for each in request.POST.items() if each[0].startswith("row-")))
        act = partial(_keep, form, days, now=now)
        answer = frame.saved(request, form, act, now=now, beside=sent)
        if answer is not None:
            return answer
    return _plan_page(request, form, days, touched=touched, now=now)


def _keep(form: PlanForm, days: BaseFormSet[RowForm], *, now: datetime) -> Answer:
    chosen = [calendar.pk for calendar in form.cleaned_data["calendars"]]
    added = hours.add_days(chosen, days_in(days), now=now)
    said = saying.sentence_case(saying.say_count(added, "day"))
    return _back(f"{said} added. No promise was moved; reminders follow within a minute.")


def _touched(form: PlanForm, days: BaseFormSet[RowForm], *, now: datetime) -> list[Touched]:
    found = []
    for calendar in form.cleaned_data["calendars"]:
        there = set(calendar.holidays.values_list("on", flat=True))
        new = [day for day in days_in(days) if day.on not in there]
        if not new:
            continue
        wanted = hours.with_days(calendar.hours(), new)
        differing = hours.touched_by(calendar, wanted, *(day.on for day in new))
        if differing.count:
            lines = lines_of(differing, zone=calendar.zone, now=now)
            found.append(Touched(calendar=calendar, found=differing, lines=lines))
    return found


def _mark(touched: Sequence[Touched]) -> str:
    return seen.mark([(each.calendar.pk, each.found.count, each.lines) for each in touched])


def _plan_page(
    request: StaffRequest,
    form: PlanForm,
    days: BaseFormSet[RowForm],
    *,
    touched: Sequence[Touched] | None = None,
    left_out: Sequence[str] = (),
    now: datetime,
) -> HttpResponse:
    """The rows; and what they touch, once they say anything."""
    if touched is None:
        touched = _first_look(form, days, now=now)
    context = {
        "form": form,
        "days": days,
        "touched": touched,
        "shown": _mark(touched),
        "left_out": left_out,
        "count": saying.say_count(len(days.forms), "day"),
    }
    status = 422 if form.errors else 200
    return frame.page(request, "plan.html", context, section=_SECTION, now=now, status=status)


def _first_look(form: PlanForm, days: BaseFormSet[RowForm], *, now: datetime) -> Sequence[Touched]:
    """Of rows that nobody has sent yet: as if they had been, just as they are."""
    if form.is_bound or days.is_bound:
        return ()
    sent = {"row-TOTAL_FORMS": str(len(days.forms)), "row-INITIAL_FORMS": "0"}
    for number, row in enumerate(days.forms):
        first = row.initial
        sent |= {
            f"row-{number}-keep": "on",
            f"row-{number}-on": first["on"].isoformat(),
            f"row-{number}-name": first["name"],
            f"row-{number}-spans": written(first["spans"]),
        }
    whole = PlanForm({"once": "look", "calendars": form.initial["calendars"]})
    filled = type(days)(sent, prefix="row")
    if not (whole.is_valid() and filled.is_valid()):
        return ()
    return _touched(whole, filled, now=now)


def _source_page(
    request: StaffRequest,
    form: AddForm | CountryForm | FileForm,
    context: Mapping[str, object],
    *,
    now: datetime,
) -> HttpResponse:
    whole = {"form": form, "over": "Holidays", "back": reverse("web:holidays"), **context}
    status = 422 if form.errors else 200
    return frame.page(request, "source.html", whole, section=_SECTION, now=now, status=status)


@administrator
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Another name or other hours on that day; what it touches is shown first."""
    now = timezone.now()
    holiday = get_object_or_404(Holiday.objects.select_related("calendar"), pk=pk)
    form = DayForm(
        request.POST if request.method == "POST" else None,
        initial={"name": holiday.name, "spans": holiday.spans},
        seen=hours.mark_of_day(holiday),
    )
    touched: Sequence[Touched] = ()
    if form.is_bound and form.is_valid():
        touched = _touched_by_edit(holiday, form, now=now)
        if request.POST.get("shown", _mark(())) == _mark(touched):
            answer = frame.saved(request, form, partial(_edit, form, holiday, now=now), now=now)
            if answer is not None:
                return answer
    why = hours.why_it_stays(holiday, now=now)
    context = {
        "form": form,
        "title": f"{holiday.name}",
        "lede": f"{holiday.on:%A} {holiday.on.day} {holiday.on:%B %Y}, for {holiday.calendar}.",
        "over": "Holidays",
        "back": reverse("web:holidays"),
        "keeps": why or "Changes apply to new promises; open ones keep their times.",
        "touched": touched,
        "shown": _mark(touched),
        "ways_out": () if why else [("Take it out", reverse("web:remove_holiday", args=[pk]))],
    }
    status = 422 if form.errors else 200
    return frame.page(request, "holiday.html", context, section=_SECTION, now=now, status=status)


def _touched_by_edit(holiday: Holiday, form: DayForm, *, now: datetime) -> list[Touched]:
    calendar = holiday.calendar
    day = _day(holiday, form)
    if [list(span) for span in day.spans] == holiday.spans:
        return []
    wanted = hours.with_days(calendar.hours(), [day])
    found = hours.touched_by(calendar, wanted, day.on)
    lines = lines_of(found, zone=calendar.zone, now=now)
    return [Touched(calendar=calendar, found=found, lines=lines)] if found.count else []


def _day(holiday: Holiday, form: DayForm) -> hours.Day:
    said = form.cleaned_data
    return hours.Day(on=holiday.on, name=said["name"], spans=said["spans"])


def _edit(form: DayForm, holiday: Holiday, *, now: datetime) -> Answer:
    mark = form.cleaned_data["seen"]
    kept = hours.edit_day(holiday.pk, _day(holiday, form), seen_mark=mark, now=now)
    return _back(f"{kept.name} is saved. No promise was moved.")


@administrator
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    holiday = Holiday.objects.select_related("calendar").filter(pk=pk).first()
    if holiday is None:
        messages.info(request, "That day is gone already.")
        return redirect("web:holidays")
    question = sure.Question(
        title=f"Take out {holiday.name}?",
        consequence=f"{holiday.on:%A} {holiday.on.day} {holiday.on:%B %Y} has its usual hours"
        f" again, for {holiday.calendar}.",
        goes="Take it out",
        back=reverse("web:holiday", args=[pk]),
        section=_SECTION,
    )

    def act() -> Answer:
        hours.remove_day(pk, now=now)
        return _back(f"{holiday.name} is taken out.")

    return sure.ask(request, lambda: question, act, now=now)


def _back(said: str) -> Answer:
    return Answer(location=reverse("web:holidays"), said=said)
