"""Time away: planned here, with a look at what falls into it before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from commitments import leave
from commitments.errors import CommitmentError
from commitments.models import Absence, Membership, User
from commitments.models.people import KEEPING
from commitments.once import fingerprint_of
from commitments.rules import saying
from commitments.services import absences

from . import doors, once
from .absence_forms import AwayForm, as_typed
from .doors import StaffRequest, signed_in
from .once import Answer

_PAST = 5  # times away that are over, shown for memory
_CHANGED = "Choose again for each promise: this page was changed on its way."


@dataclass(frozen=True, kw_only=True)
class Row:
    """A promise that falls into the time away, and what may become of it."""

    touched: leave.Touched
    name: str
    keepers: Sequence[User]
    chosen: int | None
    deputy_sees_it: bool


@dataclass(frozen=True, kw_only=True)
class Review:
    """What a time away would come to; `turns` where not the deputy alone stands in.

    `seen` comes back with Save, and names what was on the page.
    """

    leave: absences.Leave
    deputy: User
    turns: Sequence[absences.Turn]
    rows: Sequence[Row]
    seen: str


class _NotSeen(Exception):
    """Save was pressed on something else: this is to be looked at first."""

    def __init__(self, review: Review) -> None:
        super().__init__()
        self.review = review


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """My times away, or those of somebody I lead; a new one is looked at, then saved."""
    person = _person(request)
    now = timezone.now()
    if request.method != "POST":
        form = AwayForm(person=person, now=now, initial={"once": once.new_key()})
        return _page(request, form, now=now)
    return _taken(request, AwayForm(request.POST, person=person, now=now), now=now)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Other times, or another deputy, looked at in the same way."""
    now = timezone.now()
    absence = _absence(request, pk)
    if request.method != "POST":
        typed = as_typed(absence) | {"once": once.new_key()}
        form = AwayForm(person=absence.user, now=now, absence=absence, initial=typed)
        return _page(request, form, now=now)
    initial = as_typed(absence)
    form = AwayForm(request.POST, person=absence.user, now=now, absence=absence, initial=initial)
    return _taken(request, form, now=now)


@signed_in
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Back earlier, or not away at all. Pressed twice, it says that it is done."""
    try:
        absence = _absence(request, pk)
    except Http404:  # not there any more, or never theirs to see: the same sentence
        messages.error(request, "This time away is not there any more.")
        return redirect("web:absences")
    try:
        left = absences.end(pk, by=request.user, now=timezone.now())
    except CommitmentError as no:
        messages.error(request, str(no))
    else:
        name = "You are" if absence.user == request.user else f"{absence.user.first_name} is"
        messages.success(request, f"{name} back." if left else "This time away is taken back.")
    return redirect(_address_of(absence.user, request))


def _taken(request: StaffRequest, form: AwayForm, *, now: datetime) -> HttpResponse:
    """Save what was looked at; what was not is shown first."""
    if not form.is_valid():
        return _page(request, form, now=now, status=422)
    try:
        if request.POST.get("step") == "save":
            act = partial(_save, request, form, now=now)
            sent = repr(sorted((name, request.POST[name]) for name in request.POST if "-" in name))
            answer = once.only_once(form, user=request.user, now=now, act=act, beside=sent)
            messages.success(request, answer.said)
            return redirect(answer.location)
        return _page(request, form, now=now, review=_look(request, form, now=now))
    except _NotSeen as unseen:
        return _page(request, form, now=now, review=unseen.review)
    except CommitmentError as no:
        name = form.fields_of.get(no.field or "", no.field)
        form.add_error(name if name in form.fields else None, str(no))
        return _page(request, form, now=now, status=422)


def _save(request: StaffRequest, form: AwayForm, *, now: datetime) -> Answer:
    review = _look(request, form, now=now)
    if request.POST.get("seen") != review.seen:
        raise _NotSeen(review)
    chosen = {row.touched.commitment.pk: row.chosen for row in review.rows if row.chosen}
    by, plan = request.user, review.leave
    if form.absence is None:
        absence = absences.plan(plan, by=by, hand_over=chosen, now=now)
    else:
        absence = absences.change(form.absence.pk, plan, by=by, hand_over=chosen, now=now)
    handed = f" {saying.say_count(len(chosen), 'promise')} handed over." if chosen else ""
    said = f"Saved: {review.deputy.first_name} stands in.{handed}"
    return Answer(location=_address_of(absence.user, request), said=said)


def _look(request: StaffRequest, form: AwayForm, *, now: datetime) -> Review:
    """What it would come to; raises CommitmentError where it cannot be."""
    plan, deputy = form.leave(), form.cleaned_data["deputy"]
    turns = absences.check(plan, by=request.user, changes=form.absence, now=now)
    rows = _rows(request, plan)
    return Review(
        leave=plan,
        deputy=deputy,
        turns=turns if len(turns) > 1 or turns[0].person != deputy else (),
        rows=rows,
        seen=_seen(form, rows),
    )


def _rows(request: StaffRequest, plan: absences.Leave) -> list[Row]:
    """What falls into it, each with who could take it; as many queries for many as for one."""
    person = User.objects.get(pk=plan.user_id)
    found = leave.touched(
        person, seen_by=request.user, starts_at=plan.starts_at, ends_at=plan.ends_at
    )
    teams = {each.commitment.team_id for each in found}
    members: dict[int, list[User]] = {team: [] for team in teams}
    acting = Membership.objects.filter(team__in=teams, role__in=KEEPING, user__is_active=True)
    for member in acting.exclude(user=person).select_related("user").order_by("user__name"):
        members[member.team_id].append(member.user)
    return [_row(request, each, members[each.commitment.team_id], plan) for each in found]


def _row(
    request: StaffRequest, touched: leave.Touched, keepers: Sequence[User], plan: absences.Leave
) -> Row:
    name = f"promise-{touched.commitment.pk}"
    asked = request.POST.get(name, "")
    known = {str(person.pk): person.pk for person in keepers}
    if asked and asked not in known:
        raise CommitmentError(_CHANGED)
    return Row(
        touched=touched,
        name=name,
        keepers=keepers,
        chosen=known.get(asked),
        deputy_sees_it=str(plan.deputy_id) in known,
    )


def _seen(form: AwayForm, rows: Sequence[Row]) -> str:
    """What was on the page when somebody pressed Save; anything else is shown first."""
    names = ("starts_on", "starts_at_clock", "ends_on", "ends_at_clock", "deputy")
    asked = [str(form.cleaned_data[name]) for name in names]
    return fingerprint_of(repr((asked, [row.name for row in rows])))


def _page(
    request: StaffRequest,
    form: AwayForm,
    *,
    now: datetime,
    review: Review | None = None,
    status: int = 200,
) -> HttpResponse:
    person = form.person
    theirs = Absence.objects.filter(user=person).select_related("deputy", "user")
    stands_in = Absence.objects.filter(deputy=person, ends_at__gt=now).select_related("user")
    led = absences.may_plan_for(request.user).exclude(pk=request.user.pk)
    context = {
        "form": form,
        "person": person,
        "is_mine": person == request.user,
        "review": review,
        "coming": theirs.filter(ends_at__gt=now).order_by("starts_at"),
        "past": theirs.filter(ends_at__lte=now).order_by("-starts_at")[:_PAST],
        "stands_in": stands_in.order_by("starts_at"),
        "led": led.order_by("name", "pk"),
        "team_away": _away_among(led, now=now),
        "back_url": _address_of(person, request),
    }
    return doors.page(request, "absences.html", context, now=now, status=status)


def _away_among(people: QuerySet[User], *, now: datetime) -> QuerySet[Absence]:
    away = Absence.objects.filter(user__in=people.values("pk"), ends_at__gt=now)
    return away.select_related("user", "deputy").order_by("starts_at", "pk")


def _person(request: StaffRequest) -> User:
    """Whose time away: mine, or of somebody I lead. Others do not exist here."""
    asked = request.GET.get("for", "")
    if not asked:
        return request.user
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    may = absences.may_plan_for(request.user)
    return request.user if int(asked) == request.user.pk else get_object_or_404(may, pk=int(asked))


def _absence(request: StaffRequest, pk: int) -> Absence:
    """Asked for at once: what is not theirs takes no longer than what is not there."""
    planned = Q(user=request.user) | Q(user__in=absences.may_plan_for(request.user))
    return get_object_or_404(
        Absence.objects.filter(planned).select_related("user", "deputy"), pk=pk
    )


def _address_of(person: User, request: StaffRequest) -> str:
    mine = reverse("web:absences")
    return mine if person == request.user else f"{mine}?for={person.pk}"
