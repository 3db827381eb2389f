"""What a step of the ladder will do, with the names of those who are meant now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from commitments import messages
from commitments.models import Commitment
from commitments.rules import audiences, ladder_words
from commitments.rules.ladder import Step

from . import steps_said


def listeners(steps: Iterable[Step]) -> dict[str, str]:
    """The names of the programs that listen, if any of these steps tells one; a query at most."""
    tokens = {name for step in steps for name in step.audience}
    return messages.programs.listeners() if audiences.pks_of(tokens, "webhook") else {}


def sentence(
    step: Step, commitment: Commitment, roster: messages.Roster, programs: Mapping[str, str]
) -> str:
    """`Ana is reminded; it is handed to Dev; said again every hour, at most 3 times`."""
    heir = roster.next_owner(commitment, step.hands_to) if step.hands_to else None
    parts = [
        meant(step, commitment, roster, programs),
        f"it is handed to {heir}" if heir else "",
        ladder_words.said_again(step),
    ]
    return "; ".join(part for part in parts if part)


def meant(
    step: Step, commitment: Commitment, roster: messages.Roster, programs: Mapping[str, str]
) -> str:
    """`Ana is reminded, and Tom gets an automatic note`; empty where it reaches nobody."""
    told = roster.told(commitment, step.audience)
    people = {name: [str(each) for each in those] for name, those in told.items()}
    people |= {name: [programs[name]] for name in step.audience if name in programs}
    if "customer" in step.audience:
        people["customer"] = []
    return steps_said.step_in_words(
        people, is_before_due=step.is_before_due, first=commitment.customer.first_name
    )
