"""What is asked of an answer wherever safety is tried."""

from __future__ import annotations

from typing import Any

# Exactly this, but where pages have a reason to be stricter, or to stand in a frame of our own.
SAID = {
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
}
POLICY = {
    *("base-uri 'none'", "connect-src 'self'", "default-src 'none'", "form-action 'self'"),
    *("frame-ancestors 'none'", "img-src 'self' data:", "script-src 'self'", "style-src 'self'"),
}


def missing_headers(answer: Any) -> list[str]:
    """What it should have said to a browser and did not, or otherwise."""
    wrong = [name for name, right in SAID.items() if answer.headers.get(name) not in right]
    if set(answer.headers.get("Content-Security-Policy", "").split("; ")) != POLICY:
        wrong.append("Content-Security-Policy")
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    return wrong
