"""A figure that cannot be worked out leaves its place to a sentence; the others stand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError

T = TypeVar("T")
log = logging.getLogger(__name__)

# What rows and sums can do to a figure. A fault of the code is none of these, and is not hidden.
_CAN_GO_WRONG = (DatabaseError, ArithmeticError)


def worked_out(work: Callable[[], T], *, called: str) -> T | None:
    """What `work` finds; None where the database or the arithmetic did not get that far."""
    try:
        return work()
    except _CAN_GO_WRONG:
        log.exception("The figure %s could not be worked out.", called)
        return None
