"""The page of a promise says where its ticket is, and what became of it."""

from __future__ import annotations

import pytest

from commitments.models import Commitment
from commitments.services import cases
from commitments.services.cases import Case, Fate, Telling
from tests.makers import NOON, a_commitment, a_team, ana
from tests.web.pages import signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TICKET = Case(number="4711", url="https://help.example/t/4711")


def a_promise() -> Commitment:
    return a_commitment(case=TICKET.number, case_url=TICKET.url)


def tell(fate: Fate, *, by_id: int | None = None, into: Case | None = None) -> None:
    telling = Telling(
        fate=fate, key=str(fate), desk="Our desk", origin="helpdesk:1", by_id=by_id, into=into
    )
    cases.tell(a_team().pk, TICKET, telling, now=NOON)


def page(promise: Commitment) -> str:
    said = text(signed_in(ana()).get(f"/promises/{promise.reference}/"))
    return " ".join(said.split())


@pytest.mark.parametrize(
    ("fate", "said"),
    [
        (Fate.ANSWERED, "An answer was given in case 4711"),
        (Fate.CLOSED, "Case 4711 was closed"),
        (Fate.MERGED, "Case 4711 was merged"),
    ],
)
def test_what_became_of_the_ticket_is_told(fate: Fate, said: str) -> None:
    promise = a_promise()

    tell(fate)

    assert said in page(promise)
    assert "In Our desk." in page(promise)


@pytest.mark.parametrize(
    ("fate", "said"),
    [
        (Fate.ANSWERED, "Ana answered in case 4711"),
        (Fate.CLOSED, "Ana closed case 4711"),
        (Fate.MERGED, "Ana merged case 4711"),
    ],
)
def test_a_colleague_who_did_it_is_named(fate: Fate, said: str) -> None:
    promise = a_promise()

    tell(fate, by_id=ana().pk)

    assert said in page(promise)


def test_a_merged_ticket_stays_linked_beside_the_one_in_which_it_goes_on() -> None:
    promise = a_promise()

    tell(Fate.MERGED, into=Case(number="4800", url="https://help.example/t/4800"))

    shown = signed_in(ana()).get(f"/promises/{promise.reference}/").content.decode()
    assert 'href="https://help.example/t/4711"' in shown
    assert 'href="https://help.example/t/4800"' in shown
    assert "Case 4711 was merged into case 4800" in shown
    assert "The promise stays as it is." in shown


def test_the_customer_reads_nothing_of_it() -> None:
    promise = a_promise()

    tell(Fate.CLOSED)

    assert not promise.events.shown_to_customer().filter(kind="case_told").exists()
