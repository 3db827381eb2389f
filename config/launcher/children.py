"""A child never outlives the process that started it, however that one ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def tied_to(parent: int, *, last_word: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` by which the kernel sends the child `last_word` when its parent dies.

    Linux only; elsewhere it does nothing. The kernel watches the thread that forks, so children
    are started from a thread that lives as long as its process.
    """

    def tie() -> None:
        die_with_parent(last_word)
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)

    return tie


def die_with_parent(last_word: signal.Signals) -> None:
    """Ask the kernel to send this process `last_word` when its parent dies."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(last_word), 0, 0, 0)
