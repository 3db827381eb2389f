"""A key to somebody's data is never written into a log, and neither is anybody's name."""

from __future__ import annotations

import json
import logging
import logging.config
import sys

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError

from config import logs, request_ids


@pytest.mark.parametrize(
    ("message", "arguments", "written"),
    [
        ("GET %s 200", ("/c/s3cret:v1/check-in/?r=s3cret",), "GET /c/…/check-in/?… 200"),
        ("Not Found: /undo/s3cret/", (), "Not Found: /undo/…/"),
        (
            "GET %s",
            ("/accounts/password/reset/key/7-s3cret/",),
            "GET /accounts/password/reset/key/…/",
        ),
        ("POST /promises/new/", (), "POST /promises/new/"),
        ("GET /calendar/fc_00112233.s3cret.ics 200", (), "GET /calendar/… 200"),
        ("GET /api/v1/ft_00112233.s3cret-_x/", (), "GET /api/v1/ft_00112233.…/"),
        ("%r", ({"Authorization": "Bearer ft_00112233.s3cret"},), "Bearer ft_00112233.…'}"),
        ("550 <%s> is unknown", ("s3cret@customers.example",), "550 <…@…> is unknown"),
        (f"To {'x' * 80}s3cret@customers.example", (), "To …@…"),
        ("celery@worker-1 ready.", (), "celery@worker-1 ready."),
        ("GET /promises/?q=s3cret%20s3cret 200", (), "GET /promises/?… 200"),
        ("Mail has to wait: %s", (ValueError("no s3cret"),), "Mail has to wait: ValueError"),
    ],
)
@pytest.mark.parametrize("form", logs.FORMATS)
def test_a_line_holds_neither_key_nor_address(message, arguments, written, form):
    line = line_of(message, *arguments, form=form)

    assert (json.loads(line)["message"] if form == "json" else line).endswith(written)
    assert "s3cret" not in line


def line_of(
    message: str, *arguments: object, error: BaseException | None = None, form: str = "text"
) -> str:
    """As the handler of every process writes it."""
    known = logs.of_process("DEBUG", form)
    chosen = known["formatters"][known["handlers"]["lines"]["formatter"]]
    formatter = logging.config.dictConfigClass(known).configure_formatter(chosen)
    told = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("web", logging.INFO, __file__, 1, message, arguments, told)
    record.created = 1_780_000_000.25
    return str(formatter.format(record))


def raised(error: BaseException) -> BaseException:
    """With its place in this file."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_a_line_says_when_where_and_for_which_request():
    line = json.loads(line_of("All is %s", "well", form="json"))

    assert line == {
        "at": "2026-05-28T20:26:40.250Z", "level": "INFO", "logger": "web", "request": None,
        "user": None, "task": None, "message": "All is well",
    }  # fmt: skip
    assert line_of("All is well") == "2026-05-28T20:26:40.250Z INFO web - All is well"


def test_a_line_of_a_task_says_which():
    request_ids.task_began("f00d")
    try:
        assert json.loads(line_of("Done.", form="json"))["task"] == "f00d"
        assert " web f00d Done." in line_of("Done.")
    finally:
        request_ids.task_ended("f00d")
    assert json.loads(line_of("Done.", form="json"))["task"] is None


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("550 no\r\n2026-03-02 12:00:00 INFO all is well", "550 no \n  2026-03-02 12:00:00 INFO"),
        ("\x1b[2Jgone", " [2Jgone"),
        ("a\u2028b\x85c", "a b c"),
    ],
)
def test_what_comes_from_outside_writes_no_line_of_ours(said: str, written: str):
    assert f"The server said {written}" in line_of("The server said %s", said)
    assert f"\n  TypeError: {written}" in line_of("Raised.", error=TypeError(said))
    as_json = line_of("The server said %s", said, error=TypeError(said), form="json")
    assert as_json.isprintable()
    assert as_json.isascii()


def test_an_error_is_told_by_its_type_and_where_it_was_raised():
    error = raised(KeyError("/c/s3cret/"))
    error.__cause__ = raised(ValueError("Tom Okafor has 'no' number"))

    line = json.loads(line_of("Raised.", error=error, form="json"))

    assert [each["type"] for each in line["error"]] == ["KeyError", "ValueError"]
    assert line["error"][0]["where"][-1].endswith("raised")
    assert line["error"][0]["where"][-1].startswith(__file__)
    text = line_of("Raised.", error=error)
    assert text.splitlines()[1] == "  KeyError"
    assert not {"s3cret", "Tom"} & set(text.replace("'", " ").split())


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (raised(OSError(113, "No route to host", "/home/tom")), "No route to host"),
        (raised(AttributeError("'NoneType' object has no attribute 'pk'")), "'NoneType' object"),
        (raised(ImproperlyConfigured("Set SECRET_KEY")), "Set SECRET_KEY"),
        (raised(psycopg2.OperationalError("server closed\nDETAIL: Tom")), "server closed"),
        (raised(psycopg2.IntegrityError('violates "one"\nDETAIL: Tom')), 'violates "one"'),
        (raised(psycopg2.DataError('invalid input: "Tom"')), "SQLSTATE None"),
        (raised(ValueError("time data 'Tom' does not match")), ""),
        (raised(IntegrityError("Tom")), ""),
    ],
)
def test_it_says_itself_only_what_quotes_nobody(error: BaseException, says: str):
    told = json.loads(line_of("Raised.", error=error, form="json"))["error"][0]["says"]

    assert told.startswith(says)
    assert bool(told) == bool(says)
    assert "Tom" not in told


def test_a_task_that_raised_is_logged_without_what_it_was_given():
    error = raised(ValueError("Tom"))
    celerys = {
        "id": "f00d", "name": "audit", "exc": repr(error), "args": "['Tom']", "kwargs": "{}",
        "traceback": "Tom", "description": "raised unexpected",
    }  # fmt: skip
    record = logging.LogRecord(
        "celery.app.trace", logging.ERROR, __file__, 1,
        "Task %(name)s[%(id)s] %(description)s: %(exc)s with %(args)s", (celerys,),
        (type(error), error, error.__traceback__),
    )  # fmt: skip

    line = json.loads(logs.Structured().format(record))

    assert line["message"] == "Task audit[f00d] raised unexpected: ValueError with …"
    assert line["task"] == "f00d"


@pytest.mark.parametrize(
    ("program", "stream"),
    [("manage.py", "stderr"), ("/srv/followthrough/manage.py", "stderr"), ("celery", "stdout")],
)
def test_what_a_command_answers_is_not_among_its_lines(
    monkeypatch: pytest.MonkeyPatch, program: str, stream: str
) -> None:
    monkeypatch.setattr(sys, "argv", [program, "make_token"])

    assert logs.of_process("INFO")["handlers"]["lines"]["stream"] == f"ext://sys.{stream}"


@pytest.mark.parametrize(
    ("environment", "form"),
    [
        ({}, "text"),
        ({"DATABASE_URL": "postgres://db/one"}, "json"),
        ({"DATABASE_URL_FILE": "/run/secrets/db"}, "json"),
        ({"DATABASE_URL": "postgres://db/one", "LOG_FORMAT": "text"}, "text"),
        ({"LOG_FORMAT": "json"}, "json"),
        ({"LOG_FORMAT": "xml"}, "json"),
    ],
)
def test_programs_read_json_and_people_text(environment: dict[str, str], form: str):
    assert logs.chosen_format(environment) == form


def test_libraries_that_log_whole_addresses_say_nothing_but_errors():
    loggers = logs.of_process("DEBUG")["loggers"]

    assert {name: loggers[name]["level"] for name in logs.TELL_SECRETS} == {
        "apprise": "ERROR",
        "requests": "ERROR",
        "urllib3": "ERROR",
    }
