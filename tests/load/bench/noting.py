"""What verbs and sweeps pay for keeping the figures of days: the same work with its notes, and
without.

A sweep notes nothing but what it hands on, so all that it does here is handed on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from commitments import services, sweep
from commitments.models import (
    Commitment,
    Customer,
    Kind,
    Membership,
    Policy,
    PolicyVersion,
    Role,
    Step,
    figures,
)
from commitments.rules.ladder import Basis
from tests.load.bench import table
from tests.load.bench.measuring import apart

NOW = datetime(2026, 5, 25, 8, 30, tzinfo=UTC)
_PROMISES = 200
_TURNS = 3  # each way, by turns


def measure() -> None:
    """One line each, of the shorter of some turns."""
    table.head(f"Notes of {_PROMISES} promises", "without, s", "with, s", "ratio")
    for name, work in (
        ("verbs in transactions of their own: made, kept", _make_and_keep),
        ("a sweep that hands all of them on", _hand_on),
    ):
        noted, bare = _shortest(work)
        table.line(name, bare, noted, noted / bare)
    table.line("wanted", "", "", "<= 1.10")


def _shortest(work: Callable[[int], float]) -> tuple[float, float]:
    """With notes and without, in seconds."""
    noted, bare = [], []
    for turn in range(_TURNS):
        noted.append(apart(partial(work, 2 * turn)).answer)
        bare.append(apart(partial(_without_notes, work, 2 * turn + 1)).answer)
    return min(noted), min(bare)


def _without_notes(work: Callable[[int], float], turn: int) -> float:
    figures._write = lambda _: None
    return work(turn)


def _make_and_keep(turn: int) -> float:
    owner = _people(turn)[0].user
    began = time.perf_counter()
    for made in _made(turn):
        services.fulfil(made.pk, by=owner, how="Sent", now=made.promised_at + timedelta(minutes=1))
    return time.perf_counter() - began


def _hand_on(turn: int) -> float:
    """All of them are due at once, and go to a colleague."""
    receiver = _people(turn)[1].user
    policy = Policy.objects.create(name=f"Handed on {turn} by {time.time_ns()}")
    version = PolicyVersion.objects.create(policy=policy, number=1, made_at=NOW)
    Step.objects.create(
        version=version, position=1, number=1, basis=Basis.ELAPSED.value, offset=0,
        audience=["owner"], hands_to=f"person:{receiver.pk}",
    )  # fmt: skip
    ours = [made.pk for made in _made(turn)]
    due = NOW + timedelta(days=400 + turn)
    promises = Commitment.objects.filter(pk__in=ours)
    promises.update(
        policy_version=version, climbed=0, due_at=due, next_action="breach", next_action_at=due
    )
    began = time.perf_counter()
    sweep.run(due, past_due=True)
    took = time.perf_counter() - began
    assert promises.filter(owner=receiver).count() == _PROMISES
    return took


def _made(turn: int) -> Iterator[Commitment]:
    agent = _people(turn)[0]
    kind = Kind.objects.get(code="followup")
    customer = Customer.objects.earliest("pk")
    for number in range(_PROMISES):
        now = NOW + timedelta(minutes=number)
        draft = services.Draft(
            customer_id=customer.pk, team_id=agent.team_id, kind_id=kind.pk,
            owner_id=agent.user_id, wording="Send it", due_at=now + timedelta(hours=3),
        )  # fmt: skip
        yield services.make(draft, by=agent.user, now=now)


def _people(turn: int) -> list[Membership]:
    """Two of one team, others each turn."""
    agents = Membership.objects.filter(role=Role.AGENT).select_related("user", "team")
    first = agents.order_by("pk")[10 * turn]
    return list(agents.filter(team=first.team_id).order_by("pk")[:2])
