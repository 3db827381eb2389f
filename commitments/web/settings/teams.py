"""Settings, Teams: who is in which, by which hours, and who is asked where nobody is found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.house import teams
from commitments.models import Membership, Role, Team
from commitments.models.people import LEADING
from commitments.rules import saying
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, leaving
from .frame import administrator
from .team_forms import SeatsBase, TeamForm, seats, with_one_more

_SECTION = "teams"


@dataclass(frozen=True, kw_only=True)
class Row:
    team: Team
    people: str
    lead: str
    open: str
    warning: str


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Every team; as many queries for many as for one."""
    now = timezone.now()
    counts = frame.open_promises("team")
    members: dict[int, list[Membership]] = defaultdict(list)
    active = Membership.objects.of_people().filter(user__is_active=True).select_related("user")
    for member in active.order_by("pk"):
        members[member.team_id].append(member)
    found = Team.objects.select_related("calendar", "lead_fallback").order_by("name")
    rows = [_row(team, members[team.pk], counts.get(team.pk, 0)) for team in found]
    context = {
        "rows": [row for row in rows if row.team.retired_at is None],
        "retired": [row for row in rows if row.team.retired_at is not None],
    }
    return frame.page(request, "teams.html", context, section=_SECTION, now=now)


def _row(team: Team, members: list[Membership], count: int) -> Row:
    leads = [str(member.user) for member in members if member.role == Role.LEAD]
    fallback = team.lead_fallback
    is_reached = any(member.role in LEADING for member in members) or (
        fallback is not None and fallback.is_active
    )
    return Row(
        team=team,
        people=saying.sentence_case(saying.say_count(len(members), "person", "people")),
        lead=", ".join(leads) or (f"{fallback} (fallback)" if fallback else "No lead"),
        open=saying.sentence_case(saying.say_count(count, "open promise")),
        warning="" if is_reached else "No lead, no fallback and no manager: nobody can be asked.",
    )


@administrator
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """One team with its people, or a new one."""
    now = timezone.now()
    team = get_object_or_404(Team, pk=pk) if pk is not None else None
    if request.method != "POST":
        return _page(request, team, TeamForm(team=team), seats(team=team), now=now)
    if request.POST.get("press") == "add":
        data = with_one_more(request.POST)
        return _page(request, team, TeamForm(data, team=team), seats(data), now=now, status=200)
    form, rows = TeamForm(request.POST, team=team), seats(request.POST)
    if not rows.is_valid():
        form.add_error(None, "Some of the people's rows are not complete. Look at each.")
    sent = repr(sorted(each for each in request.POST.items() if each[0].startswith("seat-")))
    act = partial(_save, form, rows, team, by_id=request.user.pk, now=now)
    answer = frame.saved(request, form, act, now=now, beside=sent)
    return answer or _page(request, team, form, rows, now=now, status=422)


def _save(
    form: TeamForm, rows: SeatsBase, team: Team | None, *, by_id: int, now: datetime
) -> Answer:
    plan = form.plan(rows.places())
    if team is None:
        kept = teams.make(plan, by_id=by_id)
        return _back(f"{kept} is set up.")
    mark = form.cleaned_data["seen"]
    kept = teams.edit(team.pk, plan, seen_mark=mark, by_id=by_id, now=now)
    return _back(f"{kept} is saved. Open promises keep their times.")


def _page(
    request: StaffRequest,
    team: Team | None,
    form: TeamForm,
    rows: SeatsBase,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "seats": rows,
        "title": team.name if team else "New team",
        "lede": "People who share hours, a lead and the promises they made.",
        "over": "Teams",
        "back": reverse("web:teams"),
        "keeps": "Changes apply to new promises; open ones keep their times." if team else "",
        "is_retired": "Retired: no new promises are made here. Its people keep seeing the old ones."
        if team and team.retired_at
        else "",
        "ways_out": _LEAVING.ways_out(team) if team else (),
    }
    return frame.page(request, "team.html", context, section=_SECTION, now=now, status=status)


def _back(said: str) -> Answer:
    return Answer(location=reverse("web:teams"), said=said)


def _if_retired(count: int) -> str:
    still = saying.sentence_case(saying.say_count(count, "open promise")) if count else "None"
    return (
        f"No new promises are made there. {still} {'is' if count < 2 else 'are'} open;"
        " its people keep seeing the old ones, and are reminded as before."
    )


_LEAVING = leaving.Leaving(
    model=Team,
    verbs=teams,
    name="team",
    page="team_settings",
    section=_SECTION,
    if_retired=_if_retired,
    if_back="Promises can be made there again.",
    is_back="makes promises again.",
    if_deleted="It never made a promise. Its people stay, without this team.",
)
retire, bring_back, delete = _LEAVING.views()
