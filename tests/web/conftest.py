"""Pages are looked at on Thursday 21 May 2026, 12:00 UTC, unless a test travels on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests import makers


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(makers.NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _plain_static_names(settings: object) -> None:
    """Pages name the style sheets without the manifest that `collectstatic` writes."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {  # type: ignore[attr-defined]  # pytest-django's settings
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": plain},
    }
