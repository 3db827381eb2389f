"""What every staff page does first and last: who is it, what may they see, and its frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from commitments.models import Commitment, Membership, Role, Team, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.people import KEEPING, LEADING
from commitments.models.review import READING
from commitments.rules import reference

P = ParamSpec("P")


# Fields in which people write. What they choose, they choose again.
_WRITTEN = {
    "text": "The conversation",
    "who": "To whom?",
    "name": "Name",
    "email": "Their e-mail",
    "phone": "Their phone",
    "wording": "What did you promise?",
    "when": "By when?",
    "case": "Case",
    "case_url": "Link to the case",
    "team_note": "Note for the team",
    "words": "Update",
    "how": "How did it end?",
    "evidence": "Evidence",
    "what": "What we need from the customer",
    "reason": "The reason",
    "offer": "What we offer instead",
    "remedy": "What makes up for it",
    "remedy_when": "By when it makes up for it",
    "line": "Your line",
    "url": "Address",
    "note": "Note",
}


class StaffRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User
    htmx: HtmxDetails


def signed_in(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Sends everybody else to the sign-in page, and from there back to where they were going.

    What they had typed when their session ended is shown to them first, to be copied.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            typed = typed_in(request.POST)
            if _asked_in_passing(request, typed):
                return _not_now()
            return signed_out(request, typed) if typed else _to_sign_in(request)
        return view(cast("StaffRequest", request), *args, **kwargs)

    return guarded


def typed_in(data: QueryDict) -> list[tuple[str, str]]:
    """What somebody wrote themselves in one of our forms, each with what it was asked as."""
    return [
        (asked, str(data[name])) for name, asked in _WRITTEN.items() if data.get(name, "").strip()
    ]


def signed_out(request: HttpRequest, typed: list[tuple[str, str]]) -> HttpResponse:
    context = {"typed": typed, "sign_in_url": _to_sign_in(request)["Location"]}
    return _refused(request, "commitments/web/signed_out.html", context)


def asked_first(request: HttpRequest, typed: list[tuple[str, str]], *, door: str) -> HttpResponse:
    """Whoever sent this says once more who they are, behind that door, before it counts."""
    return _refused(request, "commitments/web/asked_first.html", {"typed": typed, "door": door})


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without its proof: what was typed is shown, to be copied."""
    context = {"typed": typed_in(request.POST)}
    if _asked_in_passing(request, context["typed"]):
        return _not_now()
    return _refused(request, "403_csrf.html", context)


def _refused(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """403; for a script 401, which it shows in place of the page that was open."""
    if not _by_script(request):
        return render(request, template, context, status=403)
    page = render(request, template, context, status=401)
    page["HX-Retarget"], page["HX-Reselect"] = "#main", "#main > *"
    page["HX-Reswap"] = "innerHTML show:window:top"
    return page


def _asked_in_passing(request: HttpRequest, typed: list[tuple[str, str]]) -> bool:
    """By a script, while somebody goes on typing: nothing of theirs is to be taken away for it."""
    asking = request.headers.get("HX-Trigger", "")
    is_a_field = asking.startswith(("hints", "id_", "preview"))
    return _by_script(request) and (not typed or is_a_field)


def _not_now() -> HttpResponse:
    return HttpResponse(status=401, headers={"HX-Reswap": "none"})


def _by_script(request: HttpRequest) -> bool:
    """Not where somebody goes back in their browser: then a whole page is wanted."""
    asks = request.headers
    return asks.get("HX-Request") == "true" and "HX-History-Restore-Request" not in asks


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path())


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    """A whole page, its times said in the reader's zone."""
    user = cast("StaffRequest", request).user
    frame = {"now": now, "zone": user.zone, **context}
    return render(request, f"commitments/web/{template}", frame, status=status)


def visible_to(user: User, *, only: Team | None = None) -> CommitmentQuerySet:
    """All that they may see, for long lists: with their teams named, or `only` one of them.

    Not all of them and then one: of two conditions PostgreSQL would expect to find next to nothing.
    """
    if user.is_superuser:
        return Commitment.objects.filter(team=only) if only else Commitment.objects.all()
    teams = [team.pk for team in teams_of(user) if only in (None, team)]
    return Commitment.objects.visible_to(user, teams=teams)


def promise_for(user: User, ref: str, *, among: CommitmentQuerySet | None = None) -> Commitment:
    """The promise with this reference. What somebody may not see does not exist for them either."""
    pk = reference.read(ref)
    rows = Commitment.objects.all() if among is None else among
    seen = rows.visible_to(user).with_everything()
    commitment = seen.filter(pk=pk).first() if pk is not None else None
    if commitment is None:
        raise Http404("No such promise.")
    return commitment


def may_act(user: User, commitment: Commitment) -> bool:
    """Whether buttons are worth showing; the verbs ask again."""
    return user.is_superuser or any(
        place.team_id == commitment.team_id and place.role in KEEPING for place in _places_of(user)
    )


def teams_of(user: User, *, acting: bool = False) -> list[Team]:
    """The teams somebody sees, or with `acting` those in which they may do something."""
    if user.is_superuser:
        return list(Team.objects.select_related("calendar").order_by("name"))
    places = [place for place in _places_of(user) if place.role in KEEPING or not acting]
    return sorted((place.team for place in places), key=lambda team: team.name)


def makes_promises_in(user: User) -> list[Team]:
    """The teams in which somebody may make new ones: not those that are retired."""
    return [team for team in teams_of(user, acting=True) if team.retired_at is None]


def led_by(user: User) -> list[Team]:
    """The teams that somebody leads or manages."""
    if user.is_superuser:
        return teams_of(user)
    places = [place for place in _places_of(user) if place.role in LEADING]
    return sorted((place.team for place in places), key=lambda team: team.name)


def reads_reviews_of(user: User, team_id: int) -> bool:
    """Whether somebody leads, manages or audits this team."""
    return user.is_superuser or any(
        place.team_id == team_id and place.role in READING for place in _places_of(user)
    )


def roles_of(user: User) -> frozenset[str]:
    """What somebody is in any of their teams; an administrator counts as a manager."""
    roles = {place.role for place in _places_of(user)}
    return frozenset(roles | {Role.MANAGER} if user.is_superuser else roles)


def _places_of(user: User) -> list[Membership]:
    """Read once in a request, whose user this is: the bar and the page both ask."""
    places = Membership.objects.select_related("team__calendar")
    prefetch_related_objects([user], Prefetch("memberships", queryset=places))
    return list(user.memberships.all())


def watches_over(roles: frozenset[str]) -> bool:
    """Whether somebody's day begins with everybody's promises, not with their own."""
    return bool(roles & {Role.MANAGER, Role.AUDITOR}) and Role.AGENT not in roles
