"""What is asked twice with one key is done once.

A key belongs to one principal: somebody signed in, or a program's token. It is written down in the
same transaction as what was done with it, so a request that died half-way leaves neither. Whoever
comes again with it, as long as it is kept, is given the first answer and nothing is done.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from . import lengths
from .errors import CommitmentError
from .models import OnceKey


class KeyUsedDifferently(CommitmentError):
    """The key was sent before, with something else."""


class StillAtWork(CommitmentError):
    """The first request with this key has not been answered yet."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Who asks, with which key, for what. `fingerprint` is the same only for the same request."""

    principal: str
    key: str
    fingerprint: str = ""

    @classmethod
    def of(cls, *, principal: str, door: str, key: str, fingerprint: str = "") -> Ask:
        """`door` keeps the keys of pages and of the API apart; a key may be of any length."""
        return cls(principal=principal, key=f"{door}:{_sha256(key)}", fingerprint=fingerprint)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered, as JSON, and whether it was answered before."""

    status: int
    body: dict[str, Any]  # Any: JSON
    is_replay: bool = False


def only_once(
    ask: Ask, *, now: datetime, act: Callable[[], Answer], kept: timedelta | None = None
) -> Answer:
    """Do `act`, unless it was done with this key. What it raises leaves the key unused.

    A key is known for a day, or as long as `kept` says.

    A second request waits for the first one to end, but for those that `claim` the key before.
    """
    with transaction.atomic():
        used = OnceKey.objects.filter(principal=ask.principal, key=ask.key)
        used.filter(expires_at__lte=now).delete()
        row, is_first = used.get_or_create(
            principal=ask.principal,
            key=ask.key,
            defaults={
                "fingerprint": ask.fingerprint,
                "expires_at": now + (kept or lengths.current().once_key_kept),
            },
        )
        if not is_first:
            return _first_answer(row, ask)
        answer = act()
        row.status, row.answer = answer.status, answer.body
        row.save(update_fields=["status", "answer"])
    return answer


def is_used(ask: Ask, *, now: datetime) -> bool:
    """Whether something was done with this key."""
    used = OnceKey.objects.filter(principal=ask.principal, key=ask.key)
    return used.filter(expires_at__gt=now).exists()


def claim(ask: Ask) -> None:
    """Hold the key until the caller's transaction ends; StillAtWork where another request does.

    On SQLite, where one transaction writes at a time, the second request waits its turn instead.
    """
    if connection.vendor != "postgresql":
        return
    number = hashlib.sha256(f"{ask.principal} {ask.key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_try_advisory_xact_lock(%s)", [int.from_bytes(number, "big", signed=True)]
        )
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise StillAtWork(
            "The first request with this key is still at work. Try again in a second."
        )


def forget(
    customer_ids: Collection[int], *, references: Collection[str], words: Collection[str]
) -> None:
    """What was answered about these customers or their promises, or says one of these words.

    Programs were answered a customer, or what is of one; pages keep what they said, and `about`
    whom, which is a list like [7, 12].
    """
    theirs = Q(answer__customer__id__in=customer_ids) | Q(answer__reference__in=references)
    theirs |= Q(answer__id__in=customer_ids, answer__has_key="merged_ids")
    theirs |= Q(answer__about__regex=rf"\D({'|'.join(map(str, customer_ids))})\D")
    if words:
        either = "|".join(map(re.escape, words))
        theirs |= Q(answer__said__iregex=rf"(^|\W)({either})(\W|$)")
    OnceKey.objects.filter(theirs).delete()


def fingerprint_of(text: str) -> str:
    return _sha256(text)


def _first_answer(row: OnceKey, ask: Ask) -> Answer:
    if row.fingerprint != ask.fingerprint:
        raise KeyUsedDifferently("This key was used for another request. Send a new key.")
    return Answer(status=row.status, body=row.answer, is_replay=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
