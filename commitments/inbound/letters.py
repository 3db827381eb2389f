"""A mail as far as it can be read, with limits that come before any reading.

Python's mail parser raises on one crafted mail in thirty, from almost any accessor, and takes 24
seconds over a subject of 1 MB. So sizes are looked at first, headers are read as they came and
decoded here, and every accessor is asked through `_of`.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from functools import cached_property, partial
from typing import Any, Final, TypeVar

from commitments.errors import CommitmentError
from commitments.rules import words

from . import markup
from .ends import Quarantined

LARGEST: Final = 10 * 1024 * 1024
_MOST_LINES: Final = 300_000
MOST_HEADERS: Final = 64 * 1024
LONGEST_HEADER: Final = 8 * 1024
_MOST_NESTED: Final = 30  # mentions of a part that holds parts: each costs every line a comparison
_MOST_PARTS: Final = 2000
_MOST_ADDRESSES: Final = 200
_LONGEST_TEXT: Final = 100_000
_NESTS: Final = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"()\[\]]{1,64}@[^\s<>,;:\"()\[\]@]{1,190}")
_SIGNATURES: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
# Python calls these charsets, too; one of them takes time without bound.
_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
)
_UNREADABLE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    RuntimeError,  # of which one is too deep a recursion
    TypeError,
    ValueError,
)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class File:
    """What came along: its name as it was sent, and its bytes where they are asked for."""

    name: str
    is_attached: bool  # not shown within the text
    part: Message[Any, Any]

    @cached_property
    def content(self) -> bytes:
        return _bytes_in(self.part)


class Letter:
    """One mail. Whatever of it cannot be read is empty."""

    def __init__(self, message: Message[Any, Any], *, recipient: str) -> None:
        """Raises Quarantined where it is larger, longer or deeper than any that people write."""
        self.message = message
        self.recipient = words.salvaged(recipient, limit=400)
        self._headers = _headers_of(message)
        self._parts = list(_parts_of(message))

    def header(self, name: str) -> str:
        """The first of that name, decoded, on one line; "" where there is none."""
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        return [_decoded(value) for each, value in self._headers if each == name.lower()]

    def has(self, name: str) -> bool:
        return any(each == name.lower() for each, _ in self._headers)

    @cached_property
    def subject(self) -> str:
        return self.header("Subject")

    @cached_property
    def senders(self) -> list[tuple[str, str]]:
        return self.people("From")

    @property
    def sender(self) -> str:
        """Whom it says to be from, in small letters; "" where it says several, or nobody."""
        return self.senders[0][1] if len(self.senders) == 1 else ""

    def people(self, name: str) -> list[tuple[str, str]]:
        """Names and addresses in these headers, those that mail could reach."""
        said = [value for each, value in self._headers if each == name.lower()]
        found = (_of(lambda: getaddresses(said)) or [])[:_MOST_ADDRESSES]
        known = [(_decoded(called), _address(address)) for called, address in found]
        return [(called, address) for called, address in known if address]

    def addressed_to(self) -> str:
        """All in which an address of ours may stand, that of the mail server first."""
        named = ("Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "To", "Cc")
        return "\n".join([self.recipient, *(one for name in named for one in self.headers(name))])

    @cached_property
    def text(self) -> str:
        """What is written in it, from HTML where there is nothing else."""
        bodies = [part for part in self._parts if not _is_file(part)]
        for kind, read in (("text/plain", str), ("text/html", markup.text_of)):
            for part in bodies:
                if _type_of(part) == kind and (said := read(_text_in(part)).strip()):
                    return said
        return ""

    @cached_property
    def files(self) -> list[File]:
        """Without the signatures of machines."""
        found = [part for part in self._parts if _is_file(part)]
        return [
            File(
                name=_name_of(part),
                is_attached=_disposition_of(part) == "attachment",
                part=part,
            )
            for part in found
            if _type_of(part) not in _SIGNATURES
        ]

    @property
    def is_report(self) -> bool:
        """Of a mail server about a mail."""
        return _type_of(self.message) == "multipart/report"

    @cached_property
    def fingerprint(self) -> str:
        """The same for what is delivered again, by whatever way: its name, and what it says.

        The name alone would not do. Some programs give every mail the same, or none.
        """
        named = [self.header(name) for name in ("Message-ID", "From", "Date", "Subject")]
        said = "\n".join([*named, self.text, *(file.name for file in self.files)])
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    @staticmethod
    def put_together(message: Message[Any, Any]) -> bytes:
        """Its bytes; nothing where it cannot be written down."""
        return _of(partial(message.as_bytes)) or b""


def parsed(raw: bytes) -> Message[Any, Any]:
    """Raises Quarantined for what is no mail, or more than one."""
    check_sizes(raw)
    # The old policy keeps headers as they came; the new one reads each as it is asked for.
    found = _of(lambda: message_from_bytes(raw, policy=policy.compat32))
    if found is None or not found.keys():
        raise Quarantined("unreadable", "It is no mail that can be read.")
    return found


def check_sizes(raw: bytes) -> None:
    """Whether a mail may be parsed at all; raises Quarantined."""
    if len(raw) > LARGEST:
        raise Quarantined("too large", "It is larger than 10 MB.")
    if raw.count(b"\n") + raw.count(b"\r") > 2 * _MOST_LINES:
        raise Quarantined("too large", "It has more lines than a mail of 10 MB needs.")
    head = re.split(rb"\r?\n\r?\n|\r\r", raw[: 2 * MOST_HEADERS], maxsplit=1)[0]
    if len(head) > MOST_HEADERS:
        raise Quarantined("headers too long", "Its headers are longer than 64 KB.")
    if len(_NESTS.findall(raw)) > _MOST_NESTED:
        raise Quarantined("too deep", "It holds more mails within mails than anybody sends.")


def _headers_of(message: Message[Any, Any]) -> list[tuple[str, str]]:
    said = _of(lambda: [(str(name), str(value)) for name, value in message.raw_items()]) or []
    if sum(len(name) + len(value) for name, value in said) > MOST_HEADERS:
        raise Quarantined("headers too long", "Its headers are longer than 64 KB.")
    if any(len(value) > LONGEST_HEADER for _, value in said):
        raise Quarantined("headers too long", "One of its headers is longer than 8 KB.")
    return [(name.lower(), value) for name, value in said]


def _parts_of(message: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """Those that hold no others, as they come; what lies in a mail within it is not looked at."""
    waiting, count = [message], 0
    while waiting:
        part, count = waiting.pop(), count + 1
        if count > _MOST_PARTS:
            raise Quarantined("too many parts", "It has more than 2,000 parts.")
        inside = _of(part.get_payload)
        if isinstance(inside, list) and _type_of(part).startswith("multipart/"):
            waiting += [each for each in reversed(inside) if isinstance(each, Message)]
        else:
            yield part


def _is_file(part: Message[Any, Any]) -> bool:
    """Whether it is attached, has a name, or is nothing that could be the text of the mail."""
    if _disposition_of(part) == "attachment" or _name_of(part):
        return True
    return _type_of(part) not in {"text/plain", "text/html"}


def _name_of(part: Message[Any, Any]) -> str:
    return _of(partial(part.get_filename, "")) or ""


def _type_of(part: Message[Any, Any]) -> str:
    return _of(part.get_content_type) or "text/plain"


def _disposition_of(part: Message[Any, Any]) -> str:
    return _of(part.get_content_disposition) or ""


def _text_in(part: Message[Any, Any]) -> str:
    charset = _of(part.get_content_charset)
    return _in_charset(_bytes_in(part)[: 4 * _LONGEST_TEXT], charset)[:_LONGEST_TEXT]


def _bytes_in(part: Message[Any, Any]) -> bytes:
    found: object = _of(lambda: part.get_payload(decode=True))
    return found if isinstance(found, bytes) else b""


def _decoded(value: str) -> str:
    """The words of a header (RFC 2047), of which nothing can begin another header."""
    pieces = _of(lambda: decode_header(value)) or [(value, None)]
    said = "".join(_piece(piece, charset) for piece, charset in pieces)
    return words.salvaged(said, limit=LONGEST_HEADER)


def _piece(piece: bytes | str, charset: str | None) -> str:
    raw = piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
    return _in_charset(raw, charset)


def _in_charset(raw: bytes, charset: str | None) -> str:
    """In UTF-8 where nobody knows the charset that was named."""
    known = _of(lambda: codecs.lookup(charset or "utf-8").name) or "utf-8"
    name = "utf-8" if known in _NO_CHARSETS else known
    said = _of(lambda: raw.decode(name, "replace"))
    return raw.decode("utf-8", "replace") if said is None else said


def _address(said: str) -> str:
    found = _ADDRESS.fullmatch(said.strip())
    if found is None:
        return ""
    try:
        return words.one_address(found[0]).lower()
    except CommitmentError:
        return ""


def _of(ask: Callable[[], T]) -> T | None:
    """The answer; None where it cannot be had."""
    try:
        return ask()
    except _UNREADABLE:
        return None
