"""What a new installation begins with, and an older one gets."""

from __future__ import annotations

import pytest

from commitments import services, starting
from commitments.models import Policy
from commitments.rules import ladder_checks
from tests.makers import NOON, a_draft, a_team, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_usual_ladder_has_an_urgent_variant() -> None:
    starting.ensure(zone="UTC", now=NOON)

    usual = Policy.objects.get(name=starting.POLICY)
    assert usual.urgent_variant is not None
    assert usual.urgent_variant.name == starting.URGENT
    for policy in (usual, usual.urgent_variant):
        steps = policy.latest().ladder()
        assert ladder_checks.checked(steps) == steps


def test_an_urgent_promise_stands_under_the_latest_version_of_the_variant() -> None:
    a_team()
    usual = Policy.objects.get(name=starting.POLICY)

    ordinary = services.make(a_draft(), by=ana(), now=NOON)
    urgent = services.make(a_draft(urgent=True), by=ana(), now=NOON)

    assert ordinary.policy_version == usual.latest()
    assert usual.urgent_variant is not None
    assert urgent.policy_version == usual.urgent_variant.latest()


def test_an_older_installation_gets_the_variant_once() -> None:
    starting.ensure(zone="UTC", now=NOON)
    Policy.objects.update(urgent_variant=None)
    Policy.objects.get(name=starting.URGENT).versions.all().delete()
    Policy.objects.filter(name=starting.URGENT).delete()

    starting.ensure(zone="UTC", now=NOON)
    starting.ensure(zone="UTC", now=NOON)

    assert [policy.name for policy in Policy.objects.order_by("pk")] == [
        starting.POLICY, starting.URGENT,
    ]  # fmt: skip


def test_whoever_took_the_variant_away_does_not_get_it_back() -> None:
    starting.ensure(zone="UTC", now=NOON)
    Policy.objects.update(urgent_variant=None)

    starting.ensure(zone="UTC", now=NOON)

    assert Policy.objects.get(name=starting.POLICY).urgent_variant is None
