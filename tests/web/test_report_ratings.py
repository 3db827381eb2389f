"""Ratings: by what happened, in the customers' own words, what is still open first."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.reports import rolling
from tests import makers
from tests.makers import NOON
from tests.web import pages, reported

pytestmark = pytest.mark.django_db
RATINGS = "/reports/ratings/"


def six_replies() -> None:
    """Of seven who were asked; five about what was kept in time."""
    for rating in (5, 5, 4, 4, 2):
        reported.replied(reported.kept_on_time(), rating=rating)
    reported.replied(reported.kept_late(), rating=1, words="Too late for us", still_open=True)
    reported.asked(reported.kept_on_time())


def test_the_average_stands_with_its_replies_and_how_many_were_asked(ines: Client) -> None:
    six_replies()

    said = pages.text(reported.page(ines, RATINGS))

    assert "6 replies to 7 questions about how it went." in said
    assert "Average rating 3.5 of 5, from 6 replies" in said
    assert "Happy or very happy 67% of 6 replies" in said
    assert "Replied 86% 6 of 7 who were asked" in said
    assert "Something still open 1" in said


def test_fewer_than_five_replies_show_no_average(ines: Client) -> None:
    for rating in (5, 5, 4, 4):
        reported.replied(reported.kept_on_time(), rating=rating)

    four = pages.text(reported.page(ines, RATINGS))
    reported.replied(reported.kept_on_time(), rating=4)
    five = pages.text(reported.page(ines, RATINGS))

    assert "Average rating Too few to show from 4 replies" in four
    assert "4.5" not in four
    assert "Average rating 4.4 of 5, from 5 replies" in five


def test_what_is_still_open_comes_first_whenever_it_was_said(ines: Client) -> None:
    reported.replied(reported.kept_on_time(), rating=2, words="It broke again", still_open=True)
    reported.replied(reported.kept_on_time(), rating=5, words="All is well")

    said = pages.text(reported.page(ines, RATINGS)).partition("What they said")[2]

    assert said.index("It broke again") < said.index("All is well")
    assert "2 of 5, unhappy Still open" in said


def test_a_reply_without_words_is_counted_but_not_among_what_they_said(ines: Client) -> None:
    six_replies()

    page = reported.page(ines, RATINGS)

    assert replies(page) == 1
    assert replies(reported.page(ines, RATINGS, {"rating": "4"})) == 2


def test_every_bar_leads_to_as_many_replies(ines: Client) -> None:
    six_replies()
    page = reported.page(ines, RATINGS)

    found = {
        url: int(words)
        for url, words in reported.links_of(page)
        if url.endswith("#answers") and words.isdigit()
    }

    assert sorted(found.values()) == [0, 0, 1, 1, 1, 2, 2, 5, 6]
    narrowed = {url for url in found if "happened=" in url or "rating=" in url}
    assert len(narrowed) == 8
    assert {url: replies(ines.get(url)) for url in narrowed} == {
        url: found[url] for url in narrowed
    }


def test_a_reply_names_its_promises_and_leads_to_them(ines: Client) -> None:
    promise = reported.kept_on_time(wording="Send the kettle")
    reported.replied(promise, rating=5, words="Thank you")

    page = reported.page(ines, RATINGS)

    assert (f"/promises/{promise.reference}/", "Send the kettle") in reported.links_of(page)


def test_nobody_asked_is_said_and_divides_nothing(ines: Client) -> None:
    reported.kept_on_time()

    said = pages.text(reported.page(ines, RATINGS))

    assert "Nobody has been asked yet" in said
    assert "%" not in said.partition("Nobody has been asked yet")[2].partition("Figures")[0]


@pytest.mark.parametrize("name", ["owner", "agent"])
@pytest.mark.parametrize("whose", ["dev", "nobody", "x"])
def test_18_an_agent_asking_for_anothers_ratings_finds_nothing_as_for_an_unknown_agent(
    client: Client, name: str, whose: str
) -> None:
    pk = makers.dev().pk if whose == "dev" else {"nobody": 999_999, "x": "x"}[whose]

    page = reported.page(client, RATINGS, {name: pk})

    assert page.status_code == 404
    assert pages.text(page) == pages.text(reported.page(client, RATINGS, {name: 888_888}))


@pytest.mark.parametrize("name", ["owner", "agent"])
def test_they_may_ask_for_their_own_by_name(client: Client, name: str) -> None:
    assert reported.page(client, RATINGS, {name: makers.ana().pk}).status_code == 200


def test_an_agent_reads_what_was_said_about_their_own_promises_alone(client: Client) -> None:
    reported.replied(reported.kept_on_time(), rating=5, words="Ana was kind")
    devs = reported.kept_on_time(owner_id=makers.dev().pk)
    reported.replied(devs, rating=1, words="Dev was not")

    said = pages.text(reported.page(client, RATINGS))

    assert "Ana was kind" in said
    assert "Dev was not" not in said


@pytest.mark.parametrize("asked", [{"happened": "luck"}, {"rating": "6"}, {"rating": "x"}])
def test_what_nobody_can_have_said_is_not_found(ines: Client, asked: dict[str, str]) -> None:
    assert reported.page(ines, RATINGS, asked).status_code == 404


def test_words_that_were_meant_to_break_the_page_are_only_words(ines: Client) -> None:
    hostile = "<script>alert(1)</script> " + "w" * 200
    reported.replied(reported.kept_on_time(), rating=3, words=hostile)

    content = reported.page(ines, RATINGS).content.decode()

    assert "<script>alert(1)" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_it_asks_as_often_for_many_as_for_few(ines: Client) -> None:
    six_replies()
    few = queries(ines)
    for day in range(12):
        reported.replied(reported.kept_on_time(day, kind="refund"), rating=3, words="So so")

    assert queries(ines) == few <= 12


def replies(page: object) -> int:
    content: str = page.content.decode()  # type: ignore[attr-defined]  # a test response
    listed = content.partition('<ul class="replies">')[2].partition("</section>")[0]
    return len(re.findall(r"<li>", listed))


def queries(client: Client) -> int:
    rolling.run(NOON + makers.MINUTE)
    with CaptureQueriesContext(connection) as asked:
        client.get(RATINGS)
    return len(asked)
