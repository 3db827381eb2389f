"""A recipient is forgotten: what was sent and how it ended stays, the words and the address go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from notifications.models import Attempt, Delivery, InboxItem, Suppression

_WORDLESS = {"subject": "", "text": "", "html": "", "context": {}}
_NAMELESS = _WORDLESS | {"address": "", "name": "", "reason": ""}


@dataclass(frozen=True, kw_only=True)
class Closed:
    """An address that takes no more messages since then, and why."""

    channel: str
    address: str
    since: datetime
    cause: str


def closed(about: Sequence[str], *, addresses: Collection[str]) -> list[Closed]:
    """Which of these take no more messages, or of those to which a customer was written about
    these subjects.
    """
    return [
        Closed(channel=row.channel, address=row.address, since=row.since, cause=row.cause)
        for row in _closed(about, addresses).order_by("pk")
    ]


def _closed(about: Sequence[str], addresses: Collection[str]) -> QuerySet[Suppression]:
    letters = Delivery.objects.filter(about__in=about, audience="customer").exclude(address="")
    named = Q(address__in=addresses) | Q(address__in=letters.values("address"))
    return Suppression.objects.filter(named)


def forget(
    about: Sequence[str],
    *,
    keys: Collection[str],
    addresses: Collection[str],
    now: datetime,
) -> int:
    """Nothing about these subjects, or with a key that begins like one of these, goes out any more,
    and nothing that went out says what it said.

    What colleagues were told of them goes as well, alone and in bundles; that one of `addresses`,
    or one that was written to, took no more mail is forgotten. Answers how many messages. Call it
    in a transaction.
    """
    _closed(about, addresses).delete()  # first: where they were written to goes with the rest
    others = [
        pk
        for key in keys
        for pk in Delivery.objects.filter(key__startswith=key).values_list("pk", flat=True)
    ]
    rows = Delivery.objects.filter(Q(about__in=about) | Q(pk__in=others))
    rows.take_back(reason="the customer was erased", now=now)
    pks = list(rows.values_list("pk", flat=True))
    bundles = list(rows.exclude(bundle=None).values_list("bundle", flat=True).distinct())
    Delivery.objects.filter(pk__in=pks, audience="customer").update(**_NAMELESS)
    Delivery.objects.filter(Q(pk__in=bundles) | Q(pk__in=pks)).update(**_WORDLESS)
    Attempt.objects.filter(delivery__in=pks).update(answer="")
    InboxItem.objects.filter(Q(about__in=about) | Q(delivery__in=[*pks, *bundles])).delete()
    return len(pks)


def forget_mentions(words: Collection[str]) -> int:
    """The same of what colleagues were sent about many subjects at once, where it says one of
    these. It reads every message whose words are still kept. Answers how many there were.
    """
    said = Q()
    for each in words:
        said |= Q(text__contains=each) | Q(subject__contains=each)
    found = Delivery.objects.filter(said, audience="staff").exclude(text="") if words else None
    return found.update(**_WORDLESS) if found is not None else 0
