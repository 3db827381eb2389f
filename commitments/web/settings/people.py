"""Settings, People: who signs in, what they are, and what happens when they leave."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments.errors import CommitmentError
from commitments.house import account_log, people, second_steps
from commitments.models import Absence, Membership, Policy, Team, User
from commitments.rules import audiences, saying
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, invitations, sure
from .frame import administrator
from .people_forms import InviteForm, LeavingForm, PersonForm

_SECTION = "people"
_SHOWN = 50  # promises that are listed when somebody leaves


@dataclass(frozen=True, kw_only=True)
class Row:
    person: User
    places: list[Membership]
    open: str


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Everybody; as many queries for many as for one."""
    counts = frame.open_promises("owner")
    places: dict[int, list[Membership]] = defaultdict(list)
    for member in Membership.objects.select_related("team").order_by("team__name"):
        places[member.user_id].append(member)
    rows = [
        Row(
            person=person,
            places=places[person.pk],
            open=saying.sentence_case(saying.say_count(counts.get(person.pk, 0), "open promise")),
        )
        for person in User.objects.people().order_by("name", "pk")
    ]
    context = {
        "rows": [row for row in rows if row.person.is_active],
        "off": [row for row in rows if not row.person.is_active],
    }
    return frame.page(request, "people.html", context, section=_SECTION, now=timezone.now())


@administrator
@never_cache
def invite(request: StaffRequest) -> HttpResponse:
    """Somebody new; where no mail leaves the house, their link is shown to be handed over."""
    now = timezone.now()
    form = InviteForm(request.POST if request.method == "POST" else None, zone=request.user.zone)
    if request.method == "POST":
        answer = frame.saved(request, form, partial(_invite, request, form), now=now)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "title": "Invite somebody",
        "lede": "They choose their password themselves: by a mail with a link, or by a link that"
        " you hand over.",
        "over": "People",
        "back": reverse("web:people"),
    }
    status = 422 if form.is_bound else 200
    return frame.page(request, "edit.html", context, section=_SECTION, now=now, status=status)


def _invite(request: StaffRequest, form: InviteForm) -> Answer:
    said = form.cleaned_data
    person = people.invite(
        email=said["email"],
        name=said["name"],
        zone=said["zone"],
        team_id=said["team"].pk if said["team"] else None,
        role=said["role"],
        is_administrator=said["is_administrator"],
        by_id=request.user.pk,
    )
    address = reverse("web:person", args=[person.pk])
    if not invitations.goes_by_mail():
        return Answer(location=address, said=f"{person} is in. Make a link for them below.")
    invitations.send(request, person)
    return Answer(location=address, said=f"{person} is in. A mail to {person.email} is on its way.")


@administrator
@never_cache
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """One person; and a link to choose a password, by mail or on this page."""
    now = timezone.now()
    person = get_object_or_404(User.objects.people(), pk=pk)
    press = request.POST.get("press", "") if request.method == "POST" else ""
    if press in {"link", "mail"} and person.is_active:
        return _let_in(request, person, press, now=now)
    if press == "second-step":
        return _take_away_step(request, person)
    if press == "on":
        people.switch_on(pk, by_id=request.user.pk)
        messages.success(request, f"{person} can sign in again.")
        return redirect("web:person", pk=pk)
    form = PersonForm(request.POST if press else None, person=person)
    if press:
        answer = frame.saved(request, form, partial(_save, request, form, person), now=now)
        if answer is not None:
            return answer
    return _page(request, person, form, now=now)


def _save(request: StaffRequest, form: PersonForm, person: User) -> Answer:
    said = form.cleaned_data
    kept = people.edit(
        person.pk,
        email=said["email"],
        name=said["name"],
        zone=said["zone"],
        is_administrator=said["is_administrator"],
        seen_mark=said["seen"],
        by_id=request.user.pk,
    )
    return Answer(location=reverse("web:people"), said=f"{kept} is saved.")


def _let_in(request: StaffRequest, person: User, press: str, *, now: datetime) -> HttpResponse:
    if press == "mail" and invitations.goes_by_mail():
        invitations.send(request, person)
        messages.success(request, f"A mail to {person.email} is on its way.")
        return redirect("web:person", pk=person.pk)
    account_log.note("link for a password made", user_id=person.pk, by_id=request.user.pk)
    link = invitations.link_for(request, person)
    return _page(request, person, PersonForm(person=person), link=link, now=now)


def _take_away_step(request: StaffRequest, person: User) -> HttpResponse:
    """Somebody lost their telephone and their codes."""
    try:
        second_steps.take_away(person.pk, by=request.user, now=timezone.now())
    except CommitmentError as no:
        messages.error(request, str(no))
    else:
        messages.success(request, f"{person} signs in without a second step, and is signed out.")
    return redirect("web:person", pk=person.pk)


def _page(
    request: StaffRequest, person: User, form: PersonForm, *, link: str = "", now: datetime
) -> HttpResponse:
    context = {
        "form": form,
        "person": person,
        "title": str(person),
        "lede": f"Signs in as {person.email}."
        if person.last_login
        else f"Has not signed in yet, as {person.email}.",
        "over": "People",
        "back": reverse("web:people"),
        "places": Membership.objects.filter(user=person).select_related("team", "calendar"),
        "is_retired": "" if person.is_active else "Switched off: they cannot sign in.",
        "link": link,
        "link_lasts": saying.say_gap(invitations.lasts(person)),
        "goes_by_mail": invitations.goes_by_mail(),
        "steps": second_steps.of(person.pk).filter(type__in=second_steps.STEPS).count(),
        "is_me": person == request.user,
        "may_delete": person.last_login is None,
    }
    status = 422 if form.errors else 200
    return frame.page(request, "person.html", context, section=_SECTION, now=now, status=status)


@administrator
def switch_off(request: StaffRequest, pk: int) -> HttpResponse:
    """What they owe, and who takes it over; nothing is done before everything has somebody."""
    now = timezone.now()
    person = get_object_or_404(User.objects.people(), pk=pk)
    owed = people.owed_by(person).select_related("team", "customer").order_by("due_at", "pk")
    teams = list(Team.objects.filter(pk__in=owed.order_by().values("team")).order_by("name"))
    is_sent = request.method == "POST"
    form = LeavingForm(request.POST if is_sent else None, person=person, teams=teams)
    if is_sent:
        act = partial(_switch_off, request, form, person, now=now)
        answer = frame.saved(request, form, act, now=now)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "person": person,
        "count": saying.say_count(owed.count(), "open promise"),
        "owed": list(owed[:_SHOWN]),
        "takers": [form[name] for name in form.names],
        "also": _also(person, now=now),
        "back": reverse("web:person", args=[pk]),
    }
    status = 422 if form.is_bound else 200
    return frame.page(request, "leaving.html", context, section=_SECTION, now=now, status=status)


def _switch_off(request: StaffRequest, form: LeavingForm, person: User, *, now: datetime) -> Answer:
    note = form.cleaned_data["note"]
    people.switch_off(person.pk, takers=form.takers(), by=request.user, note=note, now=now)
    return Answer(
        location=reverse("web:people"), said=f"{person} is switched off, and signs in no more."
    )


def _also(person: User, *, now: datetime) -> list[str]:
    """What else counts on them, to be seen to afterwards."""
    away = Absence.objects.filter(deputy=person, ends_at__gt=now).select_related("user")
    said = [f"They stand in for {each.user}, who is away: the lead is asked." for each in away]
    backed = Team.objects.filter(lead_fallback=person).order_by("name")
    said += [f"They are the fallback of {team}. Choose another." for team in backed]
    ladders = Policy.objects.in_use().ladders_in_force()
    for policy in Policy.objects.in_use():
        tokens = {token for step in ladders[policy.pk] for token in (*step.audience, step.hands_to)}
        if person.pk in audiences.pks_of((token for token in tokens if token), "person"):
            said.append(f"{policy} names them in a step. Name somebody else there.")
    return said


@administrator
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """An invitation that went wrong is taken back."""
    now = timezone.now()
    person = User.objects.people().filter(pk=pk).first()
    if person is None:
        return redirect("web:people")
    question = sure.Question(
        title=f"Take back the invitation of {person}?",
        consequence=f"{person.email} can no longer sign in or choose a password.",
        goes="Take it back",
        back=reverse("web:person", args=[pk]),
        section=_SECTION,
    )

    def act() -> Answer:
        if person == request.user:
            raise CommitmentError("You cannot take yourself out.")
        people.delete(pk, by_id=request.user.pk)
        return Answer(location=reverse("web:people"), said=f"{person} is taken out.")

    return sure.ask(request, lambda: question, act, now=now)
