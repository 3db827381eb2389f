"""What is now: overdue promises, and who has how much on their hands."""

from __future__ import annotations

from datetime import date

from commitments.messages.report import Figure, Piece, Row, Section, Sheet
from commitments.reports import kept, leads, opening, ratings, workload
from commitments.reports.live import Load, Look, Wait
from commitments.reports.scope import Scope
from commitments.reports.workload import Move, Workload

from . import asking, pieces


def overdue(scope: Scope) -> Sheet:
    now = scope.at
    look = Look.at(scope, now=now)
    figures = look.overdue()
    by = "team" if len(scope.teams) > 1 and scope.owner is None else "owner"
    loads = look.open_by("team" if by == "team" else "owner")
    return Sheet(
        title="Overdue commitments",
        about=asking.said(scope),
        sentence=opening.of_overdue(figures),
        url=leads.report("overdue", scope),
        figures=[
            *pieces.of_now(figures, scope),
            pieces.on_time(kept.kept(scope)[0], scope),
            pieces.rating(ratings.ratings(scope)[0], scope),
        ],
        sections=[
            pieces.waiting(scope, now=now),
            Section(
                heading="How long they have waited",
                intro="Overdue now, in working time.",
                rows=[_wait(each, scope) for each in look.waits() if each.overdue],
                nothing="Nobody is waiting for something that is overdue.",
            ),
            Section(
                heading="Who could use a hand",
                rows=[_load(each, scope, by=by) for each in loads],
                nothing="No promise is open.",
            ),
        ],
    )


def _wait(each: Wait, scope: Scope) -> Row:
    state = f"waited_{each.code}"
    return Row(
        title=each.label,
        line=[
            pieces.count(each.not_told, leads.listed(scope, state=state, told="no")),
            Piece(words=" not told · "),
            pieces.count(each.told, leads.listed(scope, state=state, told="yes")),
            Piece(words=" told"),
        ],
    )


def _load(each: Load, scope: Scope, *, by: str) -> Row:
    whose = {"counted": "unowned"} if each.pk is None else {by: str(each.pk)}

    def number(many: int, **asked: str) -> Piece:
        return pieces.count(many, leads.listed(scope, **(whose | asked)))

    return Row(
        title=each.label,
        line=[
            number(each.open, state="open"),
            Piece(words=" open · "),
            number(each.overdue, state="overdue"),
            Piece(words=" overdue, "),
            number(each.not_told, state="overdue", told="no"),
            Piece(words=" of them not told · "),
            number(each.due_today, state="today"),
            Piece(words=" due today"),
        ],
    )


def workloads(scope: Scope) -> Sheet:
    look = workload.look(scope, scope.at)
    people = [each for each in look.people() if each.open or each.person]
    moves = look.moves()
    return Sheet(
        title="Workload",
        about=asking.said(scope, has_days=False),
        sentence=opening.of_workload(people, is_own=scope.is_own),
        url=leads.report("workload", scope),
        figures=[
            Figure(
                label="Open now",
                value=f"{sum(each.open for each in people):,}",
                url=leads.listed(scope, state="open"),
            ),
            Figure(
                label="Due today",
                value=f"{sum(each.today for each in people):,}",
                url=leads.listed(scope, state="today"),
            ),
        ],
        sections=[
            Section(
                heading="Who has how much ahead",
                rows=[_person(each, scope) for each in people if each.open],
                nothing="Nothing is open.",
            ),
            Section(
                heading="What could change hands",
                rows=[_move(each, scope) for each in moves],
                whole=Piece(words="Accept them there", url=leads.report("workload", scope))
                if moves
                else None,
                nothing="Each of the days ahead has room.",
            ),
        ],
    )


def _person(each: Workload, scope: Scope) -> Row:
    def number(many: int, state: str) -> Piece:
        if each.person is None:
            return pieces.count(many, leads.counted(scope, "unowned", state=state))
        owner = each.person.pk
        return pieces.count(many, leads.counted(scope, "watched", owner=owner, state=state))

    full = [day for day, is_full in zip(each.days, each.too_much, strict=True) if is_full]
    said = f" · more than fits on {_days(full)}" if full and each.person else ""
    return Row(
        title=each.person.name if each.person else "Without an owner",
        line=[
            number(each.open, "open"),
            Piece(words=" open · "),
            number(each.overdue, "overdue"),
            Piece(words=" overdue · "),
            number(each.today, "today"),
            Piece(words=f" due today{said}"),
        ],
    )


def _days(days: list[date]) -> str:
    """`Mon 25`, `Mon 25 and Tue 26`."""
    *first, last = [f"{day:%a} {day.day}" for day in days]
    return f"{', '.join(first)} and {last}" if first else last


def _move(each: Move, scope: Scope) -> Row:
    promise = each.commitment
    day = f"{each.day:%a} {each.day.day} {each.day:%b}"
    return Row(
        title=pieces.title_of(promise, scope),
        url=pieces.page_of(promise),
        line=[Piece(words=f"{day}: from {each.giver.name} to {each.receiver.name}, "
                    f"who has {each.due_there} of {each.capacity} that day")],
    )  # fmt: skip
