"""Reports by mail are asked for on their page, listed, and stopped."""

from __future__ import annotations

from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import mailings
from commitments.models import Kind, Membership, Role, Schedule
from tests import makers
from tests.makers import NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MINE = "/me/reports/"
NEW = f"{MINE}new/"


def mine() -> list[Schedule]:
    return list(mailings.of(makers.ines()))


@pytest.mark.parametrize("report", sorted(mailings.REPORTS))
def test_every_report_leads_to_being_mailed_with_its_choices(ines: Client, report: str) -> None:
    team = makers.a_team()
    kind = Kind.objects.get(code="refund")

    page = ines.get(f"/reports/{report}/?team={team.pk}&kind={kind.pk}&since=2026-05-01")

    address = f"{NEW}?report={report}&amp;team={team.pk}&amp;kind={kind.pk}"
    assert f'href="{address}"' in page.content.decode()
    assert "E-mail weekly" in pages.text(page)


def test_an_agents_way_to_it_names_nobody(client: Client) -> None:
    page = client.get("/reports/kept/").content.decode()

    assert f'href="{NEW}?report=kept"' in page


def test_what_is_asked_for_is_listed_and_stopped(ines: Client) -> None:
    team = makers.a_team()
    address = f"{NEW}?report=kept&team={team.pk}"
    asked = pages.text(ines.get(address))
    assert "Kept promises: Billing care . Of the last eight weeks" in asked

    page = ines.post(address, {"once": "k", "every": "4", "at": "09:00"}, follow=True)

    words = pages.text(page)
    assert "Kept promises comes by mail, first Fri 22 May, 9:00 am." in words
    assert "Every Friday at 9:00 am · Billing care" in words
    [made] = mine()
    assert made.asks == f"kept?team={team.pk}"
    for _ in range(2):
        stopped = ines.post(f"{MINE}{made.pk}/stop/", follow=True)
    assert "Nothing yet." in pages.text(stopped)
    assert mine() == []


def test_somebody_elses_is_not_stopped(ines: Client, client: Client) -> None:
    wish = mailings.Wish(report="kept", asked={}, at=time(9))
    made = mailings.subscribe(makers.ines(), wish, now=NOON)

    client.post(f"{MINE}{made.pk}/stop/")

    assert mine() == [made]


def test_looking_changes_nothing_and_what_stops_it_is_posted(ines: Client) -> None:
    wish = mailings.Wish(report="kept", asked={}, at=time(9))
    made = mailings.subscribe(makers.ines(), wish, now=NOON)

    assert ines.get(f"{MINE}{made.pk}/stop/").status_code == 405
    ines.get(MINE)
    ines.get(f"{NEW}?report=causes")

    assert list(Schedule.objects.filter(whose=makers.ines())) == [made]


def test_sent_twice_it_is_asked_for_once(ines: Client) -> None:
    for _ in range(2):
        ines.post(f"{NEW}?report=kept", {"once": "k", "every": "daily", "at": "09:00"})

    assert [each.weekday for each in mine()] == [None]


@pytest.mark.parametrize(
    "said",
    [
        {"every": "9", "at": "09:00"},
        {"every": "", "at": "09:00"},
        {"every": "0", "at": "soon"},
        {"every": "0\x00", "at": "\x00"},
    ],
    ids=range(4),
)
def test_what_will_not_do_is_refused(ines: Client, said: dict[str, str]) -> None:
    page = ines.post(f"{NEW}?report=kept", {"once": "k"} | said)

    assert page.status_code == 422
    assert pages.title(page).startswith("Error: ")
    assert mine() == []


def test_half_a_character_is_no_time_of_day(ines: Client) -> None:
    form = "application/x-www-form-urlencoded"

    page = ines.post(f"{NEW}?report=kept", "once=k&every=0&at=%ED%A0%80", content_type=form)

    assert page.status_code == 422
    assert mine() == []


@pytest.mark.parametrize(
    "query",
    [
        *("report=salaries", "report=", "report=kept&team=999999", "report=kept&team=x%00"),
        *("report=kept&owner=999999", "report=kept&kind=%ED%A0%80", "report=kept%00"),
    ],
)
def test_what_is_not_theirs_is_not_found_like_what_does_not_exist(ines: Client, query: str) -> None:
    assert ines.get(f"{NEW}?{query}").status_code == 404
    sent = ines.post(f"{NEW}?{query}", {"once": "k", "every": "0", "at": "9:00"})
    assert sent.status_code == 404
    assert mine() == []


def test_another_team_is_not_found(ines: Client) -> None:
    other = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)

    assert ines.get(f"{NEW}?report=kept&team={other.pk}").status_code == 404


def test_a_manager_turns_the_week_on_off_and_to_another_day(ines: Client) -> None:
    mailings.begin_weekly(NOON)
    shown = pages.text(ines.get(MINE))
    assert "Your week On" in shown
    assert "Next: Mon 25 May, 8:00 am" in shown

    on = {"once": "a", "is_on": "on", "weekday": "1", "at": "07:30"}
    moved = pages.text(ines.post(MINE, on, follow=True))
    assert "Your week comes by mail, next Tue 26 May, 7:30 am." in moved

    off = ines.post(MINE, {"once": "b", "weekday": "1", "at": "07:30"}, follow=True)
    assert "Your week comes by mail no more." in pages.text(off)
    assert "Your week Off" in pages.text(off)
    weekly = mailings.weekly_of(makers.ines())
    assert weekly is not None
    assert (weekly.next_at, weekly.weekday, weekly.local_time) == (None, 1, time(7, 30))


@pytest.mark.parametrize("said", [{"weekday": "7"}, {"weekday": ""}, {"at": "25:00"}, {"at": ""}])
def test_a_day_or_a_time_that_is_none_is_refused(ines: Client, said: dict[str, str]) -> None:
    page = ines.post(MINE, {"once": "a", "is_on": "on", "weekday": "0", "at": "08:00"} | said)

    assert page.status_code == 422
    assert pages.title(page).startswith("Error: ")
    assert mailings.weekly_of(makers.ines()) is None


def test_an_agent_has_no_week_to_choose(client: Client) -> None:
    assert "Your week" not in pages.text(client.get(MINE))

    on = {"once": "a", "is_on": "on", "weekday": "0", "at": "07:30"}
    refused = client.post(MINE, on)

    assert refused.status_code == 422
    assert "for those who manage a team" in pages.text(refused)
    assert mailings.weekly_of(makers.ana()) is None


def test_one_that_rests_says_why(ines: Client) -> None:
    team = makers.a_team()
    Membership.objects.filter(user=makers.ines()).update(role=Role.AUDITOR)
    wish = mailings.Wish(report="kept", asked={"team": str(team.pk)}, at=time(9))
    made = mailings.subscribe(makers.ines(), wish, now=NOON)
    Schedule.objects.filter(pk=made.pk).update(next_at=None)

    assert "Rests: what it tells of is not yours to see now." in pages.text(ines.get(MINE))


def test_whoever_has_not_signed_in_is_asked_to() -> None:
    makers.a_team()
    for address in (MINE, f"{NEW}?report=kept"):
        assert Client().get(address)["Location"].startswith("/accounts/login/")


def test_the_list_asks_as_much_for_many_as_for_one(ines: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ines.get(MINE).status_code == 200
        return len(queries)

    kind = Kind.objects.get(code="refund")
    choices = {
        "team": str(makers.a_team().pk), "owner": str(makers.ana().pk), "kind": str(kind.pk)
    }  # fmt: skip
    wishes = [mailings.Wish(report=each, asked=choices, at=time(9)) for each in mailings.REPORTS]
    mailings.subscribe(makers.ines(), wishes[0], now=NOON)
    asked()
    few = asked()
    for wish in wishes[1:]:
        mailings.subscribe(makers.ines(), wish, now=NOON)

    assert asked() == few
