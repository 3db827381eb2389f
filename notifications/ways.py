"""By which ways a message reaches its reader, and from when on: the inbox always and at once, and
outside it what the reader's contact points say.

Somebody without any is written to at the address the message carries, by e-mail. What is overdue or
asks for somebody always has one way outside: where every other is closed, that is e-mail again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from notifications import lengths, quiet
from notifications.envelope import Message
from notifications.models import ContactPoint

EMAIL = "email"
INBOX = "inbox"


class Way(NamedTuple):
    """One of the ways a message goes, each a delivery of its own."""

    channel: str
    key: str
    address: str
    not_before: datetime


def of(messages: Sequence[Message]) -> list[list[Way]]:
    """The ways of each; one that names its channel goes by that alone.

    One query for the contact points of all who are written to.
    """
    points = _points_of({each.person_id for each in messages if not each.channel})
    return [list(_ways_of(message, points)) for message in messages]


def _ways_of(
    message: Message, points: Mapping[int | None, Sequence[ContactPoint]]
) -> Iterator[Way]:
    if message.channel:
        yield Way(message.channel, message.key, message.address, message.not_before)
        return
    yield Way(INBOX, f"{message.key}:{INBOX}", message.address, message.not_before)
    known = points.get(message.person_id, ())
    for channel, point in _open(known, is_escalation=message.is_escalation).items():
        address = message.address if point is None or channel == EMAIL else point.address
        yield Way(channel, f"{message.key}:{channel}", address, _not_before(message, point))


def _open(
    points: Sequence[ContactPoint], *, is_escalation: bool
) -> Mapping[str, ContactPoint | None]:
    """The ways outside that this message takes; None stands for e-mail without any wishes."""
    by_channel: dict[str, ContactPoint | None] = {EMAIL: None}
    if not points:
        return by_channel
    by_channel |= {point.channel: point for point in points}
    usable = {
        channel: point for channel, point in by_channel.items() if point is None or point.is_usable
    }
    if is_escalation:
        return usable or {EMAIL: by_channel[EMAIL]}
    return {
        channel: point
        for channel, point in usable.items()
        if point is None or point.wants == ContactPoint.Wants.EVERYTHING
    }


def _not_before(message: Message, point: ContactPoint | None) -> datetime:
    """After quiet hours, and at work where somebody asked for that, unless it passes both.

    What comes late gathers for a moment first, so that it goes out as one.
    """
    earliest = message.not_before
    if message.late:
        earliest += lengths.current().gather
    if point is None or message.pierces_quiet:
        return earliest
    return quiet.goes_out_at(
        earliest,
        hours=_quiet_hours(point),
        work_resumes_at=message.work_resumes_at if point.waits_for_work else None,
    )


def _quiet_hours(point: ContactPoint) -> quiet.Hours | None:
    if point.quiet is None:
        return None
    since, until = point.quiet
    return quiet.Hours(since=since, until=until, zone=ZoneInfo(point.zone))


def _points_of(people: set[int | None]) -> Mapping[int | None, Sequence[ContactPoint]]:
    """By person."""
    found: dict[int | None, list[ContactPoint]] = defaultdict(list)
    if people:
        for point in ContactPoint.objects.counting().of(people).order_by("pk"):
            found[point.user_id].append(point)
    return found
