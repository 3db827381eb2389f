"""How fast an agent's day answers among a million promises, and the line while it is typed.

    python -m pytest -m load tests/load/test_my_promises_speed.py -s

Ana owes fifty, and has closed twenty thousand; her team knows a thousand of the customers.
"""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection

from commitments.models import Commitment, Membership, Role, User
from tests.load import asking
from tests.load.asking import Ask, Reader
from tests.load.conftest import House
from tests.load.laying_down import NOW, PROMISES
from tests.makers import a_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.load,
    pytest.mark.postgresql,
    pytest.mark.timeout(900),
]
OWED, CLOSED = 50, 20_000

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


def anas_day(facts: dict[str, int]) -> User:
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
    return ana


def asks_of(ana: User) -> dict[str, Ask]:
    first = Commitment.objects.filter(owner=ana).live().order_by("due_at")[0]
    line = '@"customer 4700" refund the kettle fri 10am'
    return {
        "an empty page": Ask(address=asking.EMPTY),
        "My promises": Ask(address="/promises/mine/"),
        "renewed each minute": Ask(address="/promises/mine/", by_script=True),
        "with what is done": Ask(address="/promises/mine/?show=overdue,today,done"),
        "a promise": Ask(address=f"/promises/{first.reference}/"),
        "hints, a first name": Ask(address="/promises/hints/", post={"word": "@cust"}),
        "hints, a later word": Ask(address="/promises/hints/", post={"word": "@4700"}),
        "hints, a case": Ask(address="/promises/hints/", post={"word": "#LK-47"}),
        "reading a line": Ask(address="/promises/read/", post={"line": line}),
        "a name all have": Ask(address="/promises/read/", post={"line": "@customer call fri"}),
        "nobody's name": Ask(address="/promises/read/", post={"line": "@zzz call fri"}),
    }


def test_a_day_of_fifty_out_of_a_million(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    ana = anas_day(house.facts)
    assert Commitment.objects.filter(owner=ana).live().count() == OWED
    reader = Reader(ana)

    with time_machine.travel(NOW, tick=True):
        figures = asking.by_turns({"Ana": reader}, asks_of(ana))

    with capsys.disabled():
        title = f"{PROMISES:,} promises, {OWED} of them Ana's; laid down in {house.took:.0f} s"
        print(asking.table(title, figures))
    assert asking.slow(figures) == {}
