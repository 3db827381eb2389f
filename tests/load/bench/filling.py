"""A company with as many open promises as asked for, laid down by the database itself.

Teams of fifty. Each stage of growth brings promises that come due in rounds of its own, lying
evenly among those that do not. Each was made at a second of its own, and all that come due in one
round were promised for the same hour and reminded together, as it is with promises. The owners of
one round are all different people, so that each promise makes a mail of its own; a customer is let
down once in a hundred days.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from commitments import starting
from commitments.models import (
    Calendar,
    Commitment,
    Conversation,
    Customer,
    Kind,
    Membership,
    Policy,
    PolicyVersion,
    Step,
    Team,
    User,
)
from commitments.rules.ladder import Basis

MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST_ROUND = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
ROUNDS = 4
"""In each stage."""
TEAM = 50
_LATER = datetime(2027, 1, 1, tzinfo=UTC)

# `place` counts the promises of a stage that come due in it: so many people, `ROUNDS` times.
_PROMISES = """
insert into commitments_commitment (
    conversation_id, customer_id, team_id, owner_id, kind_id, policy_version_id, wording,
    team_note, urgent, promised_at, first_due_at, due_at, due_zone, due_said, revision, revised_at,
    status, outcome, currency, evidence, cause, keep_by, origin, origin_key, waiting_for,
    customer_wait, climbed, repetition, last_step_at, next_action, next_action_at, event_count,
    head_hash
)
select
    %(conversation)s + place %% %(customers)s, %(customer)s + place %% %(customers)s,
    %(team)s + place / %(rounds)s %% %(people)s / %(of_a_team)s,
    %(owner)s + place / %(rounds)s %% %(people)s,
    %(kind)s, %(version)s, 'Send the replacement part for the kettle', '', false,
    made_at, due_at, due_at, 'UTC', 'by half past ten', 1, made_at, 'open', '', '', '', '', '',
    '', '', '', {no_time}, 1, 0, %(made)s, 'breach', due_at, 1,
    '0000000000000000000000000000000000000000000000000000000000000000'
"""

_POSTGRESQL = (
    _PROMISES.format(no_time="interval '0'")
    + """
from (
    select number, number / %(stride)s as place,
        %(made)s::timestamptz - interval '1 second' * (number %% 28800) as made_at, case
        when number %% %(stride)s = 0 and number / %(stride)s < %(people)s * %(rounds)s
        then %(first)s::timestamptz + interval '1 hour' * (number / %(stride)s %% %(rounds)s)
        else %(later)s::timestamptz + interval '1 second' * (number %% 20000000)
    end as due_at
    from generate_series(0, %(count)s - 1) as numbers (number)
) as promise
"""
)

_SQLITE = (
    _PROMISES.format(no_time="0")
    + """
from (
    with recursive numbers (number) as (
        select 0 union all select number + 1 from numbers where number + 1 < %(count)s
    )
    select number, number / %(stride)s as place,
        datetime(%(made)s, '-' || (number %% 28800) || ' seconds') as made_at, case
        when number %% %(stride)s = 0 and number / %(stride)s < %(people)s * %(rounds)s
        then datetime(%(first)s, '+' || (number / %(stride)s %% %(rounds)s) || ' hours')
        else datetime(%(later)s, '+' || (number %% 20000000) || ' seconds')
    end as due_at
    from numbers
) as promise
"""
)


def round_at(stage: int, number: int) -> datetime:
    """When the promises of this round of this stage are due."""
    return FIRST_ROUND + timedelta(days=100 * stage, hours=number)


class Company:
    """The people and the rules, made once; promises are added stage by stage."""

    def __init__(self, *, people: int) -> None:
        """`people` own a promise each in every round."""
        starting.ensure(zone="UTC", now=MADE)
        self.people = people
        self.stored = 0
        self.stages = 0
        self._version = _ladder()
        self._owner = _owners(people)
        self._team = _teams(self._owner, people)
        self._customer, self._conversation = _customers(
            people * ROUNDS, team=self._team, agent=self._owner
        )

    def grow_to(self, count: int) -> None:
        """Store open promises until there are so many."""
        added = count - self.stored
        statement = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
        values = {
            "count": added,
            "stride": max(added // (self.people * ROUNDS), 1),
            "rounds": ROUNDS,
            "people": self.people,
            "of_a_team": TEAM,
            "conversation": self._conversation,
            "customer": self._customer,
            "customers": self.people * ROUNDS,
            "team": self._team,
            "owner": self._owner,
            "kind": Kind.objects.get(code="followup").pk,
            "version": self._version,
            "made": connection.ops.adapt_datetimefield_value(MADE),
            "first": connection.ops.adapt_datetimefield_value(round_at(self.stages, 0)),
            "later": connection.ops.adapt_datetimefield_value(_LATER),
        }
        is_worth_it = connection.vendor == "postgresql" and added > self.stored
        execute = lay_down if is_worth_it else _execute
        execute(statement, values)
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        self.stored = count
        self.stages += 1


def _execute(statement: str, values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def lay_down(statement: str, values: dict[str, object]) -> None:
    """Ten million rows in minutes: the indexes are built when all of them are there, and triggers
    rest. So what they refer to is not looked up for each, and words to find them by are not laid
    down: no sweep reads or writes those.
    """
    with connection.schema_editor() as editor:
        for index in Commitment._meta.indexes:
            editor.remove_index(Commitment, index)
        _execute("set local session_replication_role = replica", {})
        _execute(statement, values)
        for index in Commitment._meta.indexes:
            editor.add_index(Commitment, index)


def _ladder() -> int:
    """The reminder has been; now the time passes, and much later the manager is asked."""
    policy = Policy.objects.create(name="Measured")
    version = PolicyVersion.objects.create(policy=policy, number=1, made_at=MADE)
    rungs = [
        (Basis.WORKING, -7200, ["owner"]),
        (Basis.WORKING, 0, ["owner"]),
        (Basis.WORKING_DAYS, 400, ["manager"]),
    ]
    Step.objects.bulk_create(
        Step(
            version=version,
            position=place,
            number=place,
            basis=basis.value,
            offset=offset,
            audience=audience,
        )
        for place, (basis, offset, audience) in enumerate(rungs, start=1)
    )
    return version.pk


@transaction.atomic
def _owners(people: int) -> int:
    """As many users, with ids one after another; the first is answered."""
    users = User.objects.bulk_create(
        [
            User(email=f"agent{number}@larkfield.example", name=f"Agent Number {number}")
            for number in range(people)
        ],
        batch_size=1000,
    )
    return users[0].pk


@transaction.atomic
def _teams(owner: int, people: int) -> int:
    calendar = Calendar.objects.get(name=starting.CALENDAR)
    teams = Team.objects.bulk_create(
        [Team(name=f"Team {n}", calendar=calendar) for n in range((people - 1) // TEAM + 1)]
    )
    Membership.objects.bulk_create(
        [
            Membership(user_id=owner + number, team=teams[number // TEAM])
            for number in range(people)
        ],
        batch_size=1000,
    )
    return teams[0].pk


@transaction.atomic
def _customers(count: int, *, team: int, agent: int) -> tuple[int, int]:
    """As many customers and conversations, with ids one after another; the first of each."""
    customers = Customer.objects.bulk_create(
        [
            Customer(name=f"Tom Okafor {number}", email=f"tom{number}@customers.example")
            for number in range(count)
        ],
        batch_size=1000,
    )
    spoken = Conversation.objects.bulk_create(
        [
            Conversation(team_id=team, customer=customer, agent_id=agent, at=MADE)
            for customer in customers
        ],
        batch_size=1000,
    )
    return customers[0].pk, spoken[0].pk
