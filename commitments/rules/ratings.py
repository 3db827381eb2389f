"""How customers feel about how a promise was handled, from 1 to 5, as colleagues read it."""

from __future__ import annotations

from typing import Final

IN_WORDS: Final = {
    1: "very unhappy", 2: "unhappy", 3: "neither happy nor unhappy", 4: "happy", 5: "very happy",
}  # fmt: skip

_LOW: Final = 2


def is_low(rating: int) -> bool:
    """Whether somebody should talk with this customer."""
    return rating <= _LOW
