"""A worker that is told to stop tells its pool: what is under way is finished, nothing is begun.

Its pool hears no signal. This byte lies in memory that a process shares with all that it forks.
"""

from __future__ import annotations

import mmap
from typing import Final

_asked: Final = mmap.mmap(-1, 1)


def ask() -> None:
    """From now on every round of this process and its children has had its time."""
    _asked[0] = 1


def is_asked() -> bool:
    return bool(_asked[0])
