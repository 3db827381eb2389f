"""Where a form leads back to: one of our own lists by its name, or the promise's own page.

A team's board is named by its team, the overdue report by what was chosen there: `overdue-t3-k7`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

_LISTS: Final = {"mine": "web:mine", "calls": "web:calls", "calls-team": "web:calls"}
_WHOSE: Final = {"calls-team": "?whose=team"}
_TEAM: Final = re.compile(r"team-([0-9]{1,9})")
_CHOICES: Final = {"t": "team", "o": "owner", "k": "kind"}
_LONGEST: Final = 30  # of a name, in the forms that carry it
_OVERDUE: Final = re.compile(r"overdue((?:-[tok][0-9]{1,9}){0,3})")


def known(name: str) -> str:
    """The name as it was given, or "" where it names no list."""
    return name if name in _LISTS or _TEAM.fullmatch(name) or _OVERDUE.fullmatch(name) else ""


def overdue(chosen: Mapping[str, int | None]) -> str:
    """The name of the overdue report with these choices: of team, owner and kind."""
    parts = [
        f"-{short}{pk}" for short, name in _CHOICES.items() if (pk := chosen.get(name)) is not None
    ]
    name = "".join(["overdue", *parts])
    return name if len(name) <= _LONGEST else "overdue"


def page(name: str) -> str:
    """The list's address; "" where none is named."""
    if found := _TEAM.fullmatch(name):
        return f"{reverse('web:team')}?team={found[1]}"
    if found := _OVERDUE.fullmatch(name):
        chosen = {_CHOICES[part[0]]: part[1:] for part in found[1].split("-") if part}
        asked = f"?{urlencode(chosen)}" if chosen else ""
        return f"{reverse('web:overdue')}{asked}"
    if name not in _LISTS:
        return ""
    return f"{reverse(_LISTS[name])}{_WHOSE.get(name, '')}"
