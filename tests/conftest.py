"""What every test may lean on. The servers come from `tests/services.py`, earlier than this."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import OperationalError, connection
from django.db.backends.base.operations import BaseDatabaseOperations
from psycopg2.errors import LockNotAvailable

# The same examples every time, so that what failed can be run again; `wander` looks further.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("wander", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# The server of browsers and of the fuzz writes an answer in two pieces. Held back until the first
# is acknowledged, the second comes 40 ms late.
WSGIRequestHandler.disable_nagle_algorithm = True

HOW_TO_GET_CHROMIUM = (
    "no Chromium: install it (Debian: apt-get install chromium), or point CHROMIUM at one"
)


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Leave out, aloud, what this run has no server for."""
    missing = {
        "postgresql": connection.vendor != "postgresql" and "needs PostgreSQL",
        "rabbitmq": "RABBITMQ_URL" not in os.environ and "no RabbitMQ: set RABBITMQ_URL",
        "long_fault": "long_fault" not in config.option.markexpr and "long: make faults runs it",
        "audit": "audit" not in config.option.markexpr and "long: make audit runs it",
        "fuzz": "fuzz" not in config.option.markexpr and "long: make fuzz runs it",
        "load": "load" not in config.option.markexpr and "slow: run it with -m load",
    }
    for item in items:
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many pairs of role and door the walk has tried (tests/safety), in whatever process."""
    counted = [
        count
        for report in terminalreporter.getreports("passed")
        for name, count in report.user_properties
        if name == "pairs of role and door"
    ]
    if counted:
        terminalreporter.write_line(f"{sum(counted):,} pairs of role and door tried")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without one the test is skipped, or fails where REQUIRE_BROWSER is set."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found:
        return found
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(HOW_TO_GET_CHROMIUM)
    pytest.skip(HOW_TO_GET_CHROMIUM)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, request: pytest.FixtureRequest
) -> None:
    """On SQLite take a file, one for each process of pytest-xdist.

    One in memory is not the WAL database that people run.
    """
    if connection.vendor == "sqlite":
        process = getattr(request.config, "workerinput", {}).get("workerid", "tests")
        connection.settings_dict["TEST"]["NAME"] = f"{connection.settings_dict['NAME']}.{process}"


@pytest.fixture(autouse=True)
def _hasty_passwords(settings: Any) -> None:
    """No test is about how slowly a password is hashed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_is_kept_on_disk(settings: Any) -> None:
    """What customers send in a test lies in memory, and is gone with it."""
    in_memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "attachments": in_memory}


@pytest.fixture(autouse=True)
def imports_folder(settings: Any, tmp_path: Path) -> Path:
    """The folder in which files to be imported lie: each test has its own, and most never ask."""
    folder = tmp_path / "imports"
    backend = "django.core.files.storage.FileSystemStorage"
    on_disk = {"BACKEND": backend, "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "imports": on_disk}
    return folder


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    """The folder in which files from customers lie, for tests that look into it."""
    folder = tmp_path / "attachments"
    backend = "django.core.files.storage.FileSystemStorage"
    on_disk = {"BACKEND": backend, "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "attachments": on_disk}
    return folder


@pytest.fixture(autouse=True)
def _no_word_of_lateness(settings: Any) -> None:
    """Promises of May that nobody worked on would put a banner on every page."""
    settings.SAYS_WHEN_LATE = False


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    """How often somebody asked is counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _empty_tables_past_their_triggers() -> Iterator[None]:
    """Let a transactional test be cleaned up although events may never be deleted, and quickly.

    Only `flush` is let past, which nothing but the tests calls; a test that deletes an event is
    refused like everybody else. What `migrate` says of models, their names and permissions, stays,
    so that it need not be said again after each test.
    """
    honest = BaseDatabaseOperations.execute_sql_flush

    def past_the_triggers(operations: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        if connection.vendor == "postgresql":
            _when_nobody_is_at_work(lambda: honest(operations, [EMPTY_EVERY_TABLE]))
            return
        off, on = _switches_of_triggers()
        stays = [f'FROM "{table}"' for table in SAID_BY_MIGRATE]
        left = [each for each in sql_list if not any(table in each for table in stays)]
        honest(operations, [*off, *left, *on])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", past_the_triggers)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


SAID_BY_MIGRATE = ("django_migrations", "django_content_type", "auth_permission")

# Like TRUNCATE it waits for whoever is still at work in a table, but it makes no new files for a
# hundred tables, of which a test has filled ten. Whoever is at work takes tables in another order:
# it gives way before the server would call that a deadlock (after a second), and is asked again.
EMPTY_EVERY_TABLE = f"""
DO $$
DECLARE
    tables text[] := array(
        SELECT format('%I', tablename) FROM pg_tables
        WHERE schemaname = current_schema() AND tablename NOT IN {SAID_BY_MIGRATE}
    );
    each text;
BEGIN
    SET LOCAL lock_timeout = '400ms';
    EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ') || ' IN ACCESS EXCLUSIVE MODE';
    PERFORM set_config('session_replication_role', 'replica', true);  -- without any trigger
    FOREACH each IN ARRAY tables LOOP
        EXECUTE 'DELETE FROM ' || each;
    END LOOP;
END $$
"""


def _when_nobody_is_at_work(empty: Callable[[], None], *, tries: int = 50) -> None:
    """Empty the tables, though a request of the test before may still be reading in them."""
    for left in reversed(range(tries)):
        try:
            empty()
            break
        except OperationalError as busy:
            if not isinstance(busy.__cause__, LockNotAvailable) or not left:
                raise


def _switches_of_triggers() -> tuple[list[str], list[str]]:
    """The statements that put aside every trigger of SQLite's, and bring it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = cursor.fetchall()
    return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]
