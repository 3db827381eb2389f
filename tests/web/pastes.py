"""A conversation to paste, and what a browser would send of the page that answers."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from commitments.models import Commitment

SUGGEST = "/promises/suggest/"
CHAT = """[10:02] Ana: Good morning Tom, how can I help?
[10:03] Tom: The lid of my kettle broke, and I was charged twice.
[10:04] Ana: I'll send you a new lid by Friday 4pm.
[10:05] Ana: I'll refund the 12 euros as soon as possible.
[10:06] Ana: If you send me a photo, I will also check the base."""
LID, MONEY, BASE = "p126x4008a6", "p178xe487c4", "p237x5580b5"


def pasted(client: Client, text: str = CHAT, **fields: str) -> Any:  # Any: a test response
    """The answer to a paste."""
    return client.post(SUGGEST, {"once": "k", "text": text, "who": "tom", "do": "read"} | fields)


def sent_back(response: Any, *, do: str = "save", **changes: str) -> dict[str, str]:
    """Everything that a browser would send of this page, with some of it changed."""
    content = response.content.decode()
    content = content[content.index('action="/promises/suggest/"') :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", content):
        at = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_off = at.get("type") in ("radio", "checkbox") and not re.search(r"\bchecked\b", tag)
        if "name" in at and not is_off:
            found[at["name"]] = html.unescape(at.get("value", ""))
    areas = re.findall(
        r'<textarea\b[^>]*name="([\w-]+)"[^>]*>\r?\n?(.*?)</textarea>', content, re.S
    )
    found |= {name: html.unescape(words) for name, words in areas}
    for name, inside in re.findall(
        r'<select\b[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', content, re.S
    ):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found | {"do": do} | {name.replace("__", "-"): text for name, text in changes.items()}


def saved(client: Client, response: Any, **changes: str) -> Any:  # Any: test responses
    return client.post(SUGGEST, sent_back(response, **changes))


def made() -> list[Commitment]:
    """What was logged here, in order; the promise by which Tom is known is not."""
    return list(Commitment.objects.exclude(wording__contains="kettle's").order_by("pk"))


def keys_of(response: Any) -> list[str]:
    return re.findall(r'id="card-(\w+)"', response.content.decode())
