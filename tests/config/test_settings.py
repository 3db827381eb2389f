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
    "SECRET_KEY": "0123456789" * 6,
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
    "key", ["k" * 60, "only-49-characters-long-which-is-one-too-few-1234", "x"]
)
def test_production_does_not_start_on_a_weak_key(key: str):
    done = run("from config import settings", **{**PRODUCTION, "SECRET_KEY": key})

    assert done.returncode == 1
    assert "SECRET_KEY is weak" in done.stderr
    assert key not in done.stderr or len(key) == 1


def test_a_secret_may_stand_in_a_file(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text(PRODUCTION["SECRET_KEY"] + "\n")
    database = tmp_path / "database"
    database.write_text(PRODUCTION["DATABASE_URL"])
    given = {
        name: value
        for name, value in PRODUCTION.items()
        if "_URL" not in name or "DATA" not in name
    }
    del given["SECRET_KEY"]
    files = {"SECRET_KEY_FILE": str(file), "DATABASE_URL_FILE": str(database)}

    assert read("SECRET_KEY", **given, **files) == PRODUCTION["SECRET_KEY"]
    assert read("EMBEDDED", **given, **files) is False
    assert read("DATABASES", **given, **files)["default"]["HOST"] == "db.example.org"  # type: ignore[index]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"SECRET_KEY_FILE": "/nowhere"}, "SECRET_KEY_FILE names /nowhere, which cannot be read."),
        (
            {"SECRET_KEY_FILE": "/nowhere", "SECRET_KEY": "x" * 60},
            "Give SECRET_KEY or SECRET_KEY_FILE, not both.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(files: dict[str, str], said: str):
    done = run("from config import settings", **{**PRODUCTION, "SECRET_KEY": ""} | files)

    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_COOKIE_NAME", "__Host-sessionid"),
        ("CSRF_COOKIE_NAME", "__Host-csrftoken"),
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


def test_no_page_may_use_what_the_browser_has_of_the_machine(client):
    answer = client.get("/accounts/login/")

    denied = answer["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()"} <= set(denied)
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


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


def test_how_long_data_is_kept_is_said_in_days():
    given = json.dumps({"customers": 730, "message_words": 30, "reminders": None})

    promises = read("COMMITMENTS_LENGTHS", **PRODUCTION, RETENTION=given)
    messages = read("NOTIFICATIONS_LENGTHS", **PRODUCTION, RETENTION=given)

    assert promises == {"customer_kept": "730 days, 0:00:00"}
    assert messages == {"bodies_kept": "30 days, 0:00:00", "inbox_kept": None}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"customer": 730}, "RETENTION: there is no “customer”. Known are absence_notes,"),
        ({"customers": 0}, "RETENTION: customers is a number of days up to 36,500, or null."),
        ({"customers": True}, "RETENTION: customers is a number of days"),
        ({"customers": "730"}, "RETENTION: customers is a number of days"),
        ({"customers": 60}, "customers must be kept for at least as long as message_words"),
        ({"message_words": None}, "customers must be kept for at least as long as message_words"),
    ],
)
def test_what_cannot_be_kept_to_is_refused(given: dict[str, object], said: str):
    done = run("from config import settings", **PRODUCTION, RETENTION=json.dumps(given))

    assert done.returncode == 1
    assert said in done.stderr
