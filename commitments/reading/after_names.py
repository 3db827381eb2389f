"""What follows a name in a line and still belongs to it: a surname, an address, a number in groups.

Nothing is looked up. An address and a number show what they are; a surname is told from the first
word of a promise only by who is known, so words that could be one are handed on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

_MOST_NAMES: Final = 3
_ADDRESS: Final = re.compile(r"<?([^\s<>@,;:()\[\]]+@[^\s<>@,;:()\[\]]+\.[^\W_]{2,})>?[.,;:!?)]*\Z")
_NUMBER: Final = re.compile(r"[+(]*[0-9][0-9().\-/+]*\Z")
_GROUP: Final = re.compile(r"\(?[0-9][0-9().\-]*[.,;:!?]*\Z")
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019.-])*[.,;:!?)]?\Z")
_ENDS: Final = ".,;:!?)"
_SHORT, _LONGEST = 7, 15  # digits of a number that goes on, and of the longest there is


def address_after(name: str, words: Sequence[str]) -> tuple[str, int]:
    """`Tom Vega <tom@example.org>` and how many words it took; "" and 0 without an address.

    Between the name and its address stand only more of the name, each with a capital.
    """
    for count, word in enumerate(words[: _MOST_NAMES + 1]):
        found = _ADDRESS.match(word)
        if found:
            whole = " ".join([name, *words[:count]])
            return f"{whole} <{found[1]}>", count + 1
        if not is_capitalised(word):
            break
    return "", 0


def number_after(name: str, words: Sequence[str]) -> tuple[str, int]:
    """A telephone number whose groups stand apart, and how many words it took; "" and 0 if none."""
    if not _NUMBER.match(name):
        return "", 0
    groups = [name]
    for word in words:
        digits, more = _digits("".join(groups)), _digits(word)
        is_next = _GROUP.match(word) and len(more) > 1 and len(digits + more) <= _LONGEST
        if not is_next or (len(digits) >= _SHORT and len(more) < 3):
            break
        groups.append(word.rstrip(".,;:!?"))
        if word[-1] in ".,;:!?":
            break
    return (" ".join(groups), len(groups) - 1) if len(groups) > 1 else ("", 0)


def names_after(name: str, words: Sequence[str]) -> tuple[str, ...]:
    """The words that could go on with the name; the first mark of a sentence ends them."""
    if not name[0].isalpha() or "@" in name:
        return ()
    names: list[str] = []
    for word in takewhile(_NAME.match, words[:_MOST_NAMES]):
        names.append(word.rstrip(_ENDS))
        if word[-1] in _ENDS:
            break
    return tuple(names)


def is_capitalised(word: str) -> bool:
    """Written as names are; "PDF" and "call" are not."""
    return bool(_NAME.match(word)) and word[0].isupper() and any(each.islower() for each in word)


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())
