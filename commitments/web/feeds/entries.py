"""What a calendar feed holds: the open promises that its owner may see now, and nobody's address.

Each is an event and not a to-do: the programs that people subscribe with show no others. It is
under the same `uid` for ever, so one that was moved moves; one that was closed is not in the file
any more, and programs take it out. Where there are more than fit in, an entry says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse

from commitments import ical, lengths
from commitments.house import audits
from commitments.models import CalendarFeed, Commitment, Team
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import contacts

_EVERY: Final = timedelta(hours=1)  # how often programs are asked to look again
_MORE: Final = "More promises than fit in here: open Followthrough"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What is read: as many queries for many promises as for one."""

    name: str
    entries: Sequence[ical.Entry]

    @classmethod
    def of(cls, feed: CalendarFeed, *, now: datetime) -> Contents:
        name = f"Promises of {feed.team or feed.user}"
        return cls(name=name, entries=tuple(_entries(feed, now=now)))

    @property
    def mark(self) -> str:
        """Another one as soon as anything is different. To write the file takes far longer."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]

    def written(self) -> bytes:
        return ical.written(self.entries, name=self.name, every=_EVERY)


def _entries(feed: CalendarFeed, *, now: datetime) -> Iterator[ical.Entry]:
    figures, seen = lengths.current(), _seen(feed)
    bare = audits.audited_by(feed.user)
    behind, ahead = figures.calendar_overdue_at_most, figures.calendar_ahead_at_most
    past = list(seen.filter(due_at__lt=now).order_by("-due_at", "-pk")[: behind + 1])
    coming = list(seen.filter(due_at__gte=now).order_by("due_at", "pk")[: ahead + 1])
    for found, most, where in ((past, behind, "before"), (coming, ahead, "after")):
        shown = found[:most]
        yield from (_entry(each, feed=feed, bare=each.team_id in bare, now=now) for each in shown)
        if len(found) > most:
            yield _more(shown, where=where)


def _seen(feed: CalendarFeed) -> CommitmentQuerySet:
    """Asked anew each time: somebody who has left a team reads nothing of it any more."""
    teams = Team.objects.visible_to(feed.user)
    if feed.team is not None:
        teams = teams.filter(pk=feed.team.pk)
    # Named, they tell the database how much it will find.
    seen = Commitment.objects.live().filter(team__in=list(teams.values_list("pk", flat=True)))
    if feed.team is None:
        seen = seen.owned_by(feed.user)
    return seen.select_related("customer", "owner", "team")


def _entry(commitment: Commitment, *, feed: CalendarFeed, bare: bool, now: datetime) -> ical.Entry:
    """`bare`: it says nothing of the customer."""
    page = settings.PUBLIC_URL + reverse("web:promise", args=[commitment.reference])
    owner = commitment.owner
    keeper = f"{owner} keeps it." if owner else "Nobody keeps it yet."
    return ical.Entry(
        key=f"promise-{commitment.reference}",
        summary=_summary(commitment, names_owner=feed.team is not None, bare=bare, now=now),
        begins_at=commitment.window_start,
        ends_at=commitment.due_at,
        changed_at=commitment.revised_at,
        sequence=commitment.revision,
        more={
            "description": f"{commitment.team}. {keeper}\n{page}",
            "url": page,
            "class": "PRIVATE",
            "status": "TENTATIVE" if commitment.is_waiting else "CONFIRMED",
        },
    )


def _summary(commitment: Commitment, *, names_owner: bool, bare: bool, now: datetime) -> str:
    """ "Overdue: Ana: Send the kettle (Tom Okafor)", as far as each is so."""
    state = "Waiting: " if commitment.is_waiting else ""
    state = "Overdue: " if commitment.is_overdue(now) else state
    owner = f"{commitment.owner.first_name}: " if names_owner and commitment.owner else ""
    if bare:
        return f"{state}{owner}Promise {commitment.reference}"
    customer = commitment.customer
    said = f"{commitment.wording} ({customer.name})"
    return f"{state}{owner}{contacts.left_out(said, phone=customer.phone)}"


def _more(shown: Sequence[Commitment], *, where: str) -> ical.Entry:
    at = shown[-1].due_at
    url = settings.PUBLIC_URL + reverse("web:promises")
    return ical.Entry(
        key=f"more-{where}", summary=_MORE, ends_at=at, changed_at=at, more={"url": url}
    )
