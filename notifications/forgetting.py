"""A recipient is forgotten: what was sent and how it ended stays, the words and the address go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q

from notifications.models import Attempt, Delivery, InboxItem, Suppression

_WORDLESS = {"subject": "", "text": "", "html": "", "context": {}}
_NAMELESS = _WORDLESS | {"address": "", "name": "", "reason": ""}


def forget(
    about: Sequence[str],
    *,
    keys: Collection[str],
    addresses: Collection[str],
    now: datetime,
) -> int:
    """Nothing about these subjects, or with a key that begins like one of these, goes out any more,
    and nothing that went out says what it said.

    What colleagues were told of them goes as well, alone and in bundles; that one of `addresses`
    took no more mail is forgotten. Answers how many messages. Call it in a transaction.
    """
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
    Suppression.objects.filter(address__in=addresses).delete()
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
