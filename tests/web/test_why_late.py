"""Pages ask why something was late before it closes, and afterwards where nobody could be asked."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from commitments import services
from commitments.models import Commitment
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(client: Client, traveller: time_machine.Traveller) -> Commitment:
    """Due at 4:00 pm, an hour ago."""
    kettle = makers.a_commitment(due_at=NOON + 4 * HOUR, summary=False)
    traveller.move_to(NOON + 5 * HOUR)
    return kettle


def path(commitment: Commitment, verb: str) -> str:
    return f"/promises/{commitment.reference}/{verb}/"


def test_done_asks_why_only_where_it_is_late(client: Client, late: Commitment) -> None:
    in_time = makers.a_commitment(due_at=NOON + 2 * DAY, now=NOON + 4 * HOUR)
    assert "Why was it not in time?" not in pages.text(client.get(path(in_time, "done")))
    form = client.get(path(late, "done"))
    assert "Why was it not in time?" in pages.text(form)

    refused = client.post(path(late, "done"), pages.hidden(form) | {"how": "It went by post."})
    assert refused.status_code == 422
    assert "Choose why it was not in time." in pages.text(refused)
    assert "It went by post.</textarea>" in refused.content.decode()
    done = client.post(
        path(late, "done"), pages.hidden(form) | {"how": "It went by post.", "cause": "system"}
    )

    assert done.status_code == 302
    assert makers.fresh(late).cause == "system"


def test_a_form_that_was_opened_in_time_and_sent_late_asks_why(
    client: Client, kettle: Commitment, traveller: time_machine.Traveller
) -> None:
    form = client.get(path(kettle, "done"))
    traveller.shift(4 * HOUR + MINUTE)

    refused = client.post(path(kettle, "done"), pages.hidden(form) | {"how": "By post."})

    assert refused.status_code == 422
    assert "Choose why it was not in time." in pages.text(refused)


@pytest.mark.parametrize(
    ("how", "is_late", "asks"),
    [
        ("abandon", True, True),
        ("abandon", False, True),
        ("release", True, True),
        ("release", False, False),
        ("void", True, False),
    ],
)
def test_closing_asks_why_where_there_is_something_to_explain(
    client: Client, kettle: Commitment, traveller: time_machine.Traveller,
    how: str, is_late: bool, asks: bool,
) -> None:  # fmt: skip
    makers.Membership.objects.filter(user=makers.ana()).update(role=makers.Role.LEAD)
    traveller.shift(5 * HOUR if is_late else MINUTE)
    form = client.get(path(kettle, "close"))

    sent = client.post(
        path(kettle, "close"), pages.hidden(form) | {"how": how, "reason": "It is not made."}
    )

    assert sent.status_code == (422 if asks else 302)
    if asks:
        assert "Choose why it was not in time." in pages.text(sent)
        fields = {"how": how, "reason": "It is not made.", "cause": "outside"}
        again = client.post(path(kettle, "close"), pages.hidden(form) | fields)
        assert again.status_code == 302
        assert makers.fresh(kettle).cause == "outside"


def test_what_the_customer_ended_late_asks_the_team_for_the_cause(
    client: Client, late: Commitment
) -> None:
    services.need_no_more(late.pk, now=NOON + 5 * HOUR)
    page = client.get(f"/promises/{late.reference}/")
    assert "Say why it was late" in pages.text(page)
    form = client.get(path(late, "cause"))

    empty = client.post(path(late, "cause"), pages.hidden(form))
    named = client.post(path(late, "cause"), pages.hidden(form) | {"cause": "too_much"})

    assert (empty.status_code, named.status_code) == (422, 302)
    page = client.get(named["Location"])
    assert "The cause is noted, for the team only." in pages.text(page)
    assert "Cause Too much was due at once" in pages.text(page)
    assert "Say why it was late" not in pages.text(page)
    assert "Change the cause" in pages.text(page)
