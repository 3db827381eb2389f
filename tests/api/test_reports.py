"""The reports for programs say what the pages say, of the company worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Kind, User
from commitments.reports import rolling
from tests.api.callers import a_program, errors_of
from tests.makers import HOUR, MINUTE, a_commitment, a_team, a_user, ana, dev, ines
from tests.reports_company import MONDAY, a_company

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

REPORTS = "/api/v1/reports/"
NAMES = ("overdue", "kept", "ratings", "causes", "workload", "values")


@pytest.fixture(autouse=True)
def on_monday(at_noon: time_machine.Coordinates) -> None:
    at_noon.move_to(MONDAY)


def asked(name: str, user: User | None = None, query: str = "") -> Any:
    return a_program(user or ines()).get(f"{REPORTS}{name}/", query)


def test_every_report_says_what_was_worked_out_by_hand() -> None:
    a_company()

    overdue, kept, ratings, causes, workload, _ = (asked(name).json() for name in NAMES)

    names = ("as_of", "overdue", "told", "not_told", "due_soon")
    assert [overdue[name] for name in names] == ["2026-05-25T08:30:00Z", 3, 1, 2, 3]
    assert [(wait["code"], wait["told"], wait["not_told"]) for wait in overdue["waits"]] == [
        ("under_2h", 1, 0),
        ("2h_to_8h", 0, 0),
        ("1_day", 0, 1),
        ("2_to_3_days", 0, 0),
        ("over_3_days", 0, 1),
    ]
    assert (kept["since"], kept["until"], kept["as_of"]) == (
        "2026-03-30",
        "2026-05-25",
        "2026-05-25T08:30:00Z",
    )
    assert kept["all"] == {
        "key": None, "label": "All", "on_time": 2, "moved": 1, "late": 3, "broken": 1,
        "overdue": 3, "pending": 6, "released": 1, "void": 1, "attempted": 0, "n": 10,
        "is_too_few": False, "on_time_share": 0.2, "kept_share": 0.3,
    }  # fmt: skip
    assert [week["key"] for week in kept["groups"][-2:]] == ["2026-05-18", "2026-05-25"]
    assert kept["time_to_keep"][0] == {
        "kind": None, "label": "All kinds", "n": 5, "median": 1152, "nine_in_ten": 2100,
    }  # fmt: skip
    assert (ratings["all"]["asked"], ratings["all"]["answers"]) == (5, 4)
    assert [(group["key"], group["counts"]) for group in ratings["groups"]] == [
        ("on_time", [0, 0, 0, 0, 1]),
        ("moved", [0, 0, 0, 1, 0]),
        ("late_told", [0, 0, 1, 0, 0]),
        ("late_silent", [1, 0, 0, 0, 0]),
    ]
    assert [(cause["cause"], cause["promises"]) for cause in causes["causes"]] == [
        ("slipped", 1),
        ("took_longer", 1),
        ("outside", 1),
        ("", 4),
    ]
    assert sum(map(sum, causes["by_weekday_and_hour"])) == 5
    names = ("name", "open", "overdue", "today")
    hands = [tuple(each[name] for name in names) for each in workload["people"]]
    assert ("Ana Moreno", 4, 2, 2) in hands
    assert ("Dev Shah", 3, 0, 1) in hands


def test_what_is_usually_given_is_said_where_there_is_enough_to_say_it() -> None:
    team = a_team()
    Kind.objects.filter(code="refund").update(has_value=True)
    for number in range(20):
        made = a_commitment(kind="refund", case=str(number))
        Commitment.objects.filter(pk=made.pk).update(value=10 + number, currency="EUR")

    (found,) = asked("values", ines(), f"team={team.pk}&since=2026-05-01&until=2026-05-31").json()[
        "values"
    ]
    Commitment.objects.filter(value=10).update(value=None)
    (fewer,) = asked("values", ines(), "since=2026-05-01&until=2026-05-31").json()["values"]

    assert (found["label"], found["count"], found["median"]) == ("Refund", 20, "19.00")
    assert (found["is_too_few"], found["low"]) == (False, "11.00")
    assert (fewer["is_too_few"], fewer["low"], fewer["high"]) == (True, None, None)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_over_nothing_at_all(name: str) -> None:
    a_team()

    answer = asked(name)

    assert answer.status_code == 200
    assert answer.json().get("all", {}).get("average") is None


def test_of_too_few_no_share_is_given_as_on_the_pages() -> None:
    a_company()

    kept, ratings = asked("kept").json(), asked("ratings").json()

    week = kept["groups"][-2]
    names = ("n", "is_too_few", "on_time_share", "kept_share")
    assert [week[name] for name in names] == [5, True, None, None]
    names = ("answers", "is_too_few", "average", "share_4_5", "response")
    assert [ratings["all"][name] for name in names] == [4, True, None, None, 0.8]
    assert ratings["groups"][0]["average"] is None


@pytest.mark.parametrize("name", NAMES)
def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(name: str) -> None:
    company = a_company()
    theirs = (f"team={company.moves.pk}", f"owner={company.kofi.pk}")
    unknown = ("team=999999", "owner=999999", "kind=999999", "team=x")

    answers = [asked(name, query=query) for query in (*theirs, *unknown)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_agent_has_figures_of_their_own_only(name: str) -> None:
    a_company()

    assert asked(name, ana(), f"owner={dev().pk}").status_code == 404
    assert asked(name, ana(), f"owner={ana().pk}").json() == asked(name, ana()).json()


def test_an_agents_own_figures() -> None:
    a_company()

    assert asked("kept", ana()).json()["all"]["n"] == 6
    assert asked("overdue", ana()).json()["overdue"] == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-05-22&until=2026-05-21", "until"),
        ("since=1976-01-01", "since"),
        ("since=soon", "since"),
        ("by=colour", "by"),
        ("period=week", "period"),
        ("since=2026-05-01&since=2026-05-02", "since"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(query: str, field: str) -> None:
    a_team()

    answer = asked("kept", query=query)

    assert answer.status_code == 400
    assert errors_of(answer).keys() == {field}


def test_a_stranger_is_not_answered() -> None:
    assert {Client().get(f"{REPORTS}{name}/").status_code for name in NAMES} == {401}


def test_somebody_without_a_team_has_no_figures() -> None:
    a_company()

    assert asked("overdue", a_user("Sam Stranger")).json()["overdue"] == 0


def test_nothing_is_written_by_looking() -> None:
    a_team()

    assert a_program(ines()).post({}, f"{REPORTS}kept/").status_code == 405


@pytest.mark.parametrize("name", NAMES)
def test_a_report_asks_the_same_however_much_there_is(name: str) -> None:
    def queries() -> int:
        program = a_program(ines())
        with CaptureQueriesContext(connection) as asked:
            program.get(f"{REPORTS}{name}/")
        return len(asked)

    a_commitment(due_at=MONDAY - HOUR, now=MONDAY - 2 * HOUR)
    rolling.run(MONDAY + MINUTE)
    few = queries()
    for _ in range(4):
        a_commitment(due_at=MONDAY - HOUR, now=MONDAY - 2 * HOUR)
    rolling.run(MONDAY + MINUTE)

    assert queries() == few <= 12
