"""`/promises/new/?customer=&case=&q=`: the form as a link from elsewhere asks for it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import (
    Commitment,
    Conversation,
    Customer,
    HelpDesk,
    Kind,
    Membership,
    OnceKey,
    Team,
)
from tests.makers import NOON, a_commitment, a_team, a_user, ana, dev, tom
from tests.web.pages import signed_in, text
from tests.web.settings.forms import fields

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def opened(client: Client | None = None, **asked: str) -> Any:
    query = "&".join(f"{name}={quote(value)}" for name, value in asked.items())
    a_team()
    return (client or signed_in(ana())).get(f"/promises/new/?{query}")


def filled(page: Any) -> dict[str, str]:
    """What stands in the fields, without the hidden ones and what is always there."""
    usual = {"once", "shown", "read_at", "taken", "taken_for", "channel", "press"}
    found = {name: values[0] for name, values in fields(page).items() if name not in usual}
    return {name: value for name, value in found.items() if value}


def a_desk() -> HelpDesk:
    return HelpDesk.objects.create(
        name="Support", system="any", address="https://help.example", team=a_team(),
        kind=Kind.objects.get(code="followup"), made_at=NOON,
    )  # fmt: skip


def test_each_part_goes_into_its_field() -> None:
    page = opened(customer="Tom Okafor", case="48213", q="call back fri 10am // prefers mobile")

    assert page.status_code == 200
    assert filled(page) == {
        "who": "Tom Okafor",
        "case": "48213",
        "wording": "call back",
        "when": "fri 10am",
        "team_note": "prefers mobile",
    }
    assert "There is a problem" not in text(page)


def test_every_piece_of_the_line_is_put_where_it_belongs() -> None:
    page = opened(q="@tom #LK-7 #refund >dev ~email ! -mail the invoice, tomorrow 3pm")

    refund = Kind.objects.get(code="refund")
    assert filled(page) == {
        "who": "tom",
        "case": "LK-7",
        "kind": str(refund.pk),
        "owner": str(dev().pk),
        "keep_by": "email",
        "summary": "no",
        "urgent": "on",
        "wording": "the invoice",
        "when": "tomorrow 3pm",
    }


def test_what_the_link_names_goes_before_what_its_line_names() -> None:
    page = opened(customer="Rosa", case="9", q="@tom #48213 call back fri")

    assert (filled(page)["who"], filled(page)["case"]) == ("Rosa", "9")


def test_sent_as_it_is_it_makes_that_promise() -> None:
    a_commitment()
    client = signed_in(ana())
    page = opened(client, customer="tom@customers.example", case="48213", q="call back in 3 hours")
    shown = client.post("/promises/new/", fields(page))

    client.post("/promises/new/", fields(shown))

    promise = Commitment.objects.latest("pk")
    assert (promise.customer, promise.wording) == (tom(), "Call back")
    assert promise.conversation.outside_reference == "48213"


# --- Who is meant


def test_a_number_that_a_help_desk_gave_them_is_somebody() -> None:
    a_commitment()
    Customer.objects.update(external_source=a_desk().origin, external_id="4711")

    assert filled(opened(customer="4711"))["who"] == "tom@customers.example"


def test_so_is_one_of_a_system_that_is_named() -> None:
    a_commitment()
    Customer.objects.update(external_source="crm", external_id="4711", email="")

    assert filled(opened(customer="crm:4711"))["who"] == "0755 555 0142"
    assert filled(opened(customer="erp:4711"))["who"] == "erp:4711"


def test_whom_only_others_know_is_not_found_out() -> None:
    desk = a_desk()
    stranger = Customer.objects.create(
        name="Zelda Quist", email="z@x.example", external_source=desk.origin, external_id="4711"
    )
    repairs = Team.objects.create(name="Repairs", calendar=a_team().calendar)
    Conversation.objects.create(team=repairs, customer=stranger, at=NOON)

    pages = [opened(customer=who) for who in ("4711", "8888", "z@x.example")]

    assert [filled(page) for page in pages] == [
        {"who": "4711"}, {"who": "8888"}, {"who": "z@x.example"},
    ]  # fmt: skip
    assert not any("Zelda" in page.content.decode() for page in pages)
    assert len({re.sub(r"4711|8888|z@x.example", "", text(page)) for page in pages}) == 1


def test_an_erased_customer_is_nobody() -> None:
    a_commitment()
    Customer.objects.update(external_source="crm", external_id="7", erased_at=NOON)

    assert filled(opened(customer="crm:7"))["who"] == "crm:7"


def test_a_number_of_two_customers_is_asked_about() -> None:
    a_commitment()
    rosa = Customer.objects.create(
        name="Rosa Lind", external_source=a_desk().origin, external_id="7"
    )
    a_commitment(customer=rosa)
    other = HelpDesk.objects.create(
        name="Another", system="any", address="https://b.example", team=a_team(),
        kind=Kind.objects.get(code="followup"), made_at=NOON,
    )  # fmt: skip
    Customer.objects.filter(pk=tom().pk).update(external_source=other.origin, external_id="7")

    page = opened(customer="7")

    assert "Several customers are called 7 elsewhere" in text(page)
    assert filled(page) == {"who": "7"}


# --- What will not do


@pytest.mark.parametrize(
    ("asked", "said", "left"),
    [
        ({"customer": "x" * 201}, "The customer is 201 characters long; keep it to 200.", {}),
        ({"customer": "a\x00b"}, "The customer contains a NUL", {}),
        ({"case": "9" * 121}, "The case is 121 characters long; keep it to 120.", {}),
        ({"case": "1\n2"}, "The case must be on one line.", {}),
        ({"q": "w" * 501}, "The promise is 501 characters long; keep it to 500.", {}),
        ({"q": "w" * 3000}, "characters long; keep it to", {}),
        ({"q": "call \x07 back"}, "The promise contains a control character", {}),
        ({"q": "@tom @rosa call back"}, "names two customers", {"wording": "@tom @rosa call back"}),
        ({"q": "#nosuch call back"}, "No kind begins with “nosuch”.", {"wording": "call back"}),
        ({"q": ">nobody call back"}, "is called “nobody”", {"wording": "call back"}),
        ({"q": "~fax call back"}, "is no way to keep a promise", {"wording": "~fax call back"}),
    ],
    ids=str,
)
def test_what_will_not_do_is_said_and_left_out(
    asked: dict[str, str], said: str, left: dict[str, str]
) -> None:
    page = opened(**asked)

    assert page.status_code == 200
    assert said in text(page)
    assert filled(page) == left


def test_what_is_given_twice_is_said(client: Client) -> None:
    a_team()
    page = signed_in(ana()).get("/promises/new/?case=1&case=2")

    assert "“case” more than once. The last one counts." in text(page)
    assert filled(page) == {"case": "2"}


def test_nothing_of_a_link_is_run(client: Client) -> None:
    hostile = '"><script>alert(1)</script>'

    shown = opened(customer=hostile, case=hostile, q=hostile).content.decode()

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_lines_of_a_selection_are_one_line() -> None:
    assert filled(opened(q="call back\n\n  fri 10am"))["when"] == "fri 10am"


def test_looking_writes_nothing() -> None:
    a_commitment()
    client = signed_in(ana())
    counted = (Commitment, Conversation, Customer, OnceKey)
    before = [model.objects.count() for model in counted]

    with CaptureQueriesContext(connection) as asked:
        opened(client, customer="Rosa New", case="1", q="call back fri 10am")

    assert [model.objects.count() for model in counted] == before
    assert not [each for each in asked if re.match("(INSERT|UPDATE|DELETE)", each["sql"])]


def test_an_auditor_promises_nothing() -> None:
    noor = a_user("Noor Aziz")
    Membership.objects.create(user=noor, team=a_team(), role="auditor")

    assert opened(signed_in(noor), q="call back fri").status_code == 403


def test_a_stranger_signs_in_first_and_comes_back_to_it() -> None:
    answer = opened(Client(), case="48213", q="call back fri")

    assert answer.status_code == 302
    assert answer["Location"].endswith(quote("/promises/new/?case=48213&q=call%20back%20fri"))
