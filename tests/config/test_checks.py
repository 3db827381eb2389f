"""What works and not as one might think is said by `manage.py check`."""

from __future__ import annotations

from typing import Any

import pytest

from config import checks

MEMORY = "django.core.cache.backends.locmem.LocMemCache"
REDIS = "django.core.cache.backends.redis.RedisCache"


@pytest.mark.parametrize(
    ("processes", "backend", "said"),
    [
        (None, MEMORY, []),
        ("1", MEMORY, []),
        ("4", MEMORY, ["followthrough.W001"]),
        ("4", REDIS, []),
    ],
)
def test_several_web_processes_need_one_cache(
    settings: Any, monkeypatch: pytest.MonkeyPatch, processes, backend, said
):
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": ""}}
    monkeypatch.delenv("WEB_PROCESSES", raising=False)
    if processes:
        monkeypatch.setenv("WEB_PROCESSES", processes)

    assert [each.id for each in checks.counts_are_shared()] == said
