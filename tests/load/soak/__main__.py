"""Use an installation for ten minutes, fifty times a second, and print what that did to it.

make soak                    ten minutes, after six in which it warms up; on two cores
make soak SOAK_MINUTES=2     two, after half a minute

It ends with 1 where a bound was not kept.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests import services

from . import house as houses
from .driving import drive
from .judging import Soaked, report
from .mix import Mix
from .watching import Watch

A_SECOND = int(os.environ.get("SOAK_REQUESTS", "50"))
MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
# Each job has come round then, the auditor's among them, which does so every five minutes.
WARM_UP = 60 * (6.0 if MINUTES >= 10 else max(0.5, MINUTES / 4))
_SERVED = re.compile(r"(\w+ \S+) (\d+) \S+ bytes (\d+) ms")


def main() -> int:
    os.environ[services.DURABLE] = "1"
    services.bring()
    with (
        tempfile.TemporaryDirectory(prefix="followthrough-soak-") as folder,
        houses.a_house(Path(folder)) as house,
    ):
        mix = Mix(**houses.people_of(house))
        warmed = drive(house.port, mix, a_second=A_SECOND, seconds=WARM_UP)
        heard = len(house.log("web"))
        watch = Watch(
            database=house.database,
            broker=house.environment["CELERY_BROKER_URL"],
            processes=dict(house.processes),
        )
        watch.begin()
        driven = drive(house.port, mix, a_second=A_SECOND, seconds=60 * MINUTES)
        watch.end()
        time.sleep(1)
        served = _served(house.log("web")[heard:])
        troubles = [each for name in house.processes for each in _troubles(house.log(name))]
        audited = house.says("manage.py", "audit_delivery")
    driven.wrong[:0] = warmed.wrong
    return report(
        Soaked(
            title=f"{MINUTES:g} minutes at {A_SECOND} requests a second",
            driven=driven,
            served=served,
            watch=watch,
            troubles=troubles,
            findings=[line for line in audited.splitlines() if re.match(r"I\d+ ", line)],
        )
    )


def _served(log: str) -> list[tuple[str, str, str]]:
    """The method and address, the status, and the milliseconds of each answer."""
    lines = [each["message"] for each in _lines(log) if each["logger"] == "gunicorn.access"]
    return [found.groups() for line in lines if (found := _SERVED.fullmatch(line))]


def _troubles(log: str) -> list[str]:
    wrong = [str(each) for each in _lines(log) if each["level"] in {"ERROR", "CRITICAL"}]
    return [*wrong, *(line for line in log.splitlines() if line.startswith("Traceback"))]


def _lines(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


if __name__ == "__main__":
    sys.exit(main())
