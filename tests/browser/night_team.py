"""Run inside an installation: a team open at all hours, a ladder in seconds, no check-in delay."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from commitments.models import (  # noqa: E402 - the settings come first
    Calendar,
    Kind,
    Membership,
    OpeningHours,
    Policy,
    PolicyVersion,
    Role,
    Step,
    Team,
    User,
)
from commitments.rules.ladder import Basis  # noqa: E402
from tests.makers import NOON  # noqa: E402

PASSWORD = "kettle-lid-4711"
STEPS = [(-40, ["owner"]), (0, ["owner", "deputy"]), (3600, ["lead"])]


def settle_in() -> None:
    calendar = Calendar.objects.create(name="Always", zone="UTC")
    for weekday in range(7):
        OpeningHours.objects.create(calendar=calendar, weekday=weekday, opens=0, closes=1440)
    team = Team.objects.create(name="Night desk", calendar=calendar)
    for name, role in (("Ana Moreno", Role.AGENT), ("Dev Shah", Role.LEAD)):
        email = f"{name.split(maxsplit=1)[0].lower()}@larkfield.example"
        user = User.objects.create_user(email, PASSWORD, name=name)
        Membership.objects.create(user=user, team=team, role=role)
    policy = Policy.objects.create(name="In seconds")
    version = PolicyVersion.objects.create(policy=policy, number=1, made_at=NOON)
    for position, (offset, audience) in enumerate(STEPS, start=1):
        Step.objects.create(
            version=version,
            position=position,
            number=position,
            basis=Basis.ELAPSED.value,
            offset=offset,
            audience=audience,
        )
    Kind.objects.update(policy=policy, check_in_after=0)


if __name__ == "__main__":
    settle_in()
