"""Requests that are none, byte by byte, at the real web server: A20 and A21 of the list of bad
inputs. It answers them itself or leaves them to us, never with a fault, and stays awake.
"""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from tests.config.houses import House, manage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

PATIENCE = 10.0  # seconds; shorter than the server's own
MOST = "x" * 65_536


@pytest.fixture(scope="module")
def token(house: House) -> str:
    made = manage("make_token", "--email", "ana@larkfield.example", folder=house.folder)
    return made.stdout.strip()


@pytest.mark.parametrize(
    ("lines", "body", "statuses"),
    [
        # A body that ends early, one longer than said, and lengths that are none.
        (["POST {list} HTTP/1.1", "Content-Length: 500"], "{}", {400, None}),
        (["POST {list} HTTP/1.1", "Content-Length: 2"], "{}{}{}", {400}),
        (["POST {list} HTTP/1.1", "Content-Length: -1"], "{}", {400}),
        (["POST {list} HTTP/1.1", "Content-Length: 1e3"], "{}", {400}),
        (["POST {list} HTTP/1.1", "Content-Length: 2", "Content-Length: 3"], "{}", {400}),
        # In chunks and with a length: whoever is between us may believe the other one.
        (
            ["POST {list} HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 2"],
            "2\r\n{}\r\n0\r\n\r\n",
            {400},
        ),
        (["POST {list} HTTP/1.1", "Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n", {400}),
        (["POST {list} HTTP/1.1", "Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\n\r\n", {400}),
        (["POST {list} HTTP/1.1", "Content-Length: 2", "Expect: 100-continue"], "{}", {100, 400}),
        (["POST {list} HTTP/1.1", "Content-Length: 2", "Expect: tea"], "{}", {400, 417}),
        # Headers without end, and what is hidden in them.
        (["GET {list} HTTP/1.1", f"X-Long: {MOST}"], "", {400, 431}),
        (["GET {list} HTTP/1.1", *(f"X-{n}: 1" for n in range(500))], "", {400, 431}),
        (["GET {list} HTTP/1.1", "X-Two : 1"], "", {400}),
        (["GET {list} HTTP/1.1", "X-Nul: a\0b"], "", {400}),
        # Addresses and methods.
        ([f"GET {{list}}?{MOST} HTTP/1.1"], "", {400, 414}),
        (["GET {list}?" + "&".join(f"p{n}=1" for n in range(101)) + " HTTP/1.1"], "", {400}),
        (["TRACE {list} HTTP/1.1"], "", {405}),
        (["PUT {list} HTTP/1.1", "Content-Length: 2"], "{}", {405}),
        (["GET {list} HTTP/1.1", "X-HTTP-Method-Override: DELETE"], "", {200}),
        (["FETCH {list} HTTP/1.1"], "", {400, 405}),
        (["GET //api/v1/commitments/ HTTP/1.1"], "", {404}),
        (["GET /api/v1/commitments.json HTTP/1.1"], "", {404}),
        (["GET /api/v1/commitments;x=1/ HTTP/1.1"], "", {404}),
        (["GET /api/v1/../../etc/passwd HTTP/1.1"], "", {400, 404}),
        (["GET {list} HTTP/9.9"], "", {400, 505}),
        (["GET {list}"], "", {400}),
        (["\0\1\2\3"], "", {400}),
        # A form of two thousand fields is no JSON.
        (
            [
                *("POST {list} HTTP/1.1", "Content-Length: 9889"),
                "Content-Type: application/x-www-form-urlencoded",
            ],
            "&".join(f"f{n}=1" for n in range(2000))[:9889],
            {415},
        ),
    ],
)
def test_a_request_that_is_none(
    house: House, token: str, lines: list[str], body: str, statuses: set[int | None]
) -> None:
    head = [line.format(list="/api/v1/commitments/") for line in lines]
    usual = [
        *("Host: 127.0.0.1", f"Authorization: Bearer {token}", "Connection: close"),
        *(
            []
            if any("Content-Type" in line for line in lines)
            else ["Content-Type: application/json"]
        ),
    ]

    status = asked(house, "\r\n".join([head[0], *usual, *head[1:], "", body]))

    assert status in statuses
    assert asked(house, "\r\n".join(["GET /healthz HTTP/1.1", *usual, "", ""])) == 200


def asked(house: House, request: str) -> int | None:
    """The status of the answer, or None where the line was closed without one."""
    with socket.create_connection(("127.0.0.1", house.port), timeout=PATIENCE) as line:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
            line.sendall(request.encode())
            line.shutdown(socket.SHUT_WR)
        read = b""
        with suppress(ConnectionResetError):
            while more := line.recv(4096):
                read += more
    return int(read.split(b" ")[1]) if read.startswith(b"HTTP/") else None
