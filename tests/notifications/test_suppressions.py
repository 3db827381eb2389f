"""Addresses that take nothing more, and how one is opened again."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from commitments.models import User
from notifications import delivery
from notifications.delivery import bouncing
from notifications.models import ContactPoint, Suppression
from tests.notifications.makers import HOUR, NOON, ana, queue, the_delivery, to_tom
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LIST = "/admin/notifications/suppression/"


def closed(address: str = "tom@example.org") -> Suppression:
    return Suppression.objects.create(
        channel="email", address=address, since=NOON, cause="It bounced: 550 5.1.1"
    )


@pytest.fixture
def sam() -> Client:
    """The administrator."""
    client = Client()
    client.force_login(User.objects.create_superuser("sam@larkfield.example", name="Sam Whitlock"))
    return client


def lift(sam: Client, suppression: Suppression, *, reason: str) -> str:
    """Press the action, and read what is said."""
    asked = {"action": "lift", "_selected_action": [suppression.pk], "reason": reason}
    return sam.post(LIST, asked, follow=True).content.decode()


def test_the_list_says_since_when_and_why(sam: Client) -> None:
    closed()

    page = sam.get(LIST).content.decode()

    assert "tom@example.org" in page
    assert "It bounced: 550 5.1.1" in page
    assert "Add suppression" not in page


def test_an_address_is_opened_again_with_a_reason(sam: Client, sink: Sink) -> None:
    suppression = closed()
    queue(to_tom("1"))
    delivery.run(NOON)

    page = lift(sam, suppression, reason="He has a new mailbox")
    queue(to_tom("2"), now=NOON + HOUR)
    delivery.run(NOON + HOUR)

    assert "Messages go to 1 more address(es) again: He has a new mailbox" in page
    assert (the_delivery("1").state, the_delivery("2").state) == ("suppressed", "sent")
    assert LogEntry.objects.get().object_repr == "tom@example.org: It bounced: 550 5.1.1"


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_it_stays_closed(reason: str, sam: Client) -> None:
    suppression = closed()

    page = lift(sam, suppression, reason=reason)

    assert "Give a reason: nothing was changed." in page
    assert Suppression.objects.get() == suppression
    assert not LogEntry.objects.exists()


def test_nobody_adds_edits_or_deletes_one(sam: Client) -> None:
    suppression = closed()

    assert sam.post(f"{LIST}add/").status_code == 403
    assert sam.post(f"{LIST}{suppression.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Suppression.objects.exists()


def test_who_is_no_administrator_is_led_to_the_door() -> None:
    client = Client()
    client.force_login(ana())

    assert client.get(LIST).status_code in {302, 403}


@pytest.mark.parametrize("address", ["ana@larkfield.example", ""])
def test_a_colleagues_mail_is_switched_on_again_with_it(address: str) -> None:
    point = ContactPoint.objects.create(
        user=ana(),
        channel="email",
        address=address,
        disabled_at=NOON,
        disabled_because="It bounced",
    )

    bouncing.lift(closed("ana@larkfield.example"))
    point.refresh_from_db()

    assert (point.disabled_at, point.disabled_because) == (None, "")
