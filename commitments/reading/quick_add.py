"""The one-line grammar: what somebody types while still on the phone, taken apart into its pieces.

    @tom @"tom okafor" @tom_okafor     the customer: part of a name, an e-mail or a phone number
    @Tom Vega <tom@example.org>        an address after it, or the rest of a number, belongs to it
    #48213 #LK-20714                   the case; a word without a figure, #ref, is the kind
    ~phone ~email ~post                how it will be kept
    >dev >moves >"billing care"        who keeps it: a colleague or a team
    !                                  urgent, where it stands alone
    -mail                              no summary to the customer
    // prefers mobile                  the rest is a note for the team
    "May invoice"                      taken as it stands: no date, no code, no note

Pieces come in any order. Of the times in what is left the last one counts, a vague one ("soon")
only where there is no other; it may be written around a piece, "fri @tom 10am". Everything else is
the wording, in its order, word for word; the marks around what is quoted are dropped, and so are
the commas that set a time apart. Nothing is looked up here: a name may be nobody's, and the words
after one that could go on with it are handed on for somebody who knows the names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from commitments.errors import CommitmentError
from commitments.reading import after_names, finding, unread_times
from commitments.reading.finding import Found

LONGEST: Final = 2000

_QUOTES: Final = '"\u201c\u201d\u201e\u201f'
_BRACKETS: Final = "([{"
_MARKS: Final = "@#~>"
_FIGURES: Final = frozenset("0123456789")
# Stands for what was quoted while times are looked for: no part of any time.
_LITERAL: Final = "\ufffc"
_AFTER_A_PIECE: Final = ".,;:!?)]}"
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:\Z|[a-z][a-z0-9+.-]*://\S+\Z", re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"@(?:[0-9]{1,2}(?::[0-9]{2})?[ap]m|[0-9]{1,2}:[0-9]{2}|0?[1-9]|1[0-2])", re.IGNORECASE
)
_NO_MAIL: Final = re.compile(r"[-\u2010-\u2015\u2212](e-?)?mail", re.IGNORECASE)
_STOPS: Final = ".,;:!?"
_APART_BEFORE: Final = re.compile(r"(?:[\s,;:]|(?<=\s)[-\u2013\u2014])+\Z")
_APART_AFTER: Final = re.compile(r"\A[-\u2013\u2014]\s+")
_CHANNELS: Final = {
    **dict.fromkeys(("phone", "call", "telephone"), "phone"),
    **dict.fromkeys(("email", "e-mail", "mail"), "email"),
    **dict.fromkeys(("post", "letter"), "post"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """The pieces of a line, "" where one is missing.

    `when` holds the words of the time; `is_vague` where they name none ("soon"). `keep_by` is
    phone, email or post. `beside` are the words of the wording that stand right after the
    customer's name and could be more of it; `unread` look like a time where no clear one was found.
    """

    wording: str = ""
    customer: str = ""
    case: str = ""
    kind: str = ""
    when: str = ""
    is_vague: bool = False
    keep_by: str = ""
    hand_to: str = ""
    is_urgent: bool = False
    no_mail: bool = False
    note: str = ""
    beside: tuple[str, ...] = field(default=(), compare=False)
    unread: str = field(default="", compare=False)


def parse(line: str, *, surnames: int = 0) -> Line:
    """The pieces of a line. Raises CommitmentError where two of them contradict each other.

    So many of the words `beside` the customer's name are read as more of it.
    """
    if len(line) > LONGEST:
        length = f"{len(line):,} characters long; keep it to {LONGEST:,}"
        raise CommitmentError(f"The line is {length}.", field="line")
    words, note = _Scanner(line).scan()
    pieces = _Pieces()
    are_pieces = [pieces.take(word) for word in words]
    left = [word for word, is_piece in zip(words, are_pieces, strict=True) if not is_piece]
    start, following = _after_customer(words, are_pieces)
    count, beside = pieces.go_on(following, _before_times(left, start, following), surnames)
    del left[start : start + count]
    text = " ".join(word.blanked for word in left)
    literals = [literal for word in left for literal in word.literals]
    when = _time_in(text)
    rest = _without(text, when) if when else text
    found = pieces.line(
        wording=_filled(rest, literals),
        when=when.words if when else "",
        is_vague=when is not None and when.is_vague,
        note=note,
    )
    unread = "" if when and not when.is_vague else unread_times.first_in(rest)
    return replace(found, beside=beside, unread=unread)


def _after_customer(words: Sequence[_Word], are_pieces: Sequence[bool]) -> tuple[int, list[str]]:
    """Where among what is no piece the words right after the customer begin, and these words."""
    for at, word in enumerate(words):
        if are_pieces[at] and word.mark == "@":
            run: list[str] = []
            for following, is_piece in zip(words[at + 1 :], are_pieces[at + 1 :], strict=True):
                if is_piece or word.closes or not following.is_plain:
                    break
                run.append(following.text)
            return are_pieces[:at].count(False), run
    return 0, []


def _before_times(left: Sequence[_Word], start: int, following: Sequence[str]) -> list[str]:
    """Those of the words that come before any time."""
    text = " ".join(word.blanked for word in left)
    at, found = sum(len(word.blanked) + 1 for word in left[:start]), finding.phrases(text)
    free: list[str] = []
    for word in following:
        if any(phrase.start < at + len(word) and at < phrase.end for phrase in found):
            break
        free.append(word)
        at += len(word) + 1
    return free


@dataclass(frozen=True)
class _Word:
    """A word; what was quoted in it is a part of its own, and `blanked` hides it."""

    parts: tuple[tuple[str, bool], ...]  # text, and whether it was quoted

    @property
    def mark(self) -> str:
        """The sign it begins with, unless that was quoted."""
        text, is_quoted = self.parts[0]
        return "" if is_quoted else text[0]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)

    @property
    def literals(self) -> list[str]:
        """What stands behind each place holder, which may itself have been typed."""
        found = []
        for text, is_quoted in self.parts:
            found.extend([text] if is_quoted else [_LITERAL] * text.count(_LITERAL))
        return found

    @property
    def blanked(self) -> str:
        if self.is_clock:
            return f"at {self.text[1:]}"
        return "".join(_LITERAL if is_quoted else text for text, is_quoted in self.parts)

    @property
    def is_plain(self) -> bool:
        """Nothing of it was quoted, and it is no time."""
        return len(self.parts) == 1 and not self.parts[0][1] and not self.is_clock

    @property
    def is_name(self) -> bool:
        return bool(self.parts) and self.is_plain and self.text[0].isalpha()

    @property
    def closes(self) -> bool:
        """Whether a mark of a sentence ends it: "@tom, call back"."""
        return self.text.endswith(tuple(_STOPS)) and not self.parts[-1][1]

    @property
    def is_clock(self) -> bool:
        """ "@5pm" is at five, and nobody's name."""
        return len(self.parts) == 1 and _CLOCK.fullmatch(self.text) is not None

    @property
    def named(self) -> str:
        """What follows the mark: quoted as it stands, else without the comma or dot after it."""
        if len(self.parts) > 1 and self.parts[1][1]:
            return " ".join(self.parts[1][0].split())
        name = self.text[1:].rstrip(_AFTER_A_PIECE)
        return name if "@" in name else name.replace("_", " ").strip()


class _Scanner:
    """Walks along a line once, and knows what is quoted."""

    def __init__(self, line: str) -> None:
        self._line, self._at = line, 0

    def scan(self) -> tuple[list[_Word], str]:
        """The words up to the note, and the note."""
        words: list[_Word] = []
        while self._at < len(self._line):
            if self._line[self._at].isspace():
                self._at += 1
                continue
            word = self._word()
            if words and words[-1].text == words[-1].mark == ">" and word.is_name:
                words[-1] = _Word(((f">{word.text}", False),))  # "> dev" is >dev
            elif word.parts:
                words.append(word)
            if self._is_note(""):
                return words, self._line[self._at :].lstrip("/").strip()
        return words, ""

    def _word(self) -> _Word:
        parts: list[tuple[str, bool]] = []
        plain = ""
        while self._at < len(self._line) and not self._line[self._at].isspace():
            if self._is_note(plain):
                break
            quoted = self._quoted() if not parts and _may_quote(plain) else None
            if quoted is None:
                plain += self._line[self._at]
                self._at += 1
                continue
            parts.extend([(plain, False)] * bool(plain) + [(quoted, True)])
            plain = ""
        return _Word((*parts, *[(plain, False)] * bool(plain)))

    def _is_note(self, before: str) -> bool:
        """Whether the note begins here; the slashes of https://… begin none."""
        if not self._line.startswith("//", self._at):
            return False
        following = self._line[self._at + 2 : self._at + 3]
        is_address = bool(_ADDRESS.search(before)) and not (following.isspace() or not following)
        return not is_address

    def _quoted(self) -> str | None:
        """What stands between the mark here and the next one, which is passed; None if neither."""
        if self._line[self._at] not in _QUOTES:
            return None
        ends = [self._line.find(mark, self._at + 1) for mark in _QUOTES]
        end = min((end for end in ends if end > 0), default=0)
        quoted = self._line[self._at + 1 : end]
        if not quoted.strip():
            return None
        self._at = end + 1
        return quoted


def _may_quote(before: str) -> bool:
    """A quotation begins a word, a bracket or a name; the 7" of a tablet begins none."""
    return before in _MARKS or not before.strip(_BRACKETS)


class _Pieces:
    """The pieces met so far."""

    def __init__(self) -> None:
        self._named: dict[str, tuple[str, str]] = {}  # what is named: its value, and as written
        self._is_urgent = self._no_mail = False

    def take(self, word: _Word) -> bool:
        """Whether the word is a piece, which is then noted."""
        if word.text == "!" and word.mark:
            self._is_urgent = True
        elif word.mark and _NO_MAIL.fullmatch(word.text):
            self._no_mail = True
        else:
            return self._name(word)
        return True

    def _name(self, word: _Word) -> bool:
        is_name = word.mark and word.mark in _MARKS and not word.is_clock
        name = word.named if is_name else ""
        what = _what_is_named(word.mark, name) if name else ""
        if not what:
            return False
        value = _channel(name) if what == "channel" else name
        known, written = self._named.setdefault(what, (value, word.text))
        if known.casefold() != value.casefold():
            raise CommitmentError(
                f"The line names two {_PLURAL[what]}, {written} and {word.text}. Keep one.",
                field="line",
            )
        return True

    def go_on(
        self, following: Sequence[str], free: Sequence[str], surnames: int
    ) -> tuple[int, tuple[str, ...]]:
        """How many words after the customer belong to them, and of the others, which could.

        `free` are those of the words that no time takes; a number with a + asks them all.
        """
        name, written = self._named.get("customer", ("", ""))
        if not name:
            return 0, ()
        whole, count = ("", 0) if "@" in name else after_names.address_after(name, free)
        if not count:
            whole, count = after_names.number_after(name, following if name[0] == "+" else free)
        beside = () if count or _is_whole(written) else after_names.names_after(name, free)
        if not count and surnames:
            count = min(surnames, len(beside))
            whole, beside = " ".join((name, *beside[:count])), ()
        if count:
            self._named["customer"] = whole, written
        return count, beside

    def line(self, *, wording: str, when: str, is_vague: bool, note: str) -> Line:
        named = {what: value for what, (value, _) in self._named.items()}
        return Line(
            wording=wording,
            customer=named.get("customer", ""),
            case=named.get("case", ""),
            kind=named.get("kind", ""),
            when=when,
            is_vague=is_vague,
            keep_by=named.get("channel", ""),
            hand_to=named.get("owner", ""),
            is_urgent=self._is_urgent,
            no_mail=self._no_mail,
            note=note,
        )


_PLURAL: Final = {
    "customer": "customers",
    "case": "cases",
    "kind": "kinds",
    "channel": "ways to keep it",
    "owner": "people to keep it",
}


def _is_whole(written: str) -> bool:
    """Whether all of the name was said: in quotes, or joined."""
    return "_" in written or " " in written


def _what_is_named(mark: str, name: str) -> str:
    is_letter = name[0].isalpha()
    match mark:
        case "@":
            return "customer"
        case "#" if name[0].isalnum() and not _FIGURES.isdisjoint(name):
            return "case"
        case "#" if is_letter:
            return "kind"
        case "~" if is_letter:
            return "channel"
        case ">" if is_letter:
            return "owner"
    return ""


def _channel(name: str) -> str:
    """The way meant by its name or an unambiguous start of it."""
    start = name.casefold()
    fitting = {way for called, way in _CHANNELS.items() if called.startswith(start)}
    if len(fitting) != 1:
        raise CommitmentError(
            f"“~{name}” is no way to keep a promise that we know. Write ~phone, ~email or ~post.",
            field="line",
        )
    return fitting.pop()


def _time_in(text: str) -> Found | None:
    """The time that counts."""
    found = finding.phrases(text)
    clear = [phrase for phrase in found if not phrase.is_vague]
    for phrases in (clear, found):
        if phrases:
            return phrases[-1]
    return None


def _without(text: str, phrase: Found) -> str:
    """The text around a time, and the commas or brackets that set it apart taken out with it."""
    before, after = text[: phrase.start].rstrip(), text[phrase.end :]
    if before == "@" or before.endswith(" @"):
        before = before[:-1].rstrip()
    if before.endswith(tuple(_BRACKETS)) and after.lstrip().startswith((")", "]", "}")):
        before, after = before[:-1].rstrip(), after.lstrip()[1:]
    rest = after.lstrip(_STOPS)
    stops = after[: len(after) - len(rest)]
    rest = rest.strip()
    if not rest:
        return _APART_BEFORE.sub("", before)
    if not before:
        return _APART_AFTER.sub("", rest)
    return f"{before}{'' if before.endswith(',') else stops} {rest}"


def _filled(text: str, literals: list[str]) -> str:
    """The text with what was quoted in its places."""
    following = iter(literals)
    return "".join(next(following, each) if each == _LITERAL else each for each in text)
