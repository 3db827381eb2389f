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


@pytest.mark.parametrize(
    ("embedded", "url", "backend", "said"),
    [
        (True, "", "", []),
        (False, "smtp://localhost:25", "", []),
        (False, "", "anymail.backends.postmark.EmailBackend", []),
        (False, "", "", ["followthrough.W002"]),
    ],
)
def test_in_production_mails_need_a_way_out(settings: Any, embedded, url, backend, said):
    settings.EMBEDDED, settings.EMAIL_URL = embedded, url
    settings.NOTIFICATIONS_EMAIL_BACKEND = backend

    assert [each.id for each in checks.mails_leave()] == said
