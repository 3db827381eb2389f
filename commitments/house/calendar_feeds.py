"""Calendar feeds: addresses under which somebody's calendar program reads promises."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from commitments.errors import CommitmentError
from commitments.models import CalendarFeed, Team, User

from . import account_log

LONGEST: Final = timedelta(days=3650)
_MOST: Final = 20


def issue(
    user: User, *, team_id: int | None, lasts: timedelta, now: datetime
) -> tuple[CalendarFeed, str]:
    """Of their own promises, or of one team that they see. Raises CommitmentError."""
    if not timedelta(days=1) <= lasts <= LONGEST:
        raise CommitmentError(f"A feed lasts from 1 to {LONGEST.days} days.", field="lasts")
    team = _team(user, team_id) if team_id is not None else None
    if CalendarFeed.objects.filter(user=user, revoked_at=None).count() >= _MOST:
        raise CommitmentError(f"You have {_MOST} feeds. Revoke one that is not used first.")
    feed, secret = CalendarFeed.issue(user=user, team=team, lasts=lasts, now=now)
    account_log.note(f"calendar={feed.pk} given", user_id=user.pk, by_id=user.pk)
    return feed, secret


def revoke(feed: CalendarFeed, *, now: datetime) -> None:
    """By whom it is: nobody else may."""
    if feed.revoke(now=now):
        account_log.note(f"calendar={feed.pk} revoked", user_id=feed.user_id, by_id=feed.user_id)


def _team(user: User, team_id: int) -> Team:
    team = Team.objects.visible_to(user).filter(pk=team_id).first()
    if team is None:
        raise CommitmentError("Choose one of your teams.", field="of")
    return team
