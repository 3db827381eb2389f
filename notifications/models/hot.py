"""What every mail costs: its part of a lease, and of the results of those before and the markers.

One round trip for a batch, one commit for all lines of a sender. Put together by the ORM it would
take longer than the mail itself. An exchange is compare-and-set: it answers which rows were ours.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from notifications.models.bulk import Row, as_json

# A row that somebody holds at this moment is being withdrawn, or something else that we do not wait
# for: it is passed by, and its message let go.
#
# The rows are named by their ids, and what is said of each is looked up by its id and token, as
# they are now. Joined to a list inside JSON, of which the planner does not know the length, they
# would be read from end to end in a table of ten thousand, or each compared with every entry.
_EXCHANGE_POSTGRESQL = """
with said as materialized (
    select
        (select jsonb_object_agg((one ->> 'id') || ':' || (one ->> 'token'), one)
            from jsonb_array_elements(%(taken)s::jsonb) as listed (one)) as taken,
        (select jsonb_object_agg((one ->> 'id') || ':' || (one ->> 'token'), one)
            from jsonb_array_elements(%(wishes)s::jsonb) as listed (one)) as wishes
), taken as (
    update notifications_delivery as delivery
    set state = 'sent', phase = '', attempt_at = null, reason = '',
        settled_at = (said.taken -> (delivery.id || ':' || delivery.token) ->> 'at')::timestamptz,
        provider_id = said.taken -> (delivery.id || ':' || delivery.token) ->> 'provider_id'
    from said
    where delivery.id = any(%(taken_ids)s::bigint[])
        and said.taken -> (delivery.id || ':' || delivery.token) is not null
        and ((delivery.state = 'leased' and delivery.phase = 'final')
            or delivery.state = 'uncertain')
    returning delivery.id, delivery.token,
        said.taken -> (delivery.id || ':' || delivery.token) as result
), closed as (
    update notifications_attempt as attempt
    set ended_at = (taken.result ->> 'at')::timestamptz, ending = 'accepted',
        code = (taken.result ->> 'code')::smallint, answer = taken.result ->> 'answer'
    from taken
    where attempt.delivery_id = taken.id and attempt.token = taken.token
), ours as (
    select delivery.id, said.wishes -> (delivery.id || ':' || delivery.token) as wish
    from notifications_delivery as delivery
    cross join said
    where delivery.id = any(%(wish_ids)s::bigint[])
        and said.wishes -> (delivery.id || ':' || delivery.token) is not null
        and delivery.state = 'leased' and delivery.phase = 'claimed'
        and delivery.attempt_at > %(lease_after)s
        and (delivery.expires_at is null or delivery.expires_at > %(now)s)
        and not exists (
            select 1 from notifications_suppression as closed
            where closed.channel = delivery.channel
                and closed.address
                    = said.wishes -> (delivery.id || ':' || delivery.token) ->> 'to'
        )
    for no key update of delivery skip locked
), final as (
    update notifications_delivery as delivery
    set phase = 'final',
        address = coalesce(ours.wish ->> 'address', delivery.address),
        name = coalesce(ours.wish ->> 'name', delivery.name),
        subject = coalesce(ours.wish ->> 'subject', delivery.subject),
        text = coalesce(ours.wish ->> 'text', delivery.text),
        html = coalesce(ours.wish ->> 'html', delivery.html)
    from ours
    where delivery.id = ours.id
    returning delivery.id
)
select true, id from taken union all select false, id from final
"""

_TAKE_SQLITE = """
update notifications_delivery as delivery
set state = 'sent', phase = '', attempt_at = null, settled_at = result.value ->> 'at',
    provider_id = result.value ->> 'provider_id', reason = ''
from json_each(%s) as result
where delivery.id = result.value ->> 'id' and delivery.token = result.value ->> 'token'
    and ((delivery.state = 'leased' and delivery.phase = 'final') or delivery.state = 'uncertain')
returning id
"""

_CLOSE_SQLITE = """
update notifications_attempt as attempt
set ended_at = result.value ->> 'at', ending = 'accepted', code = result.value ->> 'code',
    answer = result.value ->> 'answer'
from json_each(%s) as result
where attempt.delivery_id = result.value ->> 'id' and attempt.token = result.value ->> 'token'
"""

_MARK_SQLITE = """
update notifications_delivery as delivery
set phase = 'final',
    address = coalesce(wish.value ->> 'address', delivery.address),
    name = coalesce(wish.value ->> 'name', delivery.name),
    subject = coalesce(wish.value ->> 'subject', delivery.subject),
    text = coalesce(wish.value ->> 'text', delivery.text),
    html = coalesce(wish.value ->> 'html', delivery.html)
from json_each(%s) as wish
where delivery.id = wish.value ->> 'id' and delivery.token = wish.value ->> 'token'
    and delivery.state = 'leased' and delivery.phase = 'claimed'
    and delivery.attempt_at > %s and (delivery.expires_at is null or delivery.expires_at > %s)
    and not exists (
        select 1 from notifications_suppression as closed
        where closed.channel = delivery.channel and closed.address = wish.value ->> 'to'
    )
returning id
"""

_LEASE_POSTGRESQL = """
with leased as (
    update notifications_delivery
    set state = 'leased', phase = 'claimed', token = token + 1, attempts = attempts + 1,
        attempt_at = %(ends_at)s, settled_at = null
    where id = any(%(ids)s::bigint[])
    returning id, token
)
insert into notifications_attempt (delivery_id, token, started_at, ending, answer)
select id, token, %(now)s, '', '' from leased
"""

_LEASE_SQLITE = (
    """
update notifications_delivery
set state = 'leased', phase = 'claimed', token = token + 1, attempts = attempts + 1,
    attempt_at = %(ends_at)s, settled_at = null
where id in (select value from json_each(%(ids)s))
""",
    """
insert into notifications_attempt (delivery_id, token, started_at, ending, answer)
select id, token, %(now)s, '', ''
from notifications_delivery
where id in (select value from json_each(%(ids)s))
""",
)


def lease(pks: Sequence[int], *, ends_at: datetime, now: datetime) -> None:
    """Take a lease on rows that the caller's transaction holds, and open an attempt of each."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_LEASE_POSTGRESQL, {"ids": list(pks), "ends_at": ends_at, "now": now})
        return
    written = connection.ops.adapt_datetimefield_value
    values = {"ids": json.dumps(list(pks)), "ends_at": written(ends_at), "now": written(now)}
    with connection.cursor() as cursor:
        for statement in _LEASE_SQLITE:
            cursor.execute(statement, values)


class Exchanged(NamedTuple):
    """Which results were ours to say, and who may send the last byte, by delivery."""

    taken: set[int]
    final: set[int]


def exchange(
    taken: Sequence[Row], wishes: Sequence[Row], *, now: datetime, lease_after: datetime
) -> Exchanged:
    """Final becomes sent, with its attempt closed; claimed becomes final, in its words.

    Final: if it is not withdrawn, not expired, not suppressed, and leased for long enough. Sent: so
    does what is uncertain; then our lease ran out while the answer was on its way, and now we know
    better, as long as nobody has sent it again.
    """
    if connection.vendor == "postgresql":
        return _in_one(taken, wishes, now=now, lease_after=lease_after)
    return _one_after_another(taken, wishes, now=now, lease_after=lease_after)


def _in_one(
    taken: Sequence[Row], wishes: Sequence[Row], *, now: datetime, lease_after: datetime
) -> Exchanged:
    values = {"taken": as_json(taken), "wishes": as_json(wishes)}
    named = {"taken_ids": _ids(taken), "wish_ids": _ids(wishes)}
    instants = {"now": now, "lease_after": lease_after}
    with connection.cursor() as cursor:
        cursor.execute(_EXCHANGE_POSTGRESQL, {**values, **named, **instants})
        rows = cursor.fetchall()
    return Exchanged(
        taken={pk for is_taken, pk in rows if is_taken},
        final={pk for is_taken, pk in rows if not is_taken},
    )


@transaction.atomic
def _one_after_another(
    taken: Sequence[Row], wishes: Sequence[Row], *, now: datetime, lease_after: datetime
) -> Exchanged:
    written = connection.ops.adapt_datetimefield_value
    ours: set[int] = set()
    final: set[int] = set()
    with connection.cursor() as cursor:
        if taken:
            cursor.execute(_TAKE_SQLITE, [as_json(taken)])
            ours = {pk for (pk,) in cursor.fetchall()}
            cursor.execute(_CLOSE_SQLITE, [as_json([one for one in taken if one["id"] in ours])])
        if wishes:
            cursor.execute(_MARK_SQLITE, [as_json(wishes), written(lease_after), written(now)])
            final = {pk for (pk,) in cursor.fetchall()}
    return Exchanged(taken=ours, final=final)


def _ids(rows: Sequence[Row]) -> list[int]:
    return [pk for row in rows if isinstance(pk := row["id"], int)]
