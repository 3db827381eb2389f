"""Where people are reached when something is about to be sent to them.

The subject says whether they may still know of it. Their addresses for chat and SMS are ours to
know: what was given up, closed or never proved meanwhile leads nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from notifications.delivery import leases
from notifications.envelope import Recipient
from notifications.models import Delivery
from notifications.models.contact import PROVED, VERIFY_ADDRESS, ContactPoint


def recipients(rows: Sequence[Delivery], *, now: datetime) -> Mapping[str, Recipient | None]:
    """By key; None, or no entry, refuses. Asks the subject once for all."""
    confirmed = leases.subject().recipients([row.as_delivered() for row in rows], now=now)
    personal = [row for row in rows if row.audience_name == "staff" and row.channel in PROVED]
    return {**confirmed, **_current(personal, confirmed)} if personal else confirmed


def _current(
    rows: Sequence[Delivery], confirmed: Mapping[str, Recipient | None]
) -> Mapping[str, Recipient | None]:
    """What goes by chat or SMS, at its reader's present address; one query."""
    people = {row.person_id for row in rows}
    points = list(ContactPoint.objects.filter(user__in=people, disabled_at=None).order_by("pk"))
    return {row.key: _at(row, confirmed.get(row.key), points) for row in rows}


def _at(
    row: Delivery, confirmed: Recipient | None, points: Sequence[ContactPoint]
) -> Recipient | None:
    if confirmed is None:
        return None
    theirs = (
        point
        for point in points
        if (point.user_id, point.channel) == (row.person_id, row.channel)
        and (point.is_proved or row.template == VERIFY_ADDRESS)
        and (row.template != VERIFY_ADDRESS or point.address == row.address)
    )
    point = next(theirs, None)
    return replace(confirmed, address=point.address) if point else None
