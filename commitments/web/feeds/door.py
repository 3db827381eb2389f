"""The address of a calendar feed, which is all that a calendar program knows: nobody signs in.

What is revoked, out of date or made up is answered alike. Who guesses is stopped, as with links of
customers.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from commitments import lengths, rate_limits
from commitments.models import CalendarFeed

from . import entries

_TOKEN = re.compile(r"fc_[0-9a-f]{8}\.[A-Za-z0-9_-]{43}")
_PLAIN = "text/plain; charset=utf-8"


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The file; 304 where the program has it already."""
    now = timezone.now()
    try:
        feed = _feed_behind(request, token, now=now)
    except rate_limits.TooOften as no:
        wait = {"Retry-After": str(no.wait)}
        return HttpResponse(f"{no}\n", status=429, content_type=_PLAIN, headers=wait)
    if feed is None:
        return HttpResponse("There is no calendar here.\n", status=404, content_type=_PLAIN)
    feed.note_use(now=now)
    found = entries.Contents.of(feed, now=now)
    etag = quote_etag(found.mark)
    answer = get_conditional_response(request, etag=etag) or _file(found)
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _file(found: entries.Contents) -> HttpResponse:
    answer = HttpResponse(found.written(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="promises.ics"'
    return answer


def _feed_behind(request: HttpRequest, token: str, *, now: datetime) -> CalendarFeed | None:
    """Raises TooOften."""
    figures, who = lengths.current(), f"from:{rate_limits.address(request)}"
    most = figures.calendar_fetches_a_minute_from_one_address
    rate_limits.check("calendar", who, most=most, now=now)
    feed = CalendarFeed.behind(token, now=now) if _TOKEN.fullmatch(token) else None
    if feed is None:
        rate_limits.check("calendar:guess", who, most=figures.dead_links_a_minute, now=now)
    else:
        most = figures.calendar_fetches_a_minute
        rate_limits.check("calendar", f"feed:{feed.prefix}", most=most, now=now)
    return feed
