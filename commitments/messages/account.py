"""To whoever signs in: what has changed about how they do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse

from commitments.models import User
from notifications.envelope import Message

SIGN_IN_CHANGED: Final = "sign_in_changed"
_STALE_AFTER: Final = timedelta(days=7)
# As the log calls it, and as it is told.
_SENTENCES: Final = {
    "password chosen": "There is a new password.",
    "app added": "An authenticator app was added.",
    "app removed": "The authenticator app was removed.",
    "passkey added": "A passkey was added.",
    "passkey removed": "A passkey was removed.",
    "recovery codes drawn": "New recovery codes were drawn.",
    "second step taken away": "An administrator took away the second step, and signed you out.",
}


def changed(person: User, what: str, *, now: datetime) -> Message:
    """`what` as the log calls it. It goes to the account's own address and by no other channel:
    whoever got in may have changed those.
    """
    return Message(
        key=f"{SIGN_IN_CHANGED}:{person.pk}:{what.replace(' ', '-')}:{now.isoformat()}",
        about=f"user:{person.pk}",
        audience="staff",
        person_id=person.pk,
        channel="email",
        address=person.email,
        name=person.name,
        template=SIGN_IN_CHANGED,
        context={
            "person": person.name,
            "what": _SENTENCES[what],
            "url": settings.PUBLIC_URL + reverse("account_reset_password"),
            "company": settings.COMPANY_NAME,
        },
        urgent=True,
        not_before=now,
        expires_at=now + _STALE_AFTER,
    )
