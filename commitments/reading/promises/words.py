"""A sentence as plain words: small letters, short forms written out, nothing that says nothing.

"We'll", "WE'LL", "we ll" and "well" before a verb are all "we will"; "gonna" is "going to". Links,
names of accounts, quotation marks and faces are left out. Every word keeps its place in the text.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from . import verbs
from .wordlist import wordlist

_WORD: Final = re.compile(
    r"https?://\S+|[@#]\w+"
    r"|(?P<word>e[:-]mail\w*|[^\W\d_]+(?:['\u2019\u2018`\u00b4-][^\W\d_]+)*|\d(?:[\w.,:/%]*[\w%])?)"
    r"|(?P<mark>[,;:()!?.&/+\u2013\u2014-])"
)
_GOING: Final = re.compile(r"s\s+(?:going to|gonna|gona)\b", re.IGNORECASE)
_APOSTROPHE: Final = frozenset("'\u2019\u2018`\u00b4")
_APOSTROPHES: Final = str.maketrans("\u2019\u2018`\u00b4", "'" * 4)
_MARKS: Final = {"&": "and", "+": "and", "\u2013": "-", "\u2014": "-", ")": "(", "!": ".", "?": "?"}
_ENDINGS: Final = {"ll": "will", "re": "are", "m": "am", "ve": "have", "d": "would"}
_WHOLE: Final[dict[str, tuple[str, ...]]] = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "shan't": ("shall", "not"),
    "let's": ("let", "us"),
    "cannot": ("can", "not"),
    "wont": ("will", "not"),
    "cant": ("can", "not"),
    "dont": ("do", "not"),
    "didnt": ("did", "not"),
    "doesnt": ("does", "not"),
    "isnt": ("is", "not"),
    "youll": ("you", "will"),
    "theyll": ("they", "will"),
    "itll": ("it", "will"),
    "thatll": ("that", "will"),
    "i'l": ("i", "will"),
    "iwill": ("i", "will"),
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "youve": ("you", "have"),
    "youre": ("you", "are"),
    "theyre": ("they", "are"),
    "gonna": ("going", "to"),
    "gona": ("going", "to"),
    "lemme": ("let", "me"),
    "gimme": ("give", "me"),
    "wil": ("will",),
    "wiil": ("will",),
    "willl": ("will",),
    "u": ("you",),
    "ur": ("your",),
    "pls": ("please",),
    "plz": ("please",),
    "n": ("and",),
    "w": ("with",),
    "e-mail": ("email",),
}
_SAID_WITHOUT_MARK: Final = {"ill": ("i", "will"), "well": ("we", "will")}
_OPENERS: Final = wordlist(", ; : . ? ( - and but so then or because as that ok okay")
_IS_AFTER: Final = wordlist("it that this he she what there here who where how")


class Word(NamedTuple):
    """A word and its place in the text of the turn. `is_name` where it has a capital."""

    text: str
    start: int
    end: int
    is_name: bool


def words(text: str, start: int, end: int) -> list[Word]:
    """The words of text[start:end]."""
    found: list[Word] = []
    for match in _WORD.finditer(text, start, end):
        if match["mark"]:
            mark = _MARKS.get(match["mark"], match["mark"])
            found.append(Word(mark, match.start(), match.end(), is_name=False))
        elif match["word"]:
            found += _plain(match["word"], match.start(), match.end())
            _join_gift_card(found)
            if _is_a_verb(text, match.end()) and found[-1].text != "is":
                found.append(Word("is", match.end() - 1, match.end(), is_name=False))
    return _with_lost_apostrophes(found)


def _join_gift_card(found: list[Word]) -> None:
    if len(found) > 1 and found[-2].text == "gift" and found[-1].text in ("card", "cards"):
        first, last = found[-2:]
        found[-2:] = [Word("gift" + last.text, first.start, last.end, first.is_name)]


def _plain(said: str, start: int, end: int) -> list[Word]:
    is_name = said[0].isupper()
    if said.isalpha() and said.lower() not in _WHOLE:
        return [Word(said.lower(), start, end, is_name)]
    whole = said.lower().translate(_APOSTROPHES)
    joined = [whole] if whole in verbs.JOINED or whole in _WHOLE else whole.split("-")
    parts = [part for word in joined for part in _parts(word)]
    return [Word(part, start, end, is_name) for part in parts]


def _parts(word: str) -> tuple[str, ...]:
    if word in _WHOLE:
        return _WHOLE[word]
    stem, _, ending = word.rpartition("'")
    if not stem:
        return (word,)
    if ending in _ENDINGS:
        return (stem, _ENDINGS[ending])
    if word.endswith("n't"):
        return (word[:-3], "not")
    if ending == "s":
        return (stem, "is") if stem in _IS_AFTER else (stem,)
    return (word,)


def _is_a_verb(text: str, end: int) -> bool:
    """ "Dev's going to call": not the going of Dev."""
    return text[end - 2 : end - 1] in _APOSTROPHE and bool(_GOING.match(text, end - 1))


def _with_lost_apostrophes(found: list[Word]) -> list[Word]:
    """ "ill call" and "well call" where nobody can be ill and nothing can be well."""
    read: list[Word] = []
    for place, word in enumerate(found):
        said = _SAID_WITHOUT_MARK.get(word.text)
        opens = place == 0 or found[place - 1].text in _OPENERS
        if said and opens and _goes_on_with_a_verb(found, place + 1):
            read += [Word(part, word.start, word.end, word.is_name) for part in said]
        else:
            read.append(word)
    return read


def _goes_on_with_a_verb(found: list[Word], place: int) -> bool:
    while place < len(found) and verbs.is_adverb(found[place].text):
        place += 1
    return place < len(found) and found[place].text in verbs.BARE
