"""What is logged, and what never is: a link's token is a key to somebody's data.

What comes from outside may hold line ends and the commands of terminals. Neither gets through: who
reads a line that begins with an instant reads a line of ours.
"""

from __future__ import annotations

import logging
import re
import select
from typing import Any, TextIO

TOKENS = re.compile(r"(/(?:c|calendar|undo|accounts/password/reset/key)/)[^/\s\"'?]+")
# Wherever they stand: in an address by mistake, or in what a library says of a request.
KEYS = re.compile(r"\b(f[tc]_[0-9a-f]{8}\.)[A-Za-z0-9_-]+")

OWN_HANDLERS = ("django", "django.server", "gunicorn.access", "gunicorn.error")
# Characters; as bytes they fit into a pipe that says it can be written to.
AT_ONCE = 1000
ONE_LINE_A_TICK = ("celery.app.trace", "celery.beat", "celery.worker.strategy")
# What they say of each call holds whole URLs, and those of chats are passwords.
TELL_SECRETS = ("apprise", "requests", "urllib3")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_FURTHER_LINE = re.compile(r"\n(?=.)")


class Plain(logging.Formatter):
    """Lines without tokens, and without anything that looks like another line or is none.

    The further lines of a message or a traceback are indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = KEYS.sub(r"\1…", TOKENS.sub(r"\1…", super().format(record)))
        return _FURTHER_LINE.sub("\n  ", _CONTROL.sub(" ", said))


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
        "formatters": {
            "line": {
                "()": "config.logs.Plain",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            }
        },
        "handlers": {
            "stdout": {
                "class": "config.logs.WithoutWaiting",
                "stream": "ext://sys.stdout",
                "formatter": "line",
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {name: {"handlers": [], "propagate": True} for name in OWN_HANDLERS}
        | {name: {"level": "WARNING"} for name in ONE_LINE_A_TICK}
        | {name: {"level": "ERROR"} for name in TELL_SECRETS},
    }
