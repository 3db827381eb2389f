"""Mails within a pasted text: whose words each line is, below which date, and which lines are none.

From: / To: / Date: lines            a mail of its own, from there on
On Tue 12 May, Tom wrote:            the quoted words are Tom's
> words, > > words                   quoted, once and twice
-- and what follows                  a signature: nobody said it
Kind regards, and a name             whose mail it was, if nothing else says so
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import names, stamps
from .plain import Line
from .stamps import Stamp

QUOTED: Final = "Quoted"
_QUOTE: Final = re.compile(r"\s{0,3}(?:>\s?){1,20}")
_HEADER: Final = re.compile(
    r"\s{0,3}\*{0,2}(?P<what>from|to|cc|bcc|subject|date|sent|reply-to|von|an|betreff|gesendet|datum|"
    r"de|à|objet|envoyé|para|asunto|enviado|fecha)\s?:\*{0,2}\s{0,5}(?P<said>.{0,300})",
    re.IGNORECASE,
)
_FROM: Final = frozenset({"from", "von", "de"})
_WHEN: Final = frozenset({"date", "sent", "gesendet", "datum", "envoyé", "enviado", "fecha"})
_WROTE: Final = re.compile(
    r"\s{0,3}(?:on|am|le|el|il|op|em)\b(?P<said>.{5,300}?)\b"
    r"(?:wrote|schrieb(?P<writer>[^:]{0,80})|a écrit|escribió|ha scritto|schreef|escreveu)"
    r"\s?[:\uff1a]\s*$",
    re.IGNORECASE,
)
_RULE: Final = re.compile(
    r"\s{0,3}(?:-{3,}|_{5,}|={5,})\s?(?:(?:original|forwarded) message|begin forwarded message|"
    r"ursprüngliche nachricht|message d'origine|mensaje original)?\s?:?\s?(?:-{3,}|_{5,})?\s*$|"
    r"\s{0,3}begin forwarded message:\s*$",
    re.IGNORECASE,
)
_SENT_FROM: Final = re.compile(
    r"\s{0,3}(?:sent from my |get outlook for |von meinem )", re.IGNORECASE
)
_REGARDS: Final = re.compile(
    r"\s{0,3}(?:(?:with |my )?(?:kind|kindest|best|warm|many|all the)\s(?:\w+\s)?"
    r"(?:regards|wishes|thanks|best)|regards|best|thanks|thank you|many thanks|cheers|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|mit freundlichen grüßen|cordialement|saludos)[,.!]?\s*$",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")
_BEFORE_A_NAME: Final = re.compile(r",|\b\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\b\.?)?", re.IGNORECASE)
_LONG: Final = 400
_NEAR: Final = 12  # lines in which headers follow each other, or a quotation what announced it


@dataclass
class Part:
    """Lines of one writer."""

    speaker: str = ""
    stamp: Stamp | None = None
    lines: list[Line] = field(default_factory=list)


def is_mail(lines: Sequence[Line]) -> bool:
    if any(_WROTE.match(line.text) or _wrote_in_two(lines, at) for at, line in enumerate(lines)):
        return True
    if any(_QUOTE.match(line.text) for line in lines):
        return True
    return any(_begins_a_mail(lines, at) for at in range(len(lines)))


def parts_of(lines: Sequence[Line]) -> list[Part]:
    """The text by writers, in the order in which it was pasted."""
    return [
        part for part in _Mailbox(lines).parts() if any(not each.is_blank for each in part.lines)
    ]


class _Mailbox:
    """Walks down the lines and remembers who wrote at which depth of quoting."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.writers: dict[int, tuple[str, Stamp | None]] = {0: ("", None)}
        self.is_signature = False

    def parts(self) -> list[Part]:
        done: list[Part] = []
        part, depth_before, at = Part(), 0, 0
        while at < len(self.lines):
            depth, line = _unquoted(self.lines[at])
            if depth != depth_before:
                part, depth_before, self.is_signature = self._part(depth), depth, False
                done.append(part)
            taken = self._announced(at, depth)
            if taken:
                at += taken
                part, self.is_signature = self._part(depth), False
                done.append(part)
                continue
            self._keep(line, part)
            if not done:
                done.append(part)
            at += 1
        return done

    def _part(self, depth: int) -> Part:
        speaker, stamp = self.writers.get(depth, (QUOTED, None))
        return Part(speaker=speaker, stamp=stamp)

    def _keep(self, line: Line, part: Part) -> None:
        """A line of somebody's own words; a signature, or a mail program's line, is not."""
        if line.text.rstrip() == "--" or line.text.startswith("-- "):
            self.is_signature = True
        if self.is_signature or _SENT_FROM.match(line.text):
            return
        if not part.speaker and part.lines:
            part.speaker = _signed(part.lines, line)
        part.lines.append(line)

    def _announced(self, at: int, depth: int) -> int:
        """How many lines at `at` say only who writes from there on; 0 where there are words."""
        wrote = _WROTE.match(_unquoted(self.lines[at])[1].text)
        taken = 1
        if wrote is None:
            wrote, taken = _wrote_in_two(self.lines, at), 2
        if wrote is not None:
            below = next((each for each in self._from(at + taken) if not each.is_blank), None)
            quotes = below is not None and _unquoted(below)[0] > depth
            self.writers[depth + quotes] = _writer(wrote["said"], wrote["writer"])
            return taken
        if _RULE.match(_unquoted(self.lines[at])[1].text):
            return 1
        if _begins_a_mail(self.lines, at):
            return self._read_headers(at, depth)
        return 0

    def _from(self, at: int) -> Sequence[Line]:
        return self.lines[at : at + _NEAR]

    def _read_headers(self, at: int, depth: int) -> int:
        speaker, stamp, taken = "", None, 0
        for line in self._from(at):
            header = _HEADER.match(_unquoted(line)[1].text)
            if header is None:
                break
            taken += 1
            what = header["what"].lower()
            if what in _FROM:
                speaker = _called(header["said"])
            elif what in _WHEN:
                stamp = stamps.search(header["said"])
        self.writers[depth] = (speaker, stamp)
        return taken


def _unquoted(line: Line) -> tuple[int, Line]:
    quoted = _QUOTE.match(line.text)
    if quoted is None:
        return 0, line
    return quoted[0].count(">"), Line(line.start + quoted.end(), line.text[quoted.end() :])


def _begins_a_mail(lines: Sequence[Line], at: int) -> bool:
    """A `From:`, or a `Date:`, with other headers close by and no words between."""
    found = []
    for line in lines[at : at + _NEAR]:
        header = _HEADER.match(_unquoted(line)[1].text)
        if header is None:
            break
        found.append(header["what"].lower())
    return len(found) > 1 and any(what in _FROM for what in found)


def _wrote_in_two(lines: Sequence[Line], at: int) -> re.Match[str] | None:
    """The same, broken over two lines by a mail program."""
    if at + 1 >= len(lines) or "@" not in lines[at].text + lines[at + 1].text:
        return None
    first, second = (_unquoted(line)[1].text for line in lines[at : at + 2])
    return _WROTE.match(f"{first} {second}") if len(first) + len(second) < _LONG else None


def _writer(said: str, behind: str | None) -> tuple[str, Stamp | None]:
    """`Tue, 12 May 2026 at 10:02, Tom Okafor <tom@example.org>` is Tom, then."""
    stamp = stamps.search(said[:_LONG])
    if behind and behind.strip():
        return _called(behind), stamp
    for part in reversed(_BEFORE_A_NAME.split(said)):
        called = _called(part)
        if called and names.could_be_one(called):
            return called, stamp
    return QUOTED, stamp


def _called(said: str) -> str:
    """The name in `Tom Okafor <tom@example.org>`, else what stands before the @."""
    name = re.sub(r"[<\[(].{0,250}", "", said).strip(" \t\"'*,;|")
    if name and "@" not in name:
        return name[:60]
    address = _ADDRESS.search(said)
    return address[0].partition("@")[0].replace(".", " ").title()[:60] if address else ""


def _signed(lines: Sequence[Line], line: Line) -> str:
    """Who ends a mail here: a name right below the regards."""
    above: Iterator[Line] = (each for each in reversed(lines[-2:]) if not each.is_blank)
    last = next(above, None)
    if last is None or not _REGARDS.match(last.text):
        return ""
    name = line.text.strip(" ,.")
    return name if names.looks_like_one(name) else ""
