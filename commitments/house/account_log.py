"""What concerns the security of accounts, as lines of the log: of ids only, never of names."""

from __future__ import annotations

import logging

logger = logging.getLogger("followthrough.security")


def note(what: str, *, user_id: int | None = None, by_id: int | None = None) -> None:
    """`what` is a word or two of ours, such as “sign-in failed”."""
    person = "" if user_id is None else f" user={user_id}"
    by = "" if by_id is None else f" by={by_id}"
    logger.info("%s%s%s", what, person, by)
