"""What a review decided is owed and may be late, but no customer waits for word of it: nowhere is
it counted or shown among those who have not been told.
"""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from commitments import services
from commitments.models import Commitment
from commitments.reports import Scope, live
from tests import makers
from tests.api.callers import a_program
from tests.makers import DAY, HOUR, NOON, a_commitment, ana, dev, fresh
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = NOON + 2 * DAY


@pytest.fixture
def decision(traveller: time_machine.Traveller) -> Commitment:
    """Overdue since yesterday, beside a promise to a customer who has not been told either."""
    a_commitment(wording="Refund the fee", due_at=NOON + HOUR)
    findings = services.Findings(title="The storm", happened="Mails lay for a day.", why="")
    review = services.begin_review(
        makers.a_team().pk, findings, promises=[], by=dev(), now=NOON - HOUR
    )
    decided = services.decide(
        review.pk,
        wording="Look at the mail queue each morning",
        owner_id=ana().pk,
        due_at=NOON + DAY,
        by=dev(),
        now=NOON,
    )
    traveller.move_to(LATER)
    return decided


@pytest.fixture
def lead(decision: Commitment) -> Client:
    return pages.signed_in(dev())


def test_it_is_overdue_and_not_among_the_silent(decision: Commitment) -> None:
    late = Commitment.objects.overdue(LATER)

    assert fresh(decision).is_overdue(LATER)
    assert not fresh(decision).is_not_told(LATER)
    assert set(late.values_list("wording", flat=True)) == {"Refund the fee", decision.wording}
    (silent,) = Commitment.objects.not_told(LATER)
    assert silent.wording == "Refund the fee"
    assert list(Commitment.objects.told(LATER)) == [decision]


def test_the_report_counts_no_customer_for_it(decision: Commitment) -> None:
    look = live.Look.at(Scope.of(dev(), {}, LATER), now=LATER)

    figures = look.overdue()
    assert (figures.overdue, figures.not_told, figures.customers_not_told) == (2, 1, 1)
    assert sum(wait.not_told for wait in look.waits()) == 1
    assert sum(load.not_told for load in look.open_by("owner")) == 1


@pytest.mark.parametrize("address", ["/reports/overdue/", "/promises/", "/team/"])
def test_a_list_that_shows_it_says_nothing_of_telling(
    lead: Client, decision: Commitment, address: str
) -> None:
    rows = lead.get(address).content.decode().split("<tr ")

    (shown,) = [row for row in rows if decision.wording in row]
    (silent,) = [row for row in rows if "Refund the fee" in row]
    assert "Not told" in pages.text_of(silent)
    assert "told" not in pages.text_of(shown).lower()


def test_the_board_counts_one_customer_without_word(lead: Client, decision: Commitment) -> None:
    assert "two are overdue, one customer not told" in pages.text(lead.get("/team/"))


def test_its_page_asks_for_the_deed_and_not_for_a_message(
    lead: Client, decision: Commitment
) -> None:
    said = pages.text(lead.get(f"/promises/{decision.reference}/"))

    assert "No customer waits for word of it." in said
    assert "Tell Billing" not in said
    assert "Make it right" not in said


def test_programs_are_told_null(decision: Commitment) -> None:
    answer = a_program(dev()).get(f"/api/v1/commitments/{decision.reference}/").json()

    assert (answer["overdue"], answer["told"]) == (True, None)
