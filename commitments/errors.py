"""What a rule says when it says no, in words a person can read."""

from __future__ import annotations


class CommitmentError(Exception):
    """A rule refused. The message is one or two sentences for people, ready to be shown.

    `field` names the input that it is about ("due_at"), or is None where it is about the whole.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
