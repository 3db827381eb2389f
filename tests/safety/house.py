"""What administrators set up, one of everything: used, spare, and put aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commitments.helpdesks import connecting
from commitments.house import hours, people, service_accounts, teams, webhooks
from commitments.models import (
    Holiday,
    Kind,
    MessageText,
    Policy,
    PolicyVersion,
    Team,
    User,
)
from notifications.models import Endpoint
from tests.makers import NOON, a_team
from tests.safety.ways import A_SYSTEM


def of_the_settings(who: dict[str, User]) -> dict[str, Any]:
    """What administrators set up. What is spare is used by nobody, and may be deleted."""
    week = hours.Week(name="Saturdays", zone="UTC", weekly=(*((),) * 5, ((600, 840),), ()))
    retired = _kind("Retired", retired_at=NOON)
    spare = hours.make(week)
    plan = webhooks.Plan(name="Desk", url="https://203.0.113.7/hook", kinds=["*"], teams=None)
    off = webhooks.make(replace(plan, name="Off"), now=NOON)[0].listener.id
    Endpoint.objects.filter(pk=off).update(disabled_at=NOON, disabled_because="off")
    holiday = Holiday.objects.create(calendar=a_team().calendar, on="2026-12-25", name="Christmas")
    service = service_accounts.make(name="Ticket system", teams=[a_team().pk])
    return {
        "team": a_team(),
        "repairs": Team.objects.get(name="Repairs"),
        "spare team": teams.make(
            teams.Plan(name="Spare", calendar_id=spare.pk, fallback_id=who["manager"].pk)
        ),
        "wording": MessageText.objects.create(
            template="done",
            language="en",
            number=1,
            is_standard=False,
            subject="Done",
            heading="Done",
            body="{wording}",
            made_at=NOON,
            made_by=who["administrator"],
        ),
        "retired team": Team.objects.create(name="Gone", calendar=spare, retired_at=NOON),
        "person": who["agent"],
        "lead": who["lead"],
        "spare person": _invited(),
        "kind": Kind.objects.get(code="refund"),
        "spare kind": _kind("Spare"),
        "retired kind": retired,
        "calendar": a_team().calendar,
        "spare hours": hours.make(hours.Week(name="Sundays", zone="UTC", weekly=week.weekly)),
        "holiday": holiday,
        "policy": Policy.objects.order_by("pk")[0],
        "spare policy": _policy("Spare ladder"),
        "retired policy": _policy("Old ladder", retired_at=NOON),
        "help desk": _help_desk("Tickets"),
        "silent help desk": _help_desk("Silent", off_at=NOON),
        "endpoint": Endpoint.objects.get(pk=webhooks.make(plan, now=NOON)[0].listener.id),
        "silent endpoint": off,
        "service": service,
    }


def _kind(name: str, **fields: Any) -> Kind:
    """One that nobody has promised anything of."""
    usual = {"usual_length": 2, "usual_basis": Kind.Basis.WORKING_DAYS}
    policy = Policy.objects.order_by("pk")[0]
    return Kind.objects.create(name=name, code=name.lower(), policy=policy, **usual | fields)


def _policy(name: str, **fields: Any) -> Policy:
    """A ladder without steps that nothing stands under."""
    made = Policy.objects.create(name=name, **fields)
    PolicyVersion.objects.create(policy=made, number=1, made_at=NOON)
    return made


def _invited() -> User:
    return people.invite(
        email="wei@larkfield.example",
        name="Wei Tan",
        zone="UTC",
        team_id=None,
        role="agent",
        is_administrator=False,
    )


def _help_desk(name: str, **fields: Any) -> Any:
    plan = connecting.Plan(
        name=name,
        system=A_SYSTEM,
        address="https://tickets.larkfield.example",
        team_id=a_team().pk,
        kind_id=Kind.objects.get(code="followup").pk,
    )
    made = connecting.make(plan, now=NOON)
    for field, value in fields.items():
        setattr(made, field, value)
    made.save()
    return made
