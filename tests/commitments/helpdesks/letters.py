"""What Letterbox posts."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

TOM = {"id": "91", "name": "Tom Okafor", "email": "tom@customers.example", "phone": ""}


def signed(body: bytes, secret: str) -> dict[str, str]:
    return {"X-Letterbox": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


def a_letter(**said: Any) -> dict[str, Any]:
    """Ana promises Tom something, in the first note of ticket 4711."""
    usual = {
        "ticket": "4711",
        "id": "m1",
        "happened": "promised",
        "line": "call back fri 10am",
        "agent": "ana@larkfield.example",
        "at": "2026-05-21T11:58:00Z",
        "customer": TOM,
    }
    return usual | said
