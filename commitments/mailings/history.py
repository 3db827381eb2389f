"""What has been: kept promises, ratings, causes and values, as the pages of these reports say it.

A share of fewer than ten promises, and an average of fewer than five replies, is not said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from commitments.messages.report import Figure, Piece, Row, Section, Sheet
from commitments.models import ValueReason
from commitments.reports import breaks, kept, leads, opening, ratings, values, wording
from commitments.reports.breaks import Broke, HandOffs
from commitments.reports.kept import Kept, Lasted
from commitments.reports.ratings import Comment, Rated
from commitments.reports.scope import Scope
from commitments.reports.values import Spread
from commitments.rules import ratings as scale

from . import asking, pieces

_PARTS: Final = {
    "moved": "Moved, told first",
    "late": "Kept late",
    "broken": "Not kept",
    "overdue": "Overdue so far",
}
_COMMENTS: Final = 5
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def kept_promises(scope: Scope) -> Sheet:
    whole = kept.kept(scope)[0]
    return Sheet(
        title="Kept promises",
        about=asking.said(scope),
        sentence=opening.of_kept(on_time=whole.on_time, n=whole.n),
        url=leads.report("kept", scope),
        figures=[pieces.on_time(whole, scope), *_parts(whole, scope), _kept_rate(whole, scope)],
        sections=[
            Section(heading="By week", rows=[_week(each, scope) for each in _weeks(scope)]),
            *_groups(scope),
            Section(
                heading="Time to keep a promise",
                intro="In working time; a day of work is 8 hours.",
                rows=[_lasted(each, scope) for each in kept.time_to_keep(scope)],
                nothing="Nothing that was first due in this period has been done yet.",
            ),
        ],
    )


def _parts(whole: Kept, scope: Scope) -> list[Figure]:
    return [
        Figure(
            label=label,
            value=f"{getattr(whole, part):,}",
            url=leads.counted(scope, f"kept-{part}"),
            is_late=part == "overdue" and whole.overdue > 0,
        )
        for part, label in _PARTS.items()
    ]


def _kept_rate(whole: Kept, scope: Scope) -> Figure:
    """What it counts stands beside it on the page, and in a word here."""
    return Figure(
        label="Kept rate: on time, or moved and told first",
        value=wording.TOO_FEW if whole.is_too_few else wording.share(whole.kept_share),
        url=leads.report("kept", scope),
        line=[Piece(words="of "), pieces.count(whole.n, leads.counted(scope, "kept-all"))],
        is_words=whole.is_too_few,
    )


def _weeks(scope: Scope) -> Sequence[Kept]:
    """Those in which anything was due."""
    return [week for week in kept.kept(scope, by="week") if week.n]


def _week(week: Kept, scope: Scope) -> Row:
    monday = week.key if isinstance(week.key, date) else scope.period.since
    since = max(monday, scope.period.since)
    until = min(monday + timedelta(days=6), scope.period.until)
    within = {"since": since.isoformat(), "until": until.isoformat()}
    return Row(title=f"Week of {week.label}", line=_counts(week, scope, within))


def _groups(scope: Scope) -> list[Section]:
    """By team where there are several, and by kind."""
    sections = []
    if len(scope.teams) > 1:
        teams = [_group(each, scope, by="team") for each in kept.kept(scope, by="team")]
        sections.append(Section(heading="By team", rows=teams))
    kinds = [_group(each, scope, by="kind") for each in kept.kept(scope, by="kind")]
    return [*sections, Section(heading="By kind", rows=kinds, nothing="No promise was due.")]


def _group(row: Kept, scope: Scope, *, by: str) -> Row:
    return Row(title=row.label, line=_counts(row, scope, {by: str(row.key)}))


def _counts(row: Kept, scope: Scope, chosen: dict[str, str]) -> list[Piece]:
    return [
        Piece(words=f"{pieces.share(row)} · on time " if not row.is_too_few else "On time "),
        pieces.count(row.on_time, leads.counted(scope, "kept-on_time", **chosen)),
        Piece(words=" of "),
        pieces.count(row.n, leads.counted(scope, "kept-all", **chosen)),
    ]


def _lasted(row: Lasted, scope: Scope) -> Row:
    chosen = {} if row.kind is None else {"kind": row.kind}
    many = pieces.count(row.n, leads.counted(scope, "kept-done", **chosen))
    if row.median is None:
        return Row(title=row.label, line=[Piece(words=f"{wording.TOO_FEW}: "), many])
    half, most = wording.worked(row.median), wording.worked(row.nine_in_ten)
    words = f"Half within {half}, 9 in 10 within {most}, of "
    return Row(title=row.label, line=[Piece(words=words), many])


def ratings_given(scope: Scope) -> Sheet:
    whole = ratings.ratings(scope)[0]
    best = wording.TOO_FEW if whole.is_too_few else wording.share(whole.share_4_5)
    return Sheet(
        title="Ratings",
        about=asking.said(scope),
        sentence=opening.of_ratings(whole),
        url=leads.report("ratings", scope),
        figures=[
            pieces.rating(whole, scope),
            Figure(label="4 or 5", value=best, url=leads.report("ratings", scope),
                   is_words=whole.is_too_few),
        ],
        sections=[
            Section(
                heading="By what happened",
                rows=[_happened(each, scope) for each in ratings.ratings(scope, by="happened")],
            ),
            Section(
                heading="What they said",
                rows=[_comment(each, scope) for each in ratings.comments(scope, _COMMENTS)],
                whole=Piece(words="All replies", url=leads.report("ratings", scope, at="answers")),
                nothing="Nobody has written anything about these days.",
            ),
        ],
    )  # fmt: skip


def _happened(row: Rated, scope: Scope) -> Row:
    url = leads.report("ratings", scope, happened=row.key, at="answers")
    words = " reply" if row.answers == 1 else " replies"
    said = [Piece(words=f"{pieces.average(row)} · ")] * bool(row.answers)
    return Row(title=row.label, line=[*said, pieces.count(row.answers, url), Piece(words=words)])


def _comment(each: Comment, scope: Scope) -> Row:
    still_open = "Something is still open · " if each.answer.still_open else ""
    feels = scale.IN_WORDS[each.answer.rating]
    who, bare = each.commitment, pieces.is_bare(each.commitment, scope)
    return Row(
        title="What they wrote stands on the promise" if bare else f"“{each.answer.words}”",
        url=pieces.page_of(each.commitment),
        line=[Piece(words=f"{still_open}{pieces.customer_of(who, scope)} is {feels}")],
    )


def _why(each: ValueReason, scope: Scope) -> str:
    said = "" if pieces.is_bare(each.commitment, scope) else f": {each.words}"
    return f"Usual was {each.low} to {each.high}{said}"


def why_they_break(scope: Scope) -> Sheet:
    return Sheet(
        title="Why promises break",
        about=asking.said(scope),
        sentence=opening.of_causes(breaks.causes(scope)),
        url=leads.report("causes", scope),
        sections=[
            causes(scope, heading="Causes"),
            Section(
                heading="By the weekday of the time they let pass",
                rows=[_weekday(day, hours, scope) for day, hours in enumerate(breaks.heat(scope))
                      if sum(hours)],
                nothing="None.",
            ),
            Section(
                heading="How often they changed hands",
                rows=[_handed(each, scope) for each in breaks.hand_offs(scope) if each.promises],
                nothing="None broke.",
            ),
        ],
    )  # fmt: skip


def causes(scope: Scope, *, heading: str) -> Section:
    """Each with its promises; a review is begun from there."""
    reviews = pieces.leads_some(scope)
    return Section(
        heading=heading,
        rows=[_cause(each, scope, reviews=reviews) for each in breaks.causes(scope)],
        nothing="No promise was late or not kept.",
    )


def _cause(each: Broke, scope: Scope, *, reviews: bool) -> Row:
    customers = wording.count(each.customers, "customer")
    words = f" {'promise' if each.promises == 1 else 'promises'}, {customers}"
    url = leads.counted(scope, "broke", cause=each.cause or "none")
    begin = Piece(words="Begin a review", url=leads.report("new_review", scope, cause=each.cause))
    return Row(
        title=each.label,
        line=[pieces.count(each.promises, url), Piece(words=words)],
        act=begin if reviews and each.cause else None,
    )


def _weekday(day: int, hours: Sequence[int], scope: Scope) -> Row:
    url = leads.counted(scope, "broke", weekday=day)
    return Row(title=_DAYS[day], line=[pieces.count(sum(hours), url)])


def _handed(each: HandOffs, scope: Scope) -> Row:
    url = leads.counted(scope, "broke", times=each.times)
    return Row(title=each.label, line=[pieces.count(each.promises, url)])


def values_given(scope: Scope) -> Sheet:
    found, unlike = values.spread(scope), values.outside(scope)
    differ = unlike.count()
    whole = sum(each.count for each in found)
    return Sheet(
        title="Values given",
        about=asking.said(scope),
        sentence=opening.of_values(whole, differ=differ),
        url=leads.report("values", scope),
        sections=[
            Section(
                heading="What is usually given",
                rows=[_spread(each, scope) for each in found],
                nothing="Nothing with a value was first due in these days.",
            ),
            Section(
                heading="Outside the usual",
                rows=[
                    Row(
                        title=f"{each.commitment.value} {each.commitment.currency}, "
                        f"for {pieces.customer_of(each.commitment, scope)}",
                        url=pieces.page_of(each.commitment),
                        line=[Piece(words=_why(each, scope))],
                    )
                    for each in unlike[: pieces.MOST]
                ],
                nothing="None.",
            ),
        ],
    )


def _spread(each: Spread, scope: Scope) -> Row:
    because = f", {each.cause_said[:1].lower()}{each.cause_said[1:]}" if each.cause else ""
    usual = (
        "too few to say what is usual" if each.is_too_few else f"usual {each.low} to {each.high}"
    )
    number = Piece(words=f"{each.count:,}", url=leads.report("values", scope, kind=each.kind))
    words = f" given, {usual} {each.currency}, the middle one {each.median}"
    return Row(title=f"{each.label}{because}", line=[number, Piece(words=words)])
