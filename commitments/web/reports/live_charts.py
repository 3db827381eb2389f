"""The charts of what is open now: how long customers have waited, and who could use a hand."""

from __future__ import annotations

from commitments.reports.live import Load, Look, Wait
from commitments.reports.scope import Scope

from . import leads
from .bars import Bar, Bars, Cell, Key, Part

WAITED = "How long they have waited"
LOADS = "Who could use a hand"


def waits(look: Look, scope: Scope) -> Bars:
    """Told or not is the first cut."""
    return Bars(
        title=WAITED,
        counted="Overdue now, in working time. Choose a bar to see them.",
        head="Waited",
        columns=("Told", "Not told", "Overdue"),
        bars=[_wait(each, scope) for each in look.waits()],
        legend=(
            Key(tone="late", words="Customer told"),
            Key(tone="late", words="Customer not told", hatched=True),
        ),
        empty="Nobody is waiting for something that is overdue.",
    )


def _wait(wait: Wait, scope: Scope) -> Bar:
    state = f"waited_{wait.code}"
    url = leads.listed(scope, state=state)
    return Bar(
        label=wait.label.replace("working days", "days"),
        parts=(
            Part(tone="late", size=wait.told),
            Part(tone="late", size=wait.not_told, hatched=True),
        ),
        value=f"{wait.overdue:,}",
        said=f"overdue: {wait.told:,} customer told, {wait.not_told:,} customer not told",
        url=url,
        cells=(
            Cell(words=f"{wait.told:,}", url=leads.listed(scope, state=state, told="yes")),
            Cell(words=f"{wait.not_told:,}", url=leads.listed(scope, state=state, told="no")),
            Cell(words=f"{wait.overdue:,}", url=url),
        ),
    )


def loads(look: Look, scope: Scope) -> Bars:
    """By team; by person where one team is looked at."""
    by_team = len(scope.teams) > 1 and scope.owner is None
    found = look.open_by("team" if by_team else "owner")
    asked = "team. Choose a team to see its people." if by_team else "person."
    return Bars(
        title=LOADS,
        counted=f"Open promises by {asked}",
        head="Team" if by_team else "Person",
        columns=("Overdue", "Not told", "Due today", "Later", "Open"),
        bars=[_load(each, scope, by_team=by_team) for each in found],
        legend=(
            Key(tone="late", words="Overdue"),
            Key(tone="soon", words="Due today"),
            Key(tone="quiet", words="Later"),
        ),
        empty="No promise is open.",
    )


def _load(load: Load, scope: Scope, *, by_team: bool) -> Bar:
    whose = _whose(load, by_team=by_team)
    everything = leads.listed(scope, **(whose | {"state": "open"}))
    figures = {
        ("overdue", ""): load.overdue,
        ("overdue", "no"): load.not_told,
        ("today", ""): load.due_today,
        ("upcoming", ""): load.later,
        ("open", ""): load.open,
    }
    return Bar(
        label=load.label,
        parts=(
            Part(tone="late", size=load.overdue),
            Part(tone="soon", size=load.due_today),
            Part(tone="quiet", size=load.later),
        ),
        value=f"{load.open:,}",
        said=f"open: {load.overdue:,} overdue, {load.due_today:,} due today, {load.later:,} later",
        url=leads.report("overdue", scope, **whose) if by_team else everything,
        cells=[
            Cell(
                words=f"{many:,}",
                url=leads.listed(scope, **(whose | {"state": state, "told": told})),
            )
            for (state, told), many in figures.items()
        ],
    )


def _whose(load: Load, *, by_team: bool) -> dict[str, str]:
    if load.pk is None:
        return {"counted": "unowned"}
    return {"team" if by_team else "owner": str(load.pk)}
