"""What could not be taken, set aside for the operator: some of it to be read, all of it counted."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from commitments import lengths
from commitments.models import MailTally, QuarantinedMail

_KEPT_BYTES: Final = 64 * 1024
_DAY: Final = timedelta(days=1)


def keep(raw: bytes, *, why: str, now: datetime) -> None:
    """Keep how it begins. The same mail is kept once, and no more than some in a day."""
    today = QuarantinedMail.objects.filter(at__gt=now - _DAY)
    if today.count() >= lengths.current().quarantined_a_day:
        return
    QuarantinedMail.objects.get_or_create(
        fingerprint=hashlib.sha256(raw).hexdigest(),
        defaults={"at": now, "reason": why[:200], "size": len(raw), "content": raw[:_KEPT_BYTES]},
    )


def old_mails(now: datetime) -> QuerySet[QuarantinedMail]:
    """Those that have been kept long enough."""
    kept = lengths.current().quarantine_kept
    rows = QuarantinedMail.objects.all()
    return rows.filter(at__lte=now - kept) if kept else rows.none()


def old_counts(now: datetime) -> QuerySet[MailTally]:
    kept = lengths.current().tally_kept
    rows = MailTally.objects.all()
    return rows.filter(on__lt=(now - kept).date()) if kept else rows.none()
