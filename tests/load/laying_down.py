"""A house with a million promises, laid down by the database itself in a minute.

A tenth of what each team promised is open, over five years, of a hundred teams, somebody of each,
and a hundred thousand customers. All that is promised to one customer has the same words, so that
what it is found by is made once for each of them. Triggers rest and indexes are built at the end:
they would be most of the time, and it is not them that is measured.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from commitments import starting
from commitments.models import Calendar, Kind, Membership, PolicyVersion, Role, Team, User

NOW = datetime(2026, 5, 21, 12, tzinfo=UTC)
PROMISES = int(os.environ.get("LIST_SIZE", "1000000"))
CUSTOMERS = 100_000
TEAMS = 100

_CUSTOMERS = """
insert into commitments_customer (
    id, name, email, phone, external_source, external_id, zone, language, link_version
)
select number, 'Customer ' || number, 'c' || number || '@customers.example',
    '+44 755 55' || lpad(number::text, 6, '0'), '', '', '', 'en', 1
from generate_series(0, %(customers)s - 1) as numbers (number)
"""
_CONVERSATIONS = """
insert into commitments_conversation (
    team_id, customer_id, channel, at, outside_reference, outside_url, difficult, link_version
)
select %(team)s + number %% %(teams)s, number + first, 'phone', %(now)s,
    'LK-' || (number * 100 + 47), '', false, 1
from generate_series(0, %(customers)s - 1) as numbers (number),
    (select min(id) as first from commitments_customer) as customer
order by number
"""
_PROMISES = """
insert into commitments_commitment (
    conversation_id, customer_id, team_id, owner_id, kind_id, policy_version_id, wording,
    team_note, urgent, promised_at, first_due_at, due_at, due_zone, due_said, revision, revised_at,
    status, outcome, closed_at, currency, evidence, cause, keep_by, origin, origin_key, waiting_for,
    customer_wait, climbed, repetition, next_action, next_action_at, event_count, head_hash
)
select
    conversation.first + number %% %(customers)s, customer.first + number %% %(customers)s,
    %(team)s + number %% %(teams)s, %(owner)s + number %% %(owners)s,
    %(kind)s + number / 7 %% %(kinds)s, %(version)s,
    (array['Refund the kettle', 'Call back about the bill', 'Send the replacement part',
        'Book a visit', 'Explain the invoice'])[1 + number %% 5]
        || case when number %% 1000 = 0 then ' and the gasket' else '' end,
    '', false, due_at - interval '2 days', due_at, due_at, 'UTC', '', 1, due_at - interval '2 days',
    case when is_open then 'open' else 'fulfilled' end,
    case when is_open then '' else 'on_time' end,
    case when is_open then null else due_at - interval '1 hour' end, '', '', '', '', '', '', '',
    interval '0', number %% 3, 0, case when is_open then 'breach' else '' end,
    case when is_open then due_at end, 1, repeat('0', 64)
from (
    select number, is_open, case when is_open
        then %(now)s::timestamptz - interval '1 day' + interval '1 minute' * (number %% 20000)
        else %(now)s::timestamptz - interval '150 seconds' * (number + 600) end as due_at
    from (
        select number, number / %(teams)s * 79 %% 100 < 10 as is_open
        from generate_series(1, %(count)s) as numbers (number)
    ) as each
) as promise,
    (select min(id) as first from commitments_customer) as customer,
    (select min(id) as first from commitments_conversation) as conversation
"""
# As migration 0008 keeps it, each customer's words made once.
_WORDS = """
with found_by as materialized (
    select customer.id as customer_id, commitments_found_by(
        promise.wording, customer.name, customer.email, customer.phone,
        conversation.outside_reference
    ) as words
    from (
        select distinct on (customer_id) customer_id, conversation_id, wording
        from commitments_commitment order by customer_id, id
    ) as promise
    join commitments_customer as customer on customer.id = promise.customer_id
    join commitments_conversation as conversation on conversation.id = promise.conversation_id
)
insert into commitments_search (commitment_id, words)
select promise.id, found_by.words
from commitments_commitment as promise join found_by using (customer_id)
"""
_TABLES = ("customer", "conversation", "commitment", "search")
_INDEXES = """
select indexname, indexdef from pg_indexes
where tablename = any(%s) and indexdef not like '%%UNIQUE%%'
"""


def a_million() -> dict[str, int]:
    """Answers what stands in addresses: a kind, a team, an owner."""
    starting.ensure(zone="UTC", now=NOW - timedelta(days=2000))
    calendar = Calendar.objects.get(name=starting.CALENDAR)
    teams = Team.objects.bulk_create(
        Team(name=f"Team {number}", calendar=calendar) for number in range(TEAMS)
    )
    owners = User.objects.bulk_create(
        User(email=f"owner{number}@larkfield.example", name=f"Owner {number}")
        for number in range(TEAMS)
    )
    Membership.objects.bulk_create(
        Membership(user=owner, team=team, role=Role.AGENT)
        for owner, team in zip(owners, teams, strict=True)
    )
    kinds = list(Kind.objects.order_by("pk"))
    first = {"kind": kinds[0].pk, "team": teams[0].pk, "owner": owners[0].pk}
    _lay_down(
        {
            **first, "customers": CUSTOMERS, "teams": TEAMS, "owners": TEAMS, "kinds": len(kinds),
            "version": PolicyVersion.objects.order_by("pk")[0].pk, "now": NOW, "count": PROMISES,
        }
    )  # fmt: skip
    return first


def forget() -> None:
    """Take the words away: emptying the tables of the models does not."""
    with connection.cursor() as cursor:
        cursor.execute("truncate commitments_search")


def _lay_down(values: dict[str, object]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # no trigger, no check
        cursor.execute("set local maintenance_work_mem = '512MB'")
        indexes = _dropped(cursor)
        for statement in (_CUSTOMERS, _CONVERSATIONS, _PROMISES, _WORDS, *indexes):
            cursor.execute(statement, values if statement not in indexes else None)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _dropped(cursor: CursorWrapper) -> list[str]:
    """The indexes of what grows, gone until the end; answers what makes them anew."""
    cursor.execute(_INDEXES, [[f"commitments_{name}" for name in _TABLES]])
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'drop index "{name}"')
    return [definition for _, definition in found]
