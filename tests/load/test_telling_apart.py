"""Whether the time of an answer tells what somebody may not know: that a promise is another team's,
or that an account exists.

    python -m pytest -m load tests/load/test_telling_apart.py -s

Both are asked for by turns, each of them first in every other, so that a slow moment of the machine
meets them alike. What counts is how far the medians of two hundred are apart: less than 5 ms, or
20 ms at the door, where a password is hashed for whoever is named.
"""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from commitments import messages
from commitments.models import Membership, Role, Team, User
from commitments.rules import reference
from config import settings as ours
from tests.api.callers import a_program
from tests.makers import NOON, a_commitment, a_team, a_user, ana
from tests.safety import absent, world
from tests.web import pages

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.load,
    pytest.mark.postgresql,
    pytest.mark.timeout(900),
]
TIMES = 200
OF_THINGS, OF_ACCOUNTS = 5.0, 20.0  # milliseconds
SIGN_IN, FORGOTTEN = "/accounts/login/", "/accounts/password/reset/"
GUESS = "a guess of many letters"

Ask = Callable[[], int]  # asks, and answers with the status


class Pair(NamedTuple):
    """What is there and what is not, asked for alike; both are answered with this status."""

    there: Ask
    nowhere: Ask
    status: int
    bound: float = OF_THINGS


@pytest.fixture(autouse=True)
def _no_log() -> Iterator[None]:
    """A line for each refusal is written whether somebody is meant or nobody: thousands of them."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_nobody_tells_apart_by_the_clock(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    with time_machine.travel(NOON, tick=True):
        pairs = {**_pages(), **_calls(), **_links(), **_accounts()}
        took = {name: _medians(pair) for name, pair in pairs.items()}

    with capsys.disabled():
        print(f"\n{'':<38}{'theirs':>13}{'nothing':>13}{'apart':>13}{'bound':>10}")
        for name, (there, nowhere) in took.items():
            cells = f"{there:>10.2f} ms{nowhere:>10.2f} ms{there - nowhere:>+10.2f} ms"
            print(f"{name:<38}{cells}{pairs[name].bound:>7.0f} ms")
    apart = {name: there - nowhere for name, (there, nowhere) in took.items()}
    assert {name: by for name, by in apart.items() if abs(by) >= pairs[name].bound} == {}


def _pages() -> Mapping[str, Pair]:
    """By somebody of another team."""
    browser, facts = pages.signed_in(_stranger()), _facts()

    def pair(path: str, status: int = 404) -> Pair:
        def ask(**facts: object) -> Ask:
            return lambda: browser.get(path.format(**facts)).status_code

        return Pair(*(ask(**each) for each in facts), status)

    return {
        "a promise": pair("/promises/{promise}/"),
        "a promise, to be kept": pair("/promises/{promise}/fulfil/"),
        "a promise, looked for": pair("/promises/?q={promise}", 200),
        "a customer": pair("/customers/{customer}/"),
    }


def _calls() -> Mapping[str, Pair]:
    """By a program of somebody of another team."""
    signed = {"Authorization": f"Bearer {a_program(_stranger(), scope='write').token}"}
    facts = _facts()

    def pair(path: str, body: str = "") -> Pair:
        def ask(**facts: object) -> Ask:
            address = f"/api/v1/{path.format(**facts)}"
            if not body:
                return lambda: Client().get(address, headers=signed).status_code
            kind = "application/json"
            return lambda: Client().post(address, body, kind, headers=signed).status_code

        return Pair(*(ask(**each) for each in facts), 404)

    return {
        "API, a promise": pair("commitments/{promise}/"),
        "API, a promise, kept": pair("commitments/{promise}/fulfil/", '{"how": "Sent"}'),
        "API, a customer": pair("customers/{customer}/"),
        "API, a customer, corrected": pair("customers/{customer}/edit/", '{"name": "Tom"}'),
    }


def _links() -> Mapping[str, Pair]:
    """A customer with their own link, and the reference of somebody else's promise."""
    link = messages.status_path(a_commitment().conversation, now=NOON)

    def ask(promise: object) -> Ask:
        return lambda: Client().get(f"{link}reply/?about={promise}").status_code

    return {
        "a customer's link, another's promise": Pair(*(ask(it["promise"]) for it in _facts()), 404)
    }


def _accounts() -> Mapping[str, Pair]:
    """By a stranger, of somebody who works here and of nobody."""
    person = ana()
    person.set_password("larkfield-demo")
    person.save()
    emails = (person.email, "nobody@larkfield.example")

    def ask(path: str, **said: str) -> Ask:
        return lambda: Client().post(path, said).status_code

    return {
        "signing in": Pair(
            *(ask(SIGN_IN, login=each, password=GUESS) for each in emails), 200, OF_ACCOUNTS
        ),
        "a forgotten password": Pair(
            *(ask(FORGOTTEN, email=each) for each in emails), 302, OF_ACCOUNTS
        ),
    }


def _stranger() -> User:
    """An agent of Repairs, which has nothing to do with what anybody here promised."""
    repairs, _ = Team.objects.get_or_create(name="Repairs", calendar=a_team().calendar)
    sid = a_user("Sid Vale")
    Membership.objects.get_or_create(user=sid, team=repairs, role=Role.AGENT)
    return sid


def _facts() -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Of a promise to Zelda, and of nothing."""
    hers = a_commitment(customer=world.zelda(), wording=world.WORDING)
    return (
        {"promise": hers.reference, "customer": hers.customer_id},
        {"promise": reference.write(absent.NOBODYS), "customer": absent.NOBODYS},
    )


def _medians(pair: Pair) -> tuple[float, float]:
    """In milliseconds, of what is there and of what is not. The first turn does not count."""
    took: dict[Ask, list[float]] = {pair.there: [], pair.nowhere: []}
    for turn in range(TIMES + 1):
        for each in (pair.there, pair.nowhere) if turn % 2 else (pair.nowhere, pair.there):
            cache.clear()  # who asks so often would have to wait
            began = time.perf_counter()
            status = each()
            took[each].append(1000 * (time.perf_counter() - began))
            assert status == pair.status
    there, nowhere = (statistics.median(took[each][1:]) for each in (pair.there, pair.nowhere))
    return there, nowhere
