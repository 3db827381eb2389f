"""From rows under lease to letters ready to go: confirmed by their subject, alive, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from notifications import rendering
from notifications.channels import Letter
from notifications.delivery import leases, results
from notifications.delivery.results import Result
from notifications.envelope import Recipient
from notifications.models import Delivery, Suppression


def sort_out(
    rows: Sequence[Delivery], *, now: datetime
) -> tuple[list[tuple[Delivery, Letter]], list[Result]]:
    """What is ready to go, and what must not be sent and why. Asks the subject once for all."""
    recipients = leases.subject().recipients([row.as_delivered() for row in rows])
    refused = list(_refusals(rows, recipients, now=now))
    out = {result.row.pk for result in refused}
    ready = []
    for row in rows:
        recipient = recipients.get(row.key)
        if row.pk not in out and recipient is not None:
            ready.append((row, _letter(row, recipient)))
    return ready, refused


def is_closed(channel: str, address: str) -> bool:
    """Whether this address takes no messages."""
    return Suppression.objects.filter(channel=channel, address=address).exists()


def close_address(channel: str, address: str, *, cause: str, now: datetime) -> None:
    """Send nothing more to it, until an administrator removes the suppression."""
    facts = {"since": now, "cause": cause}
    Suppression.objects.get_or_create(channel=channel, address=address, defaults=facts)


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


def _letter(row: Delivery, recipient: Recipient) -> Letter:
    """Its words: a customer's are as they were previewed, staff's are made now."""
    words = rendering.Words(subject=row.subject, text=row.text, html=row.html)
    if row.audience_name == "staff":
        words = rendering.words(
            row.template, row.context, channel=row.channel, language=row.language
        )
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
        text=words.text,
        html=words.html,
        possible_repeat=row.possible_repeat,
        not_before=row.not_before,
    )


def _closed_addresses(
    rows: Sequence[Delivery], recipients: Mapping[str, Recipient | None]
) -> set[str]:
    addresses = {one.address for one in recipients.values() if one is not None and one.address}
    if not addresses:
        return set()
    known = Suppression.objects.filter(channel=rows[0].channel, address__in=addresses)
    return set(known.values_list("address", flat=True))
