"""The two statements by which a sweep writes a whole batch: one JSON parameter each.

An ORM's bulk insert and update send a parameter for each value, which costs several times as much.
Both databases stand side by side; no statement is put together from parts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from operator import itemgetter

from django.db import connection

from .commitment import Commitment
from .event import Event

_EVENTS_POSTGRESQL = """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, actor_id, revision, step, repetition,
    audience, changes, visible, undoes_id, text_digest, previous_hash, hash
)
select
    commitment_id, sequence, kind, at, recorded_at, null, revision, step, repetition,
    audience, changes, visible, null, '', previous_hash, hash
from jsonb_to_recordset(%s::jsonb) as event (
    commitment_id bigint, sequence integer, kind text, at timestamptz, recorded_at timestamptz,
    revision integer, step smallint, repetition smallint, audience text, changes jsonb,
    visible boolean, previous_hash text, hash text
)
returning id, commitment_id, sequence
"""

# Materialized: json_each() writes a row anew for each column that is asked of it.
_EVENTS_SQLITE = """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, actor_id, revision, step, repetition,
    audience, changes, visible, undoes_id, text_digest, previous_hash, hash
)
with event as materialized (select value from json_each(%s))
select
    value ->> 'commitment_id', value ->> 'sequence', value ->> 'kind', value ->> 'at',
    value ->> 'recorded_at', null, value ->> 'revision', value ->> 'step',
    value ->> 'repetition', value ->> 'audience', value -> 'changes', value ->> 'visible',
    null, '', value ->> 'previous_hash', value ->> 'hash'
from event
where true
returning id, commitment_id, sequence
"""

_CLOCKS_POSTGRESQL = """
update commitments_commitment as commitment
set next_action = due.next_action, next_action_at = due.next_action_at,
    owner_id = due.owner_id, breached_at = due.breached_at,
    breached_again = due.breached_again, climbed = due.climbed, last_step = due.last_step,
    repetition = due.repetition, last_step_at = due.last_step_at,
    acknowledged_by_id = due.acknowledged_by_id, acknowledged_until = due.acknowledged_until,
    update_due_at = due.update_due_at, nudged_at = due.nudged_at,
    decision_asked_at = due.decision_asked_at,
    event_count = due.event_count, head_hash = due.head_hash
from jsonb_to_recordset(%s::jsonb) as due (
    id bigint, next_action text, next_action_at timestamptz, owner_id bigint,
    breached_at timestamptz, breached_again boolean, climbed smallint, last_step smallint,
    repetition smallint, last_step_at timestamptz, acknowledged_by_id bigint,
    acknowledged_until timestamptz, update_due_at timestamptz, nudged_at timestamptz,
    decision_asked_at timestamptz, event_count integer, head_hash text
)
where commitment.id = due.id
"""

_CLOCKS_SQLITE = """
update commitments_commitment as commitment
set next_action = due.value ->> 'next_action',
    next_action_at = due.value ->> 'next_action_at',
    owner_id = due.value ->> 'owner_id',
    breached_at = due.value ->> 'breached_at',
    breached_again = due.value ->> 'breached_again', climbed = due.value ->> 'climbed',
    last_step = due.value ->> 'last_step', repetition = due.value ->> 'repetition',
    last_step_at = due.value ->> 'last_step_at',
    acknowledged_by_id = due.value ->> 'acknowledged_by_id',
    acknowledged_until = due.value ->> 'acknowledged_until',
    update_due_at = due.value ->> 'update_due_at', nudged_at = due.value ->> 'nudged_at',
    decision_asked_at = due.value ->> 'decision_asked_at',
    event_count = due.value ->> 'event_count', head_hash = due.value ->> 'head_hash'
from (
    with each as materialized (select value from json_each(%s)) select value from each
) as due
where commitment.id = due.value ->> 'id'
"""

_EVENT_FIELDS = (
    *("commitment_id", "sequence", "kind", "at", "recorded_at", "revision", "step"),
    *("repetition", "audience", "changes", "visible", "previous_hash", "hash"),
)
_CLOCK_FIELDS = (
    *("id", "next_action", "next_action_at", "owner_id", "breached_at", "breached_again"),
    *("climbed", "last_step", "repetition", "last_step_at"),
    *("acknowledged_by_id", "acknowledged_until", "update_due_at", "nudged_at"),
    *("decision_asked_at", "event_count", "head_hash"),
)


def write_events(events: Sequence[Event]) -> None:
    """Insert events that carry no words and have no actor, and give each its id."""
    if not events:
        return
    places = {(event.commitment_id, event.sequence): event for event in events}
    for pk, commitment_id, sequence in _returned(
        postgresql=_EVENTS_POSTGRESQL, sqlite=_EVENTS_SQLITE, rows=_json(events, _EVENT_FIELDS)
    ):
        places[commitment_id, sequence].pk = pk


def write_clocks(commitments: Sequence[Commitment]) -> None:
    """Update what a sweep may change of promises that the caller holds."""
    if commitments:
        _execute(
            postgresql=_CLOCKS_POSTGRESQL,
            sqlite=_CLOCKS_SQLITE,
            rows=_json(commitments, _CLOCK_FIELDS),
        )


def _json(objects: Sequence[Event] | Sequence[Commitment], fields: tuple[str, ...]) -> str:
    """Their columns as they are; asked one by one, foreign keys would answer slowly."""
    columns = itemgetter(*fields)
    rows = [dict(zip(fields, columns(vars(each)), strict=True)) for each in objects]
    instant = datetime.isoformat if connection.vendor == "postgresql" else _for_sqlite
    # Most instants are the same few. Nothing here can hold itself.
    return json.dumps(rows, default=cache(instant), check_circular=False)


def _returned(*, postgresql: str, sqlite: str, rows: str) -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(postgresql, sqlite), [rows])
        return list(cursor.fetchall())


def _execute(*, postgresql: str, sqlite: str, rows: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_statement(postgresql, sqlite), [rows])


def _statement(postgresql: str, sqlite: str) -> str:
    return postgresql if connection.vendor == "postgresql" else sqlite


def _for_sqlite(value: datetime) -> str:
    """As this database's own date columns write it: it compares them as text."""
    return str(value.astimezone(UTC).replace(tzinfo=None))
