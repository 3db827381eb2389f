"""How a reader's mail program files a mail, answers it, and wants no more of them.

Mails about one thing form a thread. An answer goes to an address that names the thing:
`replies+<what>-<its id>.<proof>@domain`, from the setting REPLY_ADDRESS. The proof keeps strangers
from writing into what they know nothing of. Without that setting there is no such address, and the
mail's own link is the way to answer.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.channels import Letter
from notifications.envelope import one_line

_SALT: Final = "notifications.replies"
_PROOF: Final = 20  # characters, so 80 bits
_LONGEST_LOCAL_PART: Final = 64
_NAMED: Final = re.compile(r"\+([a-z_]{1,20})-(\d{1,18})\.([0-9a-f]{20})@", re.IGNORECASE)
_ABOUT: Final = re.compile(r"([a-z_]{1,20}):(\d{1,18})")


def threads(letter: Letter) -> list[str]:
    """What the mail is about, by name; one that is about several things belongs to each."""
    said = letter.context.get("threads")
    named = [str(each) for each in said] if isinstance(said, list) else []
    return named or [letter.about]


def reply_to(letter: Letter) -> str:
    """Where a customer's answer goes; nothing where answers are not collected."""
    return "" if letter.person_id is not None else address_about(threads(letter)[-1])


def address_about(about: str) -> str:
    local, _, domain = settings.REPLY_ADDRESS.rpartition("@")
    found = _ABOUT.fullmatch(about)
    if not local or not found:
        return ""
    own = f"{local}+{found[1]}-{found[2]}.{_proof(about, settings.SECRET_KEY)}"
    return f"{own}@{domain}" if len(own) <= _LONGEST_LOCAL_PART else ""


def about_in(text: str) -> str | None:
    """The first thing that an address in this text names and proves."""
    for found in _NAMED.finditer(text):
        about = f"{found[1].lower()}:{found[2]}"
        said = found[3].lower()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if constant_time_compare(said, _proof(about, key)):
                return about
    return None


def stopping(letter: Letter, *, from_address: str) -> list[tuple[str, str]]:
    """The headers by which a mail program offers to stop them, on mails that say they may be.

    One press is enough only where the address is one of https (RFC 8058).
    """
    url = one_line(str(letter.context.get("stop_url") or ""))
    if not url:
        return []
    by_mail = f"mailto:{quote(reply_to(letter) or from_address, safe='@+')}?subject=stop"
    one_press = [("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    return [
        ("List-Unsubscribe", f"<{url}>, <{by_mail}>"),
        *(one_press if url.startswith("https://") else []),
    ]


def _proof(about: str, key: str) -> str:
    digest = salted_hmac(_SALT, about, secret=key, algorithm="sha256")
    return digest.hexdigest()[:_PROOF]
