"""Settings, Webhooks: what a program was told, and what it is sent again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Subscription
from notifications import delivery
from notifications.models import Delivery, Endpoint
from tests import http
from tests.http import says
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana
from tests.notifications.endpoints import an_endpoint
from tests.web.pages import text

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

URL = "https://203.0.113.7/hook"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _allowed(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = ["203.0.113.0/24"]


@pytest.fixture
def far_end(settings: Any) -> Any:
    with http.sink() as sink:
        settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
        settings.WEBHOOK_PORTS = [443, sink.port]
        yield sink


def a_desk(url: str = URL, *kinds: str, name: str = "Desk") -> Endpoint:
    endpoint = an_endpoint(url, name)
    if kinds:
        Subscription.objects.create(endpoint_id=endpoint.pk, kinds=list(kinds), every_team=True)
    return endpoint


def page_of(endpoint: Endpoint) -> str:
    return f"/settings/webhooks/{endpoint.pk}/"


def secret_in(page: Any) -> str:
    found = re.search(r"whsec_[\w+/=]+", page.content.decode())
    return found[0] if found else ""


def shown(page: Any) -> int:
    """How many messages stand on it."""
    return page.content.count(b'data-label="Happened"')


def add(client: Client, **said: Any) -> Any:
    page = client.get("/settings/webhooks/new/")
    return press(client, page, **({"name": "Help desk", "url": URL} | said))


def pressed(client: Client, endpoint: Endpoint, button: str, **said: Any) -> Any:
    """A button of its page, with what the form around it holds."""
    page = client.get(page_of(endpoint))
    data = fields(page, form=f'value="{button}"') | {"press": [button]} | said
    return client.post(f"{page_of(endpoint)}press/", data)


# --- sent again


def test_one_message_is_sent_again_under_its_id(ada: Client, far_end: http.Sink) -> None:
    desk = a_desk(far_end.url, "made")
    a_commitment(summary=False)
    delivery.run(NOON)

    pressed(ada, desk, "again")
    delivery.run(NOON + SECOND)

    first, again = far_end.seen
    assert again.headers["webhook-id"] == first.headers["webhook-id"]
    assert again.body == first.body


def test_what_it_missed_is_sent_again_once_and_in_order(ada: Client, far_end: http.Sink) -> None:
    desk = a_desk(far_end.url, "made", "updated")
    kettle = a_commitment(summary=False)
    services.update(kettle.pk, by=ana(), words="Packed", tell_customer=False, now=NOON)
    far_end.script = [says(404)] * 6
    for minutes in (0, 1, 20, 21, 40, 60):
        delivery.run(NOON + minutes * MINUTE)
    assert set(Delivery.objects.filter(channel="webhook").values_list("state", flat=True)) == {
        "failed"
    }
    missed = len(far_end.seen)

    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        pressed(ada, desk, "since", since="2026-05-21T00:00")
        said = text(ada.get(page_of(desk)))
        pressed(ada, desk, "since", since="2026-05-21T00:00")
        delivery.run(NOON + 2 * HOUR)

    assert "Two messages on the way again" in said
    types = [request.json["type"] for request in far_end.seen[missed:]]
    assert types == ["promise.made", "promise.updated"]


def test_what_arrived_is_sent_again_where_that_is_asked_for(
    ada: Client, far_end: http.Sink
) -> None:
    desk = a_desk(far_end.url, "made")
    a_commitment(summary=False)
    delivery.run(NOON)

    pressed(ada, desk, "since", since="2026-05-21T00:00")
    delivery.run(NOON)
    pressed(ada, desk, "since", since="2026-05-21T00:00", arrived_too="on")
    delivery.run(NOON + SECOND)

    assert len(far_end.seen) == 2


@pytest.mark.parametrize(
    "since", ["2026-05-01T00:00", "2026-06-01T00:00", "", "x", "0001-01-01T00:00"]
)
def test_a_time_that_is_too_long_ago_or_none_is_refused(ada: Client, since: str) -> None:
    refused = pressed(ada, a_desk(), "since", since=since)

    assert refused.status_code == 422


def test_what_happened_while_it_was_off_can_be_sent_once_it_is_on(
    ada: Client, far_end: http.Sink
) -> None:
    desk = a_desk(far_end.url, "made")
    Endpoint.objects.update(disabled_at=NOON - HOUR, disabled_because="It was gone.")
    a_commitment(summary=False)
    delivery.run(NOON)
    assert far_end.seen == []

    pressed(ada, desk, "wake")
    pressed(ada, desk, "since", since="2026-05-21T00:00")
    delivery.run(NOON)

    assert [request.json["type"] for request in far_end.seen] == ["promise.made"]


# --- what it was told


def test_older_messages_are_a_page_on(ada: Client) -> None:
    desk = a_desk(URL, "made")
    for number in range(21):
        a_commitment(case=str(number), summary=False)

    first = ada.get(page_of(desk))
    older = re.search(r'href="(\?before=[^"]+)"', first.content.decode())
    assert older is not None
    second = ada.get(f"{page_of(desk)}{older[1]}")

    assert (shown(first), shown(second)) == (20, 1)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "\u0661"])
def test_a_place_that_is_none_begins_at_the_top(ada: Client, before: str) -> None:
    assert ada.get(f"{page_of(a_desk())}?before={before}").status_code == 200


def test_the_list_takes_as_many_statements_for_many_as_for_one(ada: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ada.get("/settings/webhooks/").status_code == 200
        return len(captured)

    a_desk(URL, "made", name="First")
    a_commitment(summary=False)
    few = statements()
    for number in range(5):
        a_desk(URL, "made", name=f"Desk {number}")
    a_commitment(case="2", summary=False)

    assert statements() == few


def test_the_list_says_what_each_hears_and_how_it_is(ada: Client) -> None:
    a_desk(URL, "made", "moved", name="Front")
    off = a_desk(URL, name="Back")
    Endpoint.objects.filter(pk=off.pk).update(disabled_at=NOON, disabled_because="Gone.")

    words = text(ada.get("/settings/webhooks/"))

    assert "Back 203.0.113.7 Steps of escalation that name it Off" in words
    assert "Front 203.0.113.7 Two kinds of events Well" in words
    assert "whsec" not in words
