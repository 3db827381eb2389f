"""What was promised, as entries of the customer's own calendar.

An entry fetched again takes the place of the one before, with its new time. It holds no link to the
page: calendars are shown to others.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from commitments.models import Commitment

from . import doors, histories

_SHORT = timedelta(minutes=15)  # an entry without length is not drawn by some programs


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
    response = HttpResponse(_written(wanted, now=now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="promise.ics"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _written(commitments: list[Commitment], *, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Followthrough//Promises//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for each in commitments:
        calendar.add_component(_entry(each, now=now))
    return bytes(calendar.to_ical())


def _entry(commitment: Commitment, *, now: datetime) -> Event:
    """From the beginning of its window, if it has one; else shortly before the promised time."""
    ends_at = commitment.due_at
    entry = Event()
    entry.add("uid", f"{commitment.reference}@{urlsplit(settings.PUBLIC_URL).hostname}")
    entry.add("dtstamp", now)
    entry.add("sequence", commitment.revision)
    entry.add("dtstart", commitment.window_start or ends_at - _SHORT)
    entry.add("dtend", ends_at)
    entry.add("summary", f"{settings.COMPANY_NAME}: {commitment.wording}")
    entry.add("transp", "TRANSPARENT")
    return entry
