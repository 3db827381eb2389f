"""Somebody else's JSON, looked into without trust: what is not there, or of another type, is ""."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, Final

_MARKED: Final = re.compile(r"(?:promise\s*:|~)\s*(?P<line>\S.*)", re.IGNORECASE)
_FIRST_LINE_WITHIN: Final = 8_000  # characters of a note; what begins later is no first line
_BREAKS: Final = frozenset({
    "address", "article", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "section", "table", "td", "tr", "ul",
})  # fmt: skip
_UNSEEN: Final = frozenset({"head", "script", "style", "template", "title"})


class Content:
    """A value inside, reached by its path: `content.text("ticket", "customer", "email")`."""

    def __init__(self, value: Any) -> None:  # Any: JSON
        self._value = value

    def inside(self, *path: str) -> Content:
        value = self._value
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return Content(value)

    def each(self, *path: str) -> Iterator[Content]:
        """The members of a list."""
        value = self.inside(*path)._value
        for member in value if isinstance(value, list) else ():
            yield Content(member)

    def text(self, *path: str) -> str:
        """Text, or a whole number in digits, without blanks around it."""
        value = self.inside(*path)._value
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return str(value).strip() if is_number or isinstance(value, str) else ""

    def is_true(self, *path: str) -> bool:
        return self.inside(*path)._value is True

    def instant(self, *path: str) -> datetime | None:
        """ISO 8601 with an offset, the same with a blank and "UTC", or Unix seconds."""
        value = self.inside(*path)._value
        try:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return datetime.fromtimestamp(value, tz=UTC)
            written = self.text(*path).removesuffix(" UTC")
            at = datetime.fromisoformat(written)
        except (OverflowError, ValueError, OSError):
            return None
        is_utc = at.tzinfo is None and written != self.text(*path)
        return at.replace(tzinfo=UTC) if is_utc else at.astimezone(UTC) if at.tzinfo else None


def promised_in(note: str, *, is_html: bool) -> str:
    """What the first line of a note promises: the words after `promise:` or `~`; "" for none."""
    text = _plain(note[:_FIRST_LINE_WITHIN]) if is_html else note[:_FIRST_LINE_WITHIN]
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    marked = _MARKED.fullmatch(first)
    return marked["line"].strip() if marked else ""


def _plain(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.said)


class _Text(HTMLParser):
    """The text of a piece of HTML, in lines as a reader would see them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.said.append("\n")
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.said.append("\n")
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # What breaks a line in the source breaks none on the screen.
            self.said.append(" ".join(data.split()) if data.strip() else " ")
