"""How fast the list of all promises answers among a million of them.

    python -m pytest -m load tests/load/test_list_speed.py -s

Each page is asked for by somebody who sees four of the hundred teams, and by an administrator.
"""

from __future__ import annotations

import pytest
import time_machine

from commitments.models import Membership, Role
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
    "a word all have": "q=customer",
    "a word and a filter": "q=refund&state=overdue",
    "a reference": "q=K7Q2M",
    "nothing like it": "q=zzzzzz",
}


def test_a_page_of_fifty_out_of_a_million(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    some, everything = a_user("Sam Some"), a_user("Ada Admin", is_superuser=True)
    Membership.objects.bulk_create(
        Membership(user=some, team_id=house.facts["team"] + number, role=Role.MANAGER)
        for number in range(4)
    )
    readers = {"four teams": Reader(some), "all teams": Reader(everything)}
    asks = {"an empty page": Ask(address=asking.EMPTY)} | {
        name: Ask(address=f"/promises/?{asked.format(**house.facts)}")
        for name, asked in PAGES.items()
    }

    with time_machine.travel(NOW, tick=True):
        figures = asking.by_turns(readers, asks)

    with capsys.disabled():
        title = f"{PROMISES:,} promises, laid down and indexed in {house.took:.0f} s"
        print(asking.table(title, figures))
    assert asking.slow(figures) == {}
