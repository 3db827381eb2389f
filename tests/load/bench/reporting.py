"""What reports cost: all that is open looked at beside one statement by hand, history from the
figures of days, why promises broke, and what verbs and sweeps pay for their notes.

Promises lie evenly over two years before NOW: of a hundred two are open and overdue, half of those
told, one is due ahead, and the rest are closed in every way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median

from django.db import connection

from commitments import messages
from commitments.models import Kind, Membership, Role, Team, User
from commitments.reports import Scope, breaks, kept, live, ratings, rebuilding, rolling
from tests.load.bench import filling, noting, table
from tests.load.bench.filling import Company
from tests.load.bench.measuring import apart

NOW = datetime(2026, 5, 25, 8, 30, tzinfo=UTC)
_TIMES = 7

_PROMISES = """
insert into commitments_commitment (
    conversation_id, customer_id, team_id, owner_id, kind_id, policy_version_id, wording,
    team_note, urgent, promised_at, first_due_at, due_at, due_zone, due_said, revision, revised_at,
    status, outcome, closed_at, currency, evidence, cause, keep_by, origin, origin_key, waiting_for,
    told_at, breached_at, took_minutes, customer_wait, climbed, repetition, next_action,
    event_count, head_hash
)
select
    spoken.id, spoken.customer_id, member.team_id, member.user_id, kind.id, version.id,
    'Send the replacement part for the kettle', '', false, due_at - interval '2 days', due_at,
    due_at, 'UTC', '', 1, due_at - interval '2 days',
    case when outcome = '' then 'open' when outcome = 'broken' then 'broken' else 'fulfilled' end,
    outcome, case when outcome <> '' then due_at - interval '1 hour' end, '', '', '', '', '', '',
    '', case when number %% 100 = 0 then due_at + interval '1 minute' end,
    case when number %% 100 in (0, 50) or outcome = 'late' then due_at end,
    case when outcome in ('on_time', 'moved', 'late') then 60 + number %% 2000 end,
    interval '0', 0, 0, '', 1, repeat('0', 64)
from (
    select number, case
        when number %% 100 = 1 then %(now)s::timestamptz + interval '1 minute' * (number %% 9000)
        else %(now)s::timestamptz - interval '1 hour'
            - interval '1 second' * (number * 63072000.0 / %(count)s)
    end as due_at, case
        when number %% 100 in (0, 1, 50) then ''
        when number %% 20 < 14 then 'on_time'
        when number %% 20 < 16 then 'moved'
        when number %% 20 < 19 then 'late'
        else 'broken'
    end as outcome
    from generate_series(0, %(count)s - 1) as numbers (number)
) as promise
join (
    select team_id, user_id, row_number() over (order by id) - 1 as place
    from commitments_membership where role = 'agent'
) as member on member.place = number %% %(people)s
join (
    select id, row_number() over (order by id) - 1 as place from commitments_kind
) as kind on kind.place = number / 7 %% %(kinds)s
join (
    select id, customer_id, row_number() over (order by id) - 1 as place
    from commitments_conversation
) as spoken on spoken.place = number / 3 %% %(customers)s
cross join (select min(id) as id from commitments_policyversion) as version
"""

# The same counts, as somebody would ask for them who knows that there is one calendar.
_BY_HAND = (
    """
select team_id, owner_id, case
        when due_at < %(three)s then 0 when due_at < %(two)s then 1 when due_at < %(eight)s then 2
        when due_at < %(few)s then 3 when due_at < %(now)s then 4 when due_at < %(soon)s then 5
        else 6
    end as bucket, count(*), count(*) filter (where told_at >= due_at)
from commitments_commitment
where status = 'open'
group by 1, 2, 3
""",
    """
select count(distinct customer_id)
from commitments_commitment
where status = 'open' and due_at < %(now)s and (told_at is null or told_at < due_at)
""",
)


def measure(stages: Sequence[int], *, people: int) -> None:
    """One line a stage. On PostgreSQL only: the rest of the bench does without SQLite as well."""
    messages.hurry()
    company = Company(people=people)
    Membership.objects.update(role=Role.AGENT)
    User.objects.create_superuser("root@larkfield.example", "x", name="Root")
    table.head(
        f"Reports, {people:,} people in {Team.objects.count():,} teams",
        *("by hand, s", "ours, s", "ratio", "queries", "history, s", "causes, s", "days/s"),
    )
    stored = 0
    for stage in stages:
        _lay_down(stage - stored, people=company.people)
        stored = stage
        days = apart(_roll_up)
        hand = apart(partial(_usually, _by_hand))
        ours = apart(partial(_usually, _look))
        history = apart(partial(_usually, _history))
        causes = apart(partial(_usually, _causes))
        asked = (ours.statements + history.statements) / _TIMES
        table.line(
            f"among {stage:,}, {stage // 50:,} of them overdue",
            *(hand.answer, ours.answer, ours.answer / hand.answer, f"{asked:.0f}"),
            *(history.answer, causes.answer, days.answer / days.seconds),
        )
    table.line("wanted", "", "< 0.5", "<= 2", "<= 12", "< 0.3", "", "")
    noting.measure()


def _lay_down(count: int, *, people: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from commitments_conversation")
        values = {
            "count": count,
            "now": NOW,
            "people": people,
            "kinds": Kind.objects.count(),
            "customers": cursor.fetchone()[0],
        }
    filling.lay_down(_PROMISES, values)
    _vacuum()


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _roll_up() -> int:
    cells = list(rebuilding.cells())
    for cell in cells:
        rolling.count_again(cell, now=NOW)
    _vacuum()
    return len(cells)


def _scope() -> Scope:
    return Scope.of(User.objects.get(is_superuser=True), {}, NOW)


def _usually(work: Callable[[], object]) -> float:
    took = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return median(took)


def _by_hand() -> None:
    at = {"three": 3 * 24, "two": 2 * 24, "eight": 15, "few": 2, "now": 0, "soon": -4}
    instants = {name: NOW - timedelta(hours=hours) for name, hours in at.items()}
    with connection.cursor() as cursor:
        for statement in _BY_HAND:
            cursor.execute(statement, instants)
            cursor.fetchall()


def _look() -> None:
    look = live.Look.at(_scope(), now=NOW)
    assert look.overdue().overdue
    assert look.waits()
    assert look.open_by("team")


def _history() -> None:
    scope = _scope()
    assert kept.kept(scope, "week")[0].n
    ratings.ratings(scope, "happened")


def _causes() -> None:
    scope = _scope()
    assert breaks.causes(scope)
    breaks.heat(scope)
    breaks.hand_offs(scope)
