"""The yardstick: what a sweep writes, as somebody would write it by hand in SQL.

The very rows that ours writes, which the bench looks at afterwards: promises claimed under lock; a
breach and a step in the history of each, chained by the same hashes over the same canonical JSON; a
message to the owner's inbox and one to their mail, with the same words for the templates; and the
clock moved on. What the rules make everybody look up is looked up: whether the customer was let
down before, whether the owner is still of the team and not away, and which ways they have closed.

It does not think. That every promise stands under the same ladder, and where its next step lies, is
known beforehand; what else could be due, who would stand in, quiet hours, programs and customers
are left out, and so is whatever has to be done when a row is broken.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from commitments.rules import reference

BATCH = 500
_CANONICAL = 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'  # as an event's facts are written to be hashed

_POSTGRESQL = """
with claimed as (
    select promise.id, promise.due_at, promise.event_count, promise.head_hash, promise.owner_id,
        promise.wording, promise.urgent, promise.revision, promise.last_step_at, owner.name,
        split_part(owner.name, ' ', 1) as first_name, owner.email, owner.language,
        to_char(promise.due_at at time zone owner.zone, 'Dy FMDD Mon, FMHH12:MI am') as due,
        to_char(promise.due_at at time zone 'UTC', %(canonical)s) as due_text,
        to_char(promise.last_step_at at time zone 'UTC', %(canonical)s) as last_text,
        to_char(%(now)s::timestamptz at time zone 'UTC', %(canonical)s) as now_text,
        customer.name as customer,
        exists (
            select from commitments_commitment as earlier
            where earlier.customer_id = promise.customer_id and earlier.status <> 'void'
                and earlier.breached_at >= promise.due_at - interval '90 days'
                and (earlier.breached_at, earlier.id) < (promise.due_at, promise.id)
        ) as again
    from commitments_commitment as promise
    join commitments_user as owner on owner.id = promise.owner_id and owner.is_active
    join commitments_membership as member
        on member.user_id = promise.owner_id and member.team_id = promise.team_id
    join commitments_customer as customer on customer.id = promise.customer_id
    where promise.next_action_at <= %(now)s and promise.due_at <= %(now)s
        and not exists (
            select from commitments_absence as absence
            where absence.user_id = promise.owner_id
                and absence.starts_at <= %(now)s and absence.ends_at > %(now)s
        )
    order by promise.next_action_at
    limit %(batch)s
    for update of promise skip locked
), breach as materialized (
    select *, encode(sha256(convert_to(
        '[' || id || ',' || event_count + 1 || ',"breached","' || due_text || '","' || now_text
            || '",null,' || revision || ',null,0,"",{"breached_at":[null,"' || due_text
            || '"]},false,null,"","' || head_hash || '"]', 'UTF8'
    )), 'hex') as breach_hash
    from claimed
), scrambled as (
    select *, twice # (twice >> 13) as number
    from (
        select *, (once # (once >> 13)) * 2654435761 & 33554431 as twice
        from (select *, id * 2654435761 & 33554431 as once from breach) as first
    ) as second
), step as materialized (
    select *, encode(sha256(convert_to(
        '[' || id || ',' || event_count + 2 || ',"step_taken","' || now_text || '","' || now_text
            || '",null,' || revision || ',2,0,"owner",{"climbed":[1,2],"last_step":[null,2],'
            || '"last_step_at":["' || last_text || '","' || now_text
            || '"]},false,null,"","' || breach_hash || '"]', 'UTF8'
    )), 'hex') as step_hash,
    substr(%(letters)s, (number >> 20 & 31)::integer + 1, 1)
        || substr(%(letters)s, (number >> 15 & 31)::integer + 1, 1)
        || substr(%(letters)s, (number >> 10 & 31)::integer + 1, 1)
        || substr(%(letters)s, (number >> 5 & 31)::integer + 1, 1)
        || substr(%(letters)s, (number & 31)::integer + 1, 1) as reference
    from scrambled
), breached as (
    insert into commitments_event (
        commitment_id, sequence, kind, at, recorded_at, revision, repetition, audience, changes,
        visible, text_digest, previous_hash, hash
    )
    select id, event_count + 1, 'breached', due_at, %(now)s, revision, 0, '',
        jsonb_build_object('breached_at', jsonb_build_array(null, due_text)), false, '',
        head_hash, breach_hash
    from step
), stepped as (
    insert into commitments_event (
        commitment_id, sequence, kind, at, recorded_at, revision, step, repetition, audience,
        changes, visible, text_digest, previous_hash, hash
    )
    select id, event_count + 2, 'step_taken', %(now)s, %(now)s, revision, 2, 0, 'owner',
        jsonb_build_object(
            'climbed', jsonb_build_array(1, 2), 'last_step', jsonb_build_array(null, 2),
            'last_step_at', jsonb_build_array(last_text, now_text)
        ),
        false, '', breach_hash, step_hash
    from step
    returning id, commitment_id
), told as (
    insert into notifications_delivery (
        key, about, event_id, audience, person_id, channel, address, name, sender, language,
        template, context, subject, text, html, urgent, state, phase, attempt_at, not_before,
        expires_at, enqueued_at, token, attempts, possible_repeat, late, provider_id, reason
    )
    select step.id || ':' || revision || ':2:0:u' || owner_id || ':' || channel as key,
        'commitment:' || step.id, stepped.id, 'staff', owner_id, channel, email, name,
        'Followthrough', language, 'overdue',
        jsonb_build_object(
            'person', first_name, 'customer', split_part(customer, ' ', 1),
            'customer_name', customer, 'wording', wording, 'reference', reference, 'due', due,
            'owner', first_name, 'is_owner', true, 'not_told', true, 'is_overdue', true,
            'waiting_for', '', 'company', 'Followthrough', 'words', '', 'instead_of', '',
            'url', 'http://testserver/promises/' || reference || '/'
        ),
        '', '', '', urgent, 'queued', '', %(now)s, %(now)s,
        %(now)s::timestamptz + interval '1 day', %(now)s, 0, 0, false, false, '', ''
    from step
    join stepped on stepped.commitment_id = step.id
    cross join (values ('inbox'), ('email')) as ways (channel)
    where not exists (
        select from notifications_contactpoint as point
        where point.user_id = owner_id and point.channel = ways.channel
            and point.disabled_at is not null
    )
    order by key
    on conflict (key) do nothing
)
update commitments_commitment as promise
set next_action = 'step', next_action_at = %(now)s::timestamptz + interval '560 days',
    breached_at = step.due_at, breached_again = step.again, climbed = 2, last_step = 2,
    last_step_at = %(now)s, event_count = promise.event_count + 2, head_hash = step_hash
from step
where promise.id = step.id
"""

# Django gives this database its sha256(). It has no exclusive or: a ^ b is (a | b) - (a & b).
_SQLITE = (
    """
create temporary table step as
select *, sha256(
    '[' || id || ',' || (event_count + 2) || ',"step_taken","' || now_text || '","' || now_text
        || '",null,' || revision || ',2,0,"owner",{"climbed":[1,2],"last_step":[null,2],'
        || '"last_step_at":["' || last_text || '","' || now_text
        || '"]},false,null,"","' || breach_hash || '"]'
) as step_hash,
    substr(%(letters)s, 1 + (number >> 20 & 31), 1)
        || substr(%(letters)s, 1 + (number >> 15 & 31), 1)
        || substr(%(letters)s, 1 + (number >> 10 & 31), 1)
        || substr(%(letters)s, 1 + (number >> 5 & 31), 1)
        || substr(%(letters)s, 1 + (number & 31), 1) as reference
from (
    select *, (twice | (twice >> 13)) - (twice & (twice >> 13)) as number, sha256(
        '[' || id || ',' || (event_count + 1) || ',"breached","' || due_text || '","' || now_text
            || '",null,' || revision || ',null,0,"",{"breached_at":[null,"' || due_text
            || '"]},false,null,"","' || head_hash || '"]'
    ) as breach_hash
    from (
        select *, ((once | (once >> 13)) - (once & (once >> 13))) * 2654435761 & 33554431 as twice
        from (
            select promise.id, promise.due_at, promise.event_count, promise.head_hash,
                promise.owner_id, promise.wording, promise.urgent, promise.revision, owner.name,
                substr(owner.name, 1, instr(owner.name || ' ', ' ') - 1) as first_name,
                owner.email, owner.language, customer.name as customer,
                replace(promise.due_at, ' ', 'T') || '+00:00' as due_text,
                replace(promise.last_step_at, ' ', 'T') || '+00:00' as last_text,
                replace(%(now)s, ' ', 'T') || '+00:00' as now_text,
                substr('SunMonTueWedThuFriSat', 1 + 3 * strftime('%%w', promise.due_at), 3)
                    || ' ' || ltrim(strftime('%%d', promise.due_at), '0') || ' '
                    || substr(%(months)s, 3 * strftime('%%m', promise.due_at) - 2, 3) || ', '
                    || (1 + (strftime('%%H', promise.due_at) + 11) %% 12)
                    || strftime(':%%M ', promise.due_at)
                    || iif(strftime('%%H', promise.due_at) < '12', 'am', 'pm') as due,
                promise.id * 2654435761 & 33554431 as once,
                exists (
                    select 1 from commitments_commitment as earlier
                    where earlier.customer_id = promise.customer_id and earlier.status <> 'void'
                        and earlier.breached_at >= datetime(promise.due_at, '-90 days')
                        and (earlier.breached_at, earlier.id) < (promise.due_at, promise.id)
                ) as again
            from commitments_commitment as promise
            join commitments_user as owner on owner.id = promise.owner_id and owner.is_active
            join commitments_membership as member
                on member.user_id = promise.owner_id and member.team_id = promise.team_id
            join commitments_customer as customer on customer.id = promise.customer_id
            where promise.next_action_at <= %(now)s and promise.due_at <= %(now)s
                and not exists (
                    select 1 from commitments_absence as absence
                    where absence.user_id = promise.owner_id
                        and absence.starts_at <= %(now)s and absence.ends_at > %(now)s
                )
            order by promise.next_action_at
            limit %(batch)s
        )
    )
)
""",
    """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, revision, repetition, audience, changes,
    visible, text_digest, previous_hash, hash
)
select id, event_count + 1, 'breached', due_at, %(now)s, revision, 0, '',
    json_object('breached_at', json_array(null, due_text)), false, '', head_hash, breach_hash
from step
""",
    """
insert into commitments_event (
    commitment_id, sequence, kind, at, recorded_at, revision, step, repetition, audience, changes,
    visible, text_digest, previous_hash, hash
)
select id, event_count + 2, 'step_taken', %(now)s, %(now)s, revision, 2, 0, 'owner',
    json_object(
        'climbed', json_array(1, 2), 'last_step', json_array(null, 2),
        'last_step_at', json_array(last_text, now_text)
    ),
    false, '', breach_hash, step_hash
from step
""",
    """
insert into notifications_delivery (
    key, about, event_id, audience, person_id, channel, address, name, sender, language, template,
    context, subject, text, html, urgent, state, phase, attempt_at, not_before, expires_at,
    enqueued_at, token, attempts, possible_repeat, late, provider_id, reason
)
select step.id || ':' || step.revision || ':2:0:u' || owner_id || ':' || channel,
    'commitment:' || step.id, stepped.id, 'staff', owner_id, channel, email, name,
    'Followthrough', language, 'overdue',
    json_object(
        'person', first_name, 'customer', substr(customer, 1, instr(customer || ' ', ' ') - 1),
        'customer_name', customer, 'wording', wording, 'reference', reference, 'due', due,
        'owner', first_name, 'is_owner', json('true'), 'not_told', json('true'),
        'is_overdue', json('true'), 'waiting_for', '', 'company', 'Followthrough', 'words', '',
        'instead_of', '', 'url', 'http://testserver/promises/' || reference || '/'
    ),
    '', '', '', urgent, 'queued', '', %(now)s, %(now)s, datetime(%(now)s, '+1 day'), %(now)s,
    0, 0, false, false, '', ''
from step
join commitments_event as stepped
    on stepped.commitment_id = step.id and stepped.sequence = step.event_count + 2
cross join (select 'inbox' as channel union all select 'email') as ways
where not exists (
    select 1 from notifications_contactpoint as point
    where point.user_id = owner_id and point.channel = ways.channel
        and point.disabled_at is not null
)
on conflict (key) do nothing
""",
    """
update commitments_commitment
set next_action = 'step', next_action_at = datetime(%(now)s, '+560 days'),
    breached_at = step.due_at, breached_again = step.again, climbed = 2, last_step = 2,
    last_step_at = %(now)s, event_count = commitments_commitment.event_count + 2,
    head_hash = step_hash
from step
where commitments_commitment.id = step.id
""",
    "drop table step",
)


def sweep(now: datetime) -> int:
    """Batch after batch, until nothing is due. Answers how many promises there were."""
    values = {
        "now": connection.ops.adapt_datetimefield_value(now),
        "batch": BATCH,
        "letters": reference.ALPHABET,
        "canonical": _CANONICAL,
        "months": "JanFebMarAprMayJunJulAugSepOctNovDec",
    }
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
