"""The words of an HTML mail. Nothing of it is ever shown as HTML, or fetched."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

# No parser: on broken mails those of the standard library take time without bound.
_UNSEEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<tag>script|style|head|title|template|noscript)\b.*?(?:</(?P=tag)\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTE: Final = re.compile(r"<(?:blockquote|hr)\b", re.IGNORECASE)
_BREAK: Final = re.compile(
    r"<(?:br|/?(?:p|div|tr|li|h[1-6]|ul|ol|table|blockquote|pre|section|article))\b[^<>]*>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^<>]*(?:>|\Z)")
_SPACES: Final = re.compile(r"[ \t\xa0]+")
_EMPTY: Final = re.compile(r"\n\s*\n\s*")


def text_of(html: str) -> str:
    """In lines; below a line of `---` stands what was quoted, as mail programs part it in text."""
    seen = " ".join(_UNSEEN.sub(" ", html).split())
    seen = _QUOTE.sub("\n---\n<blockquote", seen)
    text = unescape(_TAG.sub("", _BREAK.sub("\n", seen)))
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return _EMPTY.sub("\n\n", "\n".join(lines)).strip()
