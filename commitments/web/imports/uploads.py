"""The ways to log, Import a file: a new one, and those that somebody has brought before."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import imports
from commitments.errors import CommitmentError
from commitments.models import Import
from commitments.web import doors, once
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.once import Answer

from . import said
from .forms import UploadForm

_PAGE: Final = 20


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """For those who make promises in some team; what they upload is shown before it is used."""
    now, user = timezone.now(), request.user
    teams = doors.makes_promises_in(user)
    if not teams:
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, UploadForm(teams=teams))
    form = UploadForm(request.POST, teams=teams, files=request.FILES)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        file, team = form.cleaned_data["file"], form.cleaned_data["team"]

        def act() -> Answer:
            taken = imports.take(file, name=file.name, team=team, by=user, now=now)
            return Answer(location=reverse("web:import", args=[taken.pk]), said="")

        try:
            answer = once.only_once(form, user=user, now=now, act=act, beside=str(file.size))
        except imports.TooLarge as no:
            form.refuse(no)
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        except CommitmentError as no:
            form.refuse(no)
        else:
            return redirect(answer.location)
    return _page(request, form, status=status)


def _page(request: StaffRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    mine = Import.objects.visible_to(request.user).newest_first()
    page = Paginator(mine, _PAGE).get_page(request.GET.get("page"))
    earlier = [(each, *said.in_a_line(each)) for each in page]
    context = {"form": form, "page": page, "earlier": earlier, "asked": ""}
    now = timezone.now()
    return doors.page(request, "imports/uploads.html", context, now=now, status=status)
