"""A page about many promises of one call: whole, light, and read in one glance."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest

from commitments import services
from commitments.models import Commitment
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana

from .makers import SIX, Browser, seen, status_link

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOW = NOON + 5 * HOUR
HEADING = re.compile(r'<h[12] id="promise-\w+" dir="auto">([^<]+)<')


def promised(count: int) -> list[Commitment]:
    """All of one call, each with its number."""
    first = a_commitment(due_at=SIX, wording="Promise 1", summary=False)
    more = range(2, count + 1)
    return [first, *(_another(first, f"Promise {number}") for number in more)]


def _another(first: Commitment, wording: str) -> Commitment:
    talk = first.conversation_id
    return a_commitment(due_at=SIX, wording=wording, conversation_id=talk, summary=False)


def headings(page: str) -> Iterator[str]:
    return iter(HEADING.findall(page))


def test_ten_stand_there_in_full_and_what_is_beyond_in_a_line_each():
    twelve = promised(12)

    response = Browser().get(status_link(twelve[0]), now=NOW)

    assert list(headings(response.content.decode())) == [f"Promise {n}" for n in range(1, 11)]
    assert "What else we promised Promise 11 On track Promise 12 On track" in seen(response)


def test_up_to_ten_there_are_no_lines():
    ten = promised(10)

    assert "What else we promised" not in seen(Browser().get(status_link(ten[0]), now=NOW))


def test_of_many_what_is_open_comes_first():
    twelve = promised(12)
    for done in twelve[:3]:
        services.fulfil(done.pk, by=ana(), how="Sent it", now=NOON + HOUR)

    response = Browser().get(status_link(twelve[0]), now=NOW)

    in_full = list(headings(response.content.decode()))
    assert in_full == [f"Promise {n}" for n in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1)]
    assert "What else we promised Promise 2 Done Promise 3 Done" in seen(response)


def test_a_line_leads_to_that_promise_alone_and_from_there_back_to_all():
    twelve = promised(12)
    link = status_link(twelve[0])

    alone = Browser().get(f"{link}?about={twelve[-1].reference}", now=NOW)

    assert list(headings(alone.content.decode())) == ["Promise 12"]
    assert f'<a class="alone" href="{link}">See everything we agreed</a>' in alone.content.decode()


def test_a_promise_of_somebody_else_or_of_nobody_looks_like_a_dead_link():
    link = status_link(a_commitment(due_at=SIX))
    other = a_commitment(due_at=SIX)

    for asked in (other.reference, "nothing", "0" * 40):
        assert Browser().get(f"{link}?about={asked}", now=NOW).status_code == 404, asked


def test_of_many_updates_the_newest_four_stand_beside_other_promises_and_all_alone():
    first, _ = promised(2)
    for number in range(7):
        at = NOON + number * MINUTE
        words = f"News {number}."
        services.update(first.pk, by=ana(), words=words, tell_customer=True, now=at)
    link = status_link(first)

    among_others = seen(Browser().get(link, now=NOW))
    alone = seen(Browser().get(f"{link}?about={first.reference}", now=NOW))

    assert re.findall(r"News \d", among_others) == ["News 6", "News 5", "News 4", "News 3"]
    assert "See all updates" in among_others
    assert re.findall(r"News \d", alone) == [f"News {number}" for number in range(6, -1, -1)]
    assert "See all updates" not in alone


def test_a_page_of_forty_promises_with_news_of_each_is_small(django_assert_num_queries):
    forty = promised(40)
    for number, each in enumerate(forty):
        for minutes in range(4):
            words = f"We have asked the workshop once more; it is number {number}, {minutes} ahead."
            at = NOON + minutes * MINUTE
            services.update(each.pk, by=ana(), words=words, tell_customer=True, now=at)
    link = status_link(forty[0])

    with django_assert_num_queries(3):
        response = Browser().get(link, now=NOW, **{"Accept-Encoding": "gzip"})

    page = gzip.decompress(response.content).decode()
    assert response["Content-Encoding"] == "gzip"
    assert page.count("<article") == 10
    assert len(page) < 100_000
    # With the style sheets (11 KB) and the largest logo (30 KB) it stays within 50 KB.
    assert len(response.content) < 8_000
