"""The figures of a page that open a list: each with its address, as a reader finds them."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from commitments.web.lists import all_promises
from tests.web import pages

_WAYS = (
    r'<a class="whole" href="(/promises/[^"]*)">.*?<b[^>]*>([\d,]+)</b>',  # a tile
    r'<small>.*?<a href="(/promises/[^"]*)">([\d,]+)</a>',  # beneath it
    r'<a class="ln" href="(/promises/[^"]*)">.*?<span class="v">([\d,]+)',  # a bar
    r'<td class="num"><a href="(/promises/[^"]*)">([\d,]+)</a>',  # in a chart's table
)


def of(page: Any) -> list[tuple[str, int]]:
    """Address and number, once for each place."""
    markup = page.content.decode()
    return [
        (html.unescape(address), int(number.replace(",", "")))
        for way in _WAYS
        for address, number in re.findall(way, markup, flags=re.DOTALL)
    ]


def listed(client: Client, address: str) -> str:
    """How many the list behind a figure says it has."""
    page = client.get(address)
    found = re.search(r'<h2 id="count"[^>]*>(.*?)</h2>', page.content.decode())
    assert found, pages.text(page)
    return html.unescape(found[1])


def disagreements(client: Client, page: Any) -> list[tuple[str, int, str]]:
    """The figures whose list says another number."""
    return [
        (address, number, said)
        for address, number in of(page)
        if (said := listed(client, address)) != all_promises.say_many(number)
    ]
