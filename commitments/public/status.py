"""The customer's page about one conversation: what we promised, by when, and is it still true?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Brand

from . import doors, panels
from .deed_forms import FORMS


@doors.customer_page
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    commitments, link = doors.promises_behind(token, now=now)
    brand = Brand.current()
    shown = panels.of(commitments, brand=brand, now=now)
    if not shown:
        raise doors.DeadLink
    newest = commitments[-1]
    done = FORMS.get(request.GET.get("said", ""))
    context = {
        **doors.times(newest.customer, team_zone=newest.due_zone, link=link, now=now),
        "customer": newest.customer.first_name,
        "company": brand,
        "panels": shown,
        "said": done.said if done else "",
        "token": token,
        "stop_path": reverse("public:stop", args=[token]),
        "has_stopped": newest.customer.has_stopped(now),
    }
    return doors.page(request, "status.html", context)
