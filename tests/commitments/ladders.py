"""Plain makers of ladders: steps counted in hours from due, and promises put under them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from commitments.models import Commitment, Policy, PolicyVersion
from commitments.rules import ladder
from commitments.rules.ladder import Basis
from notifications.models import Delivery
from tests.makers import NOON


def rung(number: int, hours: float, *audience: str, **fields: Any) -> ladder.Step:
    """A step so many hours, on the wall, from due; the owner hears of it unless others do."""
    return ladder.Step(
        number=number,
        basis=Basis.ELAPSED,
        offset=int(hours * 3600),
        audience=audience or ("owner",),
        **fields,
    )


def a_version(*steps: ladder.Step, name: str) -> PolicyVersion:
    policy = Policy.objects.create(name=name)
    version = PolicyVersion.objects.create(policy=policy, number=1, made_at=NOON)
    version.write(steps)
    return version


def put_under(version: PolicyVersion, *commitments: Commitment) -> None:
    """Each at the foot of this ladder, and due to be looked at."""
    Commitment.objects.filter(pk__in=[each.pk for each in commitments]).update(
        policy_version=version, climbed=0, next_action="step", next_action_at=NOON
    )


def climb_by(commitment: Commitment, *steps: ladder.Step) -> PolicyVersion:
    """Put a promise under a ladder of its own."""
    version = a_version(*steps, name=f"For {commitment.reference}")
    put_under(version, commitment)
    return version


def mails() -> list[tuple[str, str]]:
    """Who is to hear what by e-mail: template and first name, in the order of the events."""
    rows = Delivery.objects.filter(channel="email").exclude(state="cancelled")
    return [
        (row.template, row.address.partition("@")[0]) for row in rows.order_by("event_id", "id")
    ]


def steps_of(commitment: Commitment) -> list[tuple[str, int | None, int, str, datetime]]:
    """What the ladder did: kind, step, repetition, audience, when."""
    rows = commitment.events.filter(step__isnull=False).order_by("sequence")
    return list(rows.values_list("kind", "step", "repetition", "audience", "at"))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
