"""The statements that every single mail costs, in SQL that both databases read alike.

Put together by the ORM they take longer than the mail itself. Each is a compare-and-set: it answers
whether the row was still ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from django.db import connection

_Value: TypeAlias = str | int | datetime | None

_MARK = """
update notifications_delivery
set phase = 'final'
where id = %s and token = %s and state = 'leased' and phase = 'claimed'
    and attempt_at > %s and (expires_at is null or expires_at > %s)
    and not exists (
        select 1 from notifications_suppression as closed
        where closed.channel = notifications_delivery.channel and closed.address = %s
    )
"""

_MARK_IN_NEW_WORDS = """
update notifications_delivery
set phase = 'final', address = %s, name = %s, subject = %s, text = %s, html = %s
where id = %s and token = %s and state = 'leased' and phase = 'claimed'
    and attempt_at > %s and (expires_at is null or expires_at > %s)
    and not exists (
        select 1 from notifications_suppression as closed
        where closed.channel = notifications_delivery.channel and closed.address = %s
    )
"""

_ACCEPT = """
update notifications_delivery
set state = 'sent', phase = '', attempt_at = null, settled_at = %s, provider_id = %s, reason = ''
where id = %s and token = %s
    and ((state = 'leased' and phase = 'final') or state = 'uncertain')
"""

_CLOSE = """
update notifications_attempt
set ended_at = %s, ending = %s, code = %s, answer = %s
where delivery_id = %s and token = %s
"""


class Said(NamedTuple):
    """What is kept of what is sent, and to whom."""

    address: str
    name: str
    subject: str
    text: str
    html: str


def mark(
    delivery_id: int,
    token: int,
    *,
    to: str,
    said: Said | None,
    now: datetime,
    lease_after: datetime,
) -> bool:
    """Claimed becomes final: not withdrawn, not expired, not suppressed, and leased long enough.

    What was `said` is kept in the same breath, unless it is what the row says already.
    """
    if_ours: list[_Value] = [delivery_id, token, _at(lease_after), _at(now), to]
    if said is None:
        return _run(_MARK, if_ours)
    return _run(_MARK_IN_NEW_WORDS, [*said, *if_ours])


def accept(delivery_id: int, token: int, *, provider_id: str, at: datetime) -> bool:
    """Final becomes sent.

    Uncertain does, too: then our lease ran out while the answer was on its way, and now we know
    better, as long as nobody has sent it again.
    """
    return _run(_ACCEPT, [_at(at), provider_id, delivery_id, token])


def close_attempt(
    delivery_id: int, token: int, *, ending: str, code: int | None, answer: str, at: datetime
) -> bool:
    """Say how an attempt ended."""
    return _run(_CLOSE, [_at(at), ending, code, answer[:200], delivery_id, token])


def _run(statement: str, values: Sequence[_Value]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount) == 1


def _at(value: datetime) -> str | datetime | None:
    written: str | datetime | None = connection.ops.adapt_datetimefield_value(value)
    return written
