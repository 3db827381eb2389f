from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from notifications.delivery import healing
from notifications.models import Endpoint
from tests import http, smtp
from tests.notifications import makers
from tests.notifications.endpoints import an_endpoint

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def subject(settings: LazySettings) -> makers.Agreeable:
    """Whom deliveries ask and tell in these tests, with an empty memory."""
    makers.subject.__init__()  # type: ignore[misc]  # the settings name this very object
    return makers.subject


@pytest.fixture(autouse=True)
def _invented_messages(settings: LazySettings, subject: makers.Agreeable) -> None:
    """Templates and a subject that know as little of commitments as the outbox does."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [TEMPLATES, *engine["DIRS"]]}]
    settings.NOTIFICATIONS_SUBJECT = "tests.notifications.makers.subject"
    settings.EMAIL_URL = ""
    settings.SENDERS = 1  # so that what happens happens in order


@pytest.fixture(autouse=True)
def _a_new_process() -> None:
    """One that has not looked for clocks too far ahead yet."""
    healing.memory.forget()


@pytest.fixture
def sink(settings: LazySettings, _invented_messages: None) -> Iterator[smtp.Sink]:
    """A mail server that the settings name."""
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url
        yield far_end


@pytest.fixture
def freeze_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """The monotonic clock stands still, so that instants within a round come out exact."""
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)


@pytest.fixture
def far_end(settings: LazySettings) -> Iterator[http.Sink]:
    """A program that listens on this computer, which the operator allows here."""
    with http.sink() as sink:
        settings.PUBLIC_URL = "https://promises.example.com"
        settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
        settings.WEBHOOK_PORTS = [443, sink.port]
        yield sink


@pytest.fixture
def desk(far_end: http.Sink) -> Endpoint:
    return an_endpoint(far_end.url)
