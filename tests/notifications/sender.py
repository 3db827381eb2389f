"""A sender in a process of its own, for tests that kill it.

    python -m tests.notifications.sender SECONDS

runs one round of delivery so many seconds after noon and prints how many it dealt with. The
database, the mail server and the step to crash at come from the environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

ROOT = Path(__file__).parents[2]
KILLED = 137
# A killed process's rows stay locked until its server process sees that nobody is there any more.
_WRITING = """
select 1 from pg_stat_activity
where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()
"""


def start(
    *, after: timedelta, email_url: str, crash_at: str = "", lines: int = 1, **other: str
) -> subprocess.Popen[str]:
    """Start a sender on the very database this test is looking at; `other` goes into its world."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "EMBEDDED": "true",
        "EMAIL_URL": email_url,
        "CRASH_AT": crash_at,
        "SENDERS": str(lines),
        **other,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.notifications.sender", str(after.total_seconds())],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def crash(step: str, *, email_url: str, **other: str) -> None:
    """Run a sender that dies at this step, and wait until the database has noticed."""
    process = start(after=timedelta(0), email_url=email_url, crash_at=step, **other)
    process.communicate(timeout=60)
    assert process.returncode == KILLED
    while connection.vendor == "postgresql" and _somebody_else_writes():
        time.sleep(0.01)


def _somebody_else_writes() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WRITING)
        return cursor.fetchone() is not None


def database_url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**known)


def main(seconds: float) -> None:
    settings.NOTIFICATIONS_SUBJECT = "tests.notifications.makers.subject"
    settings.TEMPLATES[0]["DIRS"].insert(0, Path(__file__).parent / "templates")
    django.setup()
    # Only now can anything of ours that has a table be imported.
    run = import_string("notifications.delivery.run")
    noon = import_string("tests.notifications.makers.NOON")
    sys.stdout.write(f"{run(noon + timedelta(seconds=seconds))}\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(float(sys.argv[1]))
