"""What could not be taken, set aside for the operator: some of it to be read, all of it counted."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

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


def prune(now: datetime) -> int:
    """Let go of what is old. Answers how many mails went."""
    figures = lengths.current()
    gone, _ = QuarantinedMail.objects.filter(at__lte=now - figures.quarantine_kept).delete()
    MailTally.objects.filter(on__lt=(now - figures.tally_kept).date()).delete()
    return gone
