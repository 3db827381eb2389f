"""Two people edit one thing: the second is told, and nothing of the first is lost."""

from __future__ import annotations

import hashlib

from commitments.errors import CommitmentError


class Changed(CommitmentError):
    """Somebody else saved this since the page was opened."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody else changed {what} while you were at it. What you typed is still here and"
            " nothing of it is saved. Open the page again beside this one, and bring yours into"
            " what is there now."
        )


def mark(*values: object) -> str:
    """A mark of these very values, to be handed back by whoever saw them."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def check(now: str, *, seen: str, what: str) -> None:
    """Raises Changed."""
    if now != seen:
        raise Changed(what)
