"""Statements that write many deliveries at once: one JSON parameter, one round trip.

An ORM's bulk insert sends a parameter for each value, which costs several times as much. Both
databases stand side by side; neither statement is put together from parts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from django.db import connection

from notifications.envelope import JSON, encodable

Row: TypeAlias = Mapping[str, "JSON | datetime"]


class Words(NamedTuple):
    """What a reader will read, where it is known already; the rest is worded when it is sent."""

    subject: str
    text: str
    html: str


class Way(NamedTuple):
    """What a message has of its own on one of the ways it goes: a delivery. Read by place."""

    key: str
    channel: str
    address: str
    not_before: datetime
    expires_at: datetime | None
    words: Words | None = None
    possible_repeat: bool = False


class Queued(NamedTuple):
    """What a message says on every way it goes. Read by place: names would be half of it."""

    about: str
    event_id: int | None
    audience: str
    person_id: int | None
    name: str
    sender: str
    language: str
    template: str
    context: Mapping[str, JSON]
    urgent: bool
    late: bool
    ways: Sequence[Way]


_INSERT_POSTGRESQL = """
insert into notifications_delivery (
    key, about, event_id, audience, person_id, channel, address, name, sender, language,
    template, context, subject, text, html, urgent, state, phase, attempt_at, not_before,
    expires_at, enqueued_at, token, attempts, possible_repeat, late, provider_id, reason
)
select
    way ->> 0 as key, message ->> 0, (message ->> 1)::bigint, message ->> 2,
    (message ->> 3)::bigint, way ->> 1, way ->> 2, message ->> 4, message ->> 5, message ->> 6,
    message ->> 7, message -> 8, coalesce(way -> 5 ->> 0, ''), coalesce(way -> 5 ->> 1, ''),
    coalesce(way -> 5 ->> 2, ''), (message -> 9)::boolean, 'queued', '',
    (way ->> 3)::timestamptz, (way ->> 3)::timestamptz, (way ->> 4)::timestamptz, %(now)s, 0, 0,
    (way -> 6)::boolean, (message -> 10)::boolean, '', ''
from jsonb_array_elements(%(rows)s::jsonb) as queued (message)
cross join jsonb_array_elements(message -> 11) as one (way)
order by key
on conflict (key) do nothing
"""

# Materialized: json_each() writes a row anew for each column that is asked of it.
_INSERT_SQLITE = """
insert into notifications_delivery (
    key, about, event_id, audience, person_id, channel, address, name, sender, language,
    template, context, subject, text, html, urgent, state, phase, attempt_at, not_before,
    expires_at, enqueued_at, token, attempts, possible_repeat, late, provider_id, reason
)
with one as materialized (select value from json_each(%(rows)s)), message as materialized (
    select value ->> 0 as about, value ->> 1 as event_id, value ->> 2 as audience,
        value ->> 3 as person_id, value ->> 4 as name, value ->> 5 as sender,
        value ->> 6 as language, value ->> 7 as template, value -> 8 as context,
        value ->> 9 as urgent, value ->> 10 as late, value -> 11 as ways
    from one
), way as materialized (
    select about, event_id, audience, person_id, name, sender, language, template, context,
        urgent, late, way.value
    from message
    cross join json_each(ways) as way
)
select
    value ->> 0, about, event_id, audience, person_id, value ->> 1, value ->> 2, name, sender,
    language, template, context, coalesce(value ->> '$[5][0]', ''),
    coalesce(value ->> '$[5][1]', ''), coalesce(value ->> '$[5][2]', ''), urgent, 'queued', '',
    value ->> 3, value ->> 3, value ->> 4, %(now)s, 0, 0, value ->> 6, late, '', ''
from way
where true
on conflict (key) do nothing
"""

_SETTLE_POSTGRESQL = """
update notifications_delivery as delivery
set state = 'sent', phase = '', attempt_at = null, settled_at = kept.settled_at,
    provider_id = kept.provider_id, reason = '', address = kept.address, name = kept.name,
    subject = kept.subject, text = kept.text, html = kept.html
from jsonb_to_recordset(%s::jsonb) as kept (
    id bigint, token integer, settled_at timestamptz, provider_id text, address text, name text,
    subject text, text text, html text
)
where delivery.id = kept.id and delivery.token = kept.token
    and delivery.state = 'leased' and delivery.phase = 'claimed'
"""

_SETTLE_SQLITE = """
update notifications_delivery as delivery
set state = 'sent', phase = '', attempt_at = null, settled_at = kept.value ->> 'settled_at',
    provider_id = kept.value ->> 'provider_id', reason = '', address = kept.value ->> 'address',
    name = kept.value ->> 'name', subject = kept.value ->> 'subject',
    text = kept.value ->> 'text', html = kept.value ->> 'html'
from (
    with each as materialized (select value from json_each(%s)) select value from each
) as kept
where delivery.id = kept.value ->> 'id' and delivery.token = kept.value ->> 'token'
    and delivery.state = 'leased' and delivery.phase = 'claimed'
"""

_JOIN_POSTGRESQL = """
update notifications_delivery as delivery
set state = 'bundled', attempt_at = null, token = delivery.token + 1, bundle_id = member.bundle,
    settled_at = member.settled_at
from jsonb_to_recordset(%s::jsonb) as member (id bigint, bundle bigint, settled_at timestamptz)
where delivery.id = member.id and delivery.state = 'queued'
"""

_JOIN_SQLITE = """
update notifications_delivery as delivery
set state = 'bundled', attempt_at = null, token = delivery.token + 1,
    bundle_id = member.value ->> 'bundle', settled_at = member.value ->> 'settled_at'
from json_each(%s) as member
where delivery.id = member.value ->> 'id' and delivery.state = 'queued'
"""


def insert(messages: Sequence[Queued], *, now: datetime) -> int:
    """Queue deliveries, leaving alone those whose key is there already. Answers how many are new.

    In the order of their keys: two writers who queue the same ones wait for each other in turn,
    and never in a circle. SQLite has one writer.
    """
    statement = _INSERT_POSTGRESQL if connection.vendor == "postgresql" else _INSERT_SQLITE
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"rows": as_json(messages), "now": at})
        return int(cursor.rowcount)


def settle_locally(rows: Sequence[Row]) -> int:
    """Mark as sent what goes no further than this database, where the lease is still ours."""
    return _run(postgresql=_SETTLE_POSTGRESQL, sqlite=_SETTLE_SQLITE, rows=rows)


def join(rows: Sequence[Row]) -> int:
    """Put deliveries that are queued into their bundles.

    Their tokens grow, as with every lease: who slept with one in hand keeps its hands off.
    """
    return _run(postgresql=_JOIN_POSTGRESQL, sqlite=_JOIN_SQLITE, rows=rows)


def _run(*, postgresql: str, sqlite: str, rows: Sequence[object]) -> int:
    statement = postgresql if connection.vendor == "postgresql" else sqlite
    with connection.cursor() as cursor:
        cursor.execute(statement, [as_json(rows)])
        return int(cursor.rowcount)


def as_json(rows: Sequence[object]) -> str:
    """Rows as one parameter that this database takes."""
    instant = datetime.isoformat if connection.vendor == "postgresql" else _for_sqlite
    encoder = json.JSONEncoder(default=instant, ensure_ascii=False, check_circular=False)
    written = encoder.encode(rows)
    if "\\u0000" in written:
        written = encoder.encode(_without_nul(rows))
    return encodable(written)


@lru_cache(maxsize=256)
def _for_sqlite(value: datetime) -> str:
    """As this database's own date columns write it: it compares them as text."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _without_nul(value: object) -> object:
    """The same without NUL characters, which PostgreSQL keeps in no text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, Mapping):
        return {key: _without_nul(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_without_nul(item) for item in value]
    return value
