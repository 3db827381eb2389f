"""What a step of the ladder will do, with the names of those who are meant now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commitments import agenda, messages
from commitments.models import Commitment, Customer, Kind, Team, User
from commitments.rules import audiences, ladder_words, saying
from commitments.rules.ladder import Step


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """A step that is still to come, with the names of those who are meant."""

    at: datetime
    sentence: str


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
    return in_words(people, is_before_due=step.is_before_due, first=_first(commitment.customer))


def in_words(meant: Mapping[str, Sequence[str]], *, is_before_due: bool, first: str) -> str:
    """`Ana and Dev are reminded, and Tom gets an automatic note`, from each audience's people."""
    said = ladder_words.said_of(meant.items(), is_before_due=is_before_due, customer=first)
    return saying.sentence_case(said)


def if_made(
    *, kind: Kind, team: Team, owner: User | None, due_at: datetime, urgent: bool, now: datetime
) -> list[Ahead]:
    """What would follow if such a promise were made now and nobody did anything.

    As many queries whatever the ladder is. Raises CommitmentError where the team never opens.
    """
    commitment = Commitment(
        customer=Customer(),
        team=team,
        owner=owner,
        kind=kind,
        policy_version=kind.policy_version(urgent=urgent),
        promised_at=now,
        revised_at=now,
        first_due_at=due_at,
        due_at=due_at,
    )
    terms = agenda.Terms.load(commitment)
    passed = agenda.passed_over_at_start(agenda.Standing.of(commitment), terms)
    commitment.climbed = len(passed)
    roster, programs = messages.Roster([commitment], now=now), listeners(terms.ladder)
    return [
        Ahead(at=at, sentence=said)
        for step, at in agenda.upcoming(agenda.Standing.of(commitment), terms)
        if (said := sentence(step, commitment, roster, programs))
    ]


def _first(customer: Customer) -> str:
    return customer.first_name if customer.name else "the customer"
