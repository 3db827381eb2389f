"""Where a form leads back to: one of our own lists by its name, or the promise's own page."""

from __future__ import annotations

import re
from typing import Final

from django.urls import reverse

_LISTS: Final = {"mine": "web:mine", "calls": "web:calls", "calls-team": "web:calls"}
_WHOSE: Final = {"calls-team": "?whose=team"}
_TEAM: Final = re.compile(r"team-([0-9]{1,9})")


def known(name: str) -> str:
    """The name as it was given, or "" where it names no list."""
    return name if name in _LISTS or _TEAM.fullmatch(name) else ""


def page(name: str) -> str:
    """The list's address; "" where none is named."""
    if found := _TEAM.fullmatch(name):
        return f"{reverse('web:team')}?team={found[1]}"
    if name not in _LISTS:
        return ""
    return f"{reverse(_LISTS[name])}{_WHOSE.get(name, '')}"
