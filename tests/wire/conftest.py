"""A whole installation that is called from outside, as programs call it: by curl, and by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.config.houses import House, a_house

OFTEN = {"api_calls_a_minute": 10**6, "api_changes_a_minute": 10**6}


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With the demonstration in it, and allowed to send webhooks to this machine."""
    folder = tmp_path_factory.mktemp("wire") / "var"
    with a_house(
        folder, WEBHOOK_ALLOW_PRIVATE="127.0.0.1", COMMITMENTS_LENGTHS=json.dumps(OFTEN)
    ) as running:
        yield running
