"""One launcher a folder: a lock the kernel lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Taken(Exception):
    """Another launcher holds the lock; the message is what it wrote about itself."""


class Lock:
    def __init__(self, path: Path) -> None:
        """Take the lock of that file. Raises Taken."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said = os.read(self._handle, 500).decode()
            os.close(self._handle)
            raise Taken(said) from None
        self.say("")

    def say(self, words: str) -> None:
        """Leave words for whoever finds the lock taken."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, words.encode(), 0)

    def release(self) -> None:
        os.close(self._handle)
