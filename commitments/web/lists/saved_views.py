"""Filters kept under a name of one's own: saved, opened, renamed, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.models import SavedView, User
from commitments.web import doors, fields
from commitments.web.doors import StaffRequest, signed_in

from . import all_promises

MOST = 30
_LONGEST_QUERY = 1000


class ViewForm(fields.SpokenForm):
    """A name, which no other view of this person has in whatever capitals."""

    name = fields.Words(
        label="Name of the view",
        what="The name",
        limit=60,
        error_messages={"required": "Give the view a name, such as “Late refunds”."},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        user: User,
        view: SavedView | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(data, label_suffix="", auto_id=auto_id)
        self.user, self.view = user, view
        if view is not None:
            self.initial["name"] = view.name

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.user.saved_views.exclude(pk=self.view.pk if self.view else 0)
        if any(other.name.casefold() == name.casefold() for other in others):
            raise forms.ValidationError(_taken(name))
        if self.view is None and others.count() >= MOST:
            raise forms.ValidationError(f"You have {MOST} views already. Delete one first.")
        return name


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """My views; with filters in the address, a form that keeps them as a new one."""
    now = timezone.now()
    asked = _asked(request.POST.get("query", ""))
    if request.method != "POST":
        form = ViewForm(user=request.user)
        return _page(request, form, asked=all_promises.asked_of(request.GET), now=now)
    form = ViewForm(request.POST, user=request.user)
    if len(asked) > _LONGEST_QUERY:
        form.add_error(None, "These filters are too long to be kept. Look for less words.")
    if form.is_valid() and _keep(SavedView(user=request.user, query=asked), form):
        messages.success(request, f"Saved as “{form.cleaned_data['name']}”.")
        return redirect(all_promises.address(asked))
    return _page(request, form, asked=asked, now=now, status=422)


@signed_in
@require_safe
def open_view(request: StaffRequest, pk: int) -> HttpResponse:
    """The list, filtered as it was."""
    return redirect(all_promises.address(_mine(request.user, pk).query))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: StaffRequest, pk: int) -> HttpResponse:
    now, view = timezone.now(), _mine(request.user, pk)
    if request.method != "POST":
        form = ViewForm(user=request.user, view=view)
        return doors.page(request, "lists/view.html", {"form": form, "view": view}, now=now)
    form = ViewForm(request.POST, user=request.user, view=view)
    if form.is_valid() and _keep(view, form):
        messages.success(request, f"Renamed to “{view.name}”.")
        return redirect("web:views")
    return doors.page(request, "lists/view.html", {"form": form, "view": view}, now=now, status=422)


@signed_in
@require_POST
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Gone; the promises in it stay where they are. A second press finds nothing, and says so."""
    gone, _ = request.user.saved_views.filter(pk=pk).delete()
    messages.success(request, "The view is deleted." if gone else "That view was deleted before.")
    return redirect("web:views")


def _keep(view: SavedView, form: ViewForm) -> bool:
    """Save it under the form's name, unless another window was faster."""
    view.name = form.cleaned_data["name"]
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        form.add_error("name", _taken(view.name))
        return False
    return True


def _taken(name: str) -> str:
    return f"You have a view called “{name}” already. Give this one another name."


def _mine(user: User, pk: int) -> SavedView:
    view = user.saved_views.filter(pk=pk).first()
    if view is None:
        raise Http404("No such view.")
    return view


def _asked(query: str) -> str:
    """What of a query are filters of the list."""
    return all_promises.asked_of(QueryDict(query[: 3 * _LONGEST_QUERY]))


def _page(
    request: StaffRequest, form: ViewForm, *, asked: str, now: datetime, status: int = 200
) -> HttpResponse:
    context = {"form": form, "asked": asked, "views": request.user.saved_views.all()}
    return doors.page(request, "lists/views.html", context, now=now, status=status)
