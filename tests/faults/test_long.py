"""What takes long or needs root: run by `make faults`. F26, F49 and F56."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from tests.faults.backlog import a_backlog, until_an_urgent_one_is_there
from tests.faults.cluster import Cluster
from tests.faults.makers import addresses, arrived, nothing_is_due, promises, states
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults, pytest.mark.long_fault]
MEGABYTE = 1_000_000
BACKLOG = int(os.environ.get("FAULTS_BACKLOG", "100000"))


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


@pytest.mark.timeout(300)
def test_f26_a_full_disk_loses_nothing_that_was_acknowledged(small_disk: Path):
    """F26: PostgreSQL refuses, or goes down; with room again every acknowledged row is there."""
    server = Cluster.bring(place=small_disk, max_wal_size="64MB")
    try:
        server.say("create table kept (id serial primary key, filler text)", to="postgres")
        acknowledged = _fill(server)
        assert acknowledged > 10
        (small_disk / "ballast").unlink()
        if server.process is None or server.process.poll() is not None:
            server.start(max_wal_size="64MB")
        until(lambda: _takes_a_row(server))

        [[kept]] = server.say("select count(*) from kept", to="postgres")
        assert int(str(kept)) >= acknowledged + 1
    finally:
        server.stop()


def _fill(server: Cluster) -> int:
    """Leave 40 MB free, write until it is refused; answers how many rows were acknowledged."""
    room = psutil.disk_usage(str(server.folder.parents[1])).free
    with (server.folder.parents[1] / "ballast").open("wb") as ballast:
        ballast.write(b"\0" * (room - 40 * MEGABYTE))
    acknowledged = 0
    try:
        with closing(psycopg2.connect(server.url("postgres"))) as line:
            line.autocommit = True
            for _ in range(100_000):
                with line.cursor() as cursor:
                    cursor.execute(
                        "insert into kept (filler) select string_agg(gen_random_uuid()::text, '')"
                        " from generate_series(1, 3000)"
                    )
                acknowledged += 1
    except psycopg2.Error:
        return acknowledged
    raise AssertionError("it never was full")


def _takes_a_row(server: Cluster) -> bool:
    try:
        server.say("insert into kept (filler) values ('and on')", to="postgres")
    except psycopg2.Error:
        return False
    return True


@pytest.mark.timeout(3600)
def test_f49_a_hundred_thousand_at_once_go_out_and_what_is_urgent_overtakes(stand: Stand):
    """F49: at 50 mails a second or more, and new urgent ones within a minute."""
    promises(1)
    stand.do()
    a_backlog(stand, BACKLOG)
    worker, _ = stand.worker(), stand.beat()
    until(lambda: len(stand.sink.accepted) > BACKLOG // 100, within=120)

    began, so_far = time.monotonic(), len(stand.sink.accepted)
    waits = [until_an_urgent_one_is_there(number) for number in range(20)]
    assert max(waits) < 60
    until(lambda: states().get("queued", 0) == 0, within=3000)
    speed = (len(stand.sink.accepted) - so_far) / (time.monotonic() - began)
    until(nothing_is_due, within=60)

    assert worker.is_running
    assert speed >= 50
    assert states() == {"sent": BACKLOG + 21}
    assert len(stand.sink.accepted) == BACKLOG + 21
    assert set(stand.sink.by_message_id().values()) == {1}


@pytest.mark.timeout(900)
def test_f56_a_worker_grows_neither_in_memory_nor_in_open_files(stand: Stand):
    """F56: five minutes of rounds and mails; after the first of them nothing grows by a tenth."""
    worker, _ = stand.worker(), stand.beat(tick=0.2)
    promises(20)
    until(lambda: len(stand.sink.accepted) == 20)
    number, figures = 20, []
    ends = time.monotonic() + 300
    while time.monotonic() < ends:
        promises(20, start=number)
        number += 20
        wanted = number
        until(lambda: len(stand.sink.accepted) >= wanted)  # noqa: B023 - asked at once
        figures.append(_size_of(worker.pid))
        time.sleep(2)

    settled = figures[len(figures) // 5]
    memory, files = figures[-1]
    assert memory <= settled[0] * 1.1
    assert files <= settled[1] + 2
    assert arrived(stand.sink) == addresses(range(number))


def _size_of(pid: int) -> tuple[int, int]:
    """Bytes and open files of a worker and its pool."""
    parent = psutil.Process(pid)
    family = [parent, *parent.children()]
    return (
        sum(each.memory_info().rss for each in family),
        sum(each.num_fds() for each in family),
    )
