"""Who may enter, and the frame around every page of this room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.models import Delivery
from notifications.models.delivery import DeliveryQuerySet

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_ON_A_PAGE = 50


def signed_in(view: View[P]) -> View[P]:
    """Sends strangers to the sign-in page, and from there back to where they were going."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def administrators_only(view: View[P]) -> View[P]:
    """For everybody else who has signed in the page does not exist."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_superuser:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def attended(request: HttpRequest) -> DeliveryQuerySet:
    """The deliveries that need this person; Http404 for whom the house lets see to none at all.

    The setting NOTIFICATIONS_ATTENDED names the function that knows.
    """
    choose: Callable[[object], Q | None] = import_string(settings.NOTIFICATIONS_ATTENDED)
    theirs = choose(request.user)
    if theirs is None:
        raise Http404
    return Delivery.objects.needing_attention().filter(theirs)


def embedded_only(view: View[P]) -> View[P]:
    """In production other people's mail is nobody's business."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.EMBEDDED:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def reader_id(request: HttpRequest) -> int:
    """Whose page it is."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk


def page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """A whole page, its times said in the reader's zone."""
    zone = request.user.zone if request.user.is_authenticated else "UTC"
    frame = {"now": timezone.now(), "zone": zone, "asked": "", **context}
    return render(request, f"notifications/web/{template}", frame)


def pages(request: HttpRequest, rows: QuerySet[Model]) -> Page[Model]:
    """The page of a long list that was asked for; the nearest there is if it does not exist."""
    return Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
