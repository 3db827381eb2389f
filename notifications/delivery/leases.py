"""The transactions of delivery: claim, marker, result. None of them waits for the network.

Each one writes only where the token is still ours. In a result the subject is told first of all: it
locks what the message is about, which everybody locks before a delivery.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.module_loading import import_string

from notifications import lengths
from notifications.channels import Letter
from notifications.delivery import bundling, crash, results
from notifications.delivery.bundling import Leaving
from notifications.delivery.results import Result
from notifications.envelope import Outcome, Subject
from notifications.models import Attempt, Delivery, Ending, Phase, State, bulk, hot

logger = logging.getLogger(__name__)

_SAID = ("address", "name", "subject", "text", "html")


class TokenLost(Exception):
    """Somebody else holds this delivery now, or it was withdrawn: hands off."""


def subject() -> Subject:
    """Whom to ask before sending and to tell afterwards."""
    named: Subject = import_string(settings.NOTIFICATIONS_SUBJECT)
    return named


def claim(
    channel: str,
    *,
    limit: int,
    now: datetime,
    only_expired: bool = False,
    addresses: Collection[str] = (),
) -> list[Delivery]:
    """Take a lease on what is due: at most `limit` rows that nobody else is working on.

    What else their readers are due goes with them, and for several the answer holds the bundle that
    carries them. At the `addresses` of programs only what is first in its line is taken. A lease
    that ran out while it was only claimed is a row come due: nothing was sent.
    """
    due = Delivery.objects.due(channel, now).exclude(phase=Phase.FINAL)
    if only_expired:
        due = due.filter(expires_at__lte=now)
    if addresses:
        due = due.bound_for(addresses).first_in_line()
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True)[:limit])
        if not only_expired:
            rows = bundling.together(rows, now=now)
            crash.here("T3.bundled")
        _lease(rows, now=now)
    crash.here("T3.post")
    return rows


def let_out(bundles: Sequence[Delivery], leaving: Sequence[Leaving], *, now: datetime) -> None:
    """Take from bundles that we have claimed what is not to go out inside them."""
    if not leaving:
        return
    with transaction.atomic():
        for one in leaving:
            if one.outcome is not None:
                subject().settled(one.member.as_delivered(), one.outcome, now)
        bundling.let_out(bundles, leaving, now=now)


def settle_lost(channel: str, *, now: datetime) -> int:
    """Leases that ran out after the marker: what was sent under them may have arrived."""
    lost = Delivery.objects.due(channel, now).filter(phase=Phase.FINAL)
    found = [results.doubtful(row, "The sender died without a word.", at=now) for row in lost]
    return sum(record_or_leave(result) for result in found)


def exchange(
    taken: Sequence[Result], wishes: Sequence[tuple[Delivery, Letter]], *, now: datetime
) -> set[int]:
    """Write down which mails were accepted, and make those final whose last byte follows.

    Both in one commit, which is most of what a mail costs us. Answers who may finish, by delivery.
    Raises TokenLost, with nothing written, if its subject was told of a mail that is not ours.
    """
    if any(_is_told(result) for result in taken):
        with transaction.atomic():
            done = _exchange(taken, wishes, now=now)
    else:
        done = _exchange(taken, wishes, now=now)
    for result in taken:
        if result.row.pk not in done.taken:
            _log_lost(result)
    for row, _ in wishes:
        if row.pk in done.final:
            row.phase = Phase.FINAL
    if done.final:
        crash.here("T4.post")
    return done.final


def mark_alone(row: Delivery, letter: Letter, *, now: datetime) -> bool:
    """Ask once more whether this one may finish, and wait for whoever holds its row.

    A claim does that only looked at it, because it was due in the claim's own snapshot. Alone a
    marker holds nothing that others might wait for, so nobody waits in a circle.
    """
    try:
        with transaction.atomic():
            list(Delivery.objects.select_for_update().filter(pk=row.pk).values_list("pk"))
            return bool(exchange([], [(row, letter)], now=now))
    except OperationalError as error:
        logger.warning("Delivery %s is held, and let go of: %s", row.pk, error)
        return False


def record(result: Result) -> bool:
    """Write down what came of an attempt. Answers whether it was still ours to say."""
    try:
        with transaction.atomic():
            _write(result)
    except TokenLost:
        _log_lost(result)
        return False
    return True


def record_or_leave(result: Result) -> bool:
    """The same for a row that simply comes due again if somebody holds what it is about."""
    try:
        return record(result)
    except OperationalError as error:
        logger.warning("Delivery %s has to wait: %s", result.row.pk, error)
        return False


def close_attempt(result: Result) -> None:
    """Say how an attempt ended, whatever has become of its delivery."""
    Attempt.objects.filter(delivery_id=result.row.pk, token=result.row.token).update(
        ended_at=result.at, ending=result.ending, code=result.code, answer=result.answer[:200]
    )


def tell(row: Delivery, outcome: Outcome, *, at: datetime, reason: str = "") -> None:
    """Say how it ended, of a bundle for each message inside.

    Of staff messages that were sent nothing is said: what became of them stands in their rows.
    """
    if outcome == "sent" and row.audience_name == "staff":
        return
    for one in bundling.inside(row) if row.is_bundle else [row]:
        subject().settled(replace(one.as_delivered(), reason=reason), outcome, at)


def unexpected_so_far(row: Delivery) -> int:
    return Attempt.objects.filter(delivery_id=row.pk, ending=Ending.UNEXPECTED).count()


def _lease(rows: Sequence[Delivery], *, now: datetime) -> None:
    if not rows:
        return
    ends_at = now + lengths.current().lease
    hot.lease([row.pk for row in rows], ends_at=ends_at, now=now)
    for row in rows:
        row.state, row.phase, row.attempt_at = State.LEASED, Phase.CLAIMED, ends_at
        row.token, row.attempts = row.token + 1, row.attempts + 1


def _exchange(
    taken: Sequence[Result], wishes: Sequence[tuple[Delivery, Letter]], *, now: datetime
) -> hot.Exchanged:
    told = [result for result in taken if _is_told(result)]
    # Whoever locks what several messages are about does so in this order.
    for result in sorted(told, key=lambda one: (len(one.row.about), one.row.about)):
        tell(result.row, "sent", at=result.at)
    done = hot.exchange(
        [_as_taken(result) for result in sorted(taken, key=lambda one: one.row.pk)],
        [_as_wish(row, letter) for row, letter in sorted(wishes, key=lambda one: one[0].pk)],
        now=now,
        lease_after=now + lengths.current().margin,
    )
    if any(result.row.pk not in done.taken for result in told):
        raise TokenLost
    return done


def _is_told(result: Result) -> bool:
    return result.row.audience_name == "customer"


def _as_taken(result: Result) -> bulk.Row:
    return {
        "id": result.row.pk,
        "token": result.row.token,
        "at": result.at,
        "provider_id": str(result.columns["provider_id"]),
        "code": result.code,
        "answer": result.answer[:200],
    }


def _as_wish(row: Delivery, letter: Letter) -> bulk.Row:
    """With what is said, unless that is what the row says already."""
    says: bulk.Row = {name: getattr(letter, name) for name in _SAID}
    is_known = all(says[name] == getattr(row, name) for name in _SAID)
    marker: bulk.Row = {"id": row.pk, "token": row.token, "to": letter.address}
    return marker if is_known else {**marker, **says}


def _write(result: Result) -> None:
    row = result.row
    if result.ending == Ending.ACCEPTED:
        if row.pk not in _exchange([result], [], now=result.at).taken:
            raise TokenLost
        return
    if result.outcome is not None:
        tell(row, result.outcome, at=result.at, reason=result.answer)
    held = Delivery.objects.held(row.pk, row.token, row.phase)
    if held.update(**result.columns) != 1:
        raise TokenLost
    close_attempt(result)


def _log_lost(result: Result) -> None:
    logger.warning("Delivery %s is no longer ours.", result.row.pk)
