"""What a report counted, as a list: it asks the report itself, so that the two cannot disagree.

An address names what was counted, and the days of the report; a report leads here with both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms

from commitments.models.commitment import CommitmentQuerySet
from commitments.models.people import User
from commitments.reports import breaks, kept, workload
from commitments.reports.scope import NotFound, ReportError, Scope
from commitments.rules import causes
from commitments.web.reports import heat, said

_KEPT: Final = {
    "all": "All that the kept rate counts",
    "on_time": "Kept on time",
    "moved": "Moved, customer told first, and kept",
    "late": "Kept late, or late already",
    "broken": "We could not keep them",
    "overdue": "Overdue, counted as not kept so far",
    "done": "Done, with the time it took",
    "pending": "Moved, customer told first, and not due yet",
    "released": "No longer wanted",
    "void": "Logged by mistake",
    "attempted": "Not kept, but called in time",
}
_WORDS: Final = {
    **{f"kept-{part}": words for part, words in _KEPT.items()},
    "broke": "Late, not kept or overdue",
    "watched": "Of the teams that you see to",
    "unowned": "Without an owner",
    "difficult": "Promised in one person's difficult conversations",
}
_WHENEVER: Final = ("watched", "unowned")  # whichever days the report is about
_TIMES: Final = ("never handed on", "handed on once", "handed on twice or more")


class CountedFields(forms.Form):
    """What stands in the address of such a list, and nowhere to be filled in."""

    counted = forms.ChoiceField(
        choices=list(_WORDS.items()), required=False, widget=forms.HiddenInput,
        error_messages={"invalid_choice": "No report counts that, so nothing is listed."},
    )  # fmt: skip
    since = forms.DateField(required=False, widget=forms.HiddenInput)
    until = forms.DateField(required=False, widget=forms.HiddenInput)
    cause = forms.ChoiceField(
        choices=[(each.value, words) for each, words in causes.SAID.items()] + [("none", "")],
        required=False, widget=forms.HiddenInput,
        error_messages={"invalid_choice": "There is no such cause, so nothing is listed."},
    )  # fmt: skip
    weekday = forms.IntegerField(min_value=0, max_value=6, required=False, widget=forms.HiddenInput)
    hour = forms.IntegerField(min_value=0, max_value=23, required=False, widget=forms.HiddenInput)
    times = forms.IntegerField(min_value=0, max_value=2, required=False, widget=forms.HiddenInput)
    agent = forms.IntegerField(
        min_value=0, max_value=2**63 - 1, required=False, widget=forms.HiddenInput
    )


NAMES: Final = frozenset(CountedFields.base_fields)


def narrow(
    among: CommitmentQuerySet,
    chosen: Mapping[str, Any],  # Any: what a form has cleaned
    *,
    user: User,
    now: datetime,
) -> CommitmentQuerySet:
    """Those of them that the report counted. Raises ReportError as the report does."""
    try:
        scope = Scope.of(user, _asked(chosen), now)
    except NotFound as no:
        raise ReportError("There is no such report here, so nothing is listed.") from no
    return among.filter(pk__in=_counted(scope, chosen).order_by().values("pk"))


def words(chosen: Mapping[str, Any], *, now: datetime) -> str:  # Any: what a form has cleaned
    """What is listed, as a sentence begins; "" where no report led here."""
    if not chosen.get("counted"):
        return ""
    parts = [_WORDS[chosen["counted"]]]
    if chosen.get("cause"):
        parts.append(_cause(chosen["cause"]))
    if chosen.get("weekday") is not None:
        parts.append(f"on {heat.DAYS[chosen['weekday']]}s")
    if chosen.get("hour") is not None:
        parts.append(heat.hour_said(chosen["hour"]))
    if chosen.get("times") is not None:
        parts.append(_TIMES[chosen["times"]])
    if chosen["counted"] in _WHENEVER:
        return parts[0]
    if chosen.get("since") and chosen.get("until"):
        days = said.days(chosen["since"], chosen["until"], today=now.date())
        parts.append(f"{'held' if chosen['counted'] == 'difficult' else 'first due'} {days}")
    return ", ".join(parts)


def _asked(chosen: Mapping[str, Any]) -> dict[str, str]:  # Any: what a form has cleaned
    rows = {name: str(row.pk) for name in ("team", "owner", "kind") if (row := chosen.get(name))}
    days = {name: on.isoformat() for name in ("since", "until") if (on := chosen.get(name))}
    return rows | days


def _counted(scope: Scope, chosen: Mapping[str, Any]) -> CommitmentQuerySet:  # Any: likewise
    what = chosen["counted"]
    if what == "watched":
        return scope.whenever()
    if what == "unowned":
        return scope.whenever().filter(owner=None)
    if what == "difficult":
        return workload.difficult(scope, chosen["agent"] or 0)
    if what != "broke":
        return kept.counted(scope, what.removeprefix("kept-"))
    found = breaks.broken(
        scope,
        cause="" if chosen["cause"] == "none" else chosen["cause"] or None,
        weekday=chosen["weekday"],
        hour=chosen["hour"],
    )
    if chosen["times"] is not None:
        found = found.filter(pk__in=breaks.handed(scope, chosen["times"]).values("pk"))
    return found


def _cause(code: str) -> str:
    return "no cause given yet" if code == "none" else f"“{causes.said(code)}”"
