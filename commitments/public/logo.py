"""The logo, from our own host. Another picture has another address, so a copy is good for ever."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from commitments.models import Brand

from . import doors

_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@require_safe
def show(request: HttpRequest, mark: str, kind: str) -> HttpResponse:
    """Any other than the one in use looks like a dead link."""
    brand = Brand.objects.filter(pk=1, logo_mark=mark, logo_type=kind).first()
    if brand is None or not brand.logo or kind not in _MEDIA_TYPES:
        return doors.nothing_here(request)
    response = HttpResponse(bytes(brand.logo), content_type=_MEDIA_TYPES[kind])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
