"""Who connects and says nothing, or stops in the middle, keeps nobody else from an answer."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from tests.config.houses import CODE, House
from tests.wire.test_bad_requests import asked

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

ALIVE = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def test_the_proxy_in_front_waits_for_whole_requests_and_not_for_long() -> None:
    """Of the web server alone a few dozen would hold every thread for half a minute."""
    example = (CODE / "deploy" / "nginx.conf").read_text("utf-8")

    assert "proxy_request_buffering on;" in example
    assert "client_header_timeout 10s;" in example
    assert "client_body_timeout 10s;" in example


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
