"""Who only looks at a door, again and again, fills no table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from commitments.models import Session
from tests.makers import MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PASSKEY = "/accounts/step/passkey/"


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[time_machine.Traveller]:
    settings.COMMITMENTS_LENGTHS = {"sign_ins_begun_a_minute": 2}
    with time_machine.travel(NOON + MINUTE / 4, tick=False) as traveller:
        yield traveller


def looks(**where: str) -> Any:
    """As the script of the sign-in page does, from a browser that brings nothing along."""
    return Client().get(PASSKEY, headers={"Accept": "application/json"}, **where)


def test_an_address_begins_so_often_a_minute_and_leaves_no_more_sessions(clock):
    first = [looks().status_code for _ in range(2)]

    refused = looks()

    assert first == [200, 200]
    assert (refused.status_code, refused["Retry-After"]) == (429, "45")
    assert Session.objects.count() == 2
    clock.shift(MINUTE)
    assert looks().status_code == 200


def test_other_addresses_and_the_password_wait_for_nobody():
    for _ in range(3):
        looks()

    assert looks(REMOTE_ADDR="203.0.113.9").status_code == 200
    assert Client().get("/accounts/login/").status_code == 200


def test_what_is_sent_there_is_counted_too():
    answers = [Client().post(PASSKEY, {"credential": "{}"}).status_code for _ in range(3)]

    assert answers == [302, 302, 429]
