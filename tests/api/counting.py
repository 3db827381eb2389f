"""How often a call asks the database, and how pages follow each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], object]) -> list[dict[str, str]]:
    with CaptureQueriesContext(connection) as asked:
        act()
    return asked.captured_queries


def after(page: dict[str, Any]) -> str:
    """Path and query of the next page."""
    parts = urlsplit(page["next"])
    return f"{parts.path}?{parts.query}"
