"""Mail comes to these addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> None:
    settings.REPLY_ADDRESS = "replies@larkfield.example"
    settings.PROMISE_ADDRESS = "promise@larkfield.example"
    settings.BOUNCE_ADDRESS = "bounces@larkfield.example"
    settings.DEFAULT_FROM_EMAIL = "Larkfield <promises@larkfield.example>"


@pytest.fixture(autouse=True)
def _nobody_has_written() -> None:
    cache.clear()
