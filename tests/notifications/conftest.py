from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests import smtp
from tests.notifications import makers

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


@pytest.fixture
def sink(settings: LazySettings, _invented_messages: None) -> Iterator[smtp.Sink]:
    """A mail server that the settings name."""
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url
        yield far_end
