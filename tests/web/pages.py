"""What tests read off a page."""

from __future__ import annotations

import html
import re

from django.test import Client

from commitments.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: object) -> str:
    """The words of a page, without its tags, its white space made single."""
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    body = content.partition("<body")[2]
    return text_of(body)


def text_of(markup: str) -> str:
    """The same of a part of a page."""
    bare = re.sub(r"<(svg|script)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def title(response: object) -> str:
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    found = re.search(r"<title>(.*?)</title>", content, flags=re.DOTALL)
    return html.unescape(found[1]) if found else ""


def hidden(response: object) -> dict[str, str]:
    """The hidden values of a page's forms: what a browser sends back without being asked."""
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', content)
    return {name: html.unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def values_of(response: object, name: str) -> list[str]:
    """What each button of this name says when it is pressed."""
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    return [html.unescape(each) for each in re.findall(rf'name="{name}" value="([^"]*)"', content)]
