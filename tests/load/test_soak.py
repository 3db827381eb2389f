"""What a soak holds to be kept, and what it notices of each request."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.load.soak import judging
from tests.load.soak.driving import CALLERS, Driven, drive
from tests.load.soak.judging import Soaked
from tests.load.soak.mix import Asked
from tests.load.soak.watching import Watch

ALL = 1000


def driven(*, answered: int = ALL, late: float = 0.01, dropped: int = 0) -> Driven:
    """A thousand requests, of which twenty were so late."""
    return Driven(
        asked=ALL,
        late=[0.01] * (ALL - 20) + [late] * 20,
        answered=([0.02] * (ALL - 20) + [late + 0.01] * 20)[:answered],
        dropped=["page"] * dropped,
    )


def watch(**more: Sequence[float]) -> Watch:
    """Ten looks at a web server that holds as much as ever."""
    seen = {"memory": [150.0] * 10, "files": [40.0] * 10, "base": [10] * 10, "broker": [9] * 10}
    seen |= {name: list(looks) for name, looks in more.items()}
    return Watch(
        database="",
        broker="",
        processes={},
        held={"web": seen["memory"]},
        files={"web": seen["files"]},
        connections=seen["base"],
        broker_lines=seen["broker"],
        pids={"web": {int(pid) for pid in seen.get("pids", [1])}},
    )


def soaked(
    whole: Driven, *, took: int = 20, troubles: Sequence[str] = (), findings: Sequence[str] = (),
    seen: Watch | None = None,
) -> Soaked:  # fmt: skip
    served = [("GET /", "200", "20")] * (ALL - 20) + [("GET /", "200", str(took))] * 20
    return Soaked(
        title="", driven=whole, served=served, watch=seen or watch(), troubles=troubles,
        findings=findings,
    )  # fmt: skip


def kept(what: Soaked, capsys: pytest.CaptureFixture[str]) -> tuple[bool, list[str]]:
    """Whether all was, and the lines of what was not."""
    ended = judging.report(what)
    said = capsys.readouterr().out.splitlines()
    return ended == 0, [line.split("  ")[0] for line in said if line.endswith("NOT KEPT")]


def test_a_soak_without_faults_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert kept(soaked(driven(dropped=1)), capsys) == (True, [])


@pytest.mark.parametrize(
    ("what", "line"),
    [
        (soaked(driven(answered=ALL - 1)), "requests answered"),
        (soaked(driven(late=1.995)), "answered after, 99 of 100, s"),
        (soaked(driven(dropped=2)), "asked again on a new line"),
        (soaked(driven(), took=300), "server time, 99 of 100, ms"),
        (soaked(driven(), troubles=["Traceback"]), "errors in the logs"),
        (soaked(driven(), findings=["I1 broken"]), "what the auditor finds"),
        (soaked(driven(), seen=watch(memory=[150.0] * 8 + [160.0] * 2)), "web"),
        (soaked(driven(), seen=watch(files=[40.0] * 8 + [51.0] * 2)), "web"),
        (soaked(driven(), seen=watch(base=[17])), "connections to the database"),
        (soaked(driven(), seen=watch(broker=[100])), "lines to the broker"),
        (soaked(driven(), seen=watch(pids=[1, 2])), "web: another process took its place"),
    ],
)
def test_each_bound_is_held_on_its_own(
    what: Soaked, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kept(what, capsys) == (False, [line])


def test_who_is_asked_late_is_answered_late(capsys: pytest.CaptureFixture[str]) -> None:
    assert kept(soaked(driven(late=2.0)), capsys) == (
        False,
        ["asked after, 99 of 100, s", "answered after, 99 of 100, s"],
    )


def test_a_soak_in_which_nothing_was_asked_is_not_kept(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = Soaked(
        title="", driven=Driven(), served=[], watch=watch(), troubles=[], findings=[]
    )  # fmt: skip

    is_kept, lines = kept(nothing, capsys)

    assert not is_kept
    assert lines[0] == "requests answered"


@dataclass
class Same:
    """Draws one request over and over."""

    heard: Callable[[bytes], None] = lambda _: None
    headers: dict[str, str] = field(default_factory=dict)

    def draw(self) -> Asked:
        return Asked(
            what="a page", method="GET", address="/", headers=self.headers, heard=self.heard
        )


class Answers(BaseHTTPRequestHandler):
    """Says yes; hangs up after each, or before the second on a line, if so asked."""

    protocol_version = "HTTP/1.1"
    ends_kept_lines = False
    met = 0

    def do_GET(self) -> None:
        self.met += 1
        if self.ends_kept_lines and self.met == 2:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"yes")

    def log_message(self, *_: object) -> None:
        pass


class HangsUp(Answers):
    ends_kept_lines = True


@contextmanager
def a_server(answers: type[Answers] = Answers) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_each_request_is_asked_and_answered() -> None:
    with a_server() as port:
        found = drive(port, Same(), a_second=200, seconds=0.5)

    assert (found.asked, len(found.late), len(found.answered)) == (100, 100, 100)
    assert (found.dropped, found.wrong) == ([], [])


def test_what_cannot_be_read_of_an_answer_is_an_error() -> None:
    """Of as many requests as there are callers: each of them ends with it."""

    def heard(said: bytes) -> None:
        raise KeyError(said)

    with a_server() as port:
        found = drive(port, Same(heard=heard), a_second=10, seconds=0.2)

    assert found.wrong == ["A caller ended: KeyError(b'yes')"] * 2


def test_a_kept_line_that_was_ended_is_counted_and_the_request_asked_once_more() -> None:
    with a_server(HangsUp) as port:
        found = drive(port, Same(), a_second=200, seconds=0.5)

    assert (found.asked, len(found.answered), found.wrong) == (100, 100, [])
    # Each but the first of each caller.
    assert 100 - CALLERS <= len(found.dropped) < 100


def test_where_nobody_listens_each_request_is_an_error() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        found = drive(nobody.getsockname()[1], Same(), a_second=200, seconds=0.05)

    assert (found.answered, found.dropped) == ([], [])
    assert len(found.wrong) == found.asked == 10
