"""What the mails have in common: figures with their lists, and promises in a line each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from django.urls import reverse

from commitments.house import audits
from commitments.messages.report import Figure, Piece, Row, Section
from commitments.models import Commitment, Role
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.people import LEADING
from commitments.reports import leads, wording
from commitments.reports.kept import Kept
from commitments.reports.live import Overdue
from commitments.reports.ratings import Rated
from commitments.reports.scope import Scope
from commitments.rules import saying

MOST: Final = 10  # lines under a heading; the rest has its list


def count(number: int, url: str) -> Piece:
    """Nothing has no list."""
    return Piece(words=f"{number:,}", url=url if number else "")


def of_now(figures: Overdue, scope: Scope) -> list[Figure]:
    """What is late, and what is about to be."""
    without = figures.due_soon_without_owner_on_shift
    return [
        Figure(
            label="Overdue, customer not told",
            value=f"{figures.not_told:,}",
            url=leads.listed(scope, state="overdue", told="no"),
            line=[
                Piece(words="of "),
                count(figures.overdue, leads.listed(scope, state="overdue")),
                Piece(words=" overdue now"),
            ],
            is_late=figures.not_told > 0,
        ),
        Figure(
            label="Due in the next 4 hours",
            value=f"{figures.due_soon:,}",
            url=leads.listed(scope, state="soon"),
            line=[
                count(without, leads.listed(scope, state="off_shift")),
                Piece(words=f" {'has' if without == 1 else 'have'} no owner on shift"),
            ],
        ),
    ]


def on_time(whole: Kept, scope: Scope, *, days: str = "") -> Figure:
    """On time alone; what was moved and told stands on the page behind it."""
    return Figure(
        label=f"Kept on time{days}",
        value=share(whole),
        url=leads.report("kept", scope),
        line=[
            count(whole.on_time, leads.counted(scope, "kept-on_time")),
            Piece(words=" of "),
            count(whole.n, leads.counted(scope, "kept-all")),
        ],
        is_words=whole.is_too_few,
    )


def share(row: Kept) -> str:
    return wording.TOO_FEW if row.is_too_few else wording.share(row.on_time_share)


def rating(whole: Rated, scope: Scope, *, days: str = "") -> Figure:
    replies = "reply" if whole.answers == 1 else "replies"
    return Figure(
        label=f"Rating{days}",
        value=average(whole),
        url=leads.report("ratings", scope),
        line=[
            Piece(words="of 5, from "),
            count(whole.answers, leads.report("ratings", scope, at="answers")),
            Piece(words=f" {replies}"),
        ],
        is_words=whole.is_too_few,
    )


def average(rated: Rated) -> str:
    hidden = rated.is_too_few or rated.average is None
    return wording.TOO_FEW if hidden else f"{rated.average:.1f}"


def promises(
    heading: str,
    found: CommitmentQuerySet,
    *,
    url: str,
    nothing: str,
    row: Callable[[Commitment], Row],
) -> Section:
    """The first of them by their due time; the list has all."""
    number = found.count()
    first = found.select_related("customer", "owner").order_by("due_at", "pk")[:MOST]
    words = "All of them as a list" if number > MOST else "As a list"
    return Section(
        heading=heading,
        rows=[row(each) for each in first] if number else [],
        whole=Piece(words=f"{words}: {number:,}", url=url) if number else None,
        nothing=nothing,
    )


def waiting(scope: Scope, *, now: datetime) -> Section:
    """Whose time has passed without a word: the longest wait first."""
    acting = teams_acted_in(scope)

    def row(each: Commitment) -> Row:
        tell = Piece(words=f"Tell {each.customer.first_name}", url=f"{page_of(each)}update/")
        ago = saying.say_ago(each.due_at, now=now)
        due = saying.say_time(each.due_at, zone=scope.viewer.zone, now=now)
        return Row(
            title=title_of(each, scope),
            url=page_of(each),
            line=[Piece(words=f"Due {due}, {ago} · {owner_of(each)}")],
            act=tell if each.team_id in acting else None,
        )

    return promises(
        "Waiting without word",
        scope.whenever().not_told(now),
        url=leads.listed(scope, state="overdue", told="no"),
        nothing="Nobody is waiting without word.",
        row=row,
    )


def title_of(promise: Commitment, scope: Scope) -> str:
    """What was promised, and to whom."""
    if is_bare(promise, scope):
        return f"Promise {promise.reference}"
    return f"{promise.wording}, for {promise.customer.name}"


def customer_of(promise: Commitment, scope: Scope) -> str:
    bare = is_bare(promise, scope)
    return audits.name_of(promise.customer_id) if bare else promise.customer.name


def is_bare(promise: Commitment, scope: Scope) -> bool:
    """Whether the reader only audits its team: a mail, which leaves the house, says no more then
    than how it stands.
    """
    return promise.team_id in audits.audited_by(scope.viewer)


def owner_of(promise: Commitment) -> str:
    return promise.owner.name if promise.owner else "nobody yet"


def page_of(promise: Commitment) -> str:
    return reverse("web:promise", args=[promise.reference])


def teams_acted_in(scope: Scope) -> Collection[int]:
    """An auditor reads, and changes nothing."""
    if scope.viewer.is_superuser:
        return scope.teams
    places = scope.viewer.memberships.all()
    return {place.team_id for place in places if place.role != Role.AUDITOR}


def leads_some(scope: Scope) -> bool:
    """Whether the reader holds reviews."""
    places = scope.viewer.memberships.all()
    return scope.viewer.is_superuser or any(place.role in LEADING for place in places)
