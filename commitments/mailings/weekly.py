"""The manager's week: who waits without word, what is about to slip, why promises broke, and whom
to thank; of the teams that they see to. Last week is the last whole one of their calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.messages.report import Piece, Row, Section, Sheet
from commitments.models import Commitment
from commitments.models.commitment import CommitmentQuerySet
from commitments.reports import kept, leads, live, opening, ratings, thanking, wording
from commitments.reports.kept import Kept
from commitments.reports.live import Look
from commitments.reports.ratings import Rated
from commitments.reports.scope import Scope
from commitments.reports.thanking import Worth
from commitments.rules import ratings as scale
from commitments.rules import saying, wall_clock

from . import history, pieces

_THANKED: Final = 5
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class _Week:
    """What it is about, read once."""

    scope: Scope
    last: Scope
    look: Look
    kept: Kept
    rated: Rated
    thanks: tuple[Worth, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing open, nothing that was due, nobody asked and nobody to thank."""
        history_of = self.kept.n or self.kept.pending or self.rated.asked
        return not (self.look.rows or history_of or self.thanks)


def sheet(scope: Scope, *, now: datetime) -> Sheet | None:
    """None where there is nothing to say."""
    week = _read(scope, now=now)
    if week.is_empty:
        return None
    figures = week.look.overdue()
    days = f", {_days(week.last, now=now)}"
    return Sheet(
        title="Your week",
        about="Everything that you see to",
        sentence=opening.of_overdue(figures),
        url=leads.report("overdue", scope),
        figures=[
            *pieces.of_now(figures, scope),
            pieces.on_time(week.kept, week.last, days=days),
            pieces.rating(week.rated, week.last, days=days),
        ],
        sections=[
            pieces.waiting(scope, now=now),
            _about_to_slip(scope, now=now),
            history.causes(week.last, heading="Why promises of last week broke"),
            _thanks(week),
        ],
    )


def _read(scope: Scope, *, now: datetime) -> _Week:
    monday = _last_monday(scope, now=now)
    days = {"since": monday.isoformat(), "until": (monday + _WEEK - _DAY).isoformat()}
    last = Scope.of(scope.viewer, days, now)
    since = wall_clock.midnight(monday, ZoneInfo(scope.viewer.zone))
    return _Week(
        scope=scope,
        last=last,
        look=Look.at(scope, now=now),
        kept=kept.kept(last)[0],
        rated=ratings.ratings(last)[0],
        thanks=thanking.worth_thanks(scope, since=since, limit=_THANKED),
    )


def _last_monday(scope: Scope, *, now: datetime) -> date:
    today = wording.today(now, zone=scope.viewer.zone)
    return today - timedelta(days=today.weekday()) - _WEEK


def _days(last: Scope, *, now: datetime) -> str:
    """`18 to 24 May`."""
    today = wording.today(now, zone=last.viewer.zone)
    since, until = last.period.since, last.period.until
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day} to {wording.day(until, today=today)}"
    return wording.days(since, until, today=today)


def _about_to_slip(scope: Scope, *, now: datetime) -> Section:
    """Due by tonight; and whose owner is not at work before that."""
    found = _today(scope, now=now)
    unattended = set(
        live.without_owner_on_shift(scope.whenever(), now=now).values_list("pk", flat=True)
    )

    def row(each: Commitment) -> Row:
        due = saying.say_time_nearby(each.due_at, zone=scope.viewer.zone, now=now)
        nobody = ", not on shift before" if each.owner else ""
        off = nobody if each.pk in unattended else ""
        return Row(
            title=pieces.title_of(each, scope),
            url=pieces.page_of(each),
            line=[Piece(words=f"{due} · {pieces.owner_of(each)}{off}")],
        )

    return pieces.promises(
        "About to slip: due by tonight",
        found,
        url=leads.listed(scope, state="today"),
        nothing="Nothing more is due today.",
        row=row,
    )


def _today(scope: Scope, *, now: datetime) -> CommitmentQuerySet:
    """Until the midnight of its reader, as the list has it."""
    midnight = wall_clock.midnight_after(now, ZoneInfo(scope.viewer.zone))
    return scope.whenever().due_between(now, midnight)


def _thanks(week: _Week) -> Section:
    return Section(
        heading="Whom to thank",
        intro="By name, and each for one promise: nobody is counted." if week.thanks else "",
        rows=[_thanked(each, week.scope) for each in week.thanks],
        nothing="Nothing stood out last week. A word about an ordinary promise is welcome, too.",
    )


def _thanked(each: Worth, scope: Scope) -> Row:
    promise = each.commitment
    owner, first = promise.owner, promise.customer.first_name
    if each.rating is None:
        why = f"Kept in time, after a difficult conversation with {first}"
    else:
        why = f"{first} is {scale.IN_WORDS[each.rating]}"
        why += f": “{each.words}”" if each.words else " with how it went"
    thank = Piece(
        words=f"Thank {owner.first_name if owner else ''}", url=f"{pieces.page_of(promise)}thank/"
    )
    return Row(
        title=f"{owner}: {promise.wording}",
        url=pieces.page_of(promise),
        line=[Piece(words=why)],
        act=thank if promise.team_id in pieces.teams_acted_in(scope) else None,
    )
