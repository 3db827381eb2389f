"""What `rehearse` shows is what happens then: every message, by every way, at its very minute."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from commitments import policies, services, sweep
from commitments.models import Commitment, Customer, Kind, Policy
from commitments.rules import saying
from commitments.rules.ladder import Basis, Step
from notifications import delivery
from notifications.models import ContactPoint, Delivery
from tests.makers import DAY, NOON, a_draft, a_team, ana, dev, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOURS = 3600
_MESSAGE = re.compile(r"  To (.+?)(?: \(customer\))?, by ([a-z -]+?)(?: \(as one.*\))?: “(.+)”")
Heard = tuple[str, str, str, str]  # when, who, by which ways, the subject


def a_step(basis: Basis, offset: int, *audience: str, **fields: object) -> Step:
    return Step(number=0, basis=basis, offset=offset, audience=audience, **fields)


LADDERS = {
    "Said again": (
        a_step(Basis.PERCENT, 50, "owner"),
        a_step(Basis.WORKING, 0, "owner", "lead", repeat_every=HOURS, repeat_cap=3),
        a_step(Basis.WORKING, 6 * HOURS, "manager", "customer", words="A part is missing."),
        a_step(Basis.WORKING_DAYS, 2, "role:agent", repeat_every=4 * HOURS, repeat_cap=2),
    ),
    "Handed on": (
        a_step(Basis.ELAPSED, -20 * HOURS, "owner"),
        a_step(Basis.ELAPSED, 0, "customer", "owner"),
        a_step(Basis.WORKING, HOURS, "owner", "manager", hands_to="lead", pierces_quiet=True),
        a_step(Basis.ELAPSED, 70 * HOURS, "role:lead", "deputy"),
    ),
}


def rehearsed(policy: str, *, kind: str, at: datetime) -> list[Heard]:
    out = StringIO()
    call_command("rehearse", policy, "--kind", kind, "--at", at.isoformat(), stdout=out)
    heard, when = [], ""
    for line in out.getvalue().splitlines():
        when = line[:24].strip() or when
        if message := _MESSAGE.fullmatch(line[24:]):
            heard.append((when, message[1], message[2], message[3]))
    return sorted(heard)


def lived(policy: str, *, kind: str, at: datetime, zone: str) -> list[Heard]:
    """The same promise in earnest, with a round whenever something comes due."""
    Kind.objects.filter(code=kind).update(policy=Policy.objects.get(name=policy))
    kettle, now = a_promise(Kind.objects.get(code=kind), at=at), at
    while now is not None and now < at + 14 * DAY:
        sweep.run(now)
        delivery.run(now)
        now = following(kettle, after=now)
    return sorted(heard_of(kettle, zone=zone, start=at))


def a_promise(kind: Kind, *, at: datetime) -> Commitment:
    tom = Customer.objects.create(name="Tom Example", email="tom@customer.invalid")
    chain = kind.usual_steps(at, hours=a_team().calendar.hours())
    draft = a_draft(
        kind=kind.code,
        customer=tom,
        wording=kind.usual_wording,
        due_at=chain[-1].ends_at,
        due_steps=chain,
    )
    return services.make(draft, by=ana(), now=at)


def following(commitment: Commitment, *, after: datetime) -> datetime | None:
    clocks = [fresh(commitment).next_action_at, Delivery.objects.next_at()]
    return min((clock for clock in clocks if clock is not None and clock > after), default=None)


def heard_of(commitment: Commitment, *, zone: str, start: datetime) -> Iterator[Heard]:
    rows = Delivery.objects.filter(about=commitment.about, state__in=["sent", "bundled"])
    together: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for row in rows.order_by("pk"):
        when = saying.say_time(row.settled_at, zone=zone, now=start)
        together[when, row.key.removesuffix(f":{row.channel}")].append(row)
    for (when, _), ways in together.items():
        by = " and ".join(sorted({"email": "e-mail"}.get(way.channel, way.channel) for way in ways))
        yield when, ways[0].name, by, max((way.subject for way in ways), key=len)


def rows_of_every_table() -> dict[str, int]:
    counted = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counted[table] = cursor.fetchone()[0]
    return counted


@pytest.mark.parametrize("policy", ["Usual", *LADDERS])
@pytest.mark.parametrize(
    ("zone", "at", "kind"),
    [
        ("Europe/London", "2026-10-23T15:00Z", "refund"),  # over the night of 25 hours
        ("America/New_York", "2026-03-06T20:00Z", "callback"),  # and over the one of 23
    ],
)
def test_what_is_rehearsed_is_what_happens_then(policy: str, zone: str, at: str, kind: str) -> None:
    a_team(zone=zone)
    ContactPoint.objects.create(  # Dev sleeps: what comes at night waits for the morning
        user=dev(), channel="email", quiet_from=time(17), quiet_to=time(8), zone=zone
    )
    for name, steps in LADDERS.items():
        policies.make(name, steps=steps, by=None, now=NOON)
    before = rows_of_every_table()

    shown = rehearsed(policy, kind=kind, at=datetime.fromisoformat(at))

    assert rows_of_every_table() == before
    assert shown == lived(policy, kind=kind, at=datetime.fromisoformat(at), zone=zone)
    assert len({who for _, who, _, _ in shown}) == 4  # Ana, Dev, Ines and Tom
