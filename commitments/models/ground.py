"""What a new promise stands on, read in one statement: the team and its hours, whoever makes it,
the kind and its ladder, who we are to customers, and the promise's own id.

Read each for itself that is a dozen statements, most of the time that making a promise takes. Both
databases stand side by side. Lists come as JSON, and what the same text came to once is kept: a
change is another text, so it is seen at once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

from django.db import connection, models

from commitments.rules import ladder as ladders
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Ladder

from .brand import Brand
from .hours import Calendar, hours_from
from .kind import Kind
from .people import Team
from .policy import PolicyVersion

_LISTS_POSTGRESQL: Final = """
    (select jsonb_agg(jsonb_build_array(position, number, basis, "offset", audience, words,
        hands_to, repeat_every, repeat_cap, pierces_quiet))
        from commitments_step where version_id = version.id)::text,
    (select jsonb_agg(jsonb_build_array(weekday, opens, closes))
        from commitments_openinghours where calendar_id = calendar.id)::text,
    (select jsonb_agg(jsonb_build_array("on", spans))
        from commitments_holiday where calendar_id = calendar.id)::text,
    (select jsonb_agg(jsonb_build_array(language, subject, heading, body))
        from commitments_messagetext as said where template = %(text)s and not is_standard
        and not exists (select 1 from commitments_messagetext where template = said.template
            and language = said.language and number > said.number))::text,
    nextval(pg_get_serial_sequence('commitments_commitment', 'id'))
"""

_LISTS_SQLITE: Final = """
    (select json_group_array(json_array(position, number, basis, "offset", json(audience), words,
        hands_to, repeat_every, repeat_cap, pierces_quiet))
        from commitments_step where version_id = version.id),
    (select json_group_array(json_array(weekday, opens, closes))
        from commitments_openinghours where calendar_id = calendar.id),
    (select json_group_array(json_array("on", json(spans)))
        from commitments_holiday where calendar_id = calendar.id),
    (select json_group_array(json_array(language, subject, heading, body))
        from commitments_messagetext as said where template = %(text)s and not is_standard
        and not exists (select 1 from commitments_messagetext where template = said.template
            and language = said.language and number > said.number)),
    coalesce((select seq from sqlite_sequence where name = 'commitments_commitment'), 0) + 1
"""

# Without a team it is the only one in which the caller may do something: a second one is read to
# know that there is another.
_STATEMENT: Final = """
select {columns},
    member.role, exists (select 1 from commitments_subscription), {lists}
from commitments_team as team
join commitments_calendar as calendar on calendar.id = team.calendar_id
left join commitments_brand as brand on brand.id = 1
left join commitments_membership as member on member.team_id = team.id and member.user_id = %(by)s
left join commitments_kind as kind on {kind}
left join commitments_policy as policy on policy.id = kind.policy_id
left join commitments_policyversion as version on version.id = (
    select id from commitments_policyversion
    where policy_id = case when %(urgent)s then coalesce(policy.urgent_variant_id, policy.id)
        else policy.id end
    order by number desc limit 1
)
where case when %(team)s is not null then team.id = %(team)s
    else %(sees_all)s or member.role in ('agent', 'lead', 'manager', 'service') end
order by team.id
limit 2
"""
_BY_ID: Final = "kind.id = %(kind)s"
_BY_CODE: Final = "kind.code = %(kind)s and kind.for_customers and kind.retired_at is null"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """`role` is that of whoever makes the promise, in the team; None for a stranger there. `kind`
    is None where there is no such kind. `texts` are our own of the mail that was asked for:
    language, subject, heading and body.
    """

    team: Team
    role: str | None
    kind: Kind | None
    version: PolicyVersion | None
    ladder: Ladder
    hours: Hours
    brand: Brand
    texts: Sequence[Sequence[str]]
    next_id: int


def of_team(team_id: int, *, kind_id: int, urgent: bool, text: str, by_id: int | None) -> Ground:
    """For a promise of this kind. Read in the transaction that makes it. Raises DoesNotExist."""
    asked = {"team": team_id, "kind": kind_id, "sees_all": False}
    found = _read(_BY_ID, asked | {"urgent": urgent, "text": text, "by": by_id})
    if not found:
        raise Team.DoesNotExist
    if found[0].kind is None:
        raise Kind.DoesNotExist
    return found[0]


def of_caller(
    by_id: int, *, team_id: int | None, code: str, urgent: bool, text: str, sees_all: bool
) -> list[Ground]:
    """The same as a program says it: the team it names, or up to two of those in which it acts.

    Only kinds that may be promised to customers are found.
    """
    asked = {"team": team_id, "kind": code, "sees_all": sees_all}
    return _read(_BY_CODE, asked | {"urgent": urgent, "text": text, "by": by_id})


def next_ids(count: int) -> list[int]:
    """So many ids of promises, rising, which nobody else is given."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "select nextval(pg_get_serial_sequence('commitments_commitment', 'id'))"
                " from generate_series(1, %s)",
                [count],
            )
            return sorted(pk for (pk,) in cursor.fetchall())
        # A transaction that writes is alone there.
        cursor.execute("select seq from sqlite_sequence where name = 'commitments_commitment'")
        (last,) = cursor.fetchone() or (0,)
    return list(range(last + 1, last + 1 + count))


def _read(kind: str, asked: dict[str, Any]) -> list[Ground]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(kind, connection.vendor), asked)
        return [_ground(row) for row in cursor.fetchall()]


@cache
def _statement(kind: str, vendor: str) -> str:
    lists = _LISTS_POSTGRESQL if vendor == "postgresql" else _LISTS_SQLITE
    columns = ", ".join(part.columns for part in _parts())
    return _STATEMENT.format(columns=columns, kind=kind, lists=lists)


def _ground(row: Sequence[Any]) -> Ground:
    team, calendar, kind, version, brand = (part.made(row) for part in _parts())
    role, some_listen, rungs, week, days, texts, next_id = row[-7:]
    calendar.known_hours = _hours(calendar.zone, week or "[]", days or "[]")
    team.calendar, team.some_listen = calendar, bool(some_listen)
    return Ground(
        team=team,
        role=role,
        kind=kind,
        version=version,
        ladder=_ladder(rungs or "[]"),
        hours=calendar.known_hours,
        brand=brand or Brand.from_environment(),
        texts=json.loads(texts or "[]"),
        next_id=next_id,
    )


@lru_cache(maxsize=256)
def _ladder(rungs: str) -> Ladder:
    return tuple(
        ladders.Step(
            number=number,
            basis=ladders.Basis(basis),
            offset=offset,
            audience=tuple(audience),
            words=words,
            hands_to=hands_to,
            repeat_every=repeat_every,
            repeat_cap=repeat_cap,
            pierces_quiet=bool(pierces_quiet),
        )
        for _, number, basis, offset, audience, words, hands_to, repeat_every, repeat_cap,
            pierces_quiet in sorted(json.loads(rungs))
    )  # fmt: skip


@lru_cache(maxsize=256)
def _hours(zone: str, week: str, days: str) -> Hours:
    exceptions = {date.fromisoformat(on): spans for on, spans in json.loads(days)}
    return hours_from(zone, json.loads(week), exceptions)


class _Part:
    """Where the columns of a model stand in a row."""

    def __init__(
        self, model: type[models.Model], alias: str, *, first: int, without: str = ""
    ) -> None:
        fields = [each for each in model._meta.concrete_fields if each.attname != without]
        self._model = model
        self._names = [each.attname for each in fields]
        self._place = slice(first, first + len(fields))
        self.last = first + len(fields)
        self.columns = ", ".join(f'{alias}."{each.column}"' for each in fields)
        self._readers = [
            (place, reader, column)
            for place, column in enumerate(each.get_col(alias) for each in fields)
            for reader in (
                *connection.ops.get_db_converters(column),
                *column.get_db_converters(connection),
            )
        ]

    def made(self, row: Sequence[Any]) -> Any:  # Any: one of the model
        """None where nothing was joined."""
        values = list(row[self._place])
        if values[0] is None:
            return None
        for place, reader, column in self._readers:
            values[place] = reader(values[place], column, connection)
        return self._model.from_db(connection.alias, self._names, values)


@cache
def _parts() -> tuple[_Part, ...]:
    """In the order in which they are read; a logo's bytes are for pages only."""
    parts: list[_Part] = []
    for model, alias, without in (
        (Team, "team", ""),
        (Calendar, "calendar", ""),
        (Kind, "kind", ""),
        (PolicyVersion, "version", ""),
        (Brand, "brand", "logo"),
    ):
        first = parts[-1].last if parts else 0
        parts.append(_Part(model, alias, first=first, without=without))
    return tuple(parts)
