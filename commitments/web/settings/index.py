"""Settings: its sections, each with its state, and what still misses for a first day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.house import first_day
from commitments.web.doors import StaffRequest

from . import frame
from .frame import administrator

_SHOWN: Final[Mapping[str, tuple[str, str, str]]] = {
    "hours": ("Hours", "web:hours", "clock"),
    "teams": ("Teams", "web:teams", "users"),
    "people": ("People", "web:people", "user"),
    "kinds": ("Kinds of promises", "web:kinds", "tags"),
    "escalation": ("Escalation", "web:escalation", "list-checks"),
    "holidays": ("Holidays", "web:holidays", "calendar-days"),
}


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """As many queries for a large house as for a small one."""
    now = timezone.now()
    states = first_day.look(now)
    sections = []
    for state in states:
        title, address, icon = _SHOWN[state.name]
        sections.append({"state": state, "title": title, "url": reverse(address), "icon": icon})
    missing = sum(bool(state.misses) for state in states)
    context = {"sections": sections, "missing": missing}
    return frame.page(request, "index.html", context, section="index", now=now)
