"""Steps as they are written down, and policies made of them."""

from __future__ import annotations

from typing import Any

from commitments import policies
from commitments.models import Policy
from commitments.rules.ladder import Basis, Step
from tests.makers import DAY, NOON

HOURS = 3600


def a_step(hours: int, *audience: str, number: int = 0, **fields: Any) -> Step:
    """So much working time before or after the due time; a number of 0 is a new step."""
    return Step(
        **{
            "number": number,
            "basis": Basis.WORKING,
            "offset": hours * HOURS,
            "audience": audience or ("owner",),
        }
        | fields
    )


def a_policy(*steps: Step, name: str = "Billing") -> Policy:
    return policies.make(name, steps=steps or (a_step(0),), by=None, now=NOON - 30 * DAY)


def steps_of(policy: Policy) -> list[tuple[int, int, tuple[str, ...]]]:
    """Number, hours and audience of each step in force."""
    return [(step.number, step.offset // HOURS, step.audience) for step in policy.latest().ladder()]
