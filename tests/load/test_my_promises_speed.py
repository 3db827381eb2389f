"""How fast an agent's day answers among a million promises, and the line while it is typed.

    python -m pytest -m load tests/load/test_my_promises_speed.py -s

Ana owes fifty, and has closed twenty thousand; her team knows five hundred of the customers. Each
page is asked for in full: middleware, queries and template. The median of a few times counts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse

from commitments.models import Commitment, Membership, Role
from tests.load.test_list_speed import MOST, NOW, PROMISES, TIMES, a_million
from tests.makers import a_user
from tests.web import pages

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.load,
    pytest.mark.postgresql,
    pytest.mark.timeout(900),
]
OWED, CLOSED = 50, 20_000
SCRIPT = {"HX-Request": "true"}

_HAND_TO_ANA = """
update commitments_commitment as promise
set owner_id = %(owner)s, team_id = %(team)s, {changes}
from (
    select id, row_number() over (order by id) as place from commitments_commitment
    where status = %(status)s order by id limit %(count)s
) as chosen
where promise.id = chosen.id
"""
_OWED = (
    "due_at = %(now)s::timestamptz + interval '3 hours' * (place - 5),"
    " next_action_at = %(now)s::timestamptz + interval '3 hours' * (place - 5)"
)
_LATELY = "closed_at = %(now)s::timestamptz - interval '10 minutes' * place"


def anas_day(facts: dict[str, int]) -> int:
    """Fifty promises from half a day ago to six days ahead, and years of closed ones."""
    ana = a_user("Ana Moreno")
    Membership.objects.create(user=ana, team_id=facts["team"], role=Role.AGENT)
    values = {"owner": ana.pk, "team": facts["team"], "now": NOW}
    with connection.cursor() as cursor:
        owed = {"status": "open", "count": OWED}
        cursor.execute(_HAND_TO_ANA.format(changes=_OWED), values | owed)
        closed = {"status": "fulfilled", "count": CLOSED}
        cursor.execute(_HAND_TO_ANA.format(changes=_LATELY), values | closed)
        cursor.execute("vacuum analyze")
    return ana.pk


def median_of(ask: Callable[[], HttpResponse]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = ask()
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200
    return statistics.median(took)


def test_a_day_of_fifty_out_of_a_million(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": plain},
    }
    owner = anas_day(a_million())
    assert Commitment.objects.filter(owner=owner).live().count() == OWED
    client = pages.signed_in(a_user("Ana Moreno"))
    line = '@"customer 4700" refund the kettle fri 10am'
    asks = {
        "My promises": lambda: client.get("/promises/mine/"),
        "renewed each minute": lambda: client.get("/promises/mine/", headers=SCRIPT),
        "hints, a first name": lambda: client.post("/promises/hints/", {"word": "@cust"}),
        "hints, a later word": lambda: client.post("/promises/hints/", {"word": "@4700"}),
        "hints, a case": lambda: client.post("/promises/hints/", {"word": "#LK-47"}),
        "reading a line": lambda: client.post("/promises/read/", {"line": line}),
    }

    with time_machine.travel(NOW, tick=True):
        took = {name: median_of(ask) for name, ask in asks.items()}

    with capsys.disabled():
        print(f"\n{PROMISES:,} promises, {OWED} of them Ana's to keep; server time, ms\n")
        for name, each in took.items():
            print(f"{name:<28}{1000 * each:>8.0f}")
    assert {name: each for name, each in took.items() if each > MOST} == {}
