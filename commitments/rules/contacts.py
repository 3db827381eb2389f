"""What people write, without the ways to reach somebody: for where it may lie with others."""

from __future__ import annotations

import re
from typing import Final

_EMAIL: Final = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+")
_BETWEEN: Final = r"[\s()/.\u00a0\u2011-]*"
# As a telephone number is begun, abroad or at home; a case or an order hardly ever is.
_NUMBER: Final = re.compile(rf"(?<![\w#.-])(?:\+|\(?0)(?:{_BETWEEN}\d){{6,14}}")
_DATE: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2,4}")
_KNOWN_BY: Final = 7  # of the last digits of a number, however its beginning is written


def left_out(text: str, *, phone: str = "") -> str:
    """The text with "…" for each e-mail and telephone number, and for `phone` however written."""
    text = _EMAIL.sub("…", text)
    text = _NUMBER.sub(_unless_a_date, text)
    digits = re.sub(r"\D", "", phone)[-_KNOWN_BY:]
    if len(digits) == _KNOWN_BY:
        text = re.sub(rf"[+(]*(?:\d{_BETWEEN})*{_BETWEEN.join(digits)}", "…", text)
    return text


def _unless_a_date(found: re.Match[str]) -> str:
    return found[0] if _DATE.match(found[0]) else "…"
