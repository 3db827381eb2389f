"""Which kind of promise is meant: by a start of its name, or by the words of the promise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from commitments.errors import CommitmentError
from commitments.models import Kind

_OTHER = "other"
# A call or a reply is how something is kept; what it is about says more.
_HOW = ("callback", "followup")


def guessed(wording: str, kinds: Iterable[Kind]) -> Kind | None:
    """The kind whose longest keyword begins a word of the wording; None if there is none."""
    words, best, most = wording.casefold(), None, (False, 0)
    for kind in kinds:
        for keyword in kind.keywords:
            weight = (kind.code not in _HOW, len(keyword))
            if weight > most and re.search(rf"\b{re.escape(keyword.casefold())}", words):
                best, most = kind, weight
    return best


def other(kinds: Iterable[Kind]) -> Kind | None:
    """The kind of what is of no other kind."""
    return next((kind for kind in kinds if kind.code == _OTHER), None)


def suggested(code: str, kinds: Sequence[Kind]) -> Kind:
    """The one with this code; that of everything else where it is no longer in use."""
    found = next((kind for kind in kinds if kind.code == code), None)
    return found or other(kinds) or kinds[0]


def called(start: str, kinds: Sequence[Kind]) -> Kind:
    """The kind meant by a start of its code or name; CommitmentError if none or several are."""
    asked = _folded(start)
    for kind in kinds:
        if asked in (_folded(kind.code), _folded(kind.name)):
            return kind
    fitting = [
        kind for kind in kinds if _folded(kind.code).startswith(asked)
        or _folded(kind.name).startswith(asked)
    ]  # fmt: skip
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise CommitmentError(f"No kind begins with “{start}”. Choose one.", field="kind")
    raise CommitmentError(
        f"“{start}” may be {either(kind.name for kind in fitting)}. Choose one.", field="kind"
    )


def usual_length(kind: Kind) -> str:
    """`2 working days`, `1 working day`."""
    units = str(kind.get_usual_basis_display())
    return f"{kind.usual_length} {units if kind.usual_length != 1 else units.removesuffix('s')}"


def either(names: Iterable[str]) -> str:
    """`Refund, Repair or Replacement`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _folded(text: str) -> str:
    """Letters and digits alone, so that `#follow-up` and `#homevisit` find their kind."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
