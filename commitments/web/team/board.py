"""The team board: a lead sees who needs a hand, and gives one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, EventKind, Membership, Team, User
from commitments.models.people import LEADING
from commitments.rules import saying
from commitments.web import doors, fields, once, undo
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.once import Answer

from . import people, sections, ticked

_DEEDS = [("hand_over", "Hand over"), ("ask", "Ask for an update"), ("take", "Take it myself")]
_TICK = "Tick the promises first."


class BoardForm(fields.SpokenForm):
    """What is to be done with the promises that were ticked."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    do = forms.ChoiceField(choices=_DEEDS, label="What to do")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """One section per person; with ticks, a deed of whoever leads the team."""
    now = timezone.now()
    teams = doors.teams_of(request.user)
    team = _asked_for(request.GET.get("team", ""), teams, user=request.user)
    form = BoardForm(initial={"once": once.new_key()}, label_suffix="")
    if request.method != "POST":
        return _page(request, team, teams, form, now=now)
    if team is None or not leads(request.user, team):
        raise PermissionDenied("This person does not lead this team.")
    return _do(request, team, teams, now=now)


def leads(user: User, team: Team) -> bool:
    """Whether this person sees to the team's promises."""
    here = Membership.objects.filter(user=user, team=team, role__in=LEADING)
    return user.is_superuser or here.exists()


def address(team: Team) -> str:
    return f"{reverse('web:team')}?{urlencode({'team': team.pk})}"


def _asked_for(pk: str, teams: Sequence[Team], *, user: User) -> Team | None:
    """The team asked for, or the first that they lead, or the first; None who has none."""
    if pk:
        found = next((team for team in teams if str(team.pk) == pk), None)
        if found is None:
            raise Http404("No such team.")
        return found
    led = set(
        Membership.objects.filter(user=user, role__in=LEADING).values_list("team_id", flat=True)
    )
    working = [team for team in teams if team.retired_at is None] or list(teams)
    return next((team for team in working if team.pk in led), next(iter(working), None))


def _do(request: StaffRequest, team: Team, teams: Sequence[Team], *, now: datetime) -> HttpResponse:
    form = BoardForm(request.POST, label_suffix="")
    seen = ticked.of(request.POST.getlist("pick"), user=request.user)
    chosen = [each for each in seen if each.team_id == team.pk]
    if not chosen:
        form.add_error("do", _TICK)
    if not form.is_valid():
        return _page(request, team, teams, form, now=now, status=422)
    deed = form.cleaned_data["do"]
    if deed != "take":
        page = {"hand_over": "web:hand_over_many", "ask": "web:ask_owners"}[deed]
        asked = [("back", f"team-{team.pk}"), *(("pick", each.reference) for each in chosen)]
        return redirect(f"{reverse(page)}?{urlencode(asked)}")
    act = partial(_take, chosen, team, by=request.user, now=now)
    named = " ".join(each.reference for each in chosen)
    answer = once.only_once(form, user=request.user, now=now, act=act, beside=named)
    messages.success(request, answer.said, extra_tags=answer.undo)
    return redirect(answer.location)


def _take(chosen: Sequence[Commitment], team: Team, *, by: User, now: datetime) -> Answer:
    """Those that can be theirs become theirs; the others are named with the reason."""
    taken, refused = [], []
    for promise in sorted(chosen, key=lambda each: each.pk):
        try:
            services.reassign(promise.pk, by=by, owner_id=by.pk, now=now)
        except CommitmentError as no:
            refused.append(f"Not taken: {promise.wording[:60]}. {no}")
        else:
            taken.append(promise.pk)
    events = Event.objects.filter(
        commitment__in=taken, kind=EventKind.REASSIGNED, actor=by, recorded_at=now
    )
    token = undo.token_for_all(list(events.values_list("pk", flat=True)))
    count = saying.say_count(len(taken), "promise is", "promises are")
    said = [saying.sentence_case(f"{count} yours now.")] if taken else []
    return Answer(
        location=address(team),
        said=" ".join([*said, *refused[:5]]),
        undo=token,
        about=[each.customer_id for each in chosen],
    )


def _page(
    request: StaffRequest,
    team: Team | None,
    teams: Sequence[Team],
    form: BoardForm,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {"team": team, "teams": teams, "form": form}
    if team is not None:
        zone = request.user.zone
        found = people.of(team, reader=request.user, now=now)
        board = sections.board_of(found, team=team, zone=zone, now=now)
        context |= {
            "board": board,
            "acts": leads(request.user, team),
            "chosen": set(request.POST.getlist("pick")),
        }
    return doors.page(request, "team/board.html", context, now=now, status=status)
