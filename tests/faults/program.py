"""A program that makes promises through the real web server, and remembers what it was told."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from commitments.models import ApiToken
from tests.faults.makers import CUSTOMER, HOUR, Rung, a_sleepless_team, address
from tests.makers import ana

NO_ANSWER = 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A status, 0 where there was none; the headers, the body, and how long it took in seconds."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]
    took: float


class Program:
    """Ana's, with a token of hers."""

    def __init__(self, port: int, *, ladder: Sequence[Rung] = CUSTOMER) -> None:
        a_sleepless_team(ladder)
        self.port = port
        self.due_at = timezone.now() + HOUR
        _, self.token = ApiToken.issue(user=ana(), now=timezone.now())

    def make(
        self, number: int, *, key: str = "", due_at: datetime | None = None, patience: float = 30
    ) -> Answer:
        """Promise something to customer `number`, who is written to at once about it."""
        body = {
            "customer": {"name": f"Tom {number}", "email": address(number)},
            "wording": "Send the kettle's replacement part",
            "kind": "followup",
            "due_at": (due_at or self.due_at).isoformat(),
            "summary": True,
        }
        return self.call("POST", "/api/v1/commitments/", body, key=key, patience=patience)

    def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str = "",
        patience: float = 30,
    ) -> Answer:
        """One request over a connection of its own."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            line.request(method, path, json.dumps(body) if body else None, headers)
            response = line.getresponse()
            read = response.read()
        except (OSError, http.client.HTTPException):
            return Answer(status=NO_ANSWER, headers={}, body={}, took=time.monotonic() - began)
        finally:
            line.close()
        return Answer(
            status=response.status,
            headers=dict(response.getheaders()),
            body=json.loads(read) if read.startswith(b"{") else {},
            took=time.monotonic() - began,
        )

    def ready(self) -> Answer:
        return self.call("GET", "/readyz", patience=10)

    def finds_it_alive(self) -> bool:
        return self.call("GET", "/healthz", patience=2).status == 200
