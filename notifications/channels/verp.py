"""Where a mail that cannot be delivered comes back to: an address that names the delivery.

`bounces+<delivery>.<proof>@domain`, from the setting BOUNCE_ADDRESS. The proof keeps strangers from
telling us that mails bounced which they never received. The name alone goes to providers, who say
it back: another installation may share their account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "notifications.bounces"
_PROOF = 20  # characters, so 80 bits
_LONGEST_LOCAL_PART = 64
_NAMED = re.compile(r"\+(\d{1,18})\.([0-9a-f]{20})@", re.IGNORECASE)


def return_path(delivery_id: int) -> str:
    """The envelope sender of one delivery; nothing where bounces are not collected."""
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    own = f"{local}+{name(delivery_id)}"
    return f"{own}@{domain}" if local and len(own) <= _LONGEST_LOCAL_PART else ""


def name(delivery_id: int) -> str:
    """A delivery as others are told of it: its number, and that it is ours."""
    return f"{delivery_id}.{_proof(delivery_id, settings.SECRET_KEY)}"


def delivery_named(said: str) -> int | None:
    """The delivery whose name this is, if it is proven."""
    return delivery_in(f"+{said}@")


def delivery_in(text: str) -> int | None:
    """The first delivery that a return path in this text names and proves."""
    for found in _NAMED.finditer(text):
        delivery_id = int(found.group(1))
        said = found.group(2).lower()
        if any(constant_time_compare(said, proof) for proof in _proofs(delivery_id)):
            return delivery_id
    return None


def _proofs(delivery_id: int) -> Iterator[str]:
    """With today's key, and with those before it: a bounce may take days."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _proof(delivery_id, key)


def _proof(delivery_id: int, key: str) -> str:
    digest = salted_hmac(_SALT, str(delivery_id), secret=key, algorithm="sha256")
    return digest.hexdigest()[:_PROOF]
