"""Who is meant, and that somebody always is."""

from __future__ import annotations

import pytest

from commitments.messages import Roster
from commitments.models import Absence, Commitment, Membership, User
from tests.makers import DAY, HOUR, NOON, a_commitment, a_user, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def meant(kettle: Commitment, audience: str) -> list[User]:
    fresh = Commitment.objects.with_everything().get(pk=kettle.pk)
    return Roster([fresh], now=NOON).of(fresh, audience)


def test_each_audience_is_who_it_says() -> None:
    kettle = a_commitment()

    assert meant(kettle, "owner") == [ana()]
    assert meant(kettle, "lead") == [dev()]
    assert meant(kettle, "manager") == [ines()]
    assert meant(kettle, "deputy") == meant(kettle, "customer") == []


def test_a_deputy_is_meant_only_during_the_absence() -> None:
    kettle = a_commitment()
    later = Absence.objects.create(
        user=ana(), deputy=dev(), starts_at=NOON + HOUR, ends_at=NOON + DAY
    )

    before = meant(kettle, "deputy")
    Absence.objects.filter(pk=later.pk).update(starts_at=NOON - HOUR)

    assert (before, meant(kettle, "deputy")) == ([], [dev()])


def test_a_deputy_from_elsewhere_hears_nothing_of_this_team() -> None:
    kettle = a_commitment()
    stranger = a_user("Otto Stranger")
    Absence.objects.create(user=ana(), deputy=stranger, starts_at=NOON - HOUR, ends_at=NOON + DAY)

    assert meant(kettle, "deputy") == []


def test_where_an_owner_has_left_the_lead_is_asked() -> None:
    kettle = a_commitment()
    User.objects.filter(pk=ana().pk).update(is_active=False)

    assert meant(kettle, "owner") == [dev()]


def test_an_owner_who_changed_teams_hears_of_it_no_more() -> None:
    kettle = a_commitment()
    Membership.objects.filter(user=ana()).delete()

    assert meant(kettle, "owner") == [dev()]


def test_without_a_lead_the_fallback_then_managers_then_administrators() -> None:
    kettle = a_commitment()
    root = a_user("Ruth Root", is_superuser=True)
    sub = a_user("Sub Stitute")
    Membership.objects.filter(user=dev()).delete()
    kettle.team.lead_fallback = sub
    kettle.team.save()

    found = [meant(kettle, "lead")]
    kettle.team.lead_fallback = None
    kettle.team.save()
    found.append(meant(kettle, "lead"))
    Membership.objects.filter(user=ines()).delete()
    found.append(meant(kettle, "lead"))

    assert found == [[sub], [ines()], [root]]
