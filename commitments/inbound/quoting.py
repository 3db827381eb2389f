"""What somebody wrote themselves in a mail, without what they answered, which we know."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import Final

_ABOVE_A_QUOTE: Final = re.compile(
    r"(?=.{0,300}(?:\d|wrote))(on|el|am|le|il|op|em)\b.{0,300}:", re.IGNORECASE
)
_WROTE: Final = re.compile(
    r"(?:wrote|schrieb|escribió|a écrit|ha scritto|schreef|escreveu)\s?:", re.IGNORECASE
)
_ABOVE_HEADERS: Final = re.compile(r"\*?(from|von|de|van|da)\s?:\*?\s.{1,200}", re.IGNORECASE)
_HEADERS: Final = re.compile(
    r"\*?(sent|date|to|gesendet|an|enviado|para|envoyé|à|datum|verzonden)\s?:.{0,300}",
    re.IGNORECASE,
)
_LONGEST_LINE: Final = 400


def own_words(text: str) -> str:
    """Until a mail program begins to repeat: "On … wrote:", "> …", a rule, "From: …".

    Where nothing stands above what was repeated, what stands between and below it.
    """
    lines = [line.strip() for line in text.splitlines()]
    own = list(takewhile(_is_their_own, pairwise([*lines, ""])))
    above = "\n".join(line for line, _ in own).strip()
    return above or _between(lines)


def _is_their_own(two: tuple[str, str]) -> bool:
    line, following = two
    if line.startswith(">") or _is_a_rule(line) or _ABOVE_A_QUOTE.fullmatch(line):
        return False
    if len(line) > _LONGEST_LINE:
        return True
    is_broken = _WROTE.fullmatch(following) and _ABOVE_A_QUOTE.fullmatch(f"{line} {following}")
    are_headers = _ABOVE_HEADERS.fullmatch(line) and _HEADERS.fullmatch(following)
    return not (is_broken or are_headers)


def _is_a_rule(line: str) -> bool:
    return len(line) > 1 and (not line.strip("-_") or line[:3] == line[-3:] == "---")


def _between(lines: list[str]) -> str:
    """Answers below a quotation that is marked line by line, until anything else repeats."""
    first = next((line for line in lines if line), "")
    if not (first.startswith(">") or _ABOVE_A_QUOTE.fullmatch(first)):
        return ""
    if not any(line.startswith(">") for line in lines):
        return ""
    rest = takewhile(lambda line: not _is_a_rule(line), lines)
    own = [line for line in rest if not line.startswith(">") and not _ABOVE_A_QUOTE.fullmatch(line)]
    return "\n".join(own).strip()
