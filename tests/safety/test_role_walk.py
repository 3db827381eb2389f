"""Everybody at every door, held against the very tables of docs/security.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import pytest
import time_machine

from tests.browser.tour import routes
from tests.makers import NOON
from tests.safety import absent, all_ways, doors, nameless, table, world
from tests.safety.doors import Door
from tests.safety.table import Row
from tests.safety.walk import OUTSIDER, Company, Said
from tests.safety.ways import Way

pytestmark = pytest.mark.both_databases

PARTS: Final = 16
PAIRS: Final = "pairs of role and door"  # tests/conftest.py adds them up, aloud
# What an auditor takes away: files, and what a calendar keeps.
LEAVES: Final = frozenset(
    {f"web:{each}_csv" for each in ("overdue", "kept", "ratings", "workload", "causes", "values")}
    | {"web:export", "web:overdue_xlsx", "web:calendar_feed"}
)
_REFUSALS: Final = frozenset({200, 302, 303, 400, 409, 422})
_SHUT: Final = frozenset({"no", "403", "404"})
_PROGRAMS: Final = frozenset({"nobody", "customer", "reader", "service"})


@pytest.fixture(autouse=True)
def _a_house(settings: Any) -> Iterator[None]:
    settings.WEBHOOK_ALLOW_PRIVATE = ["203.0.113.0/24"]
    settings.METRICS_TOKEN = "a-token-of-the-operators"
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_everybody_meets_at_every_door_what_the_table_says(part: int, record_property: Any) -> None:
    """In parts, each of some doors of every kind: a process of its own may walk each."""
    company, some = Company.founded(), doors.every()[part - 1 :: PARTS]

    wrong = [no for door in some for no in surprises_at(company, door)]

    record_property(PAIRS, len(some) * len(table.ROLES))
    assert not wrong, "\n".join(wrong)


def surprises_at(company: Company, door: Door) -> Iterator[str]:
    way, row = all_ways.to(door), table.row_of(door)
    sent = company.sent(door, way) if door.method == "POST" and row else {}
    for role in table.ROLES:
        yield from surprises(company, role, door, way, row, sent)
    if row:
        yield from surprises_of_an_outsider(company, door, way, row, sent)


def surprises(
    company: Company, role: str, door: Door, way: Way, row: Row | None, sent: Any
) -> Iterator[str]:
    """What is not as the table says, in words."""
    word = row.meets[role] if row else ""
    said = company.visit(role, door, company.address(door, way, role), sent)
    if not (is_so(said, word, door, opens=way.opens) if row else is_shut(said)):
        changed = f", changed {', '.join(sorted(said.changed))}" if said.changed else ""
        yield f"{role} at {door}: {said.status} {said.location}{changed}, not {word or 'shut'}"
    if told := sorted(each for each in tells(said, role, door) if each not in repr(sent)):
        yield f"{role} at {door}: is told {', '.join(told)}"
    if said.status == 404 or (role == "stranger" and word in _SHUT):
        for each in absent.apart(company, role, door, way, sent, said):
            yield f"{role} at {door}: meets {each}"


def surprises_of_an_outsider(
    company: Company, door: Door, way: Way, row: Row, sent: Any
) -> Iterator[str]:
    """Who audits another team meets what its agents meet, or is refused for their role."""
    said = company.visit(OUTSIDER, door, company.address(door, way, OUTSIDER), sent)
    if told := sorted(each for each in tells(said, "stranger", door) if each not in repr(sent)):
        yield f"{OUTSIDER} at {door}: is told {', '.join(told)}"
    if row.meets["stranger"] not in _SHUT:
        return
    if not is_shut(said) and not is_so(said, "no", door, opens=0):
        yield f"{OUTSIDER} at {door}: {said.status} {said.location}, not shut"
    for each in absent.apart(company, OUTSIDER, door, way, sent, said):
        yield f"{OUTSIDER} at {door}: meets {each}"


def is_so(said: Said, word: str, door: Door, *, opens: int) -> bool:
    if word in {"yes", "own"}:
        is_open = (
            said.status == opens if opens else said.status < 400 and not leads_to_sign_in(said)
        )
        return is_open and bool(said.changed) is (door.method != "GET")
    if said.changed:
        return False
    match word:
        case "shows":
            return said.status < 400
        case "no":
            return said.status in _REFUSALS and not leads_to_sign_in(said)
        case "sign in":
            return leads_to_sign_in(said)
    return said.status == int(word)


def is_shut(said: Said) -> bool:
    return not said.changed and (said.status in {403, 404, 405} or leads_to_sign_in(said))


def leads_to_sign_in(said: Said) -> bool:
    """By a redirect, a page that keeps what was typed, or for programs a 401."""
    return (
        said.status == 401
        or (said.status in {301, 302} and "/login/" in said.location)
        or (said.status == 403 and "/accounts/login/" in said.text)
    )


def tells(said: Said, role: str, door: Door) -> Iterator[str]:
    """What of Billing care's customer is in the answer, and not for them."""
    text = unescape(said.text)
    if role in {"nobody", "stranger"} or (role in _PROGRAMS and not is_for_them(role, door)):
        yield from (mark for mark in world.MARKS if mark in text)
    if role == "auditor":
        leaves = door.is_of_the_api or door.name in LEAVES
        yield from (mark for mark in (world.MARKS if leaves else world.CONTACT) if mark in text)


def is_for_them(role: str, door: Door) -> bool:
    return door.name.startswith("public:") if role == "customer" else door.is_of_the_api


def test_every_row_names_doors_and_says_words_that_are_known() -> None:
    every = set(doors.every())

    gone = [
        f"{row.method} {name}"
        for row in table.rows()
        for name in row.names
        if not any(row.is_of(door) and ("*" in name or door.name == name) for door in every)
    ]
    said = {word for row in table.rows() for word in row.meets.values()}

    assert gone == []
    assert said <= table.WORDS
    assert all(set(row.meets) == set(table.ROLES) for row in table.rows())
    assert all_ways.unknown() == set()


def test_every_door_has_a_row() -> None:
    """For one method at least; of the API, for each."""
    every = doors.every()
    without = {str(door) for door in every if door.is_of_the_api and table.row_of(door) is None}
    opened = {door.name for door in every if table.row_of(door) is not None}

    assert without == set()
    assert doors.addresses() - opened == set()


def test_every_door_of_the_api_is_in_its_schema() -> None:
    """From which it is walked."""
    walked = {_anonymous(path) for _, path in doors.operations()}

    left_out = [
        pattern
        for name, pattern in routes.patterns()
        if name.startswith("api:") and _anonymous(f"/{pattern}") not in walked
    ]

    assert left_out == []


def test_no_two_addresses_share_a_name() -> None:
    """A row says a name: of two, one alone would be walked."""
    shared = Counter(name for name, _ in routes.patterns() if name)

    assert [name for name, times in shared.items() if times > 1] == []


def test_an_address_without_a_name_has_a_reason() -> None:
    assert nameless.unexcused() == []
    assert nameless.gone() == []


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_whoever_comes_to_an_address_without_a_name_is_led_on_or_finds_nothing() -> None:
    company = Company.founded()

    met = {
        (role, method, address): company.visit(role, Door(name, method), address, {})
        for name, address in nameless.examples()
        for method in doors.METHODS
        for role in table.ROLES
    }

    open_to = [who for who, said in met.items() if not is_shut(said) and not leads_on(said)]
    assert open_to == []


def leads_on(said: Said) -> bool:
    return not said.changed and said.status in {301, 302}


def _anonymous(path: str) -> str:
    """Whatever its parts are called."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", "*", path)
