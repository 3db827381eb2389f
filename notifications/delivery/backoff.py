"""When to try again: soon at first, then ever more seldom, and never all at the same moment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from notifications.lengths import Lengths


def waits(channel: str, *, lengths: Lengths) -> Sequence[timedelta]:
    """The waits of a channel; the last one holds for every further try."""
    return lengths.webhook_retries if channel == "webhook" else lengths.retries


def longest(channel: str, *, lengths: Lengths) -> timedelta:
    """No clock of a queued row is rightly further ahead than this."""
    wait = max(waits(channel, lengths=lengths)) * (1 + lengths.spread)
    return max(wait, lengths.longest_wait) if channel == "webhook" else wait


def after(attempts: int, *, channel: str, key: str, lengths: Lengths) -> timedelta:
    """How long to wait after so many attempts have failed (at least one).

    The spread comes from the key, so that the same delivery always waits the same.
    """
    schedule = waits(channel, lengths=lengths)
    usual = schedule[min(attempts, len(schedule)) - 1]
    digest = hashlib.sha256(f"{key} {attempts}".encode("utf-8", "replace")).digest()
    share = int.from_bytes(digest[:4], "big") / 0xFFFFFFFF
    return usual * (1 - lengths.spread + 2 * lengths.spread * share)
