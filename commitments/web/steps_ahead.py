"""What a step of the ladder will do, with the names of those who are meant now."""

from __future__ import annotations

from commitments import messages
from commitments.models import Commitment
from commitments.rules import audiences, ladder_words
from commitments.rules.ladder import Step

from . import steps_said


def sentence(step: Step, commitment: Commitment, roster: messages.Roster) -> str:
    """`Ana is reminded; it is handed to Dev; said again every hour, at most 3 times`."""
    heir = roster.next_owner(commitment, step.hands_to) if step.hands_to else None
    parts = [
        meant(step, commitment, roster),
        f"it is handed to {heir}" if heir else "",
        ladder_words.said_again(step),
    ]
    return "; ".join(part for part in parts if part)


def meant(step: Step, commitment: Commitment, roster: messages.Roster) -> str:
    """`Ana is reminded; Tom gets an automatic note`; empty where it reaches nobody."""
    told = roster.told(commitment, step.audience)
    people = {name: [str(each) for each in those] for name, those in told.items()}
    programs = [name for name in step.audience if audiences.read(name).what == "webhook"]
    if programs:
        listeners = messages.programs.listeners()
        people |= {name: [listeners[name]] for name in programs if name in listeners}
    if "customer" in step.audience:
        people["customer"] = []
    return steps_said.step_in_words(people, first=commitment.customer.first_name)
