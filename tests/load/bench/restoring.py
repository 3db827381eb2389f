"""A whole installation backed up and put back by the commands that operators use; ends with 1 where
that takes longer than it may.

Each promise has a history of six events, three of them with words, and two messages that went out,
as a promise has that was kept: it is those, not the promises, that a backup mostly consists of.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.db import connection

from tests.load.bench.filling import Company
from tests.load.bench.table import head, line
from tests.services import programs_beside_us

WANTED = 60  # seconds, for a hundred thousand promises
ROOT = Path(__file__).parents[3]
_PEOPLE = 1000
_TABLES = ("commitment", "event", "eventtext")

_NUMBERS = "(select 1 as place union all select 2 union all select 3 union all select 4 union all"
_NUMBERS += " select 5 union all select 6) as numbers"
_EVENTS = f"""
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, revision, repetition, audience, changes,
    visible, text_digest, previous_hash, hash
)
select id, place, 'update', promised_at, promised_at, 1, 0, 'owner',
    '{{"due_at": ["2026-05-21T12:00:00Z", "2026-05-22T12:00:00Z"]}}', true,
    '4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865',
    '53c234e5e8472b6ac51c1ae1cab3fe06fad053beb8ebfd8977b010655bfdd3c3',
    '1121cfccd5913f0a63fec40a6ffd44ea64f9dc135c66634ba001d10bcf4302a2'
from commitments_commitment cross join {_NUMBERS}
"""
_WORDS = """
insert into commitments_eventtext (event_id, salt, words, before)
select id, '0123456789abcdef0123456789abcdef',
    'Your replacement part has left our store and should be with you by Friday ' || id, '{}'
from commitments_event where sequence % 2 = 0
"""
_DELIVERIES = f"""
insert into notifications_delivery (
    key, about, audience, channel, address, name, sender, language, template, context, subject,
    text, html, urgent, state, phase, not_before, enqueued_at, token, attempts, possible_repeat,
    settled_at, provider_id, reason
)
select 'made:' || id || ':' || place, 'commitment:' || id, 'customer', 'email',
    'customer@customers.example', 'Tom Okafor', '', 'en', 'agreement', '{{}}', 'What we agreed',
    '{"Dear Tom, this is what we agreed and by when. " * 20}',
    '{"<p>Dear Tom, this is what we agreed and by when.</p> " * 40}',
    false, 'sent', '', promised_at, promised_at, 1, 1, false, promised_at, '', ''
from commitments_commitment cross join {_NUMBERS} where place < 3
"""


def measure(count: int) -> None:
    """Of so many promises, on the database of the settings."""
    Company(people=_PEOPLE).grow_to(count)
    with connection.cursor() as cursor:
        for statement in (_EVENTS, _WORDS, _DELIVERIES):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("analyze")
    before = _counts()
    connection.close()
    head(f"{count:,} promises, on {connection.vendor}", "seconds", "MiB", "wanted", "")
    with tempfile.TemporaryDirectory() as folder:
        took, _ = _managed("backup", "--to", folder, url=_url(), var=folder)
        (backup,) = Path(folder).glob("followthrough-*Z")
        size = sum(file.stat().st_size for file in backup.rglob("*") if file.is_file())
        line("backup", took, size / 2**20, "")
        took = _restored(backup, folder=folder, before=before)
    judge(took)


def judge(took: float) -> None:
    """Prints it. Raises SystemExit where it is too long."""
    kept = took < WANTED
    line("restore into an empty installation", took, "", f"< {WANTED}", "" if kept else "NOT KEPT")
    if not kept:
        raise SystemExit(1)


def _restored(backup: Path, *, folder: str, before: list[int]) -> float:
    name = str(connection.settings_dict["NAME"])
    other = str(Path(folder) / "restored.sqlite3")
    if connection.vendor == "postgresql":
        other = f"{name}_restored"
        _say(f'drop database if exists "{other}"', f'create database "{other}"')
    connection.close()
    connection.settings_dict["NAME"] = other
    try:
        took, _ = _managed("restore", str(backup), url=_url(), var=f"{folder}/var")
        assert _counts() == before
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        if connection.vendor == "postgresql":
            _say(f'drop database if exists "{other}"')
    return took


def _managed(*command: str, url: str, var: str) -> tuple[float, str]:
    path = f"{programs_beside_us()}{os.pathsep}{os.environ['PATH']}"
    world = {"DATABASE_URL": url, "EMBEDDED": "true", "VAR_DIR": var, "PATH": path}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | world,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    return took, done.stdout


def _counts() -> list[int]:
    counts = []
    with connection.cursor() as cursor:
        for table in (*(f"commitments_{name}" for name in _TABLES), "notifications_delivery"):
            cursor.execute(f"select count(*) from {table}")
            counts.append(int(cursor.fetchone()[0]))
    return counts


def _url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**known)


def _say(*statements: str) -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
