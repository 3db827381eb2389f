"""Late work is said on every staff page, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from commitments.models import Schedule
from config import banner
from notifications.models import JobRound
from tests.makers import MINUTE, NOON, a_commitment, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SAID = "Reminders may be late: nobody has looked for due promises for 4 minutes."


@pytest.fixture(autouse=True)
def _it_says_so(settings: Settings) -> Iterator[None]:
    settings.SAYS_WHEN_LATE = True
    banner.memory.forget()
    yield
    banner.memory.forget()


@pytest.fixture
def signed_in(client: Client) -> Client:
    a_commitment()
    client.force_login(ana())
    Schedule.objects.update(next_at=None)
    JobRound.objects.create(name="remind_owners", finished_at=NOON - 4 * MINUTE)
    return client


@pytest.mark.parametrize("path", ["/promises/mine/", "/promises/", "/reminders/", "/promises/new/"])
def test_every_staff_page_says_it(signed_in: Client, path: str) -> None:
    assert SAID in signed_in.get(path).content.decode()


def test_a_page_says_nothing_while_all_is_well(signed_in: Client) -> None:
    JobRound.objects.update(finished_at=NOON)

    assert "lateness" not in signed_in.get("/promises/mine/").content.decode()


def test_strangers_and_customers_are_told_nothing() -> None:
    JobRound.objects.create(name="remind_owners", finished_at=NOON - 4 * MINUTE)

    assert SAID not in Client().get("/accounts/login/").content.decode()


def test_it_is_read_once_in_a_while(signed_in: Client, traveller: time_machine.Traveller) -> None:
    def costs() -> int:
        with CaptureQueriesContext(connection) as asked:
            signed_in.get("/promises/mine/")
        return len(asked)

    first, second = costs(), costs()
    traveller.shift(timedelta(seconds=15))
    third = costs()

    assert (first - second, third - second) == (2, 2)
