"""From rows under lease to letters ready to go: confirmed by their subject, and alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TypeAlias

from notifications import rendering
from notifications.channels import Letter
from notifications.delivery import (
    bundling,
    crash,
    leases,
    packing,
    places,
    results,
    sparing,
    wording,
)
from notifications.delivery.results import Result
from notifications.envelope import Recipient
from notifications.models import Delivery, Suppression

Ready: TypeAlias = tuple[Delivery, Callable[[], Letter]]
Sorted: TypeAlias = tuple[list[Ready], list[Result]]


def sort_out(rows: Sequence[Delivery], *, now: datetime) -> Sorted:
    """What is ready to be put into words, in the order given; what must not be sent, and why.

    Asks the subject once for all that travels alone, and once for all that travels in bundles;
    what must not go out inside a bundle is taken out of it.
    """
    alone, refused = _sort_out_alone([row for row in rows if not row.is_bundle], now=now)
    bundles, gone = _sort_out_bundles([row for row in rows if row.is_bundle], now=now)
    place = {row.pk: number for number, row in enumerate(rows)}
    ready = sorted([*alone, *bundles], key=lambda one: place[one[0].pk])
    return ready, [*refused, *gone]


def is_closed(channel: str, address: str) -> bool:
    """Whether this address takes no messages."""
    return Suppression.objects.filter(channel=channel, address=address).exists()


def close_address(channel: str, address: str, *, cause: str, now: datetime) -> None:
    """Send nothing more to it, until an administrator removes the suppression."""
    facts = {"since": now, "cause": cause}
    Suppression.objects.get_or_create(channel=channel, address=address, defaults=facts)


def _sort_out_alone(rows: Sequence[Delivery], *, now: datetime) -> Sorted:
    if not rows:
        return [], []
    recipients = places.recipients(rows, now=now)
    refused = list(_refusals(rows, recipients, now=now))
    out = {result.row.pk for result in refused}
    ready: list[Ready] = []
    for row in rows:
        recipient = recipients.get(row.key)
        if row.pk not in out and recipient is not None:
            ready.append((row, partial(_in_words, row, recipient)))
    return ready, refused


def _sort_out_bundles(bundles: Sequence[Delivery], *, now: datetime) -> Sorted:
    if not bundles:
        return [], []
    carried = bundling.members(bundles)
    recipients: dict[str, Recipient | None] = {}
    members = list(chain.from_iterable(carried.values()))
    raising = sparing.apart(members, partial(_ask, recipients, now=now))
    packs = [
        packing.pack(bundle, carried[bundle.pk], recipients, raising=raising, now=now)
        for bundle in bundles
    ]
    leases.let_out(bundles, [one for pack in packs for one in pack.leaving], now=now)
    crash.here("T3.packed")
    closed = _closed_addresses(bundles, recipients)
    ready: list[Ready] = []
    refused: list[Result] = []
    for bundle, pack in zip(bundles, packs, strict=True):
        if pack.ends is not None:
            refused.append(pack.ends)
        elif pack.recipient.address in closed:
            refused.append(results.suppressed(bundle, at=now))
        else:
            ready.append((bundle, partial(_letter, bundle, pack.recipient, pack.words)))
    return ready, refused


def _ask(
    recipients: dict[str, Recipient | None], rows: Sequence[Delivery], *, now: datetime
) -> None:
    recipients.update(places.recipients(rows, now=now))


def _refusals(
    rows: Sequence[Delivery], recipients: Mapping[str, Recipient | None], *, now: datetime
) -> Iterator[Result]:
    """Those that must not be sent, and why."""
    closed = _closed_addresses(rows, recipients)
    for row in rows:
        recipient = recipients.get(row.key)
        if row.is_expired(now):
            yield results.expired(row, at=now)
        elif recipient is None:
            yield results.refused_by_subject(row, at=now)
        elif recipient.address in closed:
            yield results.suppressed(row, at=now)


def words_of(row: Delivery) -> rendering.Words:
    """What is read: by customers as it was previewed, by staff as it is put into words now."""
    if row.is_bundle:
        parts, _ = wording.parts(bundling.members([row])[row.pk])
        return wording.words(row, parts)
    if row.audience_name == "customer":
        return rendering.Words(subject=row.subject, text=row.text, html=row.html)
    if row.channel == "webhook":  # a program reads the context as it is
        return rendering.Words(subject="", text="", html="")
    return rendering.words(row.template, row.context, channel=row.channel, language=row.language)


def _in_words(row: Delivery, recipient: Recipient) -> Letter:
    """Reads nothing from the database: it is called wherever the letter is sent from."""
    return _letter(row, recipient, words_of(row))


def _letter(row: Delivery, recipient: Recipient, words: rendering.Words) -> Letter:
    return Letter(
        delivery_id=row.pk,
        key=row.key,
        about=row.about,
        person_id=row.person_id,
        address=recipient.address,
        name=recipient.name or row.name,
        sender=row.sender,
        language=row.language,
        subject=words.subject,
        text=rendering.with_actions(words.text, recipient.actions),
        html=words.html,
        possible_repeat=row.possible_repeat,
        not_before=row.not_before,
        template=row.template,
        context=row.context,
        attempts=row.attempts,
    )


def _closed_addresses(
    rows: Sequence[Delivery], recipients: Mapping[str, Recipient | None]
) -> set[str]:
    addresses = {one.address for one in recipients.values() if one is not None and one.address}
    if not addresses:
        return set()
    known = Suppression.objects.filter(channel=rows[0].channel, address__in=addresses)
    return set(known.values_list("address", flat=True))
