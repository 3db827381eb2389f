"""What a mail server reports about a mail of ours: that it came back, waits, or was complained of.

Three lines of the report are all we need (RFC 3464, RFC 5965), so they are looked for as they
stand. A mail parser would read ten thousand parts to find them, and raises on crafted mails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from notifications.channels import verp
from notifications.envelope import Bounce, one_line

_MOST_HEADERS = 64 * 1024
_LONGEST_HEADER = 8 * 1024
_LONGEST_REPORT = 32 * 1024
_GIVEN_UP = "failed"

_REPORT = re.compile(
    r"^content-type:[ \t]*message/(delivery-status|feedback-report)\b", re.I | re.M
)
_PART_ENDS = re.compile(r"^--", re.M)
_FIELD = re.compile(r"^(action|status|diagnostic-code|feedback-type):[ \t]*(.*)$", re.I | re.M)
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# Addresses that are none, and addresses nobody answers for: 5.2.1 is a mailbox that was closed.
_NO_SUCH_ADDRESS = re.compile(r"5\.(0\.\d+|1\.(?![78]\b)\d+|2\.1|4\.\d+)\b")


class Unreadable(Exception):
    """This is no report about a mail of ours. Why not, for the log."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is said of one delivery. `kind` is None where nothing has ended: it still waits."""

    delivery_id: int
    kind: Bounce | None
    reason: str


def read(mail: bytes, *, recipient: str = "") -> Report:
    """What this mail reports. `recipient`: to which of our addresses it came, if that is known.

    Raises Unreadable; no mail, however it was made, makes it raise anything else.
    """
    text = mail.decode("latin-1").replace("\r\n", "\n")
    headers, _, body = text.partition("\n\n")
    _check_size(headers)
    found = _REPORT.search(body)
    if found is None:
        raise Unreadable("It is no report.")
    rest = body[found.end() : found.end() + _LONGEST_REPORT]
    block = _PART_ENDS.split(rest, maxsplit=1)[0]
    delivery_id = verp.delivery_in(f"{recipient}\n{headers}\n{block}")
    if delivery_id is None:
        raise Unreadable("It names no delivery of ours, or cannot prove it.")
    return _report(delivery_id, found.group(1).lower(), block)


def is_no_address(words: str) -> bool | None:
    """Whether a server's words say that the address itself takes no mail, this one or other.

    By the enhanced status among them; None where there is none.
    """
    status = _STATUS.search(words)
    return _NO_SUCH_ADDRESS.match(status.group()) is not None if status else None


def _check_size(headers: str) -> None:
    if len(headers) > _MOST_HEADERS:
        raise Unreadable("Its headers are longer than 64 KB.")
    if any(len(line) > _LONGEST_HEADER for line in headers.split("\n")):
        raise Unreadable("One of its headers is longer than 8 KB.")


def _report(delivery_id: int, what: str, block: str) -> Report:
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(block):
        fields.setdefault(name.lower(), one_line(value)[:500])
    if what == "feedback-report":
        said = fields.get("feedback-type", "").lower()
        if not said or said == "not-spam":
            raise Unreadable("It is no complaint.")
        return Report(delivery_id=delivery_id, kind=Bounce.COMPLAINT, reason=said)
    status = fields.get("status", "")
    return Report(
        delivery_id=delivery_id,
        kind=_kind(fields.get("action", "").lower(), status),
        reason=fields.get("diagnostic-code") or status or "without a reason",
    )


def _kind(action: str, status: str) -> Bounce | None:
    """Who has given up says so in the action; where it is missing, the status has to say it."""
    gave_up = action == _GIVEN_UP if action else status.startswith("5")
    if not gave_up:
        return None
    return Bounce.HARD if is_no_address(status) else Bounce.SOFT
