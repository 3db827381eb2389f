"""Measure, and print the tables.

make bench SIZE=small       a minute or two, for everybody
make bench                  up to ten million promises: an hour, 15 GB of disk
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from dataclasses import dataclass

import django
from django.utils.module_loading import import_string

from tests import services
from tests.load.bench.table import say


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much: promises stored at each stage, how many of them come due."""

    stored: tuple[int, ...]
    stored_in_sqlite: int
    due: int
    webhooks: int
    beside_mails: int
    exported: int
    reported_people: int
    restored: int


SIZES = {
    "small": Size(
        stored=(20_000, 100_000),
        stored_in_sqlite=20_000,
        due=2_000,
        webhooks=3_000,
        beside_mails=20_000,
        exported=20_000,
        reported_people=200,
        restored=20_000,
    ),
    "medium": Size(
        stored=(100_000, 1_000_000),
        stored_in_sqlite=200_000,
        due=10_000,
        webhooks=10_000,
        beside_mails=100_000,
        exported=200_000,
        reported_people=1_000,
        restored=100_000,
    ),
    "full": Size(
        stored=(100_000, 1_000_000, 10_000_000),
        stored_in_sqlite=1_000_000,
        due=10_000,
        webhooks=10_000,
        beside_mails=100_000,
        exported=1_000_000,
        reported_people=1_000,
        restored=100_000,
    ),
}
PARTS = ("sweep", "delivery", "webhooks", "export")
_OWN = (
    "reports",
    "api",
    "restore",
)  # each in a database of its own: they have promises of another make


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--only", choices=[*PARTS, *_OWN, "sqlite"], action="append")
    parser.add_argument("--on-sqlite", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    size = SIZES[asked.size]
    if asked.on_sqlite:
        os.environ["FOLLOWTHROUGH_TEST_DB"] = "sqlite"
    os.environ["FOLLOWTHROUGH_TEST_DURABLE"] = "1"
    services.bring()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

    run = import_string("tests.load.bench.parts.run")
    only = asked.only or [*PARTS, *_OWN, "sqlite"]
    if asked.on_sqlite:
        for part in asked.only or ("sweep", "restore"):
            run(size, [part])
        return
    say(f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, ")
    say(f"Django {django.get_version()}\n")
    together = [part for part in only if part in PARTS]
    for parts in (together, *([each] for each in _OWN if each in only)):
        if parts:
            run(size, parts)
    sys.stdout.flush()
    if "sqlite" in only:
        # In a process of its own: the settings know one database.
        again = [sys.executable, "-m", "tests.load.bench", "--size", asked.size, "--on-sqlite"]
        os.execve(
            sys.executable,
            again,
            {
                name: value
                for name, value in os.environ.items()
                if name not in {"DATABASE_URL", services.STARTED_BY}
            },
        )


def processor() -> str:
    """What the machine calls itself."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123
            names = [line.partition(":")[2].strip() for line in file if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
