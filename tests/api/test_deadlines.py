"""A time in words is read for programs as it is read on the pages, and nothing is kept of it."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Absence, Calendar, Holiday, Kind, Membership, OnceKey, Role, Team
from tests.api.callers import (
    a_program,
    a_promise,
    ana_of_billing,
    another_team,
    errors_of,
    everything,
)
from tests.api.counting import queries_of
from tests.makers import DAY, HOUR, NOON, a_team, a_user, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

READ = "/api/v1/deadlines/read/"


def read(body: dict, user=None, **headers: str):
    return a_program(user or ana_of_billing()).post(body, READ, **headers)


def test_words_become_an_instant_with_its_chips():
    said = read({"due": "tomorrow 5pm"}).json()

    assert said["due"] == {
        "said": "tomorrow 5pm",
        "due_at": "2026-05-22T17:00:00Z",
        "in_words": "Fri 22 May, 5:00 pm",
        "zone": "UTC",
        "team_zone": "UTC",
        "begins_at": None,
        "note": "",
        "chips": [{"what": "day", "words": "tomorrow"}, {"what": "time", "words": "5pm"}],
        "others": [],
        "next_open": None,
    }
    assert said["team"] == {"id": a_team().pk, "name": "Billing care"}
    assert said["kind"] == {"code": "other", "name": Kind.objects.get(code="other").name}


def test_a_promise_with_the_same_words_is_due_at_the_same_time():
    words = {"due": "within 2 business days", "kind": "refund"}

    said = read(words).json()
    made = a_program().post(a_promise(due_at=..., **words)).json()

    assert said["due"]["due_at"] == made["due_at"] == "2026-05-25T17:00:00Z"


def test_the_steps_that_would_follow_are_those_of_the_promise():
    words = {"due": "within 2 business days", "kind": "refund"}

    said = read(words).json()
    made = a_program().post(a_promise(due_at=..., **words)).json()

    assert said["steps"][0]["sentence"] == "Ana Moreno is reminded"
    browser = Client()
    browser.force_login(ana())
    page = browser.get(f"/promises/{made['reference']}/").content.decode()
    assert said["steps"]
    assert all(step["sentence"].split(",")[0] in page for step in said["steps"])


def test_an_urgent_promise_stands_under_the_urgent_ladder():
    body = {"due": "fri 5pm", "kind": "refund"}

    usual, urgent = read(body).json(), read(body | {"urgent": True}).json()

    assert usual["steps"] != urgent["steps"]


def test_why_it_is_that_time_is_said_in_lines():
    calendar = a_team().calendar
    Holiday.objects.create(calendar=calendar, on=NOON.date() + DAY, name="Founders' day")

    said = read({"due": "within 1 business day"}).json()

    assert said["due"]["due_at"] == "2026-05-25T17:30:00Z"
    assert any("Founders' day" in line for line in said["why"])


def test_a_window_says_when_it_begins():
    due = read({"due": "tomorrow between 2 and 4pm"}).json()["due"]

    assert (due["begins_at"], due["due_at"]) == ("2026-05-22T14:00:00Z", "2026-05-22T16:00:00Z")


def test_outside_the_hours_the_next_open_time_is_offered():
    due = read({"due": "sat 10am"}).json()["due"]

    assert due["due_at"] == "2026-05-23T10:00:00Z"
    assert due["next_open"]["due_at"] == "2026-05-25T09:00:00Z"
    assert "outside your team's hours" in due["note"]


def test_what_others_would_mean_is_offered():
    others = read({"due": "next friday"}).json()["due"]["others"]

    assert [other["due_at"][:10] for other in others] == ["2026-05-22"]


def test_words_are_read_in_the_teams_zone_and_said_in_the_callers():
    team = a_team()
    Calendar.objects.filter(pk=team.calendar_id).update(zone="America/New_York")

    due = read({"due": "tomorrow 5pm"}).json()["due"]

    assert due["due_at"] == "2026-05-22T21:00:00Z"
    assert (due["zone"], due["team_zone"]) == ("UTC", "America/New_York")
    assert due["in_words"].startswith("Fri 22 May, 9:00 pm")


def test_without_words_it_is_the_usual_time_of_the_kind():
    said = read({"kind": "callback"}).json()

    made = Kind.objects.get(code="callback").usual_due(NOON, hours=a_team().calendar.hours())
    assert said["due"]["due_at"] == made.isoformat().replace("+00:00", "Z")
    assert said["due"]["said"] == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"due": "yesterday"}, "due"),
        ({"due": "soon"}, "due"),
        ({"due": "blue"}, "due"),
        ({"due": "x" * 201}, "due"),
        ({"due": "fri\u0000"}, "due"),
        ({"due": 5}, "due"),
        ({"due": "fri", "kind": "nothing"}, "kind"),
        ({"due": "fri", "kind": 5}, "kind"),
        ({"due": "fri", "team": "1"}, "team"),
        ({"due": "fri", "team": 2**63}, "team"),
        ({"due": "fri", "urgent": 1}, "urgent"),
        ({"due": "fri", "colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(body, field):
    answer = read(body)

    assert answer.status_code == 400
    assert errors_of(answer).keys() == {field}


def test_a_team_of_others_is_answered_like_one_that_does_not_exist():
    hidden, unknown = another_team().pk, 2**60

    answers = [read({"due": "fri", "team": team}) for team in (hidden, unknown)]

    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1


def test_somebody_of_two_teams_says_which():
    Membership.objects.create(user=ana_of_billing(), team=another_team())

    assert errors_of(read({"due": "fri"})).keys() == {"team"}
    assert read({"due": "fri", "team": a_team().pk}).status_code == 200


def test_a_team_that_never_opens_can_promise_no_working_time():
    Team.objects.filter(pk=a_team().pk).update(
        calendar=Calendar.objects.create(name="Never", zone="UTC")
    )

    assert read({"due": "within 2 business days"}).status_code == 400


def test_an_auditor_and_a_token_that_only_reads_may_ask():
    Membership.objects.filter(user=ana_of_billing()).update(role=Role.AUDITOR)
    asked = {"due": "fri 5pm", "team": a_team().pk}

    answer = a_program(ana(), scope="read").post(asked, READ)

    assert answer.status_code == 200
    assert all("Ana" not in step["sentence"] for step in answer.json()["steps"])


def test_strangers_are_not_answered():
    assert Client().post(READ, {"due": "fri"}, "application/json").status_code == 401
    assert errors_of(read({"due": "fri"}, a_user("Sam Stranger"))).keys() == {"team"}


def test_it_is_only_asked():
    program = a_program(ana_of_billing())

    assert program.get(READ).status_code == 405
    assert errors_of(program.post({"due": "fri"}, f"{READ}?zone=UTC")).keys() == {"zone"}


def test_nothing_is_kept_not_even_with_a_key():
    ana_of_billing()

    first = read({"due": "fri 5pm"}, Idempotency_Key="k1")
    again = read({"due": "mon 5pm"}, Idempotency_Key="k1")
    wrong = read({"due": "fri 5pm"}, Idempotency_Key="k" * 256)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["due"]["due_at"] != again.json()["due"]["due_at"]
    assert errors_of(wrong).keys() == {"Idempotency-Key"}
    assert everything() == (0, 0, 0, 0)
    assert not OnceKey.objects.exists()


def test_more_colleagues_cost_no_more_queries():
    program = a_program(ana_of_billing())
    body = {"due": "fri 5pm", "kind": "refund"}
    program.post(body, READ)
    few = len(queries_of(lambda: program.post(body, READ)))
    for number in range(8):
        someone = a_user(f"Person{number} Smith")
        Membership.objects.create(user=someone, team=a_team(), role=Role.LEAD)
        Absence.objects.create(
            user=someone, deputy=dev(), starts_at=NOON - HOUR, ends_at=NOON + DAY
        )

    assert len(queries_of(lambda: program.post(body, READ))) == few <= 14
