"""From a bundle under lease to one letter: who is still to read what in it, and in which words.

What is refused, has expired or cannot be put into words stays out of it. If one message is left
over it goes by itself, like any other: there is no bundle of one, unless the whole bundle may have
arrived before and is sent once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from notifications import rendering
from notifications.delivery import bundling, results, wording
from notifications.delivery.bundling import Leaving
from notifications.delivery.results import Result
from notifications.envelope import Recipient
from notifications.models import Delivery

_NOBODY = Recipient("")
_NOTHING = rendering.Words(subject="", text="", html="")


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A bundle made ready: its words and its reader, or what it `ends` as without being sent."""

    leaving: list[Leaving] = field(default_factory=list)
    ends: Result | None = None
    recipient: Recipient = _NOBODY
    words: rendering.Words = _NOTHING


def pack(
    bundle: Delivery,
    members: Sequence[Delivery],
    recipients: Mapping[str, Recipient | None],
    *,
    raising: Sequence[Delivery],
    now: datetime,
) -> Pack:
    """Make one bundle ready. Nothing is written here."""
    if bundle.is_expired(now):
        return Pack(ends=results.expired(bundle, at=now))
    leaving = _leaving_now(members, recipients, raising=raising, now=now)
    gone = {one.member.pk for one in leaving}
    staying = [member for member in members if member.pk not in gone]
    parts, wordless = wording.parts(staying, recipients)
    leaving += [Leaving(member=member, why=bundling.RAISED) for member in wordless]
    if not parts:
        return Pack(leaving=leaving, ends=results.refused_by_subject(bundle, at=now))
    first = parts[0].member
    if len(parts) == 1 and not bundle.possible_repeat:
        leaving.append(Leaving(member=first, why=bundling.THE_ONLY_ONE))
        return Pack(leaving=leaving, ends=results.taken_apart(bundle, at=now))
    return Pack(
        leaving=leaving,
        recipient=replace(recipients.get(first.key) or _NOBODY, actions=()),
        words=wording.words(bundle, parts),
    )


def _leaving_now(
    members: Sequence[Delivery],
    recipients: Mapping[str, Recipient | None],
    *,
    raising: Sequence[Delivery],
    now: datetime,
) -> list[Leaving]:
    """Those that raise, have expired, or are not wanted any more."""
    out = {row.pk: Leaving(member=row, why=bundling.RAISED) for row in raising}
    found = (out.get(row.pk) or _leaving(row, recipients.get(row.key), now=now) for row in members)
    return [one for one in found if one is not None]


def _leaving(member: Delivery, recipient: Recipient | None, *, now: datetime) -> Leaving | None:
    if member.is_expired(now):
        return Leaving(member=member, why=bundling.EXPIRED, outcome="expired")
    if recipient is None:
        return Leaving(member=member, why=bundling.REFUSED)
    return None
