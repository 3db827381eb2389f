"""A whole installation that is called from outside, as programs call it: by curl, and by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.config.houses import House, a_free_port, a_house

RECEIVER = a_free_port()  # where a webhook may go
OFTEN = {"api_calls_a_minute": 10**6, "api_changes_a_minute": 10**6}


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With the demonstration in it, and allowed to post to a program on this machine."""
    folder = tmp_path_factory.mktemp("wire") / "var"
    asked = {"WEBHOOK_ALLOW_PRIVATE": "127.0.0.2", "WEBHOOK_PORTS": str(RECEIVER)}
    with a_house(folder, COMMITMENTS_LENGTHS=json.dumps(OFTEN), **asked) as running:
        yield running
