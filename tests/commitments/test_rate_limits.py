"""Who asks how often is counted once for all web processes, and by nobody's name."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

from commitments import rate_limits
from commitments.rate_limits import HOUR, MINUTE, TooOften
from tests.makers import NOON

pytestmark = pytest.mark.both_databases


@pytest.fixture
def shared(settings: Any) -> None:
    """The tests' own Redis or Valkey, as production has one."""
    broker = settings.CELERY_BROKER_URL  # Celery writes sockets and their numbers in its own way
    place = broker.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    backend = "django.core.cache.backends.redis.RedisCache"
    fresh = {"BACKEND": backend, "LOCATION": place, "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": fresh}


@pytest.mark.usefixtures("shared")
def test_several_processes_at_once_count_none_twice_and_none_not_at_all():
    def ask(_: int) -> int:
        return rate_limits.counted("calls", "token:ft_1", now=NOON)

    with ThreadPoolExecutor(8) as each_with_a_connection_of_its_own:
        counts = list(each_with_a_connection_of_its_own.map(ask, range(200)))

    assert sorted(counts) == list(range(1, 201))


@pytest.mark.usefixtures("shared")
def test_in_a_shared_cache_counts_go_when_their_time_is_over():
    rate_limits.counted("calls", "token:ft_1", per=HOUR, now=NOON)
    rate_limits.counted("calls", "token:ft_1", per=HOUR, now=NOON)

    (key,) = [key for key in all_keys() if b"calls" in key]

    assert 3600 < cache._connections[cache._alias]._cache.get_client().ttl(key) <= 7200


def all_keys() -> list[bytes]:
    backend: Any = cache._connections[cache._alias]
    return list(backend._cache.get_client().scan_iter(f"{backend.key_prefix}*"))


def test_beyond_the_most_it_says_how_long_to_wait_and_the_next_minute_begins_anew():
    for _ in range(2):
        rate_limits.check("calls", "ana", most=2, now=NOON + MINUTE / 2)

    with pytest.raises(TooOften) as refused:
        rate_limits.check("calls", "ana", most=2, now=NOON + MINUTE / 2)

    assert refused.value.wait == 30
    rate_limits.check("calls", "ana", most=2, now=NOON + MINUTE)
    rate_limits.check("calls", "dev", most=2, now=NOON + MINUTE / 2)
    rate_limits.check("exports", "ana", most=2, now=NOON + MINUTE / 2)


def test_nobodys_name_is_kept():
    rate_limits.counted("calls", "from:203.0.113.7", now=NOON)

    assert isinstance(cache._connections[cache._alias], LocMemCache)
    kept = " ".join(cache._connections[cache._alias]._cache)
    assert "calls:" in kept
    assert "203.0.113.7" not in kept
