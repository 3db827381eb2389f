"""What was promised, as entries of the customer's own calendar.

An entry fetched again takes the place of the one before, with its new time. It holds no link to the
page: calendars are shown to others.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import ical
from commitments.models import Commitment

from . import doors, histories


@doors.customer_page
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """One promise, or all of the page, that are still to be kept."""
    now = timezone.now()
    promises, _ = doors.promises_behind(token, now=now)
    asked = request.GET.get("about", "")
    shown = [each for each, _ in histories.of(promises, now=now)]
    wanted = [each for each in shown if asked in {"", each.reference} and each.is_live]
    if not wanted:
        raise doors.DeadLink
    file = ical.written(_entry(each, now=now) for each in wanted)
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="promise.ics"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _entry(commitment: Commitment, *, now: datetime) -> ical.Entry:
    return ical.Entry(
        key=commitment.reference,
        summary=f"{settings.COMPANY_NAME}: {commitment.wording}",
        begins_at=commitment.window_start,
        ends_at=commitment.due_at,
        changed_at=now,
        sequence=commitment.revision,
    )
