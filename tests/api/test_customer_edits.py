"""Customers are corrected by programs: what is given changes, and what is open says so."""

from __future__ import annotations

from typing import Any

import pytest

from commitments import services
from commitments.models import Customer, Membership, Role
from tests.api.callers import a_program, ana_of_billing, another_team, errors_of
from tests.makers import (
    DAY,
    NOON,
    a_commitment,
    a_draft,
    a_team,
    a_user,
    ana,
    events_of,
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


def test_only_the_system_that_an_id_is_of_may_be_another():
    kettle = a_commitment(customer=tom(external_source="crm", external_id="4711"))

    services.edit_customer(tom().pk, {"external_source": "desk"}, by=ana(), now=NOON)

    last = kettle.events.order_by("-sequence")[0]
    assert last.words == "What we know of them changed: number elsewhere."


def test_details_are_corrected_and_what_is_open_says_so():
    kettle = a_commitment()
    program = a_program()

    answer = program.post({"email": "t@new.example", "zone": "Asia/Tokyo"}, f"{one(tom())}edit/")

    assert answer.status_code == 200
    assert answer.json()["email"] == "t@new.example"
    assert answer.json()["phone"] == "0755 555 0142"
    assert answer.json() == program.get(one(tom())).json()
    assert events_of(kettle)[-1] == "updated"
    last = kettle.events.order_by("-sequence")[0]
    assert last.words == "What we know of them changed: e-mail, time zone."
    assert (last.visible, last.actor) == (False, ana())


def test_an_empty_text_takes_away_what_was_known():
    a_commitment()
    program = a_program()
    program.post({"zone": "Asia/Tokyo"}, f"{one(tom())}edit/")

    said = program.post({"email": "", "zone": ""}, f"{one(tom())}edit/").json()

    assert (said["email"], said["zone"]) == ("", "")


def test_what_changes_nothing_leaves_no_trace():
    kettle = a_commitment()
    before = events_of(kettle)

    answer = a_program().post({"name": "Tom Okafor"}, f"{one(tom())}edit/")

    assert answer.status_code == 200
    assert events_of(kettle) == before


def test_an_edit_of_what_has_changed_since_is_refused():
    a_commitment()
    program = a_program()
    seen = program.get(one(tom()))["ETag"]

    first = program.post({"phone": "1"}, f"{one(tom())}edit/", If_Match=seen)
    second = program.post({"phone": "2"}, f"{one(tom())}edit/", If_Match=seen)
    third = program.post({"phone": "3"}, f"{one(tom())}edit/", If_Match=first["ETag"])

    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 200)
    assert second.json()["code"] == "changed_meanwhile"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, None),
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
        ({"language": ""}, "language"),
        ({"external_id": "1"}, "external_id"),
        ({"external_source": "crm", "external_id": "77"}, "external_id"),
        ({"stopped_at": None}, "stopped_at"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_and_changes_nothing(body, field):
    a_commitment()
    stranger()

    answer = a_program().post(body, f"{one(tom())}edit/")

    assert answer.status_code == 400
    assert errors_of(answer).keys() == {field}
    assert tom().external_id == ""
    assert tom().email == "tom@customers.example"


def test_who_was_erased_is_not_edited():
    a_commitment()
    Customer.objects.update(erased_at=NOON)

    answer = a_program().post({"name": "Tom"}, f"{one(tom())}edit/")

    assert answer.status_code == 400
    assert tom().name == "Tom Okafor"


def test_after_a_stop_they_ask_on_the_phone_for_what_matters():
    kettle = a_commitment()
    Customer.objects.update(stopped_at=NOON - DAY)

    said = a_program().post({}, f"{one(tom())}write-again/")

    assert said.json()["mails"] == "what_matters"
    assert events_of(kettle)[-1] == "updated"
    Customer.objects.update(stopped_at=None, mails_wanted_at=None)
    assert a_program().post({}, f"{one(tom())}write-again/").status_code == 400


@pytest.mark.parametrize("verb", ["", "edit/", "write-again/"])
def test_an_auditor_changes_nothing(verb):
    a_commitment()
    eve = a_user("Eve Audit")
    Membership.objects.create(user=eve, team=a_team(), role=Role.AUDITOR)
    Customer.objects.update(stopped_at=NOON - DAY)
    body = {"": ROSA | {"team": a_team().pk}, "edit/": {"name": "X"}, "write-again/": {}}[verb]

    answer = a_program(eve).post(body, f"{LIST}{tom().pk}/{verb}" if verb else LIST)

    assert answer.status_code == 403
    assert [each.name for each in Customer.objects.all()] == ["Tom Okafor"]
