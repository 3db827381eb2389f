"""The database's disk is full: nothing that was acknowledged is lost. F26."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import LazySettings
from django.db import connection
from pytest_django import DjangoDbBlocker

from commitments.models import Commitment
from tests.faults.cluster import Cluster
from tests.faults.conftest import a_stand, migrate
from tests.faults.makers import addresses, arrived, states
from tests.faults.program import Program
from tests.faults.rounds import Forks
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults, pytest.mark.long_fault]
MEGABYTE = 1_000_000


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """400 MB for a database, and no more."""
    if os.getuid() != 0:
        pytest.skip("needs root: it mounts a small disk")
    place = Path("/tmp") / f"small-disk-{os.getpid()}"
    place.mkdir(mode=0o755)
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("needs the right to mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


@pytest.fixture
def cramped(
    small_disk: Path,
    forks: Forks,
    tmp_path: Path,
    settings: LazySettings,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Stand]:
    """A stand whose PostgreSQL has the small disk."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    server = Cluster.bring(place=small_disk, max_wal_size="64MB")
    try:
        with django_db_blocker.unblock():
            migrate(server)
            with a_stand(server, forks, tmp_path, settings) as stand:
                yield stand
    finally:
        server.stop()


@pytest.mark.timeout(400)
def test_f26_with_a_full_disk_the_api_says_503_and_nothing_acknowledged_is_lost(
    cramped: Stand, small_disk: Path
):
    """F26: PostgreSQL refuses, or goes down; with room again, everything goes on."""
    stand = cramped
    program = Program(stand.port)
    stand.web()
    until(program.finds_it_alive)
    acknowledged = [number for number in range(5) if program.make(number).status == 201]
    connection.close()

    ballast = _fill(small_disk)
    refused = 0
    for number in range(5, 2_000):
        answer = program.make(number)
        assert answer.status in (201, 503)
        if answer.status == 201:
            acknowledged.append(number)
        else:
            refused += 1
            assert "Retry-After" in answer.headers
        if refused == 5:
            break
    assert refused == 5

    ballast.unlink()
    if stand.cluster.process is None or stand.cluster.process.poll() is not None:
        stand.cluster.start(max_wal_size="64MB")
    until(lambda: program.make(3_000, key="once").status == 201)
    acknowledged.append(3_000)
    stand.do()

    made = set(Commitment.objects.values_list("customer__email", flat=True))
    assert set(addresses(acknowledged)) <= made
    assert states() == {"sent": len(made)}
    assert arrived(stand.sink) == dict.fromkeys(made, 1)


def _fill(disk: Path) -> Path:
    """Take all the room there is, to the last page."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * max(4096, min(MEGABYTE, psutil.disk_usage(str(disk)).free)))
        except OSError:
            return ballast
