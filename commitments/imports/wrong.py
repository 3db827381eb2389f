"""What cannot be brought in, in a sentence."""

from __future__ import annotations

from commitments.errors import CommitmentError


class WrongFile(CommitmentError):
    """This is not a table of promises; nothing of it was brought in."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")
