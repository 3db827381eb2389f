"""What is installed with us is pinned by its content, may be used, and is asked about honestly."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tests.audit import dependencies
from tests.audit.dependencies import Dependency, NoAnswer
from tests.test_architecture import places_matching

ROOT = dependencies.LOCK.parent
ONE = Dependency(name="django", version="5.2", only_if="", licence="BSD-3-Clause")


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_whatever_is_installed_is_pinned_by_its_content(lock: str) -> None:
    named = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text("utf-8"))[1:]

    assert [each.split()[0] for each in named if "--hash=sha256:" not in each] == []
    assert len(named) == len(dependencies.all_of_them(ROOT / lock))


@pytest.mark.parametrize("found", dependencies.all_of_them(), ids=lambda each: each.name)
def test_each_may_be_used_as_we_use_it(found: Dependency) -> None:
    assert found.may_be_used, found


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "AGPL-3.0", "GNU General Public License v3", "", "Proprietary"]
)
def test_one_that_binds_us_or_says_nothing_may_not(licence: str) -> None:
    assert not Dependency(name="x", version="1", only_if="", licence=licence).may_be_used


class Service(BaseHTTPRequestHandler):
    """Answers as it is told."""

    answer: ClassVar[bytes] = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def asked(answer: object) -> list[str]:
    """What we make of this answer of the service."""
    Service.answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.handle_request, daemon=True).start()
        return dependencies.known_weaknesses(
            [ONE], service=f"http://127.0.0.1:{server.server_port}"
        )


WEAK = {"vulns": [{"id": "PYSEC-2014-8"}]}


def test_a_weakness_is_named() -> None:
    assert asked({"results": [WEAK, WEAK]}) == ["django 5.2: PYSEC-2014-8"]


def test_none_is_known_only_where_the_weak_one_is_known_to_be() -> None:
    assert asked({"results": [{}, WEAK]}) == []


@pytest.mark.parametrize(
    "answer", [{"results": [{}, {}]}, {"results": []}, {"results": [WEAK]}, {}, b"<html>", b"[]"]
)
def test_an_answer_that_proves_nothing_is_none(answer: object) -> None:
    with pytest.raises(NoAnswer):
        asked(answer)


def test_who_cannot_be_asked_has_not_said_no() -> None:
    with pytest.raises(NoAnswer, match="could not be asked"):
        dependencies.known_weaknesses([ONE], service="http://127.0.0.1:1/")


def test_the_lock_is_where_it_is_looked_for() -> None:
    assert Path(dependencies.LOCK).name == "requirements.txt"
    assert "django" in {each.name for each in dependencies.all_of_them()}


def test_what_runs_needs_no_tool_of_ours() -> None:
    """Neither a test nor what is installed for development only."""
    runs = {each.name for each in dependencies.all_of_them()}
    tools = {each.name for each in dependencies.all_of_them(ROOT / "requirements-dev.txt")} - runs
    modules = {"tests", *(each.replace("-", "_") for each in tools)}
    imported = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(map(re.escape, modules))})\b")

    assert places_matching(imported, "*.py") == []
