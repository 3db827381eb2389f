"""Is the port free, and is it our own web server that answers there?"""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def next_free(port: int) -> int:
    """The next free port after that one."""
    return next(each for each in range(port + 1, 65536) if is_free(each))


def asks(port: int, path: str) -> dict[str, Any]:
    """What our web server says at a path, as JSON; empty if it says nothing sensible in 2 s."""
    line = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        line.request("GET", path, headers={"X-Forwarded-Proto": "https"})
        said = json.loads(line.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        line.close()
    return said if isinstance(said, dict) else {}
