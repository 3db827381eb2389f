"""How often one link and one address may ask, before they are asked to wait a minute."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

from commitments import lengths
from tests.makers import MINUTE, NOON, a_commitment, events_of

from .makers import AT, SIX, Browser, link_of, seen, status_link

pytestmark = pytest.mark.django_db

THERE = {"X-Forwarded-For": "203.0.113.7"}
ELSEWHERE = {"X-Forwarded-For": "203.0.113.8"}


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Any) -> None:
    settings.PROXIES = 1


def guess(number: int, *, now=AT, **headers: str) -> Any:
    return Browser().get(f"/c/guess-{number}/", now=now, **(headers or THERE))


def test_who_guesses_is_stopped_after_thirty_in_a_minute():
    answers = [guess(number).status_code for number in range(32)]

    assert answers == [404] * 30 + [429] * 2


def test_who_is_stopped_reads_why_and_for_how_long():
    for number in range(30):
        guess(number)

    response = guess(31, now=AT + MINUTE / 4)

    assert response["Retry-After"] == "45"
    assert "Please wait a minute and try again." in seen(response)
    assert response["Referrer-Policy"] == "no-referrer"
    assert guess(32, now=AT + MINUTE).status_code == 404


def test_who_has_a_link_is_not_stopped_by_somebody_who_guesses_beside_them():
    promise = a_commitment(due_at=SIX)
    for number in range(40):
        guess(number)

    mine = Browser().get(status_link(promise), now=AT, **THERE)
    others = guess(41, **ELSEWHERE)

    assert (mine.status_code, others.status_code) == (200, 404)


def test_what_stands_before_our_proxys_own_word_is_not_believed():
    answers = [
        guess(number, **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"}).status_code
        for number in range(31)
    ]

    assert answers[-1] == 429


def test_without_a_proxy_nothing_that_is_sent_along_is_believed(settings: Any):
    settings.PROXIES = 0

    answers = [
        guess(number, **{"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(31)
    ]

    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("first", "then", "answer"),
    [
        ("2001:db8:1:1::{:x}", "2001:db8:1:1:ffff::1", 429),
        ("2001:db8:1:1::{:x}", "2001:db8:1:2::1", 404),
        ("2001:db8:1:1::1", "2001:DB8:1:1:0:0:0:1", 429),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", 404),
        ("::ffff:203.0.113.7", "203.0.113.7", 429),
    ],
    ids=["in one /64", "in another", "in another spelling", "mapped", "mapped and as it is"],
)
def test_who_has_a_network_of_ipv6_has_the_tries_of_one_address(first, then, answer):
    for number in range(30):
        guess(number, **{"X-Forwarded-For": first.format(number)})

    assert guess(31, **{"X-Forwarded-For": then}).status_code == answer


def test_one_link_is_opened_sixty_times_a_minute_at_most():
    promise, other = a_commitment(due_at=SIX), a_commitment(due_at=SIX)
    link = status_link(promise)

    answers = [Browser().get(link, now=AT).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]
    assert Browser().get(status_link(other), now=AT).status_code == 200


def test_a_hundred_answers_a_minute_are_ten():
    promise = a_commitment(due_at=SIX)
    link = link_of(promise, "stop")

    answers = [
        Browser().post(link, {"List-Unsubscribe": "One-Click"}, now=AT).status_code
        for _ in range(100)
    ]

    assert answers == [200] * 10 + [429] * 90
    assert events_of(promise) == ["made", "mails_stopped"]


def test_many_guesses_from_everywhere_raise_one_alarm(caplog: pytest.LogCaptureFixture):
    most = lengths.current().dead_links_alarm

    with caplog.at_level(logging.ERROR, logger="commitments.public.limits"):
        for number in range(most + 20):
            guess(number, **{"X-Forwarded-For": f"198.51.100.{number}"})

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "guess" not in caplog.text.replace("guessing", "")


def test_no_address_and_no_link_is_kept():
    promise = a_commitment(due_at=SIX)
    link = status_link(promise)

    Browser().get(link, now=AT, **THERE)

    assert isinstance(cache._connections[cache._alias], LocMemCache)
    kept = " ".join(cache._connections[cache._alias]._cache)
    assert "customers:page:" in kept
    assert "203.0.113.7" not in kept
    assert link.split("/")[2] not in kept


def test_a_cache_that_is_away_stops_nobody(settings: Any):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    promise = a_commitment(due_at=SIX)

    answers = [Browser().get(status_link(promise), now=NOON).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
