"""A customer who was entered twice is made one on a page that shows who looks alike."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments import services
from commitments.models import Commitment, Customer, Membership, Role
from tests.api.callers import another_team
from tests.makers import NOON, a_commitment, a_draft, a_team, a_user, ana, events_of, tom
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def client() -> Client:
    a_team()
    return pages.signed_in(ana())


def twice(**fields: str) -> Customer:
    """Tom once more, and something promised to both."""
    other = Customer.objects.create(
        **({"name": "tom okafor", "email": "tom@work.example"} | fields)
    )
    a_commitment(customer=other, case="2")
    a_commitment(customer=tom())
    return other


def address() -> str:
    return f"/customers/{tom().pk}/merge/"


def test_the_customers_page_leads_there(client: Client) -> None:
    twice()

    page = client.get(f"/customers/{tom().pk}/")

    assert f'href="{address()}"' in page.content.decode()


def test_who_looks_alike_is_offered(client: Client) -> None:
    twice()
    rosa = Customer.objects.create(name="Rosa Lind")
    a_commitment(customer=rosa, case="3")

    page = pages.text(client.get(address()))

    assert "tom okafor, tom@work.example" in page
    assert "Rosa Lind" not in page


@pytest.mark.parametrize("same", [{"email": "TOM@customers.example"}, {"phone": "0755 555 0142"}])
def test_the_same_address_or_number_looks_alike_too(client: Client, same: dict[str, str]) -> None:
    twice(name="T. O.", **same)

    assert "T. O." in pages.text(client.get(address()))


def test_others_are_searched_for(client: Client) -> None:
    twice(name="Thomas Okafor")

    nobody = pages.text(client.get(address()))
    found = pages.text(client.get(address(), {"q": "thomas"}))
    none = pages.text(client.get(address(), {"q": "zebra"}))

    assert "Nobody else has the same name" in nobody
    assert "Thomas Okafor, tom@work.example" in found
    assert "Nobody else fits “zebra”." in none


def test_chosen_it_comes_to_this_one_once(client: Client) -> None:
    other = twice()
    sent = pages.hidden(client.get(address())) | {"other": str(other.pk)}

    done = client.post(address(), sent, follow=True)
    client.post(address(), sent)

    assert "What was entered twice is one now: Tom Okafor." in pages.text(done)
    assert set(Commitment.objects.values_list("customer", flat=True)) == {tom().pk}
    moved = Commitment.objects.get(conversation__outside_reference="2")
    assert events_of(moved).count("customer_merged") == 1
    assert "Ana merged two entries of Tom" in pages.text(
        client.get(f"/promises/{moved.reference}/")
    )


def test_the_old_address_leads_to_the_new_one(client: Client) -> None:
    other = twice()
    services.merge(other.pk, into_id=tom().pk, by=ana(), now=NOON)

    assert client.get(f"/customers/{other.pk}/")["Location"] == f"/customers/{tom().pk}/"
    assert client.get(f"/customers/{other.pk}/merge/")["Location"] == address()


@pytest.mark.parametrize("chosen", ["", "0", "99999999", "x"])
def test_without_a_choice_nothing_is_done(client: Client, chosen: str) -> None:
    twice()
    sent = pages.hidden(client.get(address())) | {"other": chosen}

    refused = client.post(address(), sent)

    assert refused.status_code == 422
    assert "There is a problem" in pages.text(refused)
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_what_another_team_has_to_do_with_too_is_refused_with_the_reason(client: Client) -> None:
    other = twice()
    services.make(a_draft(team=another_team(), customer=other, owner_id=None), by=None, now=NOON)
    sent = pages.hidden(client.get(address())) | {"other": str(other.pk)}

    refused = client.post(address(), sent)

    assert refused.status_code == 422
    assert "An administrator can merge the two." in pages.text(refused)
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_whom_only_others_know_is_neither_offered_nor_taken(client: Client) -> None:
    a_commitment()
    hidden = Customer.objects.create(name="Tom Okafor", email="tom@customers.example")
    services.make(a_draft(team=another_team(), customer=hidden, owner_id=None), by=None, now=NOON)

    page = client.get(address())
    refused = client.post(address(), {"once": "k", "q": "tom", "other": str(hidden.pk)})

    assert "Nobody else has the same name" in pages.text(page)
    assert refused.status_code == 422
    assert client.get(f"/customers/{hidden.pk}/merge/").status_code == 404


def test_an_onlooker_and_a_stranger_find_no_such_page() -> None:
    twice()
    Membership.objects.create(user=a_user("Noor Aziz"), team=a_team(), role=Role.AUDITOR)

    for name in ("Noor Aziz", "Omar Lund"):
        other = pages.signed_in(a_user(name))
        assert other.get(address()).status_code == 404, name
        assert other.post(address(), {"once": "1"}).status_code == 404, name
    assert "login" in Client().get(address())["Location"]
