"""The yardstick: what a sweep writes, as somebody would write it by hand in SQL.

The same rows: promises claimed under lock, a breach and a step in the history of each with their
hashes, a message to the owner's inbox and one to their mail, and the clock moved on. Nothing is
thought about: that every promise stands under the same ladder is known beforehand.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

BATCH = 500

_POSTGRESQL = """
with claimed as (
    select promise.id, promise.due_at, promise.event_count, promise.head_hash, promise.owner_id,
        promise.wording, owner.name, owner.email, owner.language, customer.name as customer
    from commitments_commitment as promise
    join commitments_user as owner on owner.id = promise.owner_id
    join commitments_customer as customer on customer.id = promise.customer_id
    where promise.next_action_at <= %(now)s and promise.due_at <= %(now)s
    order by promise.next_action_at, promise.id
    limit %(batch)s
    for update of promise skip locked
), breached as (
    insert into commitments_event (
        commitment_id, sequence, kind, at, recorded_at, revision, repetition, audience, changes,
        visible, text_digest, previous_hash, hash
    )
    select id, event_count + 1, 'breached', due_at, %(now)s, 1, 0, '',
        jsonb_build_object('breached_at', jsonb_build_array(null, due_at)), false, '', head_hash,
        encode(sha256((head_hash || id || due_at)::bytea), 'hex')
    from claimed
), stepped as (
    insert into commitments_event (
        commitment_id, sequence, kind, at, recorded_at, revision, step, repetition, audience,
        changes, visible, text_digest, previous_hash, hash
    )
    select id, event_count + 2, 'step_taken', %(now)s, %(now)s, 1, 2, 0, 'owner',
        jsonb_build_object(
            'climbed', jsonb_build_array(1, 2),
            'last_step_at', jsonb_build_array(due_at, %(now)s)
        ),
        false, '', encode(sha256((head_hash || id || due_at)::bytea), 'hex'),
        encode(sha256((head_hash || id || %(now)s)::bytea), 'hex')
    from claimed
    returning id, commitment_id
), told as (
    insert into notifications_delivery (
        key, about, event_id, audience, person_id, channel, address, name, sender, language,
        template, context, subject, text, html, urgent, state, phase, attempt_at, not_before,
        expires_at, enqueued_at, token, attempts, possible_repeat, late, provider_id, reason
    )
    select claimed.id || ':1:2:0:u' || owner_id || ':' || channel, 'commitment:' || claimed.id,
        stepped.id, 'staff', owner_id, channel, email, name, 'Followthrough', language, 'overdue',
        jsonb_build_object(
            'person', split_part(name, ' ', 1), 'customer', split_part(customer, ' ', 1),
            'customer_name', customer, 'wording', wording, 'reference', claimed.id::text,
            'due', due_at::text, 'owner', split_part(name, ' ', 1), 'is_owner', true,
            'not_told', true, 'is_overdue', true, 'waiting_for', '', 'company', 'Followthrough',
            'words', '', 'url', 'http://testserver/promises/' || claimed.id || '/'
        ),
        '', '', '', false, 'queued', '', %(now)s, %(now)s, %(now)s::timestamptz + interval '1 day',
        %(now)s, 0, 0, false, false, '', ''
    from claimed
    join stepped on stepped.commitment_id = claimed.id
    cross join (values ('inbox'), ('email')) as ways (channel)
    on conflict (key) do nothing
)
update commitments_commitment as promise
set next_action = 'step', next_action_at = %(now)s::timestamptz + interval '600 days',
    breached_at = claimed.due_at, climbed = 2, last_step_at = %(now)s,
    event_count = promise.event_count + 2,
    head_hash = encode(sha256((claimed.head_hash || claimed.id || %(now)s)::bytea), 'hex')
from claimed
where promise.id = claimed.id
"""

_SQLITE = (
    """
create temporary table claimed as
select promise.id, promise.due_at, promise.event_count, promise.head_hash, promise.owner_id,
    promise.wording, owner.name, owner.email, owner.language, customer.name as customer
from commitments_commitment as promise
join commitments_user as owner on owner.id = promise.owner_id
join commitments_customer as customer on customer.id = promise.customer_id
where promise.next_action_at <= %(now)s and promise.due_at <= %(now)s
order by promise.next_action_at, promise.id
limit %(batch)s
""",
    """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, revision, repetition, audience, changes,
    visible, text_digest, previous_hash, hash
)
select id, event_count + 1, 'breached', due_at, %(now)s, 1, 0, '',
    json_object('breached_at', json_array(null, due_at)), false, '', head_hash,
    lower(hex(randomblob(32)))
from claimed
""",
    """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, revision, step, repetition, audience, changes,
    visible, text_digest, previous_hash, hash
)
select id, event_count + 2, 'step_taken', %(now)s, %(now)s, 1, 2, 0, 'owner',
    json_object('climbed', json_array(1, 2), 'last_step_at', json_array(due_at, %(now)s)), false,
    '', lower(hex(randomblob(32))), lower(hex(randomblob(32)))
from claimed
""",
    """
insert into notifications_delivery (
    key, about, event_id, audience, person_id, channel, address, name, sender, language, template,
    context, subject, text, html, urgent, state, phase, attempt_at, not_before, expires_at,
    enqueued_at, token, attempts, possible_repeat, late, provider_id, reason
)
select claimed.id || ':1:2:0:u' || owner_id || ':' || channel, 'commitment:' || claimed.id,
    stepped.id, 'staff', owner_id, channel, email, name, 'Followthrough', language, 'overdue',
    json_object(
        'person', name, 'customer', customer, 'customer_name', customer, 'wording', wording,
        'reference', claimed.id, 'due', due_at, 'owner', name, 'is_owner', true,
        'not_told', true, 'is_overdue', true, 'waiting_for', '', 'company', 'Followthrough',
        'words', '', 'url', 'http://testserver/promises/' || claimed.id || '/'
    ),
    '', '', '', false, 'queued', '', %(now)s, %(now)s, datetime(%(now)s, '+1 day'),
    %(now)s, 0, 0, false, false, '', ''
from claimed
join commitments_event as stepped
    on stepped.commitment_id = claimed.id and stepped.sequence = claimed.event_count + 2
cross join (select 'inbox' as channel union all select 'email') as ways
where true
on conflict (key) do nothing
""",
    """
update commitments_commitment
set next_action = 'step', next_action_at = datetime(%(now)s, '+600 days'),
    breached_at = claimed.due_at, climbed = 2, last_step_at = %(now)s,
    event_count = commitments_commitment.event_count + 2, head_hash = lower(hex(randomblob(32)))
from claimed
where commitments_commitment.id = claimed.id
""",
    "drop table claimed",
)


def sweep(now: datetime) -> int:
    """Batch after batch, until nothing is due. Answers how many promises there were."""
    values = {"now": connection.ops.adapt_datetimefield_value(now), "batch": BATCH}
    batch = _postgresql if connection.vendor == "postgresql" else _sqlite
    done = 0
    while claimed := batch(values):
        done += claimed
    return done


def _postgresql(values: dict[str, object]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL, values)
        return int(cursor.rowcount)


def _sqlite(values: dict[str, object]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        *statements, update, drop = _SQLITE
        for statement in statements:
            cursor.execute(statement, values)
        cursor.execute(update, values)
        claimed = int(cursor.rowcount)
        cursor.execute(drop)
        return claimed
