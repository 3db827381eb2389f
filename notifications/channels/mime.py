"""A letter as the bytes of a mail: text and HTML, and the headers that mail programs need.

Composed by hand, because the standard library takes 2.3 ms for what is 0.03 ms of encoding. Always
quoted-printable, which every server takes and a person can still read.
"""

from __future__ import annotations

import hashlib
import quopri
from email.header import Header
from email.utils import format_datetime, formataddr

from notifications.channels import Letter, answering
from notifications.envelope import one_line

_NEWLINE = "\r\n"
_SHORT = 60  # characters that need no folding behind any header's name


def message_id(reason: str, *, domain: str) -> str:
    """The same reason always gives the same name, so that a repeat can be told as one."""
    digest = hashlib.sha256(reason.encode("utf-8", "replace")).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def compose(letter: Letter, *, recipient: str, from_address: str, from_name: str) -> bytes:
    """The whole message with CRLF line ends, not yet dot-stuffed."""
    domain = from_address.rpartition("@")[2]
    name = message_id(letter.key, domain=domain)
    named = [
        ("From", formataddr((one_line(letter.sender or from_name), from_address))),
        ("To", formataddr((one_line(letter.name), recipient))),
        ("Message-ID", name),
        *answers(letter, from_address=from_address),
    ]
    # No line of quoted-printable begins with "=_": an equals sign there is always an escape.
    boundary = f"=_{name[1:33]}"
    lines = [f"{header}: {value}" for header, value in [*named, *_headers(letter, domain=domain)]]
    lines.append(f'Content-Type: multipart/alternative; boundary="{boundary}"')
    for kind, text in (("plain", letter.text), ("html", letter.html)):
        lines += ["", f"--{boundary}", f"Content-Type: text/{kind}; charset=utf-8"]
        lines += ["Content-Transfer-Encoding: quoted-printable", "", _quoted(text)]
    lines += [f"--{boundary}--", ""]
    return _NEWLINE.join(lines).encode("ascii")


def _headers(letter: Letter, *, domain: str) -> list[tuple[str, str]]:
    """Those that say what it is, not who sends it to whom."""
    return [
        ("Subject", _words("Subject", one_line(letter.subject))),
        ("Date", format_datetime(letter.not_before)),
        *thread(letter, domain=domain),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Content-Language", one_line(letter.language)),
        *([("X-Possible-Repeat", "1")] if letter.possible_repeat else []),
        ("MIME-Version", "1.0"),
    ]


def thread(letter: Letter, *, domain: str) -> list[tuple[str, str]]:
    """Mails about one thing answer to one name, which no mail has: so none has to come first."""
    names = [message_id(f"about {each}", domain=domain) for each in answering.threads(letter)]
    return [("In-Reply-To", names[-1]), ("References", " ".join(names))]


def answers(letter: Letter, *, from_address: str) -> list[tuple[str, str]]:
    """Where an answer goes, and how to stop them, as far as there is something to say."""
    to = answering.reply_to(letter)
    stop = answering.stopping(letter, from_address=from_address)
    return [*([("Reply-To", to)] if to else []), *stop]


def _words(header: str, text: str) -> str:
    """Text as a header carries it, folded; encoded where it is not plain."""
    if text.isascii() and len(text) <= _SHORT:
        return text
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, header_name=header).encode(linesep=_NEWLINE)


def _quoted(text: str) -> str:
    lines = text.replace("\r\n", "\n").encode("utf-8")
    return quopri.encodestring(lines).decode("ascii").replace("\n", _NEWLINE)
