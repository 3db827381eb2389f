"""What is logged, and what never is: a link's token is a key to somebody's data."""

from __future__ import annotations

import logging
import re
import select
from typing import Any, TextIO

TOKENS = re.compile(r"(/(?:c|undo|accounts/password/reset/key)/)[^/\s\"'?]+")

OWN_HANDLERS = ("django", "django.server", "gunicorn.access", "gunicorn.error")
# Characters; as bytes they fit into a pipe that says it can be written to.
AT_ONCE = 1000
ONE_LINE_A_TICK = ("celery.app.trace", "celery.beat", "celery.worker.strategy")


class WithoutTokens(logging.Filter):
    """Takes the tokens out of every address before a line is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = TOKENS.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True


class WithoutWaiting(logging.StreamHandler[TextIO]):
    """Loses a line rather than wait until somebody reads it: a reader that hangs stops no mail."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record) + self.terminator
            for start in range(0, len(line), AT_ONCE):
                if self._would_wait():
                    return
                self.stream.write(line[start : start + AT_ONCE])
                self.flush()
        except Exception:  # noqa: BLE001  # as in every handler of the standard library
            self.handleError(record)

    def _would_wait(self) -> bool:
        try:
            _, free, _ = select.select([], [self.stream], [], 0)
        except (OSError, ValueError):  # no file of the system's, so nobody to wait for
            return False
        return not free


def to_stdout(level: str) -> dict[str, Any]:
    """The logging configuration of every process: one handler, standard output, no tokens."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_tokens": {"()": "config.logs.WithoutTokens"}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "stdout": {
                "class": "config.logs.WithoutWaiting",
                "stream": "ext://sys.stdout",
                "filters": ["without_tokens"],
                "formatter": "line",
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {name: {"handlers": [], "propagate": True} for name in OWN_HANDLERS}
        | {name: {"level": "WARNING"} for name in ONE_LINE_A_TICK},
    }
