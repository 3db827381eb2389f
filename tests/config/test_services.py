"""The servers the tests bring with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import psycopg2
import pytest
from celery import current_app
from django.core.management import call_command
from django.db import DatabaseError, connection

from commitments.models import Event
from tests import services
from tests.makers import a_commitment

A_RUN = """
    import os, time
    import psutil
    from tests import services

    services.bring()
    print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def a_run() -> subprocess.Popen[str]:
    """Another process that brought servers of its own; its first line is their process ids."""
    given = {"DATABASE_URL", "CELERY_BROKER_URL", "FOLLOWTHROUGH_TEST_DB", services.STARTED_BY}
    environment = {name: value for name, value in os.environ.items() if name not in given}
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(A_RUN)],
        env=environment,
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        yield run
        run.kill()


def test_a_run_killed_without_warning_leaves_no_server(a_run):
    servers = [psutil.Process(int(pid)) for pid in a_run.stdout.readline().split()]

    a_run.send_signal(signal.SIGKILL)
    a_run.wait()
    _, alive = psutil.wait_procs(servers, timeout=20)

    assert len(servers) > 2
    assert [server for server in alive if server.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.postgresql
def test_the_database_behaves_the_same_on_every_machine(db):
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT upper('é'), current_setting('server_encoding')")

        assert cursor.fetchone() == ("É", "UTF8")


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_flush_empties_the_events_and_leaves_them_as_guarded_as_before():
    a_commitment()
    call_command("flush", interactive=False)
    left = Event.objects.count()

    a_commitment()

    assert left == 0
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Event._meta.db_table}")


@pytest.mark.both_databases
def test_processes_that_share_a_run_do_not_share_a_database(db, worker_id):
    name = connection.settings_dict["NAME"]

    assert name.endswith(worker_id) if worker_id != "master" else "gw" not in name.split(".")[-1]


@pytest.mark.both_databases
def test_processes_that_share_a_run_do_not_share_a_queue(worker_id):
    own = worker_id != "master" and os.environ["CELERY_BROKER_URL"].startswith("redis+socket:")

    with current_app.connection_for_write() as broker:
        number = broker.default_channel.client.connection_pool.connection_kwargs["db"]

    assert number == (int(worker_id.removeprefix("gw")) % 15 + 1 if own else 0)


@pytest.mark.parametrize("given", ["redis://cache.example.org/0", "amqp://broker.example.org"])
def test_a_broker_that_is_given_is_shared(given):
    assert services.a_part_of(given, "gw1") == given
