"""Sessions that end: when nobody used them for a while, and after some days in any case.

A row says since when and for whom. It is written anew when its data change, and every few minutes
while it is used. Django's own check of `expire_date` is the one that ends it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from commitments.models import Session

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=14)
_NOTED_EVERY: Final = timedelta(minutes=5)


class SessionStore(db.SessionStore):
    """Django's, in a table of ours. `began_at` is None where nothing is kept yet."""

    began_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """The data, after a note that somebody is there."""
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs leave it out
        if row is None:
            return {}
        self.began_at = row.began_at
        now = timezone.now()
        if row.seen_at <= now - _NOTED_EVERY:
            ends = _ends(row.began_at, now=now)
            mine = Session.objects.filter(pk=row.pk)
            mine.update(seen_at=now, expire_date=ends)
        return self.decode(row.session_data)

    def create(self) -> None:
        """A new key: at sign-in, too. From now on its time runs."""
        self.began_at = None
        super().create()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        self.began_at = self.began_at or now
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=_ends(self.began_at, now=now),
            user_id=data.get(SESSION_KEY),
            began_at=self.began_at,
            seen_at=now,
        )


def _ends(began_at: datetime, *, now: datetime) -> datetime:
    return min(now + IDLE, began_at + LONGEST)
