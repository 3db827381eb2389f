"""How often a program may call, in all and with what changes something."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from tests.api.callers import LIST, Program, a_program, a_promise
from tests.makers import MINUTE, NOON, a_team, a_user, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ME = "/api/v1/me/"
THERE = {"X-Forwarded-For": "203.0.113.7"}
ELSEWHERE = {"X-Forwarded-For": "203.0.113.8"}


@pytest.fixture(autouse=True)
def _narrow(settings: Any) -> None:
    settings.PROXIES = 1
    settings.COMMITMENTS_LENGTHS = {
        "api_calls_a_minute": 6,
        "api_changes_a_minute": 3,
        "api_strangers_a_minute": 4,
    }


@pytest.fixture
def program() -> Program:
    a_team()
    return a_program()


def codes(program: Program, times: int, path: str = ME) -> list[int]:
    return [program.get(path).status_code for _ in range(times)]


def test_a_token_calls_so_often_a_minute_and_then_is_told_how_long_to_wait(at_noon, program):
    at_noon.move_to(NOON + MINUTE / 4)

    answered = codes(program, 6)
    refused = program.get(ME)

    assert answered == [200] * 6
    assert (refused.status_code, refused["Retry-After"]) == (429, "45")
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "throttled"
    assert refused.json()["detail"] == "More than 6 calls in a minute. Try again in 45 seconds."
    at_noon.move_to(NOON + MINUTE)
    assert program.get(ME).status_code == 200


def test_what_changes_something_is_counted_more_strictly_and_beyond_it_nothing_is_done(program):
    made = [program.post(a_promise()).status_code for _ in range(4)]

    assert made == [201] * 3 + [429]
    assert Commitment.objects.count() == 3
    assert program.get(ME).status_code == 200


def test_a_question_by_post_changes_nothing_and_counts_as_none(program):
    asked = [
        program.post({"due": "tomorrow 5pm"}, "/api/v1/deadlines/read/").status_code
        for _ in range(4)
    ]

    assert 429 not in asked


def test_each_token_is_counted_by_itself(program):
    other = a_program()

    codes(program, 7)

    assert (program.get(ME).status_code, other.get(ME).status_code) == (429, 200)


def test_who_may_not_do_it_is_counted_like_who_may(program):
    reader = a_program(scope="read")

    answered = [reader.post(a_promise()).status_code for _ in range(4)]

    assert answered == [403] * 3 + [429]
    assert codes(program, 1, f"{LIST}K7Q2M/") == [404]


def test_somebody_signed_in_to_the_pages_is_counted_as_themselves(program):
    browser, hers = Client(), Client()
    browser.force_login(ana())
    hers.force_login(a_user("Dev Shah"))

    answered = [browser.get(ME).status_code for _ in range(7)]

    assert answered == [200] * 6 + [429]
    assert (hers.get(ME).status_code, program.get(ME).status_code) == (200, 200)


@pytest.mark.parametrize("token", ["", "ft_12345678." + "x" * 43, "nothing like it"])
def test_strangers_are_counted_by_their_address(program, token):
    def call(**where: str) -> Any:
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        return Client().get(ME, headers=signed | where)

    answered = [call(**THERE).status_code for _ in range(5)]

    assert answered == [401] * 4 + [429]
    assert call(**THERE)["Retry-After"] == "60"
    assert call(**ELSEWHERE).status_code == 401
    assert program.get(ME, **THERE).status_code == 200


def test_what_a_stranger_writes_into_a_header_makes_them_nobody_else(settings: Any):
    settings.PROXIES = 0

    answered = [
        Client().get(ME, headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(5)
    ]

    assert answered == [401] * 4 + [429]


def test_without_a_cache_programs_are_answered(settings: Any, program):
    settings.CACHES = a_cache("redis://127.0.0.1:1/0")

    assert codes(program, 8) == [200] * 8
    assert program.post(a_promise()).status_code == 201
    assert Client().get(ME).status_code == 401


def test_a_cache_that_hangs_is_asked_once_and_then_left_alone(settings: Any, at_noon, program):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.CACHES = a_cache(f"redis://127.0.0.1:{port}/0", socket_timeout=0.01)

        answered = codes(program, 3)
        at_noon.shift(MINUTE)
        answered += codes(program, 1)

        assert answered == [200] * 4
        assert connections_to(silent) == 2


def connections_to(server: socket.socket) -> int:
    """How many came so far."""
    server.setblocking(False)
    count = 0
    try:
        while True:
            server.accept()[0].close()
            count += 1
    except BlockingIOError:
        return count


def a_cache(place: str, **options: Any) -> dict[str, Any]:
    backend = "django.core.cache.backends.redis.RedisCache"
    return {"default": {"BACKEND": backend, "LOCATION": place, "OPTIONS": options}}
