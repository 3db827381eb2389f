"""Who comes to reviews: leads and managers hold them, auditors read. For others there are none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from commitments.models import Review, User
from commitments.models.review import READING
from commitments.web import doors
from commitments.web.doors import StaffRequest, signed_in

P = ParamSpec("P")


def reader(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """404 for everybody who reads no team's reviews."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @signed_in
    @wraps(view)
    def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not reads_some(request.user):
            raise Http404("No such page.")
        return view(request, *args, **kwargs)

    return guarded


def reads_some(user: User) -> bool:
    """Whether somebody reads any team's reviews; asks nothing where the roles are known."""
    return bool(doors.roles_of(user) & {role.value for role in READING})


def review_for(user: User, pk: int) -> Review:
    """What somebody may not see does not exist for them."""
    review = Review.objects.visible_to(user).select_related("team", "begun_by").filter(pk=pk)
    found = review.first()
    if found is None:
        raise Http404("No such review.")
    return found


def holds(user: User, review: Review) -> bool:
    """Whether they may change it; the verbs ask again."""
    return review.team in doors.led_by(user)


def held_for(user: User, pk: int) -> Review:
    """Raises PermissionDenied for an auditor, who reads it and changes nothing."""
    review = review_for(user, pk)
    if not holds(user, review):
        raise PermissionDenied("An auditor changes nothing.")
    return review
