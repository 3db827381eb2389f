"""The pack as a page that anybody can open and print, without us."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from commitments.models import EventKind

from .pack import HOW_TO_VERIFY


def page(pack: dict[str, Any], *, name: str, digest: str) -> str:
    """HTML that stands alone; `digest` is the SHA-256 of the JSON file `name` it belongs to."""
    promises = [
        {**each, "events": [_line(event) for event in each["events"]]} for each in pack["promises"]
    ]
    context = {
        **pack,
        "promises": promises,
        "name": name,
        "digest": digest,
        "how": f"{HOW_TO_VERIFY} {name}",
    }
    return render_to_string("commitments/evidence/pack.html", context)


def _line(event: dict[str, Any]) -> dict[str, Any]:
    _, sequence, kind, at, recorded_at, *_ = event["facts"]
    return {
        "sequence": sequence,
        "what": EventKind(kind).label if kind in EventKind.values else kind,
        "at": at,
        "recorded_at": recorded_at,
        "actor": event["actor"] or "",
        "words": (event["text"] or {}).get("words", ""),
        "hash": event["hash"],
    }
