"""A set that lives on the disk, so that a file of any length can be searched for repetitions."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self


class Seen:
    """Where something was seen first. Use it in a `with` block.

    With a path, what was seen up to `keep` is still known the next time; without one, nothing is.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def __enter__(self) -> Self:
        # The empty name is SQLite's for a private file that it deletes itself.
        self._memory = sqlite3.connect(self._path or "")
        self._memory.execute(
            "create table if not exists seen (what text, line int, primary key (what))"
            " without rowid"
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._memory.close()

    def keep(self) -> None:
        """What was seen so far is not lost with this process."""
        self._memory.commit()

    def earlier(self, what: str, *, line: int) -> int | None:
        """The line on which this was seen before; None where this is the first time.

        A line that is looked at once more is none that it repeats.
        """
        added = self._memory.execute("insert or ignore into seen values (?, ?)", (what, line))
        if added.rowcount:
            return None
        found = self._memory.execute("select line from seen where what = ?", (what,)).fetchone()
        return int(found[0]) if found[0] != line else None
