"""Kept promises: on time first and alone, always of how many, and every number with its list."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from tests import makers
from tests.makers import NOON
from tests.web import pages, reported

pytestmark = pytest.mark.django_db
KEPT = "/reports/kept/"


def test_on_time_stands_first_and_alone_with_its_number(ines: Client) -> None:
    reported.twelve()

    said = pages.text(reported.page(ines, KEPT))

    assert "8 of 12 promises were kept on time." in said
    assert "Kept on time 67% 8 of 12" in said
    assert "Moved, told first 1 8% of 12" in said
    assert "Kept late 1 8% of 12 Not kept 1 8% of 12 Overdue so far 1 8% of 12" in said
    assert said.index("Kept on time 67%") < said.index("Kept rate 75% 9 of 12")


def test_what_the_rate_means_stands_beside_it_and_so_does_what_it_leaves_out(ines: Client) -> None:
    reported.twelve()

    said = pages.text(reported.page(ines, KEPT))

    assert "the customer told before the old time passed, of all promises that were first" in said
    assert "1 not due yet" in said
    assert "1 no longer wanted and 1 logged by mistake count neither way" in said


def test_every_number_leads_to_a_list_of_as_many(ines: Client) -> None:
    reported.twelve()
    reported.kept_on_time(3, kind="refund")

    lists = reported.to_lists(reported.page(ines, KEPT))

    assert len(lists) > 20
    assert [url for url, number in lists.items() if number is None] == []
    assert {url: reported.listed(ines, url) for url in lists} == lists


def test_a_list_says_what_was_counted_and_drops_it_at_a_click(ines: Client) -> None:
    reported.twelve()
    url = next(url for url in reported.to_lists(reported.page(ines, KEPT)) if "kept-moved" in url)

    page = ines.get(url)

    assert "Counted in a report: Moved, customer told first, and kept, first due" in pages.text(
        page
    )
    dropped = next(url for url, words in reported.links_of(page) if words == "Drop this")
    assert reported.listed(ines, dropped) == 15


def test_what_was_counted_goes_along_when_something_else_is_chosen_as_well(ines: Client) -> None:
    reported.twelve()

    page = ines.get("/promises/", {"counted": "kept-on_time", "kind": ""})

    assert '<input type="hidden" name="counted" value="kept-on_time"' in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"counted": "kept-nothing"},
        {"counted": "kept-all", "since": "2026-05-21", "until": "2026-05-01"},
        {"counted": "kept-all", "since": "1950-01-01"},
        {"counted": "kept-all", "since": "\x00"},
        {"counted": "broke", "weekday": "9"},
        {"counted": "broke", "cause": "bad luck"},
        {"counted": "kept-all", "owner": "30000000"},
    ],
)
def test_a_list_of_what_no_report_counts_is_empty_and_says_so(
    ines: Client, asked: dict[str, str]
) -> None:
    reported.kept_on_time()

    page = ines.get("/promises/", asked)

    assert page.status_code == 200
    assert reported.listed(ines, f"/promises/?{page.wsgi_request.GET.urlencode()}") == 0
    assert 'class="note soon' in page.content.decode()


def test_a_group_of_fewer_than_ten_shows_no_share(ines: Client) -> None:
    for day in range(9):
        reported.kept_on_time(1 + day)

    nine = pages.text(reported.page(ines, KEPT))
    reported.kept_on_time(10)
    ten = pages.text(reported.page(ines, KEPT))

    assert "Kept on time Too few to show 9 of 9" in nine
    assert "100%" not in nine.partition("Kept on time, by week")[0]
    assert "Kept on time 100% 10 of 10" in ten


def test_by_week_the_line_has_its_title_its_goal_and_its_table(ines: Client) -> None:
    for week in range(1, 9):
        for _ in range(4 if week not in (1, 5) else 10):
            reported.kept_on_time(7 * week)

    page = reported.page(ines, KEPT)

    assert "Kept on time is steady" in pages.text(page)
    assert "the goal is 90%" in page.content.decode()
    assert page.content.decode().count('<th scope="row"><bdi>') >= 9


def test_nothing_is_said_of_weeks_that_are_too_small_to_be_shown(ines: Client) -> None:
    for week in range(1, 9):
        for _ in range(4):
            reported.kept_on_time(7 * week)

    words = pages.text(reported.page(ines, KEPT))

    assert "Not enough promises yet to see a trend" in words
    assert "Kept on time is" not in words


def test_how_long_it_takes_is_said_in_working_time(ines: Client) -> None:
    """Made on Tuesday at noon, kept on Thursday at eleven: two working days less an hour."""
    for _ in range(10):
        reported.kept_on_time(0)

    said = pages.text(reported.page(ines, KEPT))

    assert "Follow-up 2 days · 2 days" in said


def test_over_nothing_at_all_it_says_so(ines: Client) -> None:
    said = pages.text(reported.page(ines, KEPT))

    assert "Nothing was first due in this period" in said
    assert "%" not in said.partition("Nothing was first due")[2].partition("Figures from")[0]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "2026-05-21", "until": "2026-05-01"}, ""),
        ({"since": "1976-05-21", "until": "2026-05-21"}, ""),
        ({"since": "yesterday"}, ""),
    ],
)
def test_days_that_make_no_period_are_answered_by_the_form(
    ines: Client, asked: dict[str, str], sentence: str
) -> None:
    page = reported.page(ines, KEPT, asked)

    assert page.status_code == 422
    assert "There is a problem" in pages.text(page)
    assert pages.title(page).startswith("Error: ")


@pytest.mark.parametrize("asked", [{"team": "30000000"}, {"kind": "30000000"}, {"team": "\x00"}])
def test_what_there_is_not_is_not_found(ines: Client, asked: dict[str, str]) -> None:
    assert reported.page(ines, KEPT, asked).status_code == 404


def test_an_agent_sees_their_own_figures_and_nobody_elses(client: Client) -> None:
    reported.kept_on_time()
    reported.kept_on_time(owner_id=makers.dev().pk)

    said = pages.text(reported.page(client, KEPT))

    assert "One promise" not in said
    assert "1 of 1 promise was kept on time." in said
    assert reported.page(client, KEPT, {"owner": makers.dev().pk}).status_code == 404


def test_what_was_recreated_or_moved_untold_is_not_counted_as_kept(ines: Client) -> None:
    promise = reported.made(2)
    services.move(
        promise.pk,
        by=makers.ana(),
        due_at=promise.due_at + makers.DAY,
        reason="More time",
        told=services.Told.NO,
        now=promise.due_at - makers.HOUR,
    )
    services.fulfil(promise.pk, by=makers.ana(), how="Done", cause="slipped", now=NOON)

    page = reported.page(ines, KEPT)

    assert "0 of 1 promise was kept on time." in pages.text(page)
    assert "Kept late 1" in pages.text(page)


def test_it_asks_as_often_for_many_as_for_few(ines: Client) -> None:
    reported.twelve()
    few = queries(ines)
    for day in range(30):
        reported.kept_on_time(day, kind="refund")

    assert queries(ines) == few <= 12


def queries(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(KEPT)
    return len(asked)
