"""A form of the settings, as a browser would send it."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

TAG = re.compile(r"<(input|button)\b[^>]*>")


def fields(response: Any, *, form: str = "") -> dict[str, list[str]]:
    """What the first POST form of the page holds, or the one whose text holds `form`."""
    content: str = response.content.decode()
    inside = content.partition("<main")[2]
    forms = re.findall(r'<form\b[^>]*method="post".*?</form>', inside, re.DOTALL)
    markup = next(each for each in forms if form in each)
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", markup):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if kind == "file" or (kind in ("checkbox", "radio") and " checked" not in tag):
            continue
        value = attributes.get("value", "on" if kind == "checkbox" else "")
        sent.setdefault(attributes["name"], []).append(html.unescape(value))
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', markup, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = [chosen[1] if chosen else re.findall(r'value="([^"]*)"', options)[0]]
    for name, words in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', markup, re.DOTALL
    ):
        sent[name] = [html.unescape(words).strip()]
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def press(client: Client, page: Any, button: str = "save", *, form: str = "", **said: Any) -> Any:
    """Fill in what is said, by the names of the fields (`__` for a hyphen), and press a button."""
    data = fields(page, form=form) | {"press": [button]}
    data |= {name.replace("__", "-"): value for name, value in said.items()}
    return client.post(page.request["PATH_INFO"], data)
