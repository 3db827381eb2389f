"""Promises that come due by the real clock, and what is asked of them afterwards.

Billing care works around the clock here, and its ladder counts elapsed time, so that what is due
is due whatever the day. Ladders: the customer is written to (a mail of its own for each promise,
never bundled), or the owner is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from commitments import services
from commitments.models import (
    Calendar,
    Commitment,
    Customer,
    Kind,
    OpeningHours,
    Policy,
    PolicyVersion,
    Schedule,
    Step,
    Team,
)
from commitments.rules.ladder import Basis
from config import audit
from notifications.models import Delivery
from tests.makers import a_draft, a_team, ana
from tests.smtp import Sink

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
Rung = tuple[int, Sequence[str]]
CUSTOMER: Sequence[Rung] = ((0, ["customer"]),)
OWNER: Sequence[Rung] = ((0, ["owner"]),)


def a_sleepless_team(ladder: Sequence[Rung] = CUSTOMER) -> Team:
    """Ana, Dev and Ines, at every hour, and a ladder of seconds after the due time."""
    team = a_team()
    calendar, is_new = Calendar.objects.get_or_create(name="Always", defaults={"zone": "UTC"})
    if is_new:
        for weekday in range(7):
            OpeningHours.objects.create(calendar=calendar, weekday=weekday, opens=0, closes=24 * 60)
    Team.objects.filter(pk=team.pk).update(calendar=calendar)
    policy, _ = Policy.objects.get_or_create(name="By the second")
    number = policy.versions.count() + 1
    version = PolicyVersion.objects.create(policy=policy, number=number, made_at=timezone.now())
    for position, (offset, audience) in enumerate(ladder, start=1):
        Step.objects.create(
            version=version,
            position=position,
            number=position,
            basis=Basis.ELAPSED.value,
            offset=offset,
            audience=list(audience),
        )
    Kind.objects.update(policy=policy, summary_on=False)
    # What is nightly has never been run in a database this new, and is no part of these tests.
    Schedule.objects.update(next_at=timezone.now() + 24 * HOUR)
    return Team.objects.get(pk=team.pk)


def promises(
    count: int,
    *,
    due: timedelta = -MINUTE,
    ladder: Sequence[Rung] = CUSTOMER,
    now: datetime | None = None,
    start: int = 0,
    pace: timedelta = timedelta(0),
) -> list[Commitment]:
    """So many promises of Ana's, each to a customer of its own, due so long from now.

    Each but the first comes due by `pace` later than the one before.
    """
    now = now or timezone.now()
    team = a_sleepless_team(ladder)
    made_at = now + min(due, timedelta(0)) - HOUR
    with transaction.atomic():
        return [
            _a_promise(start + place, team, now + due + place * pace, made_at)
            for place in range(count)
        ]


def _a_promise(number: int, team: Team, due_at: datetime, made_at: datetime) -> Commitment:
    customer = Customer.objects.create(
        name=f"Tom {number}", email=address(number), phone="0755 555 0142"
    )
    draft = a_draft(due_at=due_at, team=team, customer=customer, case=str(number), summary=False)
    return services.make(draft, by=ana(), now=made_at)


def address(number: int) -> str:
    return f"tom{number}@customers.example"


def addresses(numbers: Iterable[int]) -> Counter[str]:
    """Each of these customers, once."""
    return Counter(address(number) for number in numbers)


def arrived(sink: Sink) -> Counter[str]:
    """How many mails each address was sent."""
    return Counter(sink.recipients)


def states(**which: object) -> dict[str, int]:
    """How many of the mails stand in each state."""
    mails = Delivery.objects.filter(channel="email", **which)
    return dict(Counter(mails.values_list("state", flat=True)))


def nothing_is_due() -> bool:
    """Whether all that had come due has been done."""
    now = timezone.now() + SECOND
    return not (
        Commitment.objects.filter(next_action_at__lte=now).exists()
        or Delivery.objects.filter(attempt_at__isnull=False).exists()
    )


def nothing_breaks_a_rule(now: datetime | None = None) -> None:
    """`audit_delivery` prints nothing."""
    now = now or timezone.now()
    broken = [f"{found.number} {found.what}: {found.rule}" for found in audit.findings(now)]
    assert not broken, broken


def mails_by_template() -> dict[str, int]:
    """How many mails of each kind there are, whatever became of them."""
    return dict(
        Counter(Delivery.objects.filter(channel="email").values_list("template", flat=True))
    )


def told_of_troubles() -> int:
    """How many colleagues were told that a customer's mail went wrong."""
    return Delivery.objects.filter(template="undelivered", channel="inbox").count()
