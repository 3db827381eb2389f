"""The bad input that no door may fall over, at every door that the schema names.

The letters are those of the list of bad inputs: what a body is, what an address is.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from commitments.house import webhooks
from commitments.models import User
from tests.api.callers import Program, a_program, ana_of_billing, errors_of, everything
from tests.api.conformance import operations
from tests.makers import NOON, a_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ASKS = sorted(path for method, path in operations() if method == "get")
WRITES = sorted(path for method, path in operations() if method == "post")
EVERY = sorted({*ASKS, *WRITES})
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")

BODIES = {
    "A1 a NUL in a key": '{"a\\u0000": 1}',
    "A1 a NUL in text": '{"wording": "a\\u0000", "reason": "a\\u0000", "text": "a\\u0000"}',
    "A2 half of a character": '{"\\ud800": "\\ud800"}',
    "A3 deep lists": '{"a": ' + "[" * 2000 + "]" * 2000 + "}",
    "A3 deep objects": '{"a":' * 2000 + "1" + "}" * 2000,
    "A3 bottomless": "[" * 200_000,
    "A5 bytes that are no UTF-8": b'{"a": "\xff\xfe"}',
    "A5 UTF-16": '{"a": 1}'.encode("utf-16"),
    "A6 no number": '{"a": NaN}',
    "A6 an endless number": '{"a": Infinity}',
    "A6 too large a float": '{"team": 1e999}',
    "A6 five thousand digits": '{"team": ' + "9" * 5000 + "}",
    "A6 more than a column holds": f'{{"team": {2**63}}}',
    "A6 more than a column holds, at once": json.dumps({"a": [2**64] * 100}),
    "A12 a list": "[]",
    "A12 nothing": "null",
    "A12 text": '"x"',
    "A12 empty": "",
    "A12 a key twice": '{"a": 1, "a": 2}',
    "A12 ten thousand keys": json.dumps({f"k{number}": number for number in range(10_000)}),
    "A13 what is not theirs to set": '{"id": 1, "status": "fulfilled", "version": 0, "by": 1}',
}


@pytest.fixture(autouse=True)
def _a_network_of_examples(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = ["203.0.113.0/24"]


@pytest.mark.parametrize("path", WRITES)
def test_a_body_that_cannot_be_is_refused_and_nothing_is_done(path: str) -> None:
    program, address = an_administrators(), at_hand(path)
    before, bodies = everything(), dict(BODIES)
    if not operations()["post", path]["requestBody"].get("required"):
        del bodies["A12 empty"]  # where nothing has to be said, nothing may be

    answers = {name: program.send(body, address) for name, body in bodies.items()}

    said = {name: answer.status_code for name, answer in answers.items()}
    assert said == dict.fromkeys(bodies, 400)
    assert everything() == before


@pytest.mark.parametrize("path", WRITES)
def test_a_body_of_ten_megabytes_is_not_read(path: str) -> None:
    """A15."""
    program, address = an_administrators(), at_hand(path)

    answer = program.send(b'{"wording": "' + b"x" * 10_000_000 + b'"}', address)

    assert answer.status_code == 413


@pytest.mark.parametrize("path", WRITES)
def test_a_body_in_another_form_is_not_taken(path: str) -> None:
    """A4, A5."""
    program, address = an_administrators(), at_hand(path)

    for kind in (
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json; charset=x",
    ):
        assert program.send("{}", address, kind).status_code == 415


@pytest.mark.parametrize("path", EVERY)
def test_a_method_that_is_not_there_is_said_to_be_so_and_those_that_are(path: str) -> None:
    """A21."""
    program, address = an_administrators(), at_hand(path)
    there = {method.upper() for method, each in operations() if each == path}
    there |= {"HEAD"} & ({"HEAD"} if "GET" in there else set())

    for method in {*METHODS} - there:
        answer = program.call(method, address)

        assert answer.status_code == 405, method
        assert errors_of(answer) == {}
        assert {*answer["Allow"].split(", ")} == there


@pytest.mark.parametrize("path", ASKS)
def test_a_head_is_a_get_without_a_body(path: str) -> None:
    """A21."""
    program, address = an_administrators(), at_hand(path)

    whole, head = program.get(address), program.call("HEAD", address)

    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert {*head.headers} == {*whole.headers}


@pytest.mark.parametrize("path", EVERY)
def test_an_address_that_is_almost_one_is_none(path: str) -> None:
    """A21."""
    program, address = an_administrators(), at_hand(path)
    bare = address.rstrip("/")

    for other in (f"{bare}.json", f"{bare};x=1/", f"{bare}/;x=1", f"/{address}", f"{address}/"):
        answer = program.get(other)

        assert answer.status_code == 404, other
        assert answer["Content-Type"] in ("application/problem+json", "text/html; charset=utf-8")


@pytest.mark.parametrize("path", ASKS)
def test_a_method_in_a_header_does_not_count(path: str) -> None:
    """A21."""
    program, address = an_administrators(), at_hand(path)

    usual = program.get(address).status_code
    for name in ("X_HTTP_Method_Override", "X_HTTP_Method", "X_Method_Override"):
        assert program.get(address, **{name: "DELETE"}).status_code == usual


@pytest.mark.parametrize("path", WRITES)
def test_a_key_that_is_none_is_refused(path: str) -> None:
    """A19."""
    program, address = an_administrators(), at_hand(path)

    for key in ("", "k" * 256, "a b", "ключ"):
        assert program.post({}, address, Idempotency_Key=key).status_code == 400, key


@pytest.mark.parametrize("path", [path for path in EVERY if "{" in path])
def test_what_is_not_there_is_404_whatever_it_is_called(path: str) -> None:
    program = an_administrators()
    a_commitment()

    for thing in ("0", "-1", "%00", "%F0%9F%92%A9", "9" * 30, "..%2f", "K" * 3000):
        address = path.format(reference=thing, id=thing, code=thing, message=thing)

        if path in ASKS:
            assert program.get(address).status_code == 404, thing
        if path in WRITES:  # some look at the body first, which tells as little
            assert program.post({}, address).status_code in (400, 404), thing


def an_administrators() -> Program:
    """A program that may do everything, in the one team that there is."""
    ana = ana_of_billing()
    User.objects.filter(pk=ana.pk).update(is_superuser=True)
    ana.refresh_from_db()
    return a_program(ana, scope="admin")


def at_hand(path: str) -> str:
    """An address of something that is there."""
    kettle = a_commitment()
    there = {
        "teams": kettle.team_id,
        "people": kettle.owner_id,
        "customers": kettle.customer_id,
        "webhooks": a_webhook() if "webhooks" in path else 0,
    }
    return path.format(
        reference=kettle.reference,
        id=there.get(path.split("/")[3], kettle.conversation_id),
        code="callback",
        message=1,
    )


def a_webhook() -> int:
    plan = webhooks.Plan(name="Desk", url="https://203.0.113.7/hook", kinds=["*"], teams=None)
    return webhooks.make(plan, now=NOON)[0].listener.id
