"""What a schedule asks for, as it is kept: `kept?team=3`, the words of the report's address.

Days are left out: a report by mail always tells of the weeks before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from commitments.models import Kind, Team, User
from commitments.reports import wording
from commitments.reports.scope import Scope

CHOICES: Final = ("team", "owner", "kind")
LONGEST: Final = 20  # of a number in an address
_MODELS: Final = {"team": Team, "owner": User, "kind": Kind}
ALL: Final = "Everything that you see to"


def written(report: str, asked: Mapping[str, str]) -> str:
    chosen = {name: asked[name][:LONGEST] for name in CHOICES if asked.get(name)}
    return f"{report}?{urlencode(chosen, errors='replace')}" if chosen else report


def read(asks: str) -> tuple[str, dict[str, str]]:
    """The report and its choices."""
    report, _, query = asks.partition("?")
    return report, dict(parse_qsl(query))


def names_of(chosen: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """What was chosen, by its name; three queries at most, however many there are."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for what, pk in chosen:
        if pk.isdecimal():
            wanted[what].add(pk)
    names: dict[tuple[str, str], str] = {}
    for what, model in _MODELS.items():
        if wanted[what]:
            rows = model._default_manager.in_bulk(wanted[what])
            names |= {(what, str(pk)): str(row) for pk, row in rows.items()}
    return names


def said(scope: Scope, *, has_days: bool = True) -> str:
    """Whose figures, and of which days: `Billing care, Refund, 30 Mar to 25 May`."""
    chosen = {"team": scope.team, "owner": None if scope.is_own else scope.owner}
    pairs = [
        (what, str(pk)) for what, pk in (chosen | {"kind": scope.kind}).items() if pk is not None
    ]
    names = names_of(pairs)
    whose = ["Your own"] if scope.is_own else [] if pairs else [ALL]
    parts = [*whose, *(names[pair] for pair in pairs if pair in names)]
    if has_days:
        today = wording.today(scope.at, zone=scope.viewer.zone)
        parts.append(wording.days(scope.period.since, scope.period.until, today=today))
    return ", ".join(parts)
