"""Who was named as the one to keep a promise: "Omar will call you"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from commitments.reading.promises import Suggestion

_FOUND: Final = re.compile(r"“(.{1,300}?)” ", re.DOTALL)
_ACTS: Final = re.compile(r"(?:['\u2019]ll|\b(?:will|shall|is|['\u2019]s)\b)", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")


def named(suggestion: Suggestion, *, people: Mapping[str, str]) -> str | None:
    """The key of the one person whose first name, and surname if said, was said; else None.

    `people` are names by key.
    """
    found = _FOUND.match(suggestion.reason)
    if suggestion.promisor != "team" or found is None:
        return None
    verbs = list(_ACTS.finditer(found[1]))
    said = _WORD.findall(found[1][: verbs[-1].start()] if verbs else "")
    fitting = [key for key, name in people.items() if _is_said(name, said)]
    return fitting[0] if len(fitting) == 1 else None


def _is_said(name: str, said: list[str]) -> bool:
    first, *rest = _WORD.findall(name.casefold()) or [""]
    for at, word in enumerate(said):
        if word[0].isupper() and word.casefold() == first:
            surname = said[at + 1] if at + 1 < len(said) else ""
            return not surname[:1].isupper() or surname.casefold() in rest
    return False
