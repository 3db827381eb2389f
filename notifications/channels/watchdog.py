"""A total time limit on a conversation.

A timeout on a socket starts anew with every byte: a server that drips one now and then holds us for
ever. Nor does it help in the middle of a buffered read. So somebody else watches the clock.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta


class Watchdog:
    """Cuts the sockets it guards when a conversation outlives its time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._deadline: float | None = None
        self._asleep = False
        self._over = False
        self._thread: threading.Thread | None = None
        self._guarded: socket.socket | None = None
        self.has_bitten = False

    def guard(self, connection: socket.socket | None) -> None:
        """Cut this one in time; at once, if the time was up before there was anything to cut."""
        self._guarded = connection
        if self.has_bitten:
            self._cut()

    @contextlib.contextmanager
    def limit(self, length: timedelta) -> Iterator[None]:
        """Cut the guarded socket if this block takes longer."""
        self._set(time.monotonic() + length.total_seconds())
        try:
            yield
        finally:
            self._set(None)

    def remaining(self) -> float:
        """Seconds left of the conversation under way."""
        return max(self._deadline - time.monotonic(), 0.001) if self._deadline else 0.001

    def stop(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()
        if self._thread:
            self._thread.join()

    def _set(self, deadline: float | None) -> None:
        with self._changed:
            self._deadline = deadline
            if deadline is None:
                return
            self.has_bitten = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
            elif self._asleep:
                self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._over:
                # A limit that moves ahead wakes nobody: that would cost every mail a switch.
                if self._deadline is None:
                    self._asleep = True
                    self._changed.wait()
                    self._asleep = False
                elif (left := self._deadline - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    self._bite()

    def _bite(self) -> None:
        self._deadline = None
        self.has_bitten = True
        self._cut()

    def _cut(self) -> None:
        if self._guarded:
            # An encrypted socket's own shutdown would take its state away under the reader.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._guarded, socket.SHUT_RDWR)
