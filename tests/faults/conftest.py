"""What a fault test stands on. Session things start once, with the first test that wants them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests import services, smtp
from tests.faults import settings as short
from tests.faults.cluster import TEMPLATE, Cluster
from tests.faults.makers import nothing_breaks_a_rule
from tests.faults.private_broker import PrivateBroker
from tests.faults.rounds import Forks
from tests.faults.stand import Stand

_numbers = count(1)


@pytest.fixture(scope="session")
def cluster(django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """A PostgreSQL of our own, with one empty database that has all the tables."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    try:
        server = Cluster.bring()
    except services.NoServer as error:
        pytest.skip(str(error))
    with django_db_blocker.unblock():
        migrate(server)
    yield server
    server.stop()


def migrate(server: Cluster) -> None:
    """Give its template all the tables."""
    with _looking_at(server, TEMPLATE):
        call_command("migrate", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    forks = Forks(log=tmp_path_factory.mktemp("rounds") / "rounds.log")
    yield forks
    forks.close()


@pytest.fixture
def stand(
    cluster: Cluster,
    forks: Forks,
    tmp_path: Path,
    settings: LazySettings,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Stand]:
    """An installation without a process yet, on an empty database that the test looks at, too."""
    with django_db_blocker.unblock(), a_stand(cluster, forks, tmp_path, settings) as stand:
        yield stand


@contextmanager
def a_stand(
    cluster: Cluster, forks: Forks, folder: Path, settings: LazySettings
) -> Iterator[Stand]:
    """On a database of its own in this cluster, which breaks no rule when the test has ended.

    Asked when every process of the stand has been killed, so that nothing moves any more.
    """
    name = f"stand_{next(_numbers)}"
    cluster.say(f"create database {name} template {TEMPLATE}", to="postgres")
    settings.NOTIFICATIONS_LENGTHS = short.NOTIFICATIONS_LENGTHS
    settings.COMMITMENTS_LENGTHS = short.COMMITMENTS_LENGTHS
    try:
        with smtp.sink() as sink, _looking_at(cluster, name):
            stand = Stand(
                cluster=cluster,
                database=name,
                broker=PrivateBroker(folder / "broker"),
                sink=sink,
                forks=forks,
                folder=folder,
            )
            settings.EMAIL_URL = sink.url
            settings.SECRET_KEY = stand.secret
            with closing(stand):
                yield stand
            if not stand.unaudited_because:
                nothing_breaks_a_rule(stand.audited_at)
    finally:
        cluster.say(f"drop database {name} with (force)", to="postgres")


@contextmanager
def _looking_at(cluster: Cluster, database: str) -> Iterator[None]:
    """The test's own connection leads to this database."""
    usual = connection.settings_dict.copy()
    there = {
        "HOST": "127.0.0.1",
        "PORT": cluster.port,
        "USER": "tests",
        "PASSWORD": cluster.password,
        "NAME": database,
    }
    connection.close()
    connection.settings_dict.update(there)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)
