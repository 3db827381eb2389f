"""What is logged, and what never is: names, addresses, wording, and the keys to somebody's data.

A line says when (UTC), which part of us says it, which request or task it belongs to, and the id of
who is signed in; as JSON, or as text to be read. Of an error it says the type and where it was
raised; what an error says of itself may quote anything, so only what cannot is written down.

What comes from outside may hold line ends and the commands of terminals. Neither gets through: who
reads a line that begins with an instant reads a line of ours.
"""

from __future__ import annotations

import json
import logging
import re
import select
import sqlite3
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO, cast

import psycopg2

from config import request_ids

TOKENS = re.compile(r"(/(?:c|calendar|undo|accounts/password/reset/key)/)[^/\s\"'?]+")
# Wherever they stand: in an address by mistake, or in what a library says of a request.
KEYS = re.compile(r"\b(f[tc]_[0-9a-f]{8}\.)[A-Za-z0-9_-]+")
# Of so many characters at most, or from its beginning on: a long word is searched through once.
QUERIES = re.compile(r"(/[^\s?\"']{0,300})\?[^\s\"']+")
# A worker is called so.
ADDRESSES = re.compile(r"(?<![^\s<>\"'(),:;=@])(?!celery@)[^\s<>\"'(),:;=@]*@[^\s<>\"'(),:;]+")

OWN_HANDLERS = ("django", "django.server", "gunicorn.access", "gunicorn.error")
# Characters; as bytes they fit into a pipe that says it can be written to.
AT_ONCE = 1000
ONE_LINE_A_TICK = ("celery.app.trace", "celery.beat", "celery.worker.strategy")
# What they say of each call holds whole URLs, and those of chats are passwords.
TELL_SECRETS = ("apprise", "requests", "urllib3")
FORMATS = ("json", "text")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_FURTHER_LINE = re.compile(r"\n(?=.)")
# They name what stands in code, or in the settings.
_OF_CODE: Final = (AttributeError, ImportError, NameError, RecursionError, TypeError, sqlite3.Error)
_OF_POSTGRESQL: Final = (psycopg2.OperationalError, psycopg2.IntegrityError)
_REQUEST_OF_ANSWER: Final = f"{{{request_ids.HEADER.lower()}}}o"
_USER_OF_SERVER: Final = f"{{{request_ids.USER}}}e"


class Structured(logging.Formatter):
    """One JSON object a line, always with the same names first."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": _instant(record),
            "level": record.levelname,
            "logger": record.name,
            "request": _request(record),
            "user": _user(record),
            "task": _task(record),
            "message": _message(record),
        }
        if error := _error(record):
            line["error"] = [_of(each) for each in _chain(error)]
        return json.dumps(line)


class Plain(logging.Formatter):
    """The same to be read: `request:user/task`. Where an error was raised stands indented below."""

    def format(self, record: logging.LogRecord) -> str:
        request, user, task = _request(record), _user(record), _task(record)
        asked = request if user is None else f"{request}:{user}"
        whose = "/".join(each for each in (asked, task) if each) or "-"
        lines = [f"{_instant(record)} {record.levelname} {record.name} {whose} {_message(record)}"]
        error = _error(record)
        for each in _chain(error) if error else ():
            lines += [_named(each), *_where(each)]
        return _FURTHER_LINE.sub("\n  ", _CONTROL.sub(" ", "\n".join(lines)))


def scrubbed(said: str) -> str:
    """Without keys, addresses of people, and what was asked for in an address."""
    said = QUERIES.sub(r"\1?…", KEYS.sub(r"\1…", TOKENS.sub(r"\1…", said)))
    return ADDRESSES.sub("…@…", said)


def _instant(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _request(record: logging.LogRecord) -> str | None:
    """That of the web server's own line stands in the answer's header."""
    if isinstance(record.args, Mapping) and record.name == "gunicorn.access":
        return str(record.args[_REQUEST_OF_ANSWER])
    # Django says of a refusal what it was, when the request has left everything of ours.
    return request_ids.of_request(getattr(record, "request", None)) or request_ids.of_request()


def _user(record: logging.LogRecord) -> int | None:
    if isinstance(record.args, Mapping) and record.name == "gunicorn.access":
        return cast("int | None", record.args.get(_USER_OF_SERVER))
    return request_ids.of_user(getattr(record, "request", None))


def _task(record: logging.LogRecord) -> str | None:
    if isinstance(record.args, Mapping) and record.name == "celery.app.trace":
        return str(record.args.get("id"))
    return request_ids.of_task()


def _message(record: logging.LogRecord) -> str:
    args = record.args
    if isinstance(args, Mapping) and "exc" in args:  # Celery's, of a task that raised
        error = _error(record)
        known = {"exc": _named(error) if error else "…", "traceback": "…"}
        args = {**args, "args": "…", "kwargs": "…", **known}
    elif isinstance(args, tuple):
        args = tuple(_named(each) if isinstance(each, BaseException) else each for each in args)
    message = str(record.msg) if not isinstance(record.msg, BaseException) else _named(record.msg)
    return scrubbed(message % args if args else message)


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error and what led to it."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def says(error: BaseException) -> str:
    """What an error says of itself, as far as it may be written down."""
    return scrubbed(_says(error))


def _of(error: BaseException) -> dict[str, object]:
    return {"type": _type(error), "says": says(error), "where": _where(error)}


def _named(error: BaseException) -> str:
    said = says(error)
    return f"{_type(error)}: {said}" if said else _type(error)


def _type(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _says(error: BaseException) -> str:
    """What it says of itself, where that quotes nobody."""
    if isinstance(error, OSError):
        return error.strerror or ""
    if isinstance(error, _OF_CODE):
        return str(error)
    if isinstance(error, psycopg2.Error):
        first, *_ = str(error).splitlines() or [""]
        return first if isinstance(error, _OF_POSTGRESQL) else f"SQLSTATE {error.pgcode}"
    is_djangos = type(error).__module__ == "django.db.utils" and error.__cause__ is not None
    if is_djangos and error.__cause__:
        return _says(error.__cause__)
    is_of_settings = type(error).__name__ == "ImproperlyConfigured"
    return str(error) if is_of_settings else ""


def _where(error: BaseException) -> list[str]:
    """From the outermost call to the one that raised: file, line and function, no word of data."""
    frames = traceback.extract_tb(error.__traceback__, limit=-20)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _stream() -> str:
    """What a command answers stands on standard output, for programs to read; lines stand apart."""
    return "stderr" if Path(sys.argv[0]).name == "manage.py" else "stdout"


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


def chosen_format(environment: Mapping[str, str]) -> str:
    """Programs read the log of an installation with a database of its own, people any other."""
    chosen = environment.get("LOG_FORMAT", "")
    if chosen:
        return chosen if chosen in FORMATS else "json"
    return "json" if {"DATABASE_URL", "DATABASE_URL_FILE"} & environment.keys() else "text"


def of_process(level: str, form: str = "text") -> dict[str, Any]:
    """The logging configuration of every process: one handler, one stream, no tokens."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "config.logs.Structured"},
            "text": {"()": "config.logs.Plain"},
        },
        "handlers": {
            "lines": {
                "class": "config.logs.WithoutWaiting",
                "stream": f"ext://sys.{_stream()}",
                "formatter": form,
            }
        },
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {name: {"handlers": [], "propagate": True} for name in OWN_HANDLERS}
        | {name: {"level": "WARNING"} for name in ONE_LINE_A_TICK}
        | {name: {"level": "ERROR"} for name in TELL_SECRETS},
    }
