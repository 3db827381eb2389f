"""Who connects and says nothing, or stops in the middle, keeps nobody else from an answer."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.config import nginx
from tests.config.houses import House, a_free_port
from tests.wire.test_bad_requests import asked

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

ALIVE = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
HALF_A_HEAD = "GET /healthz HTTP/1.1\r\nHost: 127"
HALF_A_BODY = (
    "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
    f"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrftoken={'a' * 32}\r\n\r\n"
    "half="
)
# Longer than the example waits, and shorter than nginx does unless it is told.
PATIENCE = 45.0


def test_the_proxy_in_front_hands_on_whole_requests_alone() -> None:
    """Which nobody sees from outside, once it cuts off halves before our threads are missed."""
    assert "proxy_request_buffering on;" in nginx.EXAMPLE.read_text("utf-8")


def test_who_stops_in_the_middle_is_cut_off_by_the_proxy_and_holds_up_nobody(
    house: House, tmp_path: Path
) -> None:
    """Of the web server alone a few dozen would hold every thread for half a minute."""
    with a_proxy(tmp_path, to=house.port) as port, ExitStack() as held:
        lines = []
        for half in (HALF_A_HEAD, HALF_A_BODY) * 50:
            lines.append(held.enter_context(a_line(port)))
            lines[-1].sendall(half.encode())

        answers = [said(port, ALIVE) for _ in range(3)]
        cut_off = [line.recv(1) for line in lines]

    assert [answer.split(b"\r\n", 1)[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * 3
    assert cut_off == [b""] * 100
    log = (tmp_path / "followthrough.log").read_text("utf-8")
    assert log.count(" 408 ") == 100  # it was their time that was over


def test_one_who_stops_in_the_middle_holds_up_nobody(house: House) -> None:
    """Some that are not whole, and some that are nothing, leave threads for others."""
    with ExitStack() as held:
        for beginning in (
            "",
            "",
            "GET /",
            "GET / HTTP/1.1\r\nHost: 127",
            "POST /c/x/ HTTP/1.1\r\n",
        ):
            line = held.enter_context(socket.create_connection(("127.0.0.1", house.port)))
            line.sendall(beginning.encode())

        answers = [asked(house, ALIVE) for _ in range(3)]

    assert answers == [200, 200, 200]


@contextmanager
def a_proxy(folder: Path, *, to: int) -> Iterator[int]:
    """nginx by the example of deploy/, in front of that port; answers its own."""
    port, plain = a_free_port(), a_free_port()
    places = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "127.0.0.1:8000": f"127.0.0.1:{to}",
    }
    command = nginx.command(folder, instead=places)
    running = subprocess.Popen([*command, "-g", "daemon off; master_process off;"])
    try:
        give_up = time.monotonic() + PATIENCE
        while not listens(port):
            assert running.poll() is None, (folder / "error.log").read_text("utf-8")
            assert time.monotonic() < give_up
            time.sleep(0.05)
        yield port
    finally:
        running.kill()
        running.wait()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def a_line(port: int) -> ssl.SSLSocket:
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    return anybody.wrap_socket(line)


def said(port: int, words: str) -> bytes:
    with a_line(port) as line:
        line.sendall(words.encode())
        return b"".join(iter(lambda: line.recv(4096), b""))
