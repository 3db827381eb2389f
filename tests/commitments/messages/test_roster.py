"""Who is meant, and that somebody always is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.messages import Roster
from commitments.models import (
    Absence,
    Calendar,
    Commitment,
    Membership,
    OpeningHours,
    Role,
    User,
)
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user, ana, dev, ines

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


def ben() -> User:
    """A second agent of the team."""
    found = a_user("Ben Adeyemi")
    Membership.objects.get_or_create(user=found, team=a_team(), defaults={"role": Role.AGENT})
    return found


def away(person: User, deputy: User) -> None:
    Absence.objects.create(user=person, deputy=deputy, starts_at=NOON - HOUR, ends_at=NOON + DAY)


def told(kettle: Commitment, *audiences: str) -> dict[str, list[User]]:
    fresh = Commitment.objects.with_everything().get(pk=kettle.pk)
    return Roster([fresh], now=NOON).told(fresh, audiences)


def test_persons_and_roles_are_who_they_name() -> None:
    kettle = a_commitment()
    stranger, root = a_user("Otto Stranger"), a_user("Ruth Root", is_superuser=True)

    assert meant(kettle, f"person:{ines().pk}") == [ines()]
    assert meant(kettle, f"person:{root.pk}") == [root]
    assert meant(kettle, "role:agent") == [ana()]
    assert meant(kettle, "role:auditor") == [dev()]  # none, so somebody who is left
    assert meant(kettle, f"person:{stranger.pk}") == [dev()]
    assert meant(kettle, "webhook:3") == []


def test_the_deputy_of_an_absent_deputy_stands_in() -> None:
    kettle = a_commitment()
    away(ana(), ben())
    away(ben(), ines())

    assert meant(kettle, "deputy") == [ines()]


def test_deputies_who_are_all_away_stand_in_for_nobody() -> None:
    kettle = a_commitment()
    away(ana(), ben())
    away(ben(), ana())

    assert meant(kettle, "deputy") == []
    assert told(kettle, "owner") == {"owner": [ana()], "fallback": [dev()]}


def test_where_the_lead_is_away_too_whoever_is_here_is_told() -> None:
    kettle = a_commitment()
    away(ana(), ben())
    away(ben(), ana())
    away(dev(), ana())

    assert told(kettle, "owner") == {"owner": [ana()], "fallback": [ines()]}
    assert told(kettle, "owner", "lead")["fallback"] == [ines()]


def test_a_lead_who_is_away_is_told_where_somebody_stands_in_for_them() -> None:
    kettle = a_commitment()
    away(ana(), ines())
    away(ines(), ana())
    away(dev(), ben())

    assert told(kettle, "owner") == {"owner": [ana()], "fallback": [dev()]}


def test_where_everybody_is_away_the_leads_are_told_all_the_same() -> None:
    kettle = a_commitment()
    for person, deputy in ((ana(), dev()), (dev(), ines()), (ines(), ana())):
        away(person, deputy)

    assert told(kettle, "owner") == {"owner": [ana()], "fallback": [dev()]}


def test_of_two_absences_the_longer_one_names_the_deputy() -> None:
    kettle = a_commitment()
    away(ana(), ben())
    Absence.objects.create(user=ana(), deputy=ines(), starts_at=NOON - DAY, ends_at=NOON + 2 * DAY)

    assert meant(kettle, "deputy") == [ines()]


def test_a_step_never_reaches_only_people_who_are_away() -> None:
    kettle = a_commitment()
    away(ana(), ben())

    assert told(kettle, "owner") == {"owner": [ana()], "deputy": [ben()]}
    assert told(kettle, "owner", "lead") == {"owner": [ana()], "lead": [dev()]}
    assert told(kettle, "customer") == {}


def test_somebody_at_work_comes_before_who_is_only_reachable() -> None:
    kettle = a_commitment()
    ben()
    late_shift = Calendar.objects.create(name="Late shift", zone="UTC")
    OpeningHours.objects.create(calendar=late_shift, weekday=3, opens=18 * 60, closes=22 * 60)
    Membership.objects.filter(user=ben()).update(calendar=late_shift)
    cy = a_user("Cy Okoro")
    Membership.objects.create(user=cy, team=a_team(), role=Role.AGENT)
    roster = Roster([kettle], now=NOON)

    assert not roster.is_on_duty(ben(), kettle.team_id)
    assert roster.work_resumes_at(ben(), kettle.team_id) == NOON + 6 * HOUR
    assert roster.work_resumes_at(cy, kettle.team_id) is None
    assert roster.next_owner(kettle, "role:agent") == cy
    Membership.objects.filter(user=cy).delete()
    assert Roster([kettle], now=NOON).next_owner(kettle, "role:agent") == ben()


def test_the_work_of_somebody_away_resumes_after_their_absence() -> None:
    kettle = a_commitment()
    Absence.objects.create(user=ana(), deputy=dev(), starts_at=NOON - HOUR, ends_at=NOON + 6 * HOUR)

    resumes_at = Roster([kettle], now=NOON).work_resumes_at(ana(), kettle.team_id)

    assert resumes_at == NOON + 21 * HOUR  # Friday, 9:00


def test_a_calendar_that_never_opens_holds_nothing_back() -> None:
    kettle = a_commitment()
    OpeningHours.objects.all().delete()

    assert Roster([kettle], now=NOON).work_resumes_at(ana(), kettle.team_id) is None


def test_auditors_and_administrators_keep_no_promises() -> None:
    kettle = a_commitment()
    root = a_user("Ruth Root", is_superuser=True)
    Membership.objects.filter(user=dev()).update(role=Role.AUDITOR)
    roster = Roster([kettle], now=NOON)

    assert roster.next_owner(kettle, "role:auditor") is None
    assert roster.next_owner(kettle, f"person:{root.pk}") is None
    assert roster.next_owner(kettle, f"person:{ines().pk}") == ines()


def test_a_roster_of_many_teams_asks_as_often_as_one_of_one() -> None:
    kettles = [a_commitment(team=a_team(f"Team {number}")) for number in range(5)]
    counts = []

    for some in (kettles[:1], kettles):
        with CaptureQueriesContext(connection) as queries:
            roster = Roster(some, now=NOON)
            for kettle in some:
                roster.told(kettle, ["owner", "deputy", "role:lead", "person:30000000"])
                roster.next_owner(kettle, "manager")
        counts.append(len(queries))

    assert counts == [4, 4]
