"""What is unwise about a policy is said in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import policies
from commitments.models import Calendar, Kind, Membership, Policy, Role, Team
from commitments.policies import linting, viewing
from commitments.policies.linting import Person, Sample, View
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Basis, Step
from tests.makers import DAY, HOUR, NOON, a_team, a_user

from .makers import HOURS, a_policy, a_step

WEEK = Hours(zone="UTC", weekly=(((540, 1050),),) * 5 + ((), ()), exceptions={})
NIGHTS = Hours(zone="UTC", weekly=(((0, 360),),) * 5 + ((), ()), exceptions={})
ANA, DEV, INES = (
    Person(pk=pk, name=name, hours=WEEK)
    for pk, name in ((1, "Ana Moreno"), (2, "Dev Shah"), (3, "Ines Duarte"))
)
REFUND = Sample(kind="Refund", since=NOON, due_at=datetime.fromisoformat("2026-05-25T17:00Z"))
CALLBACK = Sample(kind="Callback", since=NOON, due_at=NOON + 4 * HOUR)
BILLING = linting.Team(
    name="Billing care",
    hours=WEEK,
    people={"agent": [ANA], "lead": [DEV], "manager": [INES]},
    samples=(REFUND, CALLBACK),
)
GOOD = (
    a_step(-2, number=1),
    a_step(0, "owner", "deputy", number=2),
    a_step(2, "lead", number=3),
    Step(number=4, basis=Basis.WORKING_DAYS, offset=1, audience=("manager",)),
)


def said(*steps: Step, teams: Sequence[linting.Team] = (BILLING,), **view: object) -> list[str]:
    """The sentences, grave ones with an exclamation mark in front."""
    whole = replace(View(ladder=steps or GOOD, teams=teams), **view)
    return [f"{'! ' * each.is_grave}{each.sentence}" for each in linting.warnings(whole)]


def test_a_good_ladder_has_nothing_said_about_it() -> None:
    assert said() == []


def test_a_ladder_that_never_asks_the_manager() -> None:
    assert said(a_step(0), a_step(2, "lead")) == [
        "No step after the due time asks the manager: nobody above the team lead hears of it."
    ]


def test_an_audience_that_a_team_has_not() -> None:
    leaderless = replace(BILLING, people={"agent": [ANA], "manager": [INES]})

    assert said(teams=[leaderless]) == [
        "Step 3 is for the team lead, and Billing care has none: it reaches Ines Duarte instead."
    ]


def test_a_team_with_nobody_to_fall_back_on_is_grave() -> None:
    alone = replace(BILLING, people={"agent": [ANA]})

    assert said(a_step(0), a_step(1, "manager"), teams=[alone]) == [
        (
            "! Billing care has no lead, no fallback and no manager: where a step finds nobody,"
            " only administrators are asked."
        ),
        "! Step 2 is for the manager, and Billing care has none: it reaches nobody.",
    ]


def test_a_fallback_is_somebody() -> None:
    with_fallback = replace(BILLING, people={"agent": [ANA]}, fallback=DEV)

    assert said(a_step(0), a_step(1, "manager"), teams=[with_fallback]) == [
        "Step 2 is for the manager, and Billing care has none: it reaches Dev Shah instead."
    ]


def test_a_step_that_reaches_nobody_at_work() -> None:
    night_lead = replace(
        BILLING, people=dict(BILLING.people) | {"lead": [replace(DEV, hours=NIGHTS)]}
    )

    assert said(teams=[night_lead]) == [
        (
            "Step 3 reaches nobody at work in Billing care, for Refund and Callback: it comes"
            " Tue 26 May, 10:30 am, for example."
        )
    ]


def test_a_stand_in_has_to_be_at_work_too() -> None:
    fallback = replace(
        BILLING, people={"agent": [ANA], "manager": [INES]}, fallback=replace(DEV, hours=NIGHTS)
    )

    assert "Step 3 reaches nobody at work" in "".join(said(teams=[fallback]))


def test_what_comes_at_closing_time_is_still_seen() -> None:
    at_closing = replace(REFUND, due_at=datetime.fromisoformat("2026-05-25T17:30Z"))

    assert said(teams=[replace(BILLING, samples=(at_closing,))]) == []


def test_elapsed_time_ends_at_night() -> None:
    twelve = a_step(0, "manager", basis=Basis.ELAPSED, offset=12 * HOURS)

    assert said(a_step(0), twelve) == [
        (
            "Step 2 reaches nobody at work in Billing care, for Refund and Callback: it comes"
            " Tue 26 May, 5:00 am, for example."
        )
    ]


def test_a_reminder_behind_the_due_time_is_never_sent() -> None:
    assert said(a_step(0, "manager"), a_step(-1)) == [
        (
            "! Step 2 is a reminder before the due time, behind a step that comes after it:"
            " it is never sent."
        )
    ]


def test_a_reminder_that_is_always_over_is_never_sent() -> None:
    assert said(a_step(-60), a_step(0, "manager")) == [
        (
            "! Step 1 is never sent: 60 working hours before it is due, no kind of promise has been"
            " made yet."
        )
    ]


def test_a_reminder_that_is_over_for_some_kinds() -> None:
    assert said(a_step(-6), a_step(0, "manager")) == [
        "Step 1 is not sent for Callback, usually made later than 6 working hours before it is due."
    ]


def test_a_step_that_waits_for_the_one_ahead_of_it() -> None:
    assert said(a_step(0), a_step(4, "manager"), a_step(2, "lead")) == [
        (
            "Step 3 (2 working hours after it was due) waits for the step ahead of it, which comes"
            " later: both come together. Is step 3 meant to stand further up?"
        )
    ]


def test_customers_told_without_approved_words() -> None:
    silent = a_step(1, "manager", "customer")

    assert said(a_step(0), silent) == [
        "Step 2 tells the customer without words of yours: they read that it is late, and not why."
    ]
    assert said(a_step(0), replace(silent, words="The courier is late.")) == []


def test_customers_are_written_to_only_when_it_is_late() -> None:
    early = a_step(-1, "owner", "customer", words="It may be late.")

    assert said(early, a_step(1, "manager")) == [
        (
            "! Step 1 tells the customer before the due time: the ladder writes to them only once"
            " it has passed, so it never tells them."
        )
    ]


def test_customers_are_written_to_once() -> None:
    again = a_step(1, "customer", words="It is late.", repeat_every=HOURS, repeat_cap=3)

    assert said(a_step(0, "manager"), again) == [
        (
            "Step 2 is to be said again to the customer alone: customers are written to once, so"
            " it is not."
        )
    ]
    assert said(a_step(0, "manager"), replace(again, audience=("lead", "customer"))) == []


@pytest.mark.parametrize("others", [(), ("customer",)])
def test_a_deputy_alone_is_nobody_while_the_owner_is_here(others: tuple[str, ...]) -> None:
    step = a_step(0, "deputy", *others, words="It is late." if others else "")

    assert said(step, a_step(1, "manager")) == [
        (
            "Step 1 is for the deputy, and for no other colleague: while the owner is here nobody"
            " stands in, and whoever is asked in their place hears of it."
        )
    ]


def test_a_step_that_is_said_again_no_times() -> None:
    assert said(a_step(0, "manager", repeat_every=HOURS)) == [
        "Step 1 is to be said again, but at most 0 times."
    ]


def test_people_who_have_left_and_people_of_other_teams() -> None:
    steps = (a_step(0), a_step(1, "manager", "person:2", "person:8", "person:9"))

    assert said(*steps, named={2: "Dev Shah", 8: "Omar Aziz"}) == [
        "! Step 2 names somebody who is no longer active.",
        "Step 2 names Omar Aziz, who is not of Billing care and is not told of promises there.",
    ]


def test_a_program_that_listens_no_more() -> None:
    steps = (a_step(0), a_step(1, "manager", "webhook:3"))

    assert said(*steps, programs=["webhook:3"]) == []
    assert said(*steps) == ["! Step 2 tells a program that is switched off or gone."]


def test_a_policy_that_nothing_uses_and_a_calendar_that_never_opens() -> None:
    assert said(has_kinds=False, never_open=["Night team"]) == [
        "! Night team has no opening hours: no working time passes there.",
        "No kind of promise uses this policy.",
    ]


@pytest.mark.django_db
@pytest.mark.both_databases
class TestLoaded:
    """The view as the database gives it."""

    def test_the_starting_policy_is_warned_of_for_what_it_is(self) -> None:
        a_team()

        found = policies.warnings(Policy.objects.get(name="Usual"), NOON)

        assert [each.sentence for each in found] == [
            (
                "Step 4 tells the customer without words of yours: they read that it is late,"
                " and not why."
            )
        ]
        assert not any(each.is_grave for each in found)

    def test_steps_are_judged_before_they_are_saved(self) -> None:
        a_team()
        gone = a_user("Omar Aziz", is_active=False)

        found = policies.warnings(
            Policy.objects.get(name="Usual"), NOON, steps=(a_step(0, f"person:{gone.pk}"),)
        )

        assert found[0].is_grave
        assert found[0].sentence == "Step 1 names somebody who is no longer active."

    def test_a_members_own_calendar_says_when_they_work(self) -> None:
        team = a_team()
        nights = Calendar.objects.create(name="Nights", zone="UTC")
        nights.opening_hours.create(weekday=0, opens=0, closes=360)
        Membership.objects.filter(team=team, role=Role.LEAD).update(calendar=nights)

        sentences = [
            each.sentence for each in policies.warnings(Policy.objects.get(name="Usual"), NOON)
        ]

        assert any("Step 3 reaches nobody at work in Billing care" in each for each in sentences)

    def test_a_calendar_without_hours_is_grave_and_not_an_error(self) -> None:
        team = a_team()
        team.calendar = Calendar.objects.create(name="Never", zone="UTC")
        team.save()

        found = policies.warnings(Policy.objects.get(name="Usual"), NOON)

        assert found[0].sentence.startswith("Billing care has no opening hours")

    def test_teams_without_people_are_left_out(self) -> None:
        Team.objects.create(name="Empty", calendar=a_team().calendar)

        assert [
            team.name for team in viewing.view(Policy.objects.get(name="Usual"), NOON).teams
        ] == ["Billing care"]

    def test_kinds_that_climb_it_when_urgent_count(self) -> None:
        a_team()
        urgent = a_policy(a_step(-1), name="At once")
        policies.set_urgent_variant(Policy.objects.get(name="Usual").pk, variant_id=urgent.pk)
        Kind.objects.filter(code="visit").update(retired_at=NOON - DAY)

        [team] = viewing.view(urgent, NOON).teams

        assert len(team.samples) == 9

    def test_the_number_of_queries_does_not_depend_on_the_number_of_teams(self) -> None:
        def queries(name: str) -> int:
            team = a_team(name)
            Membership.objects.get_or_create(user=a_user("Ana Moreno"), team=team)
            with CaptureQueriesContext(connection) as captured:
                policies.warnings(Policy.objects.get(name="Usual"), NOON)
            return len(captured)

        assert queries("Billing care") == queries("Second team")
