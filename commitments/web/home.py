"""Where a day begins: with one's own promises, or with the overdue ones one watches over."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from . import doors
from .doors import StaffRequest, signed_in


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    watching = doors.watches_over(doors.roles_of(request.user))
    return redirect("web:overdue" if watching else "web:mine")
