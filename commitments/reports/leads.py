"""Where the figures lead: to the list of what they count, with the choices of the report."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from .scope import Scope


def counted(scope: Scope, what: str, **more: object) -> str:
    """The list of what a report counts as `what`: `lists.counted` knows the names."""
    chosen = {name: str(value) for name, value in more.items()}
    return f"{reverse('web:promises')}?{scope.query(counted=what, **chosen)}"


def report(name: str, scope: Scope, *, at: str = "", **more: object) -> str:
    """Another report, or the same one narrowed, about what was chosen here."""
    chosen = {key: str(value) for key, value in more.items()}
    place = f"#{at}" if at else ""
    return f"{reverse(f'web:{name}')}?{scope.query(**chosen)}{place}"


def listed(scope: Scope, **asked: str) -> str:
    """The list of promises as it is asked for, of those in the report; whenever they were due."""
    mine = {"owner": scope.viewer.pk} if scope.is_own else {"owner": scope.owner}
    chosen = {"team": scope.team, **mine, "kind": scope.kind}
    named = {name: str(choice) for name, choice in chosen.items() if choice is not None}
    if scope.team is None and not scope.is_own and _sees_others(scope):
        named["counted"] = "watched"
    return f"{reverse('web:promises')}?{urlencode(_without_empty(asked | _missing(named, asked)))}"


def _missing(named: dict[str, str], asked: dict[str, str]) -> dict[str, str]:
    return {name: choice for name, choice in named.items() if not asked.get(name)}


def _without_empty(asked: dict[str, str]) -> dict[str, str]:
    return {name: choice for name, choice in asked.items() if choice}


def _sees_others(scope: Scope) -> bool:
    """Whether lists show promises of teams of which the report does not speak."""
    if scope.viewer.is_superuser:
        return False
    return any(place.team_id not in scope.teams for place in scope.viewer.memberships.all())
