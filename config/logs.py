"""What is logged, and what never is: a link's token is a key to somebody's data."""

from __future__ import annotations

import logging
import re
from typing import Any

TOKENS = re.compile(r"(/(?:c|undo|accounts/password/reset/key)/)[^/\s\"'?]+")

OWN_HANDLERS = ("django", "django.server", "gunicorn.access", "gunicorn.error")
ONE_LINE_A_TICK = ("celery.app.trace", "celery.beat", "celery.worker.strategy")


class WithoutTokens(logging.Filter):
    """Takes the tokens out of every address before a line is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = TOKENS.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True


def to_stdout(level: str) -> dict[str, Any]:
    """The logging configuration of every process: one handler, standard output, no tokens."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_tokens": {"()": "config.logs.WithoutTokens"}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "filters": ["without_tokens"],
                "formatter": "line",
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {name: {"handlers": [], "propagate": True} for name in OWN_HANDLERS}
        | {name: {"level": "WARNING"} for name in ONE_LINE_A_TICK},
    }
