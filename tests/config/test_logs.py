"""A key to somebody's data is never written into a log."""

from __future__ import annotations

import logging

import pytest

from config.logs import WithoutTokens


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
    ],
)
def test_a_link_is_logged_without_its_token(message, arguments, written):
    record = logging.LogRecord("web", logging.INFO, __file__, 1, message, arguments, None)

    WithoutTokens().filter(record)

    assert record.getMessage() == written
