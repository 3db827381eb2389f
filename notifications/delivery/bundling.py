"""What one person is due on one channel goes out as one; nothing waits for company.

A bundle is a delivery of its own, and those it carries point to it. It is made in the transaction
of the claim, out of what is due at that moment: whatever comes due while it is under way makes
another. Only what comes late, after an outage, has gathered for a while before; then all of it goes
into one, even what would still have waited.

Never for a customer or a program, never in the inbox, and not with what was tried before: that may
have failed for a reason of its own.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.db.models import Q

from notifications import lengths
from notifications.envelope import Outcome
from notifications.models import BUNDLE, Delivery, Phase, State, bulk

CHANNELS = frozenset({"email", "chat"})
"""The media on which several messages are read as easily as one."""


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why a message does not go out inside its bundle, and what becomes of it."""

    state: State
    reason: str
    attempts: int = 0

    def columns(self, now: datetime) -> dict[str, object]:
        is_queued = self.state == State.QUEUED
        return {
            "state": self.state,
            "reason": self.reason,
            "attempts": self.attempts,
            "attempt_at": now if is_queued else None,
            "settled_at": None if is_queued else now,
        }


EXPIRED = Why(state=State.EXPIRED, reason="Its time had passed.")
REFUSED = Why(state=State.CANCELLED, reason="No longer wanted when it was about to be sent.")
THE_ONLY_ONE = Why(state=State.QUEUED, reason="")
# Counted as tried, so that it goes by itself from now on.
RAISED = Why(state=State.QUEUED, reason="It could not be put into words.", attempts=1)


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """A message that leaves its bundle; `outcome` is what its subject is told."""

    member: Delivery
    why: Why
    outcome: Outcome | None = None


Reader: TypeAlias = tuple[int | None, str]


def together(rows: Sequence[Delivery], *, now: datetime) -> list[Delivery]:
    """What to work on in the place of these rows, which the caller's transaction holds.

    Bundles stand where the first of their members stood. Whatever else its reader is due is in
    them, too. The number of statements does not depend on how many rows there are.
    """
    leading = [row for row in rows if _may_travel(row, now=now)]
    if not leading:
        return list(rows)
    groups = _groups([*leading, *_company(leading, now=now)], now=now)
    if not groups:
        return list(rows)
    bundles = Delivery.objects.bulk_create(_bundle(members, now=now) for members in groups)
    carried = {
        member.pk: bundle
        for bundle, members in zip(bundles, groups, strict=True)
        for member in members
    }
    bulk.join(
        [{"id": pk, "bundle": bundle.pk, "settled_at": now} for pk, bundle in carried.items()]
    )
    return list({row.pk: row for row in (carried.get(row.pk, row) for row in rows)}.values())


def members(bundles: Iterable[Delivery]) -> dict[int, list[Delivery]]:
    """What each bundle carries, in the order in which it was due; one query for all of them."""
    found: dict[int, list[Delivery]] = {bundle.pk: [] for bundle in bundles}
    if found:
        carried = Delivery.objects.filter(bundle__in=found, state=State.BUNDLED)
        for member in carried.order_by("-urgent", "not_before", "id"):
            found[member.bundle_id or 0].append(member)
    return found


def inside(bundle: Delivery) -> list[Delivery]:
    """What a bundle carries, in the order in which everybody locks what it is about."""
    carried = Delivery.objects.filter(bundle=bundle, state=State.BUNDLED)
    return sorted(
        carried.defer("context", "subject", "text", "html"),
        key=lambda member: (len(member.about), member.about, member.pk),
    )


def let_out(bundles: Sequence[Delivery], leaving: Sequence[Leaving], *, now: datetime) -> None:
    """Take these out of their bundles, as long as those are ours; in the caller's transaction.

    The bundles are held before their members, which is how everybody takes one apart.
    """
    held = Delivery.objects.filter(
        pk__in=[bundle.pk for bundle in bundles], state=State.LEASED, phase=Phase.CLAIMED
    )
    tokens = {bundle.pk: bundle.token for bundle in bundles}
    locked = held.select_for_update().order_by("pk").values_list("pk", "token")
    ours = [pk for pk, token in locked if tokens[pk] == token]
    for why in sorted({one.why for one in leaving}, key=lambda why: why.state):
        pks = [one.member.pk for one in leaving if one.why == why]
        out = Delivery.objects.filter(pk__in=pks, bundle__in=ours, state=State.BUNDLED)
        out.update(bundle=None, **why.columns(now))


def _may_travel(row: Delivery, *, now: datetime) -> bool:
    """Whether it may go inside a bundle. The same question as in `_company`, of a row we have."""
    return (
        row.state == State.QUEUED
        and row.audience_name == "staff"
        and row.person_id is not None
        and row.channel in CHANNELS
        and row.template not in _alone()
        and row.attempts == 0
        and not row.possible_repeat
        and not row.is_expired(now)
    )


def _alone() -> set[str]:
    return {BUNDLE, *settings.NOTIFICATIONS_ALONE}


def _company(leading: Sequence[Delivery], *, now: datetime) -> list[Delivery]:
    """What else the readers of these rows are due, and what of theirs is late and gathering.

    Rows that somebody else is working on are passed by: they go out with them.
    """
    figures = lengths.current()
    soon = now + figures.gather
    due = Delivery.objects.filter(
        person_id__in={row.person_id for row in leading},
        channel=leading[0].channel,
        attempt_at__lte=soon,
    )
    fit = due.filter(state=State.QUEUED, audience="staff", attempts=0, possible_repeat=False)
    alive = fit.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    timely = alive.filter(Q(attempt_at__lte=now) | Q(late=True))
    others = timely.exclude(template__in=_alone()).exclude(pk__in=[row.pk for row in leading])
    held = others.select_for_update(skip_locked=True).order_by("pk")
    return list(held.defer("context", "subject", "text", "html")[: figures.together])


def _groups(rows: Sequence[Delivery], *, now: datetime) -> list[list[Delivery]]:
    """Those that go together, by reader. What is late gathers until one of it is due."""
    by_reader: dict[Reader, list[Delivery]] = defaultdict(list)
    for row in rows:
        by_reader[row.person_id, row.address].append(row)
    groups = [_ripe(group, now=now) for group in by_reader.values()]
    return [group for group in groups if len(group) > 1]


def _ripe(group: list[Delivery], *, now: datetime) -> list[Delivery]:
    due = [row for row in group if row.attempt_at is not None and row.attempt_at <= now]
    return group if any(row.late for row in due) else due


def _bundle(members: Sequence[Delivery], *, now: datetime) -> Delivery:
    first = members[0]
    return Delivery(
        key=_key(members),
        about=f"user:{first.person_id}",
        audience=first.audience,
        person_id=first.person_id,
        channel=first.channel,
        address=first.address,
        name=first.name,
        sender=first.sender,
        language=first.language,
        template=BUNDLE,
        context={},
        urgent=any(member.urgent for member in members),
        late=any(member.late for member in members),
        state=State.QUEUED,
        attempt_at=now,
        not_before=now,
        expires_at=_last_of(member.expires_at for member in members),
        enqueued_at=now,
    )


def _key(members: Sequence[Delivery]) -> str:
    """From why it is sent: its members, and the how-manieth time each of them sets out.

    Without their tokens two that were taken out of a bundle could never go together again.
    """
    reasons = sorted(f"{member.key} {member.token}" for member in members)
    return f"bundle:{hashlib.sha256(chr(10).join(reasons).encode('utf-8', 'replace')).hexdigest()}"


def _last_of(instants: Iterable[datetime | None]) -> datetime | None:
    """The latest; None if one of them never comes."""
    known = list(instants)
    lasting = [instant for instant in known if instant is not None]
    return max(lasting) if len(lasting) == len(known) else None
