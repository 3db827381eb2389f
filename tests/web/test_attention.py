"""Who is led to messages that failed, and to whose."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Commitment
from notifications.models import Delivery
from tests import makers
from tests.web import pages

pytestmark = pytest.mark.django_db
ATTENTION = "/needs-attention/"


def failed(about: Commitment) -> Delivery:
    """Its summary was refused."""
    found = Delivery.objects.filter(about=about.about, channel="email")
    found.update(state="failed", settled_at=makers.NOON, attempt_at=None, reason="no such mailbox")
    return found.get()


def links(client: Client) -> tuple[bool, bool]:
    """Whether the account menu leads to what needs attention, and to the outbox."""
    page = client.get("/promises/").content.decode()
    return f'href="{ATTENTION}"' in page, 'href="/outbox/"' in page


def test_a_manager_sees_to_what_failed_of_their_team() -> None:
    delivery = failed(makers.a_commitment())
    manager = pages.signed_in(makers.ines())

    page = manager.get(ATTENTION)
    settled = manager.post(f"{ATTENTION}{delivery.pk}/settled/")

    assert "no such mailbox" in pages.text(page)
    assert settled.status_code == 302
    assert not Delivery.objects.needing_attention().exists()


def test_what_failed_of_another_team_does_not_exist_for_a_manager() -> None:
    delivery = failed(makers.a_commitment())
    stranger = makers.a_user("Mia Mover")
    moves = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    makers.Membership.objects.create(user=stranger, team=moves, role=makers.Role.MANAGER)
    manager = pages.signed_in(stranger)

    page = manager.get(ATTENTION)
    refused = manager.post(f"{ATTENTION}{delivery.pk}/send-again/")

    assert "Nothing needs attention" in pages.text(page)
    assert refused.status_code == 404
    assert Delivery.objects.needing_attention().get() == delivery


def test_the_account_menu_leads_where_one_may_go(settings: object) -> None:
    settings.EMBEDDED = True  # type: ignore[attr-defined]  # pytest-django's settings
    makers.a_team()
    sam = makers.User.objects.create_superuser("sam@larkfield.example", name="Sam Whitlock")

    assert links(pages.signed_in(sam)) == (True, True)
    assert links(pages.signed_in(makers.ines())) == (True, False)
    assert links(pages.signed_in(makers.ana())) == (False, False)
    assert pages.signed_in(makers.ana()).get(ATTENTION).status_code == 404


def test_outside_embedded_mode_no_menu_leads_to_the_outbox(settings: object) -> None:
    settings.EMBEDDED = False  # type: ignore[attr-defined]  # pytest-django's settings
    sam = makers.User.objects.create_superuser("sam@larkfield.example", name="Sam Whitlock")

    assert links(pages.signed_in(sam)) == (True, False)
