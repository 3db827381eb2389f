"""How fast the list of all promises answers among a million of them.

    python -m pytest -m load tests/load/test_list_speed.py -s

A tenth is open, over five years, of a hundred teams. Each page is asked for by somebody who sees
four of the teams, by a manager of all, and in full: middleware, queries and template. It is asked
for a few times; the median counts.
"""

from __future__ import annotations

import os
import statistics
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from commitments import starting
from commitments.models import (
    Calendar,
    Conversation,
    Customer,
    Kind,
    Membership,
    PolicyVersion,
    Role,
    Team,
    User,
)
from tests.makers import a_user
from tests.web import pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.load, pytest.mark.timeout(900)]

NOW = datetime(2026, 5, 21, 12, tzinfo=UTC)
PROMISES = int(os.environ.get("LIST_SIZE", "1000000"))
CUSTOMERS = 50_000
TEAMS = 100
TIMES = 5
MOST = 0.060  # seconds of server time for fifty rows out of a million

PAGES = {
    "as it opens": "",
    "second page": "page=2",
    "open, soonest due": "state=live&sort=due",
    "all, latest due": "sort=-due",
    "overdue": "state=overdue",
    "overdue, not told": "state=overdue&told=no",
    "closed": "state=closed",
    "done, one kind": "state=done&kind={kind}",
    "one team": "team={team}",
    "one owner": "owner={owner}",
    "due today": "state=today",
    "a customer's name": "q=customer+4711",
    "an e-mail": "q=c4711@customers.example",
    "digits of a phone": "q=555+04711",
    "a case": "q=LK-471147",
    "a rare word": "q=gasket",
    "a common word": "q=refund",
    "two common words": "q=refund+kettle",
    "a word and a filter": "q=refund&state=overdue",
    "a reference": "q=K7Q2M",
    "nothing like it": "q=zzzzzz",
}

_PROMISES = """
insert into commitments_commitment (
    conversation_id, customer_id, team_id, owner_id, kind_id, policy_version_id, wording,
    team_note, urgent, promised_at, first_due_at, due_at, due_zone, due_said, revision, revised_at,
    status, outcome, closed_at, currency, evidence, cause, keep_by, origin, origin_key, waiting_for,
    customer_wait, climbed, repetition, next_action, next_action_at, event_count, head_hash
)
select
    %(conversation)s + number %% %(customers)s, %(customer)s + number %% %(customers)s,
    %(team)s + number %% %(teams)s, %(owner)s + number %% %(owners)s,
    %(kind)s + number %% %(kinds)s, %(version)s,
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
        select number, number %% 100 * 79 %% 100 < 10 as is_open
        from generate_series(1, %(count)s) as numbers (number)
    ) as each
) as promise
"""

# As in migration 0008: a million rows are indexed faster at once than one by one.
_INDEX = "create index commitments_search_words on commitments_search using gin (words)"


def a_million() -> dict[str, int]:
    """Laid down by the database itself; answers what stands in addresses."""
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
    customers = Customer.objects.bulk_create(
        Customer(
            name=f"Customer {number}",
            email=f"c{number}@customers.example",
            phone=f"+44 755 555 {number:05}",
        )
        for number in range(CUSTOMERS)
    )
    conversations = Conversation.objects.bulk_create(
        Conversation(
            team=teams[number % TEAMS], customer=customer, at=NOW,
            outside_reference=f"LK-{number * 100 + 47}",
        )
        for number, customer in enumerate(customers)
    )  # fmt: skip
    kinds = list(Kind.objects.order_by("pk"))
    values = {
        "conversation": conversations[0].pk, "customer": customers[0].pk, "customers": CUSTOMERS,
        "team": teams[0].pk, "teams": TEAMS, "owner": owners[0].pk, "owners": TEAMS,
        "kind": kinds[0].pk, "kinds": len(kinds), "now": NOW, "count": PROMISES,
        "version": PolicyVersion.objects.order_by("pk")[0].pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("drop index commitments_search_words")
        cursor.execute(_PROMISES, values)
        cursor.execute(_INDEX)
        cursor.execute("vacuum analyze")
    return {"kind": kinds[0].pk, "team": teams[0].pk, "owner": owners[0].pk}


def median_of(client: Client, address: str) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        page = client.get(address)
        took.append(time.perf_counter() - began)
        assert page.status_code == 200
    return statistics.median(took)


@pytest.mark.postgresql
def test_a_page_of_fifty_out_of_a_million(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": plain},
    }
    began = time.perf_counter()
    facts = a_million()
    filled = time.perf_counter() - began
    some, everything = a_user("Sam Some"), a_user("Ada Admin", is_superuser=True)
    first = facts["team"]
    Membership.objects.bulk_create(
        Membership(user=some, team_id=first + number, role=Role.MANAGER) for number in range(4)
    )
    clients = {"four teams": pages.signed_in(some), "all teams": pages.signed_in(everything)}

    with time_machine.travel(NOW, tick=True):
        figures = {
            name: [
                median_of(client, f"/promises/?{asked.format(**facts)}")
                for client in clients.values()
            ]
            for name, asked in PAGES.items()
        }

    with capsys.disabled():
        print(f"\n{PROMISES:,} promises, laid down and indexed in {filled:.0f} s\n")
        print(f"{'server time of a page, ms':<28}{''.join(f'{who:>12}' for who in clients)}")
        for name, took in figures.items():
            print(f"{name:<28}{''.join(f'{1000 * each:>12.0f}' for each in took)}")
    slow = {name: took for name, took in figures.items() if max(took) > MOST}
    assert slow == {}
