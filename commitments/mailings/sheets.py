"""Each report as a mail: what it is called, and how its sheet is written for a scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from commitments.messages.report import Sheet
from commitments.reports.scope import Scope

from . import history, present


@dataclass(frozen=True, kw_only=True)
class Report:
    title: str
    sheet: Callable[[Scope], Sheet]


# By the name of its page's address.
REPORTS: Final[Mapping[str, Report]] = {
    "overdue": Report(title="Overdue commitments", sheet=present.overdue),
    "kept": Report(title="Kept promises", sheet=history.kept_promises),
    "ratings": Report(title="Ratings", sheet=history.ratings_given),
    "workload": Report(title="Workload", sheet=present.workloads),
    "causes": Report(title="Why promises break", sheet=history.why_they_break),
    "values": Report(title="Values given", sheet=history.values_given),
}
