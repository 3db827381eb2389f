"""SQLite keeps instants as text. What is read holds the same few of them again and again: each
text is understood once, and is the same instant for all who read it.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache

import django.db.backends.sqlite3.base  # noqa: F401  # registers a reader: ours comes after it
from django.utils.dateparse import parse_datetime


def keep_instants() -> None:
    """From now on, for every connection of this process."""
    sqlite3.register_converter("datetime", _instant)


@lru_cache(maxsize=4096)
def _instant(text: bytes) -> datetime | None:
    """In UTC, as every date column here is written."""
    read = parse_datetime(text.decode())
    return None if read is None else read.replace(tzinfo=UTC)
