"""Customers for programs: found, brought in once, and corrected; each team those of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from commitments import services
from commitments.models import Commitment, Conversation, Customer
from tests.api.callers import a_program, a_promise, ana_of_billing, another_team, errors_of
from tests.api.counting import after, queries_of
from tests.makers import (
    DAY,
    HOUR,
    NOON,
    a_commitment,
    a_draft,
    a_team,
    a_user,
    ana,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/api/v1/customers/"
ROSA = {"name": "Rosa Lind", "email": "rosa@customers.example"}


def one(customer: Customer) -> str:
    return f"{LIST}{customer.pk}/"


def stranger() -> Customer:
    """Somebody whom only Repairs knows."""
    kofi = Customer.objects.create(
        name="Kofi Ba", email="kofi@customers.example", external_source="crm", external_id="77"
    )
    services.make(a_draft(team=another_team(), customer=kofi, owner_id=None), by=None, now=NOON)
    return kofi


def met(user: Any = None, **fields: str) -> Any:
    return a_program(user or ana_of_billing()).post(ROSA | fields, LIST)


def test_a_customer_is_read():
    a_commitment()

    answer = a_program().get(one(tom()))

    assert answer.json() == {
        "id": tom().pk,
        "name": "Tom Okafor",
        "email": "tom@customers.example",
        "phone": "0755 555 0142",
        "zone": "",
        "language": "en",
        "external_source": "",
        "external_id": "",
        "mails": "all",
        "erased_at": None,
        "merged_ids": [],
        "links": {
            "self": f"http://testserver{one(tom())}",
            "page": f"http://testserver/customers/{tom().pk}/",
        },
    }
    assert answer["ETag"]


def test_what_they_get_by_mail_is_said():
    a_commitment()
    Customer.objects.update(stopped_at=NOON - DAY)
    stopped = a_program().get(one(tom())).json()["mails"]
    Customer.objects.update(mails_wanted_at=NOON - HOUR)

    assert (stopped, a_program().get(one(tom())).json()["mails"]) == ("none", "what_matters")


def test_customers_are_found_by_what_is_known_of_them():
    a_commitment()
    Customer.objects.update(external_source="crm", external_id="48213")
    met()

    assert found(email="TOM@customers.example") == ["Tom Okafor"]
    assert found(phone="0755 555 0142") == ["Tom Okafor"]
    assert found(external_source="crm", external_id="48213") == ["Tom Okafor"]
    assert found(external_source="shop", external_id="48213") == []
    assert found(email="tom@customers.example", phone="1") == []
    assert found() == ["Tom Okafor", "Rosa Lind"]


def test_whom_only_others_know_is_answered_like_who_does_not_exist():
    a_commitment()
    kofi = stranger()

    answers = [a_program().get(f"{LIST}{pk}/") for pk in (kofi.pk, 2**60, 10**30)]
    edits = [
        a_program().post({"name": "X"}, f"{LIST}{pk}/edit/") for pk in (kofi.pk, 2**60, 10**30)
    ]

    assert {answer.status_code for answer in (*answers, *edits)} == {404}
    assert len({answer.content for answer in answers[:2]}) == 1
    assert found(email="kofi@customers.example") == []
    assert found(external_source="crm", external_id="77") == []
    assert found() == ["Tom Okafor"]


def test_who_is_owed_something_that_was_handed_on_is_seen():
    a_team()
    kofi = stranger()
    Commitment.objects.filter(customer=kofi).update(team=a_team())

    assert a_program().get(one(kofi)).status_code == 200
    assert found() == ["Kofi Ba"]


def test_a_new_customer_is_known_from_then_on():
    answer = met(phone="0123", zone="Europe/Madrid", language="es", channel="phone")

    assert answer.status_code == 201
    assert answer["Location"] == answer.json()["links"]["self"]
    rosa = Customer.objects.get()
    assert (rosa.name, rosa.email, rosa.phone) == ("Rosa Lind", "rosa@customers.example", "0123")
    assert (rosa.zone, rosa.language) == ("Europe/Madrid", "es")
    talk = Conversation.objects.get()
    assert (talk.customer, talk.team, talk.agent, talk.channel) == (rosa, a_team(), ana(), "phone")
    assert a_program().get(one(rosa)).json() == answer.json()


@pytest.mark.parametrize(
    ("known", "again"),
    [
        ({"external_source": "crm", "external_id": "1"}, {"email": "other@x.example"}),
        ({}, {"email": "ROSA@customers.example", "name": "R. Lind"}),
        ({"phone": "0123"}, {"email": "", "phone": "0123"}),
    ],
)
def test_who_is_known_is_not_brought_in_twice(known, again):
    first = met(**known)

    second = met(**(known | again))

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert Customer.objects.count() == Conversation.objects.count() == 1


def test_two_whom_one_system_tells_apart_are_two_though_they_share_an_address():
    first = met(external_source="crm", external_id="1")

    second = met(external_source="crm", external_id="2", name="Paula Lind")

    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


def test_a_promise_finds_who_was_brought_in():
    rosa = met().json()

    made = a_program().post(a_promise(customer=rosa["id"])).json()
    again = a_program().post(a_promise(customer=ROSA)).json()

    assert made["customer"]["id"] == again["customer"]["id"] == rosa["id"]


def test_an_id_of_somebody_unknown_here_is_refused_and_nobody_is_made():
    stranger()

    answer = met(external_source="crm", external_id="77")

    assert errors_of(answer).keys() == {"external_id"}
    assert not Customer.objects.filter(name="Rosa Lind").exists()


def test_the_same_key_brings_somebody_in_once():
    first, second = (
        a_program(ana_of_billing() if n == 0 else ana(), name=str(n)) for n in range(2)
    )
    body = {"name": "Nameless"}

    answers = [first.post(body, LIST, Idempotency_Key="k") for _ in range(2)]
    other = second.post(body, LIST, Idempotency_Key="k")

    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert other.json()["id"] != answers[0].json()["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ...}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"name": "a\u0000"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@x.example, b@x.example"}, "email"),
        ({"phone": "1" * 41}, "phone"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"language": "tlh"}, "language"),
        ({"external_id": "1"}, "external_id"),
        ({"external_source": "crm"}, "external_id"),
        ({"external_source": "team", "external_id": "1"}, "external_source"),
        ({"channel": "telepathy"}, "channel"),
        ({"team": 2**60}, "team"),
        ({"id": 1}, "id"),
        ({"erased_at": None}, "erased_at"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(body, field):
    ana_of_billing()
    sent = {name: value for name, value in (ROSA | body).items() if value is not ...}

    answer = a_program().post(sent, LIST)

    assert answer.status_code == 400
    assert errors_of(answer).keys() == {field}
    assert not Customer.objects.exists()


def test_a_token_that_only_reads_changes_nothing():
    a_commitment()
    program = a_program(scope="read")

    assert program.post(ROSA, LIST).status_code == 403
    assert program.post({"name": "X"}, f"{one(tom())}edit/").status_code == 403
    assert program.get(one(tom())).status_code == 200


def test_strangers_are_not_answered():
    a_commitment()

    assert {Client().get(path).status_code for path in (LIST, one(tom()))} == {401}
    assert a_program(a_user("Sam Stranger")).get(LIST).json()["results"] == []


def test_every_customer_is_on_one_page():
    names = [f"Customer {n}" for n in range(5)]
    for name in names:
        met(name=name, email=f"{name.replace(' ', '')}@x.example")

    first = a_program().get(LIST, "page_size=2").json()
    second = a_program().get(after(first)).json()
    third = a_program().get(after(second)).json()

    pages = [[each["name"] for each in page["results"]] for page in (first, second, third)]
    assert pages == [names[:2], names[2:4], names[4:]]
    assert third["next"] is None


@pytest.mark.parametrize(
    "query",
    ["external_id=1", "external_source=crm", "email=", "phone=%00", "name=Tom", "email=a&email=b"],
)
def test_a_query_that_cannot_be_understood_is_refused(query):
    answer = a_program(ana_of_billing()).get(LIST, query)

    assert answer.status_code == 400
    assert len(errors_of(answer)) == 1


def test_a_longer_list_asks_no_more_of_the_database():
    a_commitment()
    program = a_program()
    program.get(LIST)
    few = len(queries_of(lambda: program.get(LIST)))
    for number in range(12):
        met(name=f"Customer {number}", email=f"c{number}@x.example")

    assert len(queries_of(lambda: program.get(LIST))) == few <= 4


def test_more_that_is_known_costs_no_more_queries_to_match():
    program = a_program(ana_of_billing())
    program.get(LIST)

    new = len(queries_of(lambda: program.post(ROSA, LIST)))
    known = len(queries_of(lambda: program.post(ROSA, LIST)))

    assert new <= 17
    assert known <= 11


@pytest.mark.skipif(connection.vendor != "postgresql", reason="reads a plan")
def test_a_customer_is_matched_from_an_index():
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")

    plan = Customer.objects.filter(phone="0755 555 0142").explain()

    assert "customer_by_phone" in plan


def found(**query: str) -> list[str]:
    answer = a_program().get(LIST, query)
    assert answer.status_code == 200, answer.content
    return [each["name"] for each in answer.json()["results"]]
