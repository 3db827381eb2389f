"""A form that is sent twice is done once.

Each form carries a hidden key. The first submit writes it down in the same transaction as what it
does; a second one finds it and is answered like the first.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from commitments import lengths
from commitments.models import OnceKey, User

_DONE = 200


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Where a submit leads and what is said there; `undo` is a token, or empty."""

    location: str
    said: str
    undo: str = ""


def new_key() -> str:
    return uuid.uuid4().hex


def only_once(key: str, *, user: User, now: datetime, act: Callable[[], Answer]) -> Answer:
    """Do `act`, unless a form with this key did it already. If it raises, the key stays unused."""
    with transaction.atomic():
        row, is_first = OnceKey.objects.get_or_create(
            principal=f"user:{user.pk}",
            key=f"form:{hashlib.sha256(key.encode()).hexdigest()}",
            defaults={"expires_at": now + lengths.current().once_key_kept},
        )
        if not is_first:
            return Answer(**row.answer)
        answer = act()
        row.status, row.answer = _DONE, asdict(answer)
        row.save(update_fields=["status", "answer"])
    return answer
