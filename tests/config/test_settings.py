"""Unset means embedded; production is strict from the first start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.houses import CODE, an_environment

PRODUCTION = {
    "DATABASE_URL": "postgres://followthrough@db.example.org/followthrough",
    "SECRET_KEY": "k" * 60,
    "PUBLIC_URL": "https://promises.example.org",
    "CELERY_BROKER_URL": "amqp://broker.example.org",
}


def read(name: str, **environment: str) -> object:
    """One setting, as a new process with that environment reads it."""
    program = (
        f"import json; from config import settings; print(json.dumps(settings.{name}, default=str))"
    )
    done = run(program, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=CODE,
        env=an_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_nothing_set_it_is_embedded_and_keeps_its_key(tmp_path: Path):
    first = read("SECRET_KEY", VAR_DIR=str(tmp_path))

    second = read("SECRET_KEY", VAR_DIR=str(tmp_path))

    assert first == second == (tmp_path / "secret_key").read_text()
    assert read("DATABASES", VAR_DIR=str(tmp_path))["default"]["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }


@pytest.mark.parametrize(
    ("place", "options"),
    [
        ("", {"MAX_ENTRIES": 10_000}),
        ("redis://cache/1", {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}),
        ("redis://cache/1?socket_timeout=2", {"socket_timeout": 2, "socket_connect_timeout": 0.5}),
    ],
)
def test_no_request_waits_long_for_a_cache(place: str, options: dict[str, object]):
    given = {"CACHE_URL": place} if place else {}

    assert read("CACHES", **PRODUCTION, **given)["default"]["OPTIONS"] == options


def test_production_does_not_start_without_a_key():
    done = run("from config import settings", **{**PRODUCTION, "SECRET_KEY": ""})

    assert done.returncode == 1
    assert "Set SECRET_KEY: production mode does not start without one." in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", ["promises.example.org"]),
        ("SESSION_COOKIE_SECURE", True),
        ("CSRF_COOKIE_SECURE", True),
        ("SECURE_SSL_REDIRECT", True),
        ("SECURE_HSTS_SECONDS", 31_536_000),
        ("CELERY_BROKER_TRANSPORT_OPTIONS", {"confirm_publish": True}),
        ("COMMITMENTS_LENGTHS", {"undo": "0:00:02"}),
        ("NOTIFICATIONS_LENGTHS", {"batch": 5, "spread": 0.1, "code_tries": 3, "lease": "0:01:00"}),
    ],
)
def test_production_is_read_from_the_environment(name, value):
    figures = {
        "COMMITMENTS_LENGTHS": '{"undo": 2}',
        "NOTIFICATIONS_LENGTHS": '{"batch": 5, "spread": 0.1, "code_tries": 3, "lease": 60}',
    }

    assert read(name, **PRODUCTION, **figures) == value


def test_every_page_carries_the_whole_content_policy(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "script-src 'self'",
        "style-src 'self'",
    ]
