"""What is kept for how long, and let go of: one table of every kind, for the nightly round and for
the operator who first wants to see.

Nobody is forgotten to whom something is still owed. docs/privacy.md says the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from commitments import messages

from .kinds import Kind, kinds

__all__ = ["Kind", "apply", "kinds"]

# Of a task that may take 80 seconds.
ROUND: Final = timedelta(seconds=40)


def apply(chosen: Iterable[Kind], *, within: timedelta | None = None) -> messages.Gone:
    """Let go of what is old of these kinds, for so long at most. In no transaction.

    Each batch is whole in itself: killed anywhere, the next time goes on.
    """
    return messages.let_go(chosen, within=within)
