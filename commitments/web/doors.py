"""What every staff page does first and last: who is it, what may they see, and its frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.models import Commitment, Membership, Role, Team, User
from commitments.rules import reference

P = ParamSpec("P")
ACTING = (Role.AGENT, Role.LEAD, Role.MANAGER)


class StaffRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


def signed_in(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Sends everybody else to the sign-in page, and from there back to where they were going."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(cast("StaffRequest", request), *args, **kwargs)

    return guarded


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


def promise_for(user: User, ref: str) -> Commitment:
    """The promise with this reference. What somebody may not see does not exist for them either."""
    pk = reference.read(ref)
    seen = Commitment.objects.visible_to(user).with_everything()
    commitment = seen.filter(pk=pk).first() if pk is not None else None
    if commitment is None:
        raise Http404("No such promise.")
    return commitment


def may_act(user: User, commitment: Commitment) -> bool:
    """Whether buttons are worth showing; the verbs ask again."""
    here = Membership.objects.filter(user=user, team=commitment.team_id, role__in=ACTING)
    return user.is_superuser or here.exists()


def teams_of(user: User, *, acting: bool = False) -> list[Team]:
    """The teams somebody sees, or with `acting` those in which they may do something."""
    teams = Team.objects.select_related("calendar").order_by("name")
    if user.is_superuser:
        return list(teams)
    memberships = Membership.objects.filter(user=user)
    if acting:
        memberships = memberships.filter(role__in=ACTING)
    return list(teams.filter(pk__in=memberships.values("team")))


def roles_of(user: User) -> frozenset[str]:
    """What somebody is in any of their teams; an administrator counts as a manager."""
    roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return frozenset(roles | {Role.MANAGER} if user.is_superuser else roles)


def watches_over(roles: frozenset[str]) -> bool:
    """Whether somebody's day begins with everybody's promises, not with their own."""
    return bool(roles & {Role.MANAGER, Role.AUDITOR}) and Role.AGENT not in roles
