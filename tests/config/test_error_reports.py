"""What goes to Sentry tells of the error and of nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import error_reports, request_ids
from tests.config.houses import CODE, an_environment

# A far end's library, as far as we use it.
SDK = """
import json, os
def init(**options):
    hook = options.pop("before_send")
    print(json.dumps({**options, "asks_us": callable(hook)}))
"""


def an_event() -> dict[str, Any]:
    """As the library makes one, with all that it could know."""
    frame = {
        "filename": "commitments/web/new.py", "function": "make", "lineno": 7, "in_app": True,
        "vars": {"name": "Tom Okafor"}, "context_line": "raise ValueError('Tom Okafor')",
    }  # fmt: skip
    return {
        "event_id": "f00d",
        "level": "error",
        "transaction": "/c/Tom-s3cret/",
        "server_name": "Toms-laptop",
        "user": {"email": "tom@customers.example"},
        "request": {"url": "/?q=Tom", "data": "Tom", "cookies": {"sessionid": "Tom"}},
        "breadcrumbs": {"values": [{"message": "Tom"}]},
        "extra": {"sys.argv": ["Tom"]},
        "contexts": {"trace": {"data": "Tom"}},
        "modules": {"django": "5.2"},
        "logentry": {"message": "Delivery %s of tom@x.example", "params": ["Tom"]},
        "exception": {"values": [{"value": "Tom Okafor", "stacktrace": {"frames": [frame]}}]},
        "something_new": "Tom",
    }


def test_nothing_personal_is_left_of_an_event() -> None:
    error = ValueError("Tom Okafor")
    request_ids.task_began("7")

    try:
        left = error_reports.bare(an_event(), {"exc_info": (ValueError, error, None)})
    finally:
        request_ids.task_ended("7")

    assert "tom" not in json.dumps(left).lower()
    assert left["tags"] == {"request": None, "task": "7"}
    (told,) = left["exception"]["values"]
    assert (told["type"], told["value"]) == ("ValueError", "")
    assert told["stacktrace"]["frames"] == [
        {"filename": "commitments/web/new.py", "function": "make", "module": None, "lineno": 7}
        | {"in_app": True}
    ]


def test_a_line_goes_as_it_stands_in_our_code() -> None:
    event = {key: value for key, value in an_event().items() if key != "exception"}

    left = error_reports.bare(event, {})

    assert left["message"] == "Delivery %s of …@…"
    assert "tom" not in json.dumps(left).lower()


def test_without_an_address_nothing_is_begun() -> None:
    error_reports.begin("")

    assert "sentry_sdk" not in sys.modules


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)

    with pytest.raises(ImproperlyConfigured, match="pip install sentry-sdk"):
        error_reports.begin("https://key@sentry.example.org/1")


def test_every_process_begins_it_and_tells_it_nothing_personal(tmp_path: Path) -> None:
    (tmp_path / "sentry_sdk.py").write_text(SDK)
    address = "https://key@sentry.example.org/1"
    given = {"SENTRY_DSN": address, "PYTHONPATH": str(tmp_path), "VAR_DIR": str(tmp_path / "var")}

    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=CODE,
        env=an_environment(DJANGO_SETTINGS_MODULE="config.settings", **given),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == {
        "dsn": address, "release": None, "send_default_pii": False, "max_breadcrumbs": 0,
        "include_local_variables": False, "include_source_context": False, "asks_us": True,
        "max_request_body_size": "never", "traces_sample_rate": 0,
    }  # fmt: skip
