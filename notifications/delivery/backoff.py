"""When to try again: soon at first, then ever more seldom, and never all at the same moment."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from notifications.lengths import Lengths


def after(attempts: int, *, key: str, lengths: Lengths) -> timedelta:
    """How long to wait after so many attempts have failed (at least one).

    The spread comes from the key, so that the same delivery always waits the same.
    """
    usual = lengths.retries[min(attempts, len(lengths.retries)) - 1]
    digest = hashlib.sha256(f"{key} {attempts}".encode("utf-8", "replace")).digest()
    share = int.from_bytes(digest[:4], "big") / 0xFFFFFFFF
    return usual * (1 - lengths.spread + 2 * lengths.spread * share)
