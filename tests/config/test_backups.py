"""A backup holds everything as of one moment, and is put back whole or not at all."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from commitments import services
from commitments.models import Commitment, Event, EventText
from config import backups
from notifications.models import Delivery
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana
from tests.services import programs_beside_us

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

TABLES = (
    *("commitments_commitment", "commitments_event", "commitments_eventtext", "commitments_user"),
    *("notifications_delivery", "django_migrations", "commitments_customer"),
)


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own, of the server's version."""
    monkeypatch.setenv("PATH", f"{programs_beside_us()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def files(store: Path) -> Path:
    storages["attachments"].save("2026/05/photo", ContentFile(b"a photo of the meter"))
    return store


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[None]:
    """Where the connection leads from now on."""
    kept = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.close()
        connection.settings_dict["NAME"] = str(tmp_path / "restored.sqlite3")
        yield
        connection.close()
        connection.settings_dict["NAME"] = kept
        return
    name = f"{kept}_restored"
    _say(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    yield
    connection.close()
    connection.settings_dict["NAME"] = kept
    _say(f'DROP DATABASE "{name}" WITH (FORCE)')


def _say(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def made(files: Path, tmp_path: Path) -> backups.Backup:
    """Two promises, one kept, with their messages; and a customer's photo."""
    kettle = a_commitment()
    a_commitment(due_at=NOON + HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent.", now=NOON + MINUTE)
    return backups.make(tmp_path / "backups", now=NOON)


def test_what_is_put_back_is_what_was_there(
    made: backups.Backup, files: Path, tmp_path: Path, request: pytest.FixtureRequest
):
    before = everything()
    a_commitment()  # which comes later, and is not in it
    request.getfixturevalue("empty_database")
    files.rename(tmp_path / "lost")

    said = restore(made.folder)

    after = everything()
    assert after.pop("django_migrations") == before.pop("django_migrations")
    queued = before.pop("notifications_delivery")
    assert len(after.pop("notifications_delivery")) == len(queued) > 0
    assert after == before
    assert (files / "2026/05/photo").read_bytes() == b"a photo of the meter"
    assert "Restored what was there at 2026-05-21T12:00:00+00:00." in said
    assert "Nothing goes out now." in said
    assert "every one fits" in run("verify_history")


def test_what_is_promised_meanwhile_is_in_it_whole_or_not_at_all(
    files: Path, tmp_path: Path, request: pytest.FixtureRequest
):
    """Somebody commits one promise after the other, at least one of them during the backup."""
    a_commitment()
    made: list[str] = []
    enough = threading.Event()

    def promise_on() -> None:
        while not enough.is_set():
            made.append(a_commitment().reference)

    with beside(promise_on, end=enough) as others:
        for minute in count():
            before = list(made)
            backup = backups.make(tmp_path / "backups", now=NOON + minute * MINUTE)
            if 0 < len(before) < len(made):
                break
            assert not others.done()
    promised = promises()
    request.getfixturevalue("empty_database")
    files.rename(tmp_path / "lost")
    restore(backup.folder)

    restored = promises()
    assert set(before) <= restored.keys()
    assert restored == {reference: promised[reference] for reference in restored}
    assert [Event.objects.count(), EventText.objects.count(), Delivery.objects.count()] == [
        sum(len(pieces[place]) for pieces in restored.values()) for place in range(3)
    ]
    assert "every one fits" in run("verify_history")


def test_nothing_of_what_is_half_done_is_in_it(
    files: Path, tmp_path: Path, request: pytest.FixtureRequest
):
    """And it does not wait until that is done."""
    kettle = a_commitment()
    is_half_done, backed_up = threading.Event(), threading.Event()

    def promise_slowly() -> str:
        with transaction.atomic():
            promise = a_commitment()
            is_half_done.set()
            backed_up.wait()
        return promise.reference

    with beside(promise_slowly, end=backed_up) as other:
        while not is_half_done.wait(0.1):
            assert not other.done()
        backup = backups.make(tmp_path / "backups", now=NOON)
    promised = promises()
    request.getfixturevalue("empty_database")
    files.rename(tmp_path / "lost")
    restore(backup.folder)

    assert promised.keys() == {kettle.reference, other.result()}
    assert promises() == {kettle.reference: promised[kettle.reference]}
    assert {each.about for each in Delivery.objects.all()} == {kettle.about}
    assert "every one fits" in run("verify_history")


def test_it_may_be_read_by_nobody_else_and_knows_no_secret(made: backups.Backup, settings: Any):
    assert made.folder.stat().st_mode & 0o077 == 0
    assert made.folder.name == "followthrough-20260521T120000Z"
    assert settings.SECRET_KEY.encode() not in b"".join(
        path.read_bytes() for path in made.folder.rglob("*") if path.is_file()
    )


def test_nothing_is_put_back_over_what_is_there(made: backups.Backup):
    before = everything()

    with pytest.raises(CommandError, match="The database is not empty"):
        restore(made.folder)

    assert everything() == before


@pytest.mark.parametrize("spoilt", ["changed", "missing", "no manifest"])
def test_a_backup_that_was_damaged_is_refused_before_anything_is_done(
    made: backups.Backup, request: pytest.FixtureRequest, spoilt: str
):
    (database,) = made.folder.glob("database.*")
    if spoilt == "changed":
        database.write_bytes(database.read_bytes()[:-1] + b"x")
    else:
        (database if spoilt == "missing" else made.folder / "manifest.json").unlink()
    request.getfixturevalue("empty_database")

    with pytest.raises(CommandError, match=r"is not what|is missing|is no backup"):
        restore(made.folder)

    assert connection.introspection.table_names() == []


def test_a_backup_of_another_kind_of_database_is_refused(
    made: backups.Backup, request: pytest.FixtureRequest
):
    manifest = json.loads((made.folder / "manifest.json").read_text())
    manifest["database"] = "oracle"
    (made.folder / "manifest.json").write_text(json.dumps(manifest))
    request.getfixturevalue("empty_database")

    with pytest.raises(CommandError, match="This backup is of oracle"):
        restore(made.folder)


def test_files_that_are_there_are_not_mixed_with_those_of_the_backup(
    made: backups.Backup, request: pytest.FixtureRequest
):
    request.getfixturevalue("empty_database")

    with pytest.raises(CommandError, match="is not empty"):
        restore(made.folder)


def test_what_could_not_be_finished_leaves_nothing(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_copy_files", no_space)

    with pytest.raises(CommandError, match="No space left"):
        run("backup", "--to", str(tmp_path / "backups"))

    assert list((tmp_path / "backups").iterdir()) == []


def test_another_key_is_said(
    made: backups.Backup, files: Path, settings: Any, request: pytest.FixtureRequest
):
    assert made.has_our_key
    settings.SECRET_KEY = "another-key-of-more-than-fifty-characters-long-0123456"
    assert not made.has_our_key


@pytest.mark.postgresql
def test_where_the_programs_are_missing_that_is_said(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match="There is no pg_dump here"):
        run("backup", "--to", str(tmp_path / "backups"))


def test_a_damaged_sqlite_file_is_no_backup(tmp_path: Path):
    """The check that a copy goes through, on a copy that is not whole."""
    file = tmp_path / "damaged.sqlite3"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE t (x TEXT UNIQUE)")
        made.executemany("INSERT INTO t VALUES (?)", [(str(n) * 50,) for n in range(2000)])
        made.commit()
    spoilt = bytearray(file.read_bytes())
    spoilt[8192:24576] = bytes(16384)
    file.write_bytes(spoilt)

    with (
        closing(sqlite3.connect(file)) as damaged,
        pytest.raises(backups.BackupError, match="is damaged"),
    ):
        backups.check_whole(damaged)


@contextmanager
def beside(work: Callable[[], Any], *, end: threading.Event) -> Iterator[Future[Any]]:
    """Have it done on a connection of its own, until `end` is set; raises what it raised."""

    def do() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        doing = threads.submit(do)
        try:
            yield doing
        finally:
            end.set()
    doing.result()


def promises() -> dict[str, tuple[list[object], ...]]:
    """By reference, whatever belongs to each: its events, their words, its messages."""
    return {
        each.reference: (
            list(each.events.order_by("pk").values_list("sequence", "kind", "hash")),
            list(EventText.objects.filter(event__commitment=each).order_by("pk").values()),
            list(Delivery.objects.filter(about=each.about).order_by("pk").values_list("key")),
        )
        for each in Commitment.objects.all()
    }


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables that matter, as the database has it."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


def restore(folder: Path) -> str:
    return run("restore", str(folder))


def run(*command: str) -> str:
    said = StringIO()
    call_command(*command, stdout=said)
    return said.getvalue()
