"""By which ways a message reaches its reader, and from when on: the inbox always and at once, and
outside it what the reader's contact points say.

Somebody without any is written to at the address the message carries, by e-mail. What is overdue or
asks for somebody always has one way outside: where every other is closed, that is e-mail again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifications import lengths, quiet
from notifications.envelope import Audience, Message
from notifications.models import ContactPoint
from notifications.models.bulk import Way

EMAIL = "email"
INBOX = "inbox"


def of(messages: Sequence[Message]) -> list[list[Way]]:
    """The ways of each, in no words yet; one that names its channel goes by that alone.

    One query for the contact points of all who are written to.
    """
    points = _points_of({each.person_id for each in messages if not each.channel})
    lives = {kind: lengths.life(*kind) for kind in {_kind(each) for each in messages}}
    return [list(_ways_of(message, points, life=lives[_kind(message)])) for message in messages]


def _kind(message: Message) -> tuple[str, Audience]:
    return message.template, message.audience


def _ways_of(
    message: Message, points: Mapping[int | None, Sequence[ContactPoint]], *, life: timedelta
) -> Iterator[Way]:
    """Each dies when the message says, or else after the `life` of its kind."""
    key, address, at = message.key, message.address, message.not_before
    expires_at = message.expires_at or at + life
    if message.channel:
        yield Way(key, message.channel, address, at, expires_at)
        return
    yield Way(f"{key}:{INBOX}", INBOX, address, at, expires_at)
    known = points.get(message.person_id, ())
    for channel, point in _open(known, is_escalation=message.is_escalation).items():
        theirs = address if point is None or channel == EMAIL else point.address
        at = _not_before(message, point)
        expires_at = message.expires_at or at + life
        yield Way(f"{key}:{channel}", channel, theirs, at, expires_at)


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
