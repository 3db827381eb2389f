"""A key to somebody's data is never written into a log."""

from __future__ import annotations

import logging
import logging.config

import pytest

from config import logs


@pytest.mark.parametrize(
    ("message", "arguments", "written"),
    [
        ("GET %s 200", ("/c/s3cret:v1/check-in/?r=4",), "GET /c/…/check-in/?r=4 200"),
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
    ],
)
def test_a_link_is_logged_without_its_token(message, arguments, written):
    assert line_of(message, *arguments).endswith(written)
    assert "s3cret" not in line_of(message, *arguments)


def line_of(message: str, *arguments: object, error: Exception | None = None) -> str:
    """As the handler of every process writes it, without the instant and who says it."""
    handler = logging.config.dictConfigClass(logs.to_stdout("DEBUG")).configure_formatter(
        logs.to_stdout("DEBUG")["formatters"]["line"] | {"format": "%(message)s"}
    )
    told = (type(error), error, None) if error is not None else None
    record = logging.LogRecord("web", logging.INFO, __file__, 1, message, arguments, told)
    return str(handler.format(record))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("550 no\r\n2026-03-02 12:00:00 INFO all is well", "550 no \n  2026-03-02 12:00:00 INFO"),
        ("\x1b[2Jgone", " [2Jgone"),
        ("a\u2028b\x85c", "a b c"),
    ],
)
def test_what_comes_from_outside_writes_no_line_of_ours(said: str, written: str):
    assert line_of("The server said %s", said).startswith(f"The server said {written}")
    assert line_of("Raised.", error=ValueError(said)).startswith(
        f"Raised.\n  ValueError: {written}"
    )


def test_a_token_in_a_traceback_is_taken_out_too():
    assert line_of("Raised.", error=KeyError("/c/s3cret/")) == "Raised.\n  KeyError: '/c/…/'"


def test_libraries_that_log_whole_addresses_say_nothing_but_errors():
    loggers = logs.to_stdout("DEBUG")["loggers"]

    assert {name: loggers[name]["level"] for name in logs.TELL_SECRETS} == {
        "apprise": "ERROR",
        "requests": "ERROR",
        "urllib3": "ERROR",
    }
