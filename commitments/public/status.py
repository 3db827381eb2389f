"""The customer's page about one conversation: what we promised, by when, and is it still true?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from commitments.models import Brand
from commitments.rules import reference

from . import doors, panels
from .deed_forms import FORMS


@gzip_page  # it repeats nothing that somebody else could have put into the address
@doors.customer_page
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    commitments, link = doors.promises_behind(token, now=now)
    brand, only = Brand.current(), _asked_for(request)
    shown = panels.of(commitments, brand=brand, only=only, now=now)
    if not shown.panels:
        raise doors.DeadLink
    newest = commitments[-1]
    done = FORMS.get(request.GET.get("said", ""))
    context = {
        **doors.times(newest.customer, team_zone=newest.due_zone, link=link, now=now),
        "customer": newest.customer.first_name,
        "company": brand,
        "panels": shown.panels,
        "lines": shown.lines,
        "all_path": reverse("public:status", args=[token]) if only is not None else "",
        "said": done.said if done else "",
        "token": token,
        "stop_path": reverse("public:stop", args=[token]),
        "has_stopped": newest.customer.has_stopped(now),
    }
    return doors.page(request, "status.html", context)


def _asked_for(request: HttpRequest) -> int | None:
    """The one promise of a long conversation that is named in the address; None for all."""
    asked = request.GET.get("about", "")
    found = reference.read(asked)
    if asked and found is None:
        raise doors.DeadLink
    return found
