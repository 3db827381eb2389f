"""The statements by which a sweep writes a whole batch: one JSON parameter each.

An ORM's bulk insert and update send a parameter for each value, which costs several times as much.
Most of a batch stands alike: what many rows share is said once, and beside it in `each` what every
row has of its own. Both databases stand side by side; no statement is put together from parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import itemgetter
from typing import Any, TypeAlias

from django.db import connection

from .commitment import Commitment
from .event import Event

_Columns: TypeAlias = dict[str, Any]  # Any: column values of every type

_EVENTS_POSTGRESQL = """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, actor_id, revision, step, repetition,
    audience, changes, visible, undoes_id, text_digest, previous_hash, hash
)
select
    (own ->> 0)::bigint as commitment_id, (own ->> 1)::integer as sequence, kind, at, recorded_at,
    null, revision, step, repetition, audience, changes, visible, null, '', own ->> 2, own ->> 3
from jsonb_to_recordset(%(rows)s::jsonb) as alike (
    kind text, at timestamptz, recorded_at timestamptz, revision integer, step smallint,
    repetition smallint, audience text, changes jsonb, visible boolean, each jsonb
)
cross join jsonb_array_elements(alike.each) as one (own)
order by commitment_id, sequence
returning id, commitment_id, sequence
"""

# Materialized: json_each() writes a row anew for each column that is asked of it.
_EVENTS_SQLITE = """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, actor_id, revision, step, repetition,
    audience, changes, visible, undoes_id, text_digest, previous_hash, hash
)
with alike as materialized (
    select value ->> 'kind' as kind, value ->> 'at' as at, value ->> 'recorded_at' as recorded_at,
        value ->> 'revision' as revision, value ->> 'step' as step,
        value ->> 'repetition' as repetition, value ->> 'audience' as audience,
        value -> 'changes' as changes, value ->> 'visible' as visible, value -> 'each' as each
    from json_each(%(rows)s)
), event as materialized (
    select kind, at, recorded_at, revision, step, repetition, audience, changes, visible,
        one.value as own
    from alike
    cross join json_each(alike.each) as one
)
select own ->> 0, own ->> 1, kind, at, recorded_at, null, revision, step, repetition, audience,
    changes, visible, null, '', own ->> 2, own ->> 3
from event
order by own ->> 0, own ->> 1
returning id, commitment_id, sequence
"""

# The rows are named once more by their ids: a planner does not know how many there are inside JSON,
# and would read a whole table rather than look up a few of it.
_CLOCKS_POSTGRESQL = """
update commitments_commitment as commitment
set next_action = alike.next_action, next_action_at = alike.next_action_at,
    breached_at = alike.breached_at, breached_again = alike.breached_again,
    climbed = alike.climbed, last_step = alike.last_step, repetition = alike.repetition,
    last_step_at = alike.last_step_at, acknowledged_until = alike.acknowledged_until,
    update_due_at = alike.update_due_at, nudged_at = alike.nudged_at,
    decision_asked_at = alike.decision_asked_at,
    event_count = (own ->> 1)::integer, head_hash = own ->> 2
from jsonb_to_recordset(%(rows)s::jsonb) as alike (
    next_action text, next_action_at timestamptz, breached_at timestamptz, breached_again boolean,
    climbed smallint, last_step smallint, repetition smallint, last_step_at timestamptz,
    acknowledged_until timestamptz, update_due_at timestamptz, nudged_at timestamptz,
    decision_asked_at timestamptz, each jsonb
)
cross join jsonb_array_elements(alike.each) as one (own)
where commitment.id = any(%(ids)s::bigint[]) and commitment.id = (own ->> 0)::bigint
"""

_CLOCKS_SQLITE = """
update commitments_commitment as commitment
set next_action = due.next_action, next_action_at = due.next_action_at,
    breached_at = due.breached_at, breached_again = due.breached_again, climbed = due.climbed,
    last_step = due.last_step, repetition = due.repetition, last_step_at = due.last_step_at,
    acknowledged_until = due.acknowledged_until, update_due_at = due.update_due_at,
    nudged_at = due.nudged_at, decision_asked_at = due.decision_asked_at,
    event_count = due.own ->> 1, head_hash = due.own ->> 2
from (
    with alike as materialized (
        select value ->> 'next_action' as next_action, value ->> 'next_action_at' as next_action_at,
            value ->> 'breached_at' as breached_at, value ->> 'breached_again' as breached_again,
            value ->> 'climbed' as climbed, value ->> 'last_step' as last_step,
            value ->> 'repetition' as repetition, value ->> 'last_step_at' as last_step_at,
            value ->> 'acknowledged_until' as acknowledged_until,
            value ->> 'update_due_at' as update_due_at, value ->> 'nudged_at' as nudged_at,
            value ->> 'decision_asked_at' as decision_asked_at, value -> 'each' as each
        from json_each(%(rows)s)
    ), due as materialized (
        select next_action, next_action_at, breached_at, breached_again, climbed, last_step,
            repetition, last_step_at, acknowledged_until, update_due_at, nudged_at,
            decision_asked_at, one.value as own
        from alike
        cross join json_each(alike.each) as one
    )
    select * from due
) as due
where commitment.id = due.own ->> 0
"""

# Apart from the clocks: SQLite looks after references and indexes of what a statement names, even
# where nothing changes.
_HANDS_POSTGRESQL = """
update commitments_commitment as commitment
set owner_id = (own ->> 1)::bigint, acknowledged_by_id = (own ->> 2)::bigint
from jsonb_array_elements(%(rows)s::jsonb) as one (own)
where commitment.id = any(%(ids)s::bigint[]) and commitment.id = (own ->> 0)::bigint
"""

_HANDS_SQLITE = """
update commitments_commitment as commitment
set owner_id = one.value ->> 1, acknowledged_by_id = one.value ->> 2
from json_each(%(rows)s) as one
where commitment.id = one.value ->> 0
"""

_EVENTS_ALIKE = (
    *("kind", "at", "recorded_at", "revision", "step", "repetition", "audience", "visible"),
    "changes",
)
_EVENTS_OWN = ("commitment_id", "sequence", "previous_hash", "hash")
_WITHOUT_CHANGES = itemgetter(*_EVENTS_ALIKE[:-1])
_PLACE = itemgetter("commitment_id", "sequence")
_CLOCKS_ALIKE = (
    *("next_action", "next_action_at", "breached_at", "breached_again", "climbed", "last_step"),
    *("repetition", "last_step_at", "acknowledged_until", "update_due_at", "nudged_at"),
    "decision_asked_at",
)
_CLOCKS_OWN = ("id", "event_count", "head_hash")


def write_events(events: Sequence[Event]) -> None:
    """Insert events that carry no words and have no actor, and give each its id."""
    if not events:
        return
    rows = [vars(event) for event in events]
    places = dict(zip(map(_PLACE, rows), events, strict=True))
    said = _said_once(rows, by=_happening, alike=_EVENTS_ALIKE, own=_EVENTS_OWN)
    statement = _EVENTS_POSTGRESQL if connection.vendor == "postgresql" else _EVENTS_SQLITE
    with connection.cursor() as cursor:
        cursor.execute(statement, {"rows": _json(said)})
        for pk, commitment_id, sequence in cursor.fetchall():
            places[commitment_id, sequence].id = pk


def write_clocks(commitments: Sequence[Commitment]) -> None:
    """Update what a sweep may change of promises that the caller holds, but for their hands."""
    standing = itemgetter(*_CLOCKS_ALIKE)
    rows = _said_once(map(vars, commitments), by=standing, alike=_CLOCKS_ALIKE, own=_CLOCKS_OWN)
    _update(postgresql=_CLOCKS_POSTGRESQL, sqlite=_CLOCKS_SQLITE, rows=rows, of=commitments)


def write_hands(commitments: Sequence[Commitment]) -> None:
    """Update who has each of these promises, and who said "I have it"."""
    rows = [(each.id, each.owner_id, each.acknowledged_by_id) for each in commitments]
    _update(postgresql=_HANDS_POSTGRESQL, sqlite=_HANDS_SQLITE, rows=rows, of=commitments)


def _happening(row: _Columns) -> tuple[object, ...]:
    """What many events have alike. JSON cannot be compared so; what is shared is the very same."""
    return (id(row["changes"]), *_WITHOUT_CHANGES(row))


def _said_once(
    rows: Iterable[_Columns],
    *,
    by: Callable[[_Columns], object],
    alike: tuple[str, ...],
    own: tuple[str, ...],
) -> list[_Columns]:
    """Asked of the columns as they are: one by one, foreign keys would answer slowly."""
    of_its_own = itemgetter(*own)
    groups: dict[object, _Columns] = {}
    for row in rows:
        group = groups.get(key := by(row))
        if group is None:
            group = groups[key] = {name: row[name] for name in alike} | {"each": []}
        group["each"].append(of_its_own(row))
    return list(groups.values())


def _json(rows: Sequence[object]) -> str:
    instant = datetime.isoformat if connection.vendor == "postgresql" else _for_sqlite
    # Most instants are the same few. Nothing here can hold itself.
    return json.dumps(rows, default=cache(instant), check_circular=False)


def _update(
    *, postgresql: str, sqlite: str, rows: Sequence[object], of: Sequence[Commitment]
) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(postgresql, {"rows": _json(rows), "ids": [each.id for each in of]})
        else:
            cursor.execute(sqlite, {"rows": _json(rows)})


def _for_sqlite(value: datetime) -> str:
    """As this database's own date columns write it: it compares them as text."""
    return str(value.astimezone(UTC).replace(tzinfo=None))
