"""Mails that reach us: a customer's answer, an agent's copy of what they wrote, or neither.

Whoever can send mail can send these. So nothing in them is believed but the proof in an address of
ours, nothing is ever answered, and whatever cannot be taken is set aside for the operator. No mail,
however it was made, raises anything here; only a database that is away does.
"""

from __future__ import annotations

from .ends import End
from .quarantine import old_counts, old_mails
from .receiving import set_aside, take, turn_away

__all__ = ["End", "old_counts", "old_mails", "set_aside", "take", "turn_away"]
