"""What people may write, made safe to store, to send and to show.

Text is kept in Unicode's composed form, without spaces around it. What no person means to write is
refused with a sentence that says what to do: NUL, halves of characters, control characters, text
that nobody can see. Both databases then hold the same text and no later list trips over it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Final

from commitments.errors import CommitmentError

# Blank, but letters, marks or symbols by category: Hangul fillers and the empty Braille pattern.
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Zl", "Zp", "Zs"})
_NEW_LINE: Final = re.compile("\r\n|[\r\u2028\u2029]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_BREAK: Final = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
CUT: Final = " […]"  # of what is longer
_AROUND: Final = " \t\r\n\u00a0\u2028\u2029\u3000"
# Unicode's own limit for text in a stream: composing longer runs takes time without bound.
_MOST_MARKS: Final = 30

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_NAME: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}|localhost")
_APART: Final = re.compile(r"[\s,;:<>()\[\]\"]|@.*@")
_LONGEST_ADDRESS: Final = 254
_LONGEST_NAME: Final = 64


class WrongWords(CommitmentError):
    """This text cannot be kept."""


def clean(
    text: str,
    *,
    what: str,
    limit: int,
    required: bool = True,
    lines: bool = False,
    field: str | None = None,
) -> str:
    """The text as it is kept, or WrongWords. `what` begins its sentence: "The wording".

    With `lines` it may have several, divided by LF; a tab is kept there and is a space elsewhere.
    What is not required may be empty: "". `field` is passed on to the error.
    """
    text = text.strip(_AROUND)
    if len(text) > 3 * limit:  # nothing below is asked to read more than it has to
        raise _too_long(len(text), what=what, limit=limit, field=field)
    text = _NEW_LINE.sub("\n", text) if lines else text.replace("\t", " ")
    trouble = _trouble(text, lines=lines)
    if trouble:
        raise WrongWords(f"{what} {trouble}", field=field)
    text = unicodedata.normalize("NFC", text)
    if len(text) > limit:
        raise _too_long(len(text), what=what, limit=limit, field=field)
    if _can_be_seen(text):
        return text
    if required:
        raise WrongWords(f"{what} is empty. Please write something.", field=field)
    return ""


def salvaged(text: str, *, limit: int, lines: bool = False) -> str:
    """As much of a text from outside as can be kept, whatever it holds; raises nothing.

    `clean` asks people to type it again; whoever wrote a mail cannot be asked. What nobody can see
    goes, and what is too long ends in `[…]`.
    """
    text = text[: 3 * limit].strip(_AROUND)
    text = _NEW_LINE.sub("\n", text) if lines else " ".join(text.split())
    text = _CONTROL.sub("", _SURROGATE.sub("\ufffd", text))
    text = unicodedata.normalize("NFC", _with_few_marks(text)).strip(_AROUND)
    if len(text) > limit:
        text = f"{text[: limit - len(CUT)].rstrip(_AROUND)}{CUT}"
    return text if _can_be_seen(text) else ""


def one_address(text: str, *, field: str | None = "email") -> str:
    """A single e-mail address, its domain in lower case and in ASCII, or WrongWords."""
    address = clean(text, what="The e-mail address", limit=_LONGEST_ADDRESS, field=field)
    name, _, domain = address.rpartition("@")
    if not name or not domain or _APART.search(address):
        raise WrongWords(
            "Give one e-mail address and nothing else, like tom@example.org.", field=field
        )
    domain = _in_ascii(domain)
    fits = len(name) <= _LONGEST_NAME and len(name) + 1 + len(domain) <= _LONGEST_ADDRESS
    if fits and _NAME.fullmatch(name) and _DOMAIN.fullmatch(domain):
        return f"{name}@{domain}"
    raise WrongWords(
        f"Mail cannot reach “{address}”. Check the e-mail address for a typing error.", field=field
    )


def _too_long(length: int, *, what: str, limit: int, field: str | None) -> WrongWords:
    sentence = f"{what} is {length:,} characters long; keep it to {limit:,}."
    return WrongWords(sentence, field=field)


def _trouble(text: str, *, lines: bool) -> str:
    """What is wrong with the characters of a text, to follow its name; "" if nothing is."""
    if "\x00" in text:
        return "contains a NUL, a character that nobody can see. Please type it again."
    if _SURROGATE.search(text):
        return "contains half of a character, perhaps of an emoji. Please type it again."
    if not lines and _LINE_BREAK.search(text):
        return "must be on one line. Take out the line breaks."
    if _CONTROL.search(text):
        return "contains a control character that nobody can see. Please type it again."
    if _most_marks(text) > _MOST_MARKS:
        return "piles too many accents on one letter. Please type it again."
    return ""


def _most_marks(text: str) -> int:
    """The length of the longest run of combining marks."""
    if text.isascii():
        return 0
    runs = groupby(text, key=lambda character: unicodedata.combining(character) > 0)
    return max((sum(1 for _ in run) for is_mark, run in runs if is_mark), default=0)


def _with_few_marks(text: str) -> str:
    """Without the marks of a run beyond those that any language needs."""
    if _most_marks(text) <= _MOST_MARKS:
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _can_be_seen(text: str) -> bool:
    return any(
        character not in _BLANK and unicodedata.category(character) not in _INVISIBLE
        for character in text
    )


def _in_ascii(domain: str) -> str:
    """A domain as mail servers spell it; unchanged, and so refused later, if it has no spelling."""
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain
