"""A small cast and plain makers. Larkfield's billing care works Monday to Friday, 9:00 to 17:30.

NOON is Thursday 21 May 2026, 12:00 UTC; the team is in UTC unless a test says otherwise, so that
instants can be read off the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from commitments import services, starting
from commitments.models import (
    Calendar,
    Commitment,
    Customer,
    Kind,
    Membership,
    Policy,
    PolicyVersion,
    Role,
    Step,
    Team,
    User,
)
from commitments.rules.ladder import Basis

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_user(name: str, **fields: Any) -> User:
    """Somebody, by first name; the same name is the same person."""
    email = f"{name.split(maxsplit=1)[0].lower()}@larkfield.example"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, "larkfield-demo", name=name, **fields)


def a_team(name: str = "Billing care", *, zone: str = "UTC") -> Team:
    """A team with Ana the agent, Dev her lead and Ines the manager, at the usual hours."""
    found = Team.objects.filter(name=name).first()
    if found is not None:
        return found
    starting.ensure(zone=zone, now=NOON - 30 * DAY)
    team = Team.objects.create(name=name, calendar=Calendar.objects.get(name=starting.CALENDAR))
    cast = {"Ana Moreno": Role.AGENT, "Dev Shah": Role.LEAD, "Ines Duarte": Role.MANAGER}
    Membership.objects.bulk_create(
        Membership(user=a_user(person, zone=zone), team=team, role=role)
        for person, role in cast.items()
    )
    return team


def ana() -> User:
    return a_user("Ana Moreno")


def dev() -> User:
    return a_user("Dev Shah")


def ines() -> User:
    return a_user("Ines Duarte")


def tom(**fields: Any) -> Customer:
    """Tom, who was promised something."""
    known = Customer.objects.filter(name="Tom Okafor").first()
    return known or Customer.objects.create(
        **{"name": "Tom Okafor", "email": "tom@customers.example", "phone": "0755 555 0142"}
        | fields
    )


def a_draft(*, due_at: datetime = NOON + 6 * HOUR, **fields: Any) -> services.Draft:
    team = fields.pop("team", None) or a_team()
    kind = Kind.objects.get(code=fields.pop("kind", "followup"))
    customer = fields.pop("customer", None) or tom()
    return services.Draft(
        **{
            "customer_id": customer.pk,
            "team_id": team.pk,
            "kind_id": kind.pk,
            "owner_id": ana().pk,
            "wording": "Send the kettle's replacement part",
            "due_at": due_at,
        }
        | fields
    )


def a_commitment(
    *, due_at: datetime = NOON + 6 * HOUR, now: datetime = NOON, **fields: Any
) -> Commitment:
    """A promise of Ana's to Tom, logged at noon."""
    draft = a_draft(due_at=due_at, **fields)
    made = services.make(draft, by=ana(), now=now)
    return Commitment.objects.with_everything().get(pk=made.pk)


def stand_under(
    commitment: Commitment, steps: Sequence[tuple[Basis, int, list[str]]]
) -> PolicyVersion:
    """Put a promise under a ladder of its own: basis, offset and audience of each step."""
    policy = Policy.objects.create(name=f"For {commitment.reference}")
    version = PolicyVersion.objects.create(policy=policy, number=1, made_at=NOON)
    for position, (basis, offset, audience) in enumerate(steps, start=1):
        Step.objects.create(
            version=version,
            position=position,
            number=position,
            basis=basis.value,
            offset=offset,
            audience=audience,
        )
    Commitment.objects.filter(pk=commitment.pk).update(
        policy_version=version, climbed=0, next_action="step", next_action_at=NOON
    )
    return version


def events_of(commitment: Commitment) -> list[str]:
    """What is on its timeline, oldest first."""
    return list(commitment.events.order_by("sequence").values_list("kind", flat=True))


def fresh(commitment: Commitment) -> Commitment:
    """As the database has it now."""
    return Commitment.objects.with_everything().get(pk=commitment.pk)
