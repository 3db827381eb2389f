"""Unset means embedded; production is strict from the first start."""

from __future__ import annotations

import json
import re
import secrets
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


UNSAFE = [
    ({"DEBUG": "true"}, "DEBUG=true shows code and settings"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* lets strangers choose the name in our links."),
    ({"ALLOWED_HOSTS": "promises.example.org,*"}, "ALLOWED_HOSTS=* lets strangers"),
    ({"SECRET_KEY_FALLBACKS": "x" * 60}, "SECRET_KEY_FALLBACKS: key 1 is weak"),
    ({"SECRET_KEY_FALLBACKS": f"{'abcdef' * 10},too-short"}, "SECRET_KEY_FALLBACKS: key 2 is weak"),
    (
        {"PUBLIC_URL": "http://promises.example.org"},
        "PUBLIC_URL is http://promises.example.org, and others than this machine come",
    ),
    ({"PUBLIC_URL": "promises.example.org"}, "Give the https:// address of a proxy in front"),
    (
        {"PUBLIC_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "promises.example.org"},
        "PUBLIC_URL is http://127.0.0.1:8000, and others than this machine come",
    ),
]
# As `manage.py up` runs behind a proxy.
EMBEDDED = {"PUBLIC_URL": "https://promises.example.org"}


@pytest.mark.parametrize(("given", "said"), UNSAFE)
def test_production_does_not_start_on_what_is_unsafe(given: dict[str, str], said: str):
    done = run("from config import settings", **{**PRODUCTION, **given})

    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize(("given", "said"), [*UNSAFE, ({"SECRET_KEY": "x"}, "SECRET_KEY is weak")])
def test_neither_does_a_machine_of_ones_own_where_others_come(
    given: dict[str, str], said: str, tmp_path: Path
):
    done = run("from config import settings", **{**EMBEDDED, "VAR_DIR": str(tmp_path), **given})

    assert done.returncode == 1
    assert said in done.stderr


def test_at_ones_own_machine_everything_goes(tmp_path: Path):
    """Nobody else comes there."""
    given = {"DEBUG": "true", "SECRET_KEY": "x", "SECRET_KEY_FALLBACKS": "y"}

    for url in ("http://127.0.0.1:8000", "http://localhost:8755", "http://[::1]:8000"):
        assert read("IS_PUBLIC", **given, PUBLIC_URL=url, VAR_DIR=str(tmp_path)) is False


def test_a_closed_network_may_do_without_https_and_says_so():
    given = {**PRODUCTION, "PUBLIC_URL": "http://promises.internal", "PLAIN_HTTP": "true"}

    assert read("SESSION_COOKIE_SECURE", **given) is False
    assert read("IS_PUBLIC", **given) is True


# Every value that is a secret, or may hold one, by what settings.py reads it into.
SECRETS = {
    "SECRET_KEY": ("abcdefghij" * 6, "SECRET_KEY"),
    "SECRET_KEY_FALLBACKS": ("9876543210" * 6, "SECRET_KEY_FALLBACKS[0]"),
    "DATABASE_URL": ("postgres://us:kettle@db.example.org/f", "DATABASES['default']['PASSWORD']"),
    "CACHE_URL": ("redis://:kettle@cache.example.org/1", "CACHES['default']['LOCATION']"),
    "CELERY_BROKER_URL": ("amqp://us:kettle@broker.example.org", "CELERY_BROKER_URL"),
    "EMAIL_URL": ("smtp://us:kettle@mail.example.org:25", "EMAIL_URL"),
    "ANYMAIL": ('{"WEBHOOK_SECRET": "kettle"}', "ANYMAIL['WEBHOOK_SECRET']"),
    "OIDC_CLIENT_SECRET": (
        "kettle",
        "SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]['secret']",
    ),
    "SMS_URL": ("twilio://us:kettle@/{number}", "SMS_URL"),
    "METRICS_TOKEN": ("kettle", "METRICS_TOKEN"),
    "HEARTBEAT_URL": ("https://beats.example.org/kettle", "HEARTBEAT_URL"),
    "SENTRY_DSN": ("https://kettle@errors.example.org/1", "SENTRY_DSN"),
}
PUBLIC = {"PUBLIC_URL", "OIDC_URL"}


def test_every_value_that_may_be_secret_is_among_these():
    text = (CODE / "config" / "settings.py").read_text("utf-8")

    named = set(re.findall(r"env\.\w+\(\s*\"(\w*(?:SECRET|URL|TOKEN|DSN|ANYMAIL)\w*)\"", text))

    assert named == SECRETS.keys() | PUBLIC


def test_a_secret_may_stand_in_a_file(tmp_path: Path):
    """Each of them, with the line end that an editor leaves; one process reads them all."""
    for name, (value, _) in SECRETS.items():
        (tmp_path / name).write_text(f"{value}\n")
    files = {f"{name}_FILE": str(tmp_path / name) for name in SECRETS}
    others = {name: value for name, value in PRODUCTION.items() if name not in SECRETS}
    sign_on = {"OIDC_URL": "https://people.example.org", "OIDC_CLIENT_ID": "us"}
    read_into = ", ".join(f"'{name}': settings.{place}" for name, (_, place) in SECRETS.items())

    done = run(
        "import json; from config import settings;"
        f" print(json.dumps([settings.EMBEDDED, {{{read_into}}}]))",
        **{**others, **sign_on, **files},
    )

    assert done.returncode == 0, done.stderr
    is_embedded, held = json.loads(done.stdout)
    assert is_embedded is False
    for name, (value, _) in SECRETS.items():
        whole_or_part = value if name not in {"DATABASE_URL", "ANYMAIL"} else "kettle"
        assert held[name] == whole_or_part, name


def test_so_may_what_the_web_server_reads(tmp_path: Path):
    given = {
        "BIND": "127.0.0.1:8755",
        "WEB_PROCESSES": "3",
        "WEB_THREADS": "5",
        "LOG_LEVEL": "ERROR",
        "LOG_FORMAT": "json",
    }
    for name, value in given.items():
        (tmp_path / name).write_text(f"{value}\n")

    done = run(
        "import json; from config import web_server as it;"
        " print(json.dumps([it.bind, it.workers, it.threads, it.logconfig_dict['root']['level'],"
        " it.logconfig_dict['handlers']['lines']['formatter']]))",
        **{f"{name}_FILE": str(tmp_path / name) for name in given},
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["127.0.0.1:8755", 3, 5, "ERROR", "json"]


def test_a_production_as_it_is_meant_passes_the_checks_for_it():
    """`make lint` asks the same."""
    given = {
        **PRODUCTION,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "CACHE_URL": "redis://cache.example.org/1",
        "EMAIL_URL": "smtp://mail.example.org:25",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=CODE,
        env=an_environment(**given),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("System check identified no issues")


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
