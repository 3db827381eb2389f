"""A customer who stopped all mail, and asked on the phone for what matters."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Customer, Membership, Role
from notifications.models import Delivery
from tests.makers import DAY, NOON, a_commitment, a_team, a_user, ana, events_of, fresh, tom
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def stopped(*, stopped_at: object = NOON - DAY) -> str:
    """The page that asks, about Tom, to whom something is promised."""
    a_commitment(summary=False)
    Customer.objects.update(stopped_at=stopped_at)
    return f"/customers/{tom().pk}/write-again/"


def test_the_customers_page_leads_there_once_they_have_stopped(client: Client) -> None:
    address = stopped()

    before = pages.text(client.get(f"/customers/{tom().pk}/"))
    client.post(address, pages.hidden(client.get(address)))
    after = pages.text(client.get(f"/customers/{tom().pk}/"))

    assert "Call instead. They asked for some on the phone" in before
    assert "and on the phone for those that matter" in after


def test_pressed_it_stands_on_the_timeline_and_the_next_agreement_goes_out(
    client: Client,
) -> None:
    address = stopped()
    open_one = fresh(tom().commitments.get())
    page = client.get(address)

    client.post(address, pages.hidden(page))
    client.post(address, pages.hidden(page))

    assert events_of(open_one).count("updated") == 1
    said = open_one.events.get(kind="updated")
    assert said.words == "On the phone: Tom would like e-mails about promises."
    assert (said.visible, said.actor) == (False, ana())
    a_commitment(customer=tom())
    assert Delivery.objects.filter(template="agreement").count() == 1


def test_who_never_stopped_needs_nothing_of_it(client: Client) -> None:
    address = stopped(stopped_at=None)
    page = client.get(address)

    refused = client.post(address, {"once": "1"})

    assert "They never stopped them" in pages.text(page)
    assert refused.status_code == 422
    assert "gets e-mails as everybody else does" in pages.text(refused)
    assert tom().mails_wanted_at is None


def test_an_onlooker_and_a_stranger_find_no_such_page(client: Client) -> None:
    address = stopped()
    Membership.objects.create(user=a_user("Noor Aziz"), team=a_team(), role=Role.AUDITOR)

    for name in ("Noor Aziz", "Omar Lund"):
        other = pages.signed_in(a_user(name))
        assert other.get(address).status_code == 404, name
        assert other.post(address, {"once": "1"}).status_code == 404, name
    assert tom().mails_wanted_at is None
