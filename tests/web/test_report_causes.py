"""Why promises break: by cause, by weekday and hour, by hand-offs; each with its promises."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.reports import rolling
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages, reported

pytestmark = pytest.mark.django_db
CAUSES = "/reports/causes/"


def some_broke() -> None:
    """Six slipped, of two customers; three waited for a bank; nobody says why of one."""
    tom = makers.tom()
    for day in range(5):
        reported.kept_late(1 + day, customer=tom)
    reported.kept_late(6)
    for day in range(3):
        reported.not_kept(1 + day)
    reported.made(0.25)
    sweep.run(NOON)


def test_causes_stand_with_their_promises_and_the_customers_they_hit(ines: Client) -> None:
    some_broke()

    said = pages.text(reported.page(ines, CAUSES))

    assert "10 promises were not kept in time; of 1 nobody has said why yet." in said
    assert "It slipped out of sight 6 · 2 customers" in said
    assert "We waited for somebody outside, such as a bank 3 · 3 customers" in said
    assert "Nobody has said why yet 1 · 1 customer" in said


def test_a_cause_that_stands_out_is_named_once_enough_are_explained(ines: Client) -> None:
    some_broke()

    nine = pages.text(reported.page(ines, CAUSES))
    reported.kept_late(8)
    ten = pages.text(reported.page(ines, CAUSES))

    assert "Most often" not in nine
    assert "Most often: it slipped out of sight" in ten


def test_every_number_leads_to_a_list_of_as_many(ines: Client) -> None:
    some_broke()
    handed = reported.made(3)
    services.reassign(handed.pk, by=makers.dev(), owner_id=makers.dev().pk, now=handed.due_at - DAY)
    services.fulfil(
        handed.pk, by=makers.dev(), how="Done", cause="handed_on", now=handed.due_at + HOUR
    )

    lists = reported.to_lists(reported.page(ines, CAUSES))

    assert len([url for url in lists if "hour=" in url]) >= 2
    assert len([url for url in lists if "times=" in url]) == 2
    assert [url for url, number in lists.items() if number is None] == []
    assert {url: reported.listed(ines, url) for url in lists} == lists


def test_the_map_has_the_hour_of_the_readers_clock(ines: Client) -> None:
    """Due on Wednesday at noon in UTC: in Berlin that is two in the afternoon."""
    reported.kept_late(1)
    there = makers.ines()
    there.zone = "Europe/Berlin"
    there.save()

    page = reported.page(pages.signed_in(there), CAUSES)

    assert "1 on Wednesday, 2 to 3 pm" in pages.text(page)


def test_where_nothing_broke_it_says_so(ines: Client) -> None:
    reported.kept_on_time()

    said = pages.text(reported.page(ines, CAUSES))

    assert "Nothing broke in these days" in said
    assert "When they broke" not in said


def test_an_agent_sees_the_causes_of_their_own(client: Client) -> None:
    reported.kept_late()
    reported.kept_late(owner_id=makers.dev().pk, cause="system")

    said = pages.text(reported.page(client, CAUSES))

    assert "It slipped out of sight 1" in said
    assert "A system or a tool did not work" not in said


def test_another_teams_causes_are_not_there(ines: Client) -> None:
    moves = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)

    assert reported.page(ines, CAUSES, {"team": moves.pk}).status_code == 404
    assert reported.page(ines, CAUSES, {"team": 30_000_000}).status_code == 404


def test_it_asks_as_often_for_many_as_for_few(ines: Client) -> None:
    some_broke()
    few = queries(ines)
    for day in range(20):
        reported.kept_late(day, cause="system", kind="refund")

    assert queries(ines) == few <= 12


def queries(client: Client) -> int:
    rolling.run(NOON + makers.MINUTE)
    with CaptureQueriesContext(connection) as asked:
        client.get(CAUSES)
    return len(asked)
