"""Whose figures somebody sees, and what they may ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.db.models import prefetch_related_objects
from django.test.utils import CaptureQueriesContext

from commitments.models import Kind, Membership, Role, Team, User
from commitments.reports import NotFound, Period, ReportError, Scope, kept, live
from tests import makers
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOBODY_S = "999999"


@pytest.fixture(autouse=True)
def billing() -> Team:
    return a_team()


@pytest.fixture
def moves(billing: Team) -> Team:
    team = Team.objects.create(name="Moves", calendar=billing.calendar)
    Membership.objects.create(user=a_user("Kofi Mensah"), team=team, role=Role.AGENT)
    return team


def asked(user: User, **choices: str) -> Scope:
    return Scope.of(user, choices, NOON)


def test_without_choices_it_is_the_last_eight_weeks_and_this_one() -> None:
    assert asked(ines()).period == Period(
        since=date(2026, 3, 23), until=date(2026, 5, 21), zone="UTC"
    )
    assert len(asked(ines()).period.weeks()) == 9


def test_today_is_that_of_the_reader() -> None:
    auckland = a_user("Aroha Ngata", zone="Pacific/Auckland")

    assert asked(auckland).period.until == date(2026, 5, 22)


def test_a_period_begins_and_ends_at_midnight_of_the_reader() -> None:
    period = Period(since=date(2026, 3, 29), until=date(2026, 3, 29), zone="Europe/London")

    assert period.start == datetime(2026, 3, 29, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("2026-05-22", "2026-05-21", "until"),
        ("1976-05-21", "", "since"),
        ("2000-01-01", "2050-01-01", "since"),
        ("yesterday", "", "since"),
        ("", "2026-13-01", "until"),
        ("", "20260501", "until"),
        ("2026-W21-1", "", "since"),
        ("", "9999-12-31", "until"),
        ("2026-05-21\x00", "", "since"),
    ],
    ids=["reversed", "long ago", "50 years", "a word", "month 13", "no dashes", "a week",
         "too far", "a NUL"],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused_with_a_sentence(
    since: str, until: str, field: str
) -> None:
    with pytest.raises(ReportError) as no:
        asked(ines(), since=since, until=until)

    assert (no.value.field, str(no.value)[-1]) == (field, ".")


@pytest.mark.parametrize("name", ["team", "owner", "agent", "kind"])
@pytest.mark.parametrize("choice", [NOBODY_S, "0", "-1", "x", "9" * 40, "\u0661", "1 or 1=1"])
def test_what_does_not_exist_is_not_found(name: str, choice: str) -> None:
    with pytest.raises(NotFound):
        asked(ines(), **{name: choice})


def test_somebody_else_s_team_is_answered_like_an_unknown_one(moves: Team) -> None:
    with pytest.raises(NotFound) as theirs:
        asked(ines(), team=str(moves.pk))
    with pytest.raises(NotFound) as unknown:
        asked(ines(), team=NOBODY_S)

    assert str(theirs.value) == str(unknown.value)


def test_somebody_else_s_agent_is_answered_like_an_unknown_one(moves: Team) -> None:
    with pytest.raises(NotFound) as theirs:
        asked(ines(), owner=str(a_user("Kofi Mensah").pk))
    with pytest.raises(NotFound) as unknown:
        asked(ines(), owner=NOBODY_S)

    assert str(theirs.value) == str(unknown.value)


def test_an_agent_has_figures_of_their_own_only() -> None:
    own = asked(ana())

    assert (own.owner, own.is_own) == (ana().pk, True)
    assert asked(ana(), agent=str(ana().pk)) == own
    for other in (str(dev().pk), NOBODY_S):
        with pytest.raises(NotFound, match="owner"):
            asked(ana(), agent=other)


@pytest.mark.parametrize("role", [Role.LEAD, Role.MANAGER, Role.AUDITOR])
def test_who_sees_to_a_team_has_everybody_s(role: Role, billing: Team) -> None:
    somebody = a_user("Noor Aziz")
    Membership.objects.create(user=somebody, team=billing, role=role)

    assert (asked(somebody).owner, asked(somebody).is_own) == (None, False)
    assert asked(somebody, owner=str(ana().pk)).owner == ana().pk


def test_a_lead_who_is_an_agent_elsewhere_has_their_own_there(billing: Team, moves: Team) -> None:
    Membership.objects.create(user=dev(), team=moves, role=Role.AGENT)

    assert asked(dev()).teams == {billing.pk}
    there = asked(dev(), team=str(moves.pk))
    assert (there.teams, there.owner, there.is_own) == ({moves.pk}, dev().pk, True)


def test_an_administrator_has_all_teams(billing: Team, moves: Team) -> None:
    admin = User.objects.create_superuser("root@larkfield.example", "x", name="Root")

    assert asked(admin).teams == {billing.pk, moves.pk}
    assert asked(admin, team=str(moves.pk)).teams == {moves.pk}
    with pytest.raises(NotFound):
        asked(admin, team=NOBODY_S)


def test_who_is_in_no_team_sees_nothing_and_nothing_breaks() -> None:
    stranger = a_user("Sam Stranger")
    a_commitment(due_at=NOON - HOUR, now=NOON - DAY)

    scope = asked(stranger)

    assert not scope.promises().exists()
    assert live.overdue(scope, NOON).overdue == 0
    assert kept.kept(scope)[0].kept_share is None


def test_somebody_who_has_left_is_still_found_by_what_they_kept() -> None:
    a_commitment(owner_id=dev().pk)
    Membership.objects.filter(user=dev()).delete()

    assert asked(ines(), owner=str(dev().pk)).owner == dev().pk


def test_the_same_choices_as_an_address(billing: Team) -> None:
    kind = Kind.objects.get(code="refund")
    choices = {
        "team": str(billing.pk),
        "owner": str(ana().pk),
        "kind": str(kind.pk),
        "since": "2026-05-04",
        "until": "2026-05-21",
    }
    scope = Scope.of(ines(), choices, NOON)

    assert parse_qs(scope.query(part="late")) == {
        name: [choice] for name, choice in (choices | {"part": "late"}).items()
    }
    assert parse_qs(asked(ana()).query()) == {"since": ["2026-03-23"], "until": ["2026-05-21"]}


def test_a_promise_belongs_to_the_day_it_was_first_due_where_it_was_promised() -> None:
    # 23:00 in UTC is the next day already in Berlin, where this one was promised.
    late_evening = datetime(2026, 5, 21, 23, tzinfo=UTC)
    promise = a_commitment(due_at=late_evening)
    type(promise).objects.filter(pk=promise.pk).update(due_zone="Europe/Berlin")

    on_thursday = asked(ines(), since="2026-05-21", until="2026-05-21")
    on_friday = asked(ines(), since="2026-05-22", until="2026-05-22")

    assert (on_thursday.promises().count(), on_friday.promises().count()) == (0, 1)


def test_asking_costs_nothing_where_the_memberships_have_been_read() -> None:
    reader = makers.a_user("Ines Duarte")
    prefetch_related_objects([reader], "memberships")

    with CaptureQueriesContext(connection) as queries:
        asked(reader, since="2026-05-01")

    assert len(queries) == 0
