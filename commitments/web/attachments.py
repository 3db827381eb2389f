"""A file that a customer sent along: to be saved by colleagues, never shown in the browser."""

from __future__ import annotations

from typing import cast

from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from commitments.models import Attachment

from . import doors
from .doors import StaffRequest, signed_in


@signed_in
@require_safe
def download(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Whatever it is, it is saved: no browser is to draw or run it in our name."""
    commitment = doors.promise_for(request.user, ref)
    found = Attachment.objects.filter(pk=pk, event__commitment=commitment).first()
    if found is None:
        raise Http404("No such file.")
    try:
        content = found.open()
    except FileNotFoundError as no:
        raise Http404("This file is gone.") from no
    response = FileResponse(
        content, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return cast("HttpResponse", response)  # as to headers and status it is one
