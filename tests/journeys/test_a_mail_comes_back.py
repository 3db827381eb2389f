"""A customer is told, the mail comes back, and everybody who has to know does."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from commitments import services, sweep
from notifications import delivery
from notifications.models import Delivery, Suppression
from tests import smtp
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana, events_of, fresh
from tests.notifications.returned import a_bounce
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + HOUR
TOLD = DUE + 2 * HOUR


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[smtp.Sink]:
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url
        settings.BOUNCE_ADDRESS = "bounces@larkfield.example"
        yield far_end


def returned(mail: smtp.Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    """The customer's server thinks again."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(a_bounce(mail.sender))))
    call_command("receive_bounce", stdout=io.StringIO())


def test_a_notice_that_came_back_puts_the_promise_back_to_not_told(
    sink: smtp.Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    sweep.run(DUE + MINUTE)
    services.update(kettle.pk, by=ana(), words="Tomorrow.", tell_customer=True, now=TOLD)
    delivery.run(TOLD + MINUTE)
    [mail] = [mail for mail in sink.accepted if mail.recipient == "tom@customers.example"]
    told = fresh(kettle).is_not_told(TOLD + HOUR)

    returned(mail, monkeypatch)

    assert (told, fresh(kettle).is_not_told(TOLD + HOUR)) == (False, True)
    assert events_of(kettle)[-1] == "message_bounced"
    assert Suppression.objects.get().address == "tom@customers.example"
    asked = Delivery.objects.filter(template="undelivered")
    assert {each.person_id for each in asked} == {ana().pk}


def test_the_owner_calls_and_settles_it_on_the_promises_own_page(
    sink: smtp.Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    services.update(kettle.pk, by=ana(), words="Tomorrow.", tell_customer=True, now=NOON)
    delivery.run(NOON + MINUTE)
    returned(sink.accepted[-1], monkeypatch)
    client: Client = pages.signed_in(ana())
    path = f"/promises/{kettle.reference}/"

    page = pages.text(client.get(path))
    row = Delivery.objects.needing_attention().get()
    client.post(f"/needs-attention/{row.pk}/settled/", {"note": "Called, he knows.", "next": path})

    assert "Messages that need you" in page
    assert "Update to Tom came back" in page
    assert fresh(kettle).events.latest("sequence").words == "Called, he knows."
    assert "Messages that need you" not in pages.text(client.get(path))
