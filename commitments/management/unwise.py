"""What is unwise about policies, in lines for a terminal."""

from __future__ import annotations

from datetime import datetime

from commitments import policies
from commitments.models import Policy
from commitments.models.policy import PolicyQuerySet
from commitments.policies.linting import Warning as Unwise


def about(chosen: PolicyQuerySet, now: datetime) -> dict[Policy, list[Unwise]]:
    """What is unwise about each; an empty list where there is nothing to say."""
    ladders = chosen.ladders_in_force()
    return policies.warnings_of({each: ladders[each.pk] for each in chosen}, now)


def line(warning: Unwise) -> str:
    return f"{'GRAVE: ' if warning.is_grave else ''}{warning.sentence}"
