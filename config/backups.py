"""A backup is a folder: the database as of one moment, the customers' files, and what they are.

    followthrough-20260522T081500Z/
        manifest.json    when, which database, which migrations, and the SHA-256 of every file
        database.dump    PostgreSQL, as `pg_dump` writes it; database.sqlite3 of SQLite
        attachments/     what customers sent along

It is made while everybody goes on. The database comes first and the files after it: a file is kept
before the row that names it, so every row of the backup finds its file. The folder has its name
only once it is whole, and nobody but its owner may read it: it holds personal data, and no secret
key.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core import signing
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.recorder import MigrationRecorder

_MANIFEST, _FILES = "manifest.json", "attachments"
_SALT = "a backup was made with this key"
_NAMES = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}


class BackupError(Exception):
    """It cannot be made or put back, in a sentence for an operator. Nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """One that is whole: every file is there and is what was written."""

    folder: Path
    manifest: Mapping[str, Any]  # Any: JSON

    @classmethod
    def read(cls, folder: Path) -> Backup:
        try:
            manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as no:
            raise BackupError(f"{folder} is no backup: it has no readable {_MANIFEST}.") from no
        found = dict(_digests(folder))
        for name, digest in manifest["files"].items():
            if name not in found:
                raise BackupError(f"{name} is missing from {folder}.")
            if found[name] != digest:
                raise BackupError(f"{name} in {folder} is not what was backed up.")
        return cls(folder=folder, manifest=manifest)

    @property
    def has_our_key(self) -> bool:
        """Whether it was made with a secret key that is still known here."""
        try:
            signing.loads(self.manifest["signed"], salt=_SALT)
        except signing.BadSignature:
            return False
        return True


def make(into: Path, *, now: datetime) -> Backup:
    """Back everything up into a new folder below `into`. Raises BackupError."""
    folder = into / f"followthrough-{now:%Y%m%dT%H%M%SZ}"
    unfinished = folder.with_suffix(".unfinished")
    try:
        unfinished.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupError(
            f"{unfinished} is there: another backup, or what is left of one."
        ) from None
    if folder.exists():
        unfinished.rmdir()
        raise BackupError(f"{folder} is there already.")
    try:
        _dump(unfinished / _NAMES[connection.vendor])
        _copy_files(unfinished / _FILES)
        manifest = _manifest(unfinished, now=now)
        (unfinished / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Backup(folder=folder, manifest=manifest)


def put_back(backup: Backup) -> None:
    """Into an empty database, and an empty folder for files. Raises BackupError."""
    vendor = backup.manifest["database"]
    if vendor != connection.vendor:
        raise BackupError(
            f"This backup is of {vendor}, and DATABASE_URL names {connection.vendor}."
        )
    if connection.introspection.table_names():
        raise BackupError("The database is not empty. Restore into an empty one.")
    files = _folder_of_files()
    if files.exists() and any(files.iterdir()):
        raise BackupError(f"{files} is not empty. Move what is there out of the way.")
    connection.close()
    _load(backup.folder / _NAMES[vendor])
    if (backup.folder / _FILES).is_dir():
        shutil.copytree(backup.folder / _FILES, files, dirs_exist_ok=True)


def _dump(file: Path) -> None:
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)  # in one go: others write on, and it sees none of it
        check_whole(copy)


def check_whole(database: sqlite3.Connection) -> None:
    """Raises BackupError where a file of SQLite's is damaged."""
    try:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as no:
        verdict = str(no)
    if verdict != "ok":
        raise BackupError(f"The database is damaged: {verdict}")


def _load(file: Path) -> None:
    if connection.vendor == "postgresql":
        rights = ("--no-owner", "--no-privileges")
        _run("pg_restore", "--single-transaction", "--exit-on-error", *rights, file=file)
        return
    shutil.copyfile(file, str(connection.settings_dict["NAME"]))


def _run(program: str, *options: str, file: Path | None = None) -> None:
    """One of PostgreSQL's own programs on our database; the password is not among its arguments."""
    (_, *where), environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    name = where.pop()
    command = [program, *options, *where, f"--dbname={name}", *([str(file)] if file else [])]
    try:
        subprocess.run(
            command,
            env={**os.environ, **(environment or {})},
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise BackupError(
            f"There is no {program} here. Install PostgreSQL's client programs."
        ) from None
    except subprocess.CalledProcessError as no:
        raise BackupError(f"{program} failed: {no.stderr.strip()[-1000:]}") from no


def _copy_files(to: Path) -> None:
    """What is stored meanwhile may or may not be among them; what is removed meanwhile, too."""
    to.mkdir()
    source = _folder_of_files()
    for path in sorted(source.rglob("*")) if source.exists() else ():
        if path.is_file():
            target = to / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(path, target)
            except FileNotFoundError:
                continue  # its customer was erased this moment


def _folder_of_files() -> Path:
    storage = storages["attachments"]
    if not isinstance(storage, FileSystemStorage):
        raise BackupError("The customers' files are not in a folder; back them up where they are.")
    return Path(storage.location)


def _manifest(folder: Path, *, now: datetime) -> dict[str, Any]:
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
        "signed": signing.dumps("", salt=_SALT),
        "files": dict(_digests(folder)),
    }


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of every file but the manifest."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != _MANIFEST:
            with path.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            yield path.relative_to(folder).as_posix(), digest
