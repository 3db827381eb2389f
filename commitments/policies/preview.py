"""What an edit would change for promises that are open, said before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from commitments import agenda
from commitments.models import Commitment, Policy, PolicyVersion
from commitments.rules import ladder, ladder_words, saying
from commitments.rules.ladder import Ladder

from .editing import as_numbered
from .grounds import Grounds, open_under

Coming: TypeAlias = "tuple[ladder.Step, datetime] | None"

LOOKED_AT = 1_000  # promises: those that are due first
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Difference:
    """For one promise: which step comes next, now and then, and what would be passed over."""

    commitment: Commitment
    before: Coming
    after: Coming
    passed_over: Ladder

    def sentence(self, *, zone: str, now: datetime) -> str:
        """`K7Q2M, Refund the amount, due Fri 22 May, 10:00 am: …`."""
        due = saying.say_time(self.commitment.due_at, zone=zone, now=now)
        said = f"{self.commitment.reference}, {self.commitment.wording}, due {due}:"
        if self.before != self.after:
            said += f" next was {_coming(self.before, zone=zone, now=now)},"
            said += f" would be {_coming(self.after, zone=zone, now=now)}."
        if self.passed_over:
            count = saying.say_count(len(self.passed_over), "step")
            said += f" {saying.sentence_case(count)} would be passed over."
        return said


@dataclass(frozen=True, kw_only=True)
class Change:
    """`total` promises are open under this policy; `looked_at` of them were looked at."""

    total: int
    looked_at: int
    differing: int
    passing: int
    differences: Sequence[Difference]

    def sentences(self) -> list[str]:
        if not self.total:
            return ["No open promise stands under this policy."]
        count = saying.sentence_case(saying.say_count(self.total, "open promise"))
        stand = "stands" if self.total == 1 else "stand"
        said = [f"{count} {stand} under this policy. No due time moves, and nothing is sent."]
        if self.looked_at < self.total:
            said.append(f"Of the {self.looked_at:,} that are due first:")
        said.append(f"What comes next would differ for {self.differing:,}.")
        said.append(f"Steps whose moment is over would be passed over for {self.passing:,}.")
        return said


def what_would_change(policy: Policy, steps: Sequence[ladder.Step], now: datetime) -> Change:
    """What putting all open promises of the policy under these steps would do, without doing it.

    Seven queries, however many there are. Raises CommitmentError for steps that will not do.
    """
    new = as_numbered(policy, steps)
    versions = PolicyVersion.objects.filter(policy=policy).values_list("pk", flat=True)
    under = open_under(versions)
    rows = under.order_by("due_at", "pk").defer("due_steps").select_related("kind", "team")
    commitments = list(rows[:LOOKED_AT])
    grounds = Grounds(commitments)
    found = [_difference(each, new, grounds, now=now) for each in commitments]
    differing = [each for each in found if each.before != each.after or each.passed_over]
    return Change(
        total=under.count(),
        looked_at=len(commitments),
        differing=sum(each.before != each.after for each in found),
        passing=sum(bool(each.passed_over) for each in found),
        differences=differing[:SHOWN],
    )


def _difference(
    commitment: Commitment, new: Ladder, grounds: Grounds, *, now: datetime
) -> Difference:
    standing, terms = agenda.Standing.of(commitment), grounds.terms(commitment)
    then_terms = grounds.terms(commitment, steps=new)
    then, passed = agenda.replanned(standing, then_terms, was=terms.ladder, now=now)
    return Difference(
        commitment=commitment,
        before=_next(standing, terms),
        after=_next(then, then_terms),
        passed_over=passed,
    )


def _next(standing: agenda.Standing, terms: agenda.Terms) -> Coming:
    return next(iter(agenda.upcoming(standing, terms)), None)


def _coming(coming: Coming, *, zone: str, now: datetime) -> str:
    if coming is None:
        return "nothing more"
    step, at = coming
    said = ladder_words.told(step)
    return f"“{said}” ({saying.say_time(at, zone=zone, now=now)})"
