"""Values on the pages: what is usual beside the field, the reason asked for, and the report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Kind, Membership, Role, ValueReason
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NEW = "/promises/new/"
REPORT = "/reports/values/"
USUAL = (
    "Refund: usually 2.00 to 18.00 EUR, in the middle 10.00. "
    "So it was for eight in ten of the last 20."
)


def given(*values: int, **more: Any) -> None:  # Any: fields of a draft
    worth = {"kind": "refund", "currency": "EUR", "summary": False, "promised_at": NOON - DAY}
    for value in values:
        makers.a_commitment(**worth | {"value": Decimal(value)} | more)


def asked(**fields: str) -> dict[str, str]:
    said = {"who": "tom", "wording": "Refund the fee", "when": "fri 10am"}
    return {"once": "k"} | said | {"kind": str(Kind.objects.get(code="refund").pk)} | fields


def confirmed(client: Client, **fields: str) -> Any:  # Any: a test response
    shown = client.post(NEW, asked(**fields))
    assert shown.status_code == 200, pages.text(shown)
    return client.post(NEW, asked(**fields) | pages.hidden(shown))


def newest() -> Commitment:
    return Commitment.objects.latest("pk")


def test_what_is_usual_stands_beside_the_field(client: Client) -> None:
    given(*range(1, 21))

    shown = client.post(NEW, asked())

    assert USUAL in pages.text(shown)


def test_a_kind_without_a_value_is_not_asked_for_one(client: Client) -> None:
    given(*range(1, 21))

    shown = client.post(NEW, asked(kind=str(Kind.objects.get(code="callback").pk)))

    assert "Is this right?" in pages.text(shown)
    assert "What it is worth" not in pages.text(shown)


def test_a_value_is_kept_in_the_currency_given_last(client: Client) -> None:
    given(5, currency="CHF")

    assert confirmed(client, value="42.50").status_code == 302

    assert (newest().value, newest().currency) == (Decimal("42.50"), "CHF")


@override_settings(CURRENCY="SEK")
def test_the_first_is_in_the_currency_of_the_house(client: Client) -> None:
    given()
    makers.a_commitment()

    assert confirmed(client, value="42").status_code == 302

    assert newest().currency == "SEK"


def test_beyond_the_usual_the_form_asks_why_and_keeps_what_was_typed(client: Client) -> None:
    given(*range(1, 21))
    before = Commitment.objects.count()

    refused = confirmed(client, value="500", currency="eur")

    words = pages.text(refused)
    assert refused.status_code == 422
    assert "It is usually 2.00 to 18.00 EUR. Say in a few words why this one differs." in words
    assert 'href="#id_value_reason"' in refused.content.decode()
    assert 'value="500"' in refused.content.decode()
    assert Commitment.objects.count() == before

    again = asked(value="500", currency="eur", value_reason="Two years") | pages.hidden(refused)
    assert client.post(NEW, again).status_code == 302
    assert ValueReason.objects.get().words == "Two years"
    assert "500.00 EUR" in pages.text(client.get(f"/promises/{newest().reference}/"))


@pytest.mark.parametrize(
    ("value", "currency"),
    [("0", ""), ("-5", ""), ("x", ""), ("NaN", ""), ("1e400", ""), ("1\x00", ""), ("5", "euro")],
    ids=range(7),
)
def test_what_is_no_value_is_refused(client: Client, value: str, currency: str) -> None:
    makers.a_commitment()
    before = Commitment.objects.count()

    shown = client.post(NEW, asked(value=value, currency=currency))

    assert shown.status_code == 422
    assert Commitment.objects.count() == before


def test_a_value_of_a_kind_that_has_none_is_refused_at_its_field(client: Client) -> None:
    makers.a_commitment()
    callback = str(Kind.objects.get(code="callback").pk)

    refused = confirmed(client, kind=callback, value="5", currency="EUR")

    assert refused.status_code == 422
    assert "Callback has no value. Leave it empty, or choose another kind." in pages.text(refused)


def test_what_makes_up_for_a_missed_time_is_held_against_its_cause(
    client: Client, traveller: time_machine.Traveller
) -> None:
    another = makers.a_commitment()
    Commitment.objects.filter(pk=another.pk).update(cause="system")
    given(*range(1, 21), follows_id=another.pk)
    late = makers.a_commitment(due_at=NOON + HOUR, summary=False)
    traveller.move_to(NOON + 2 * HOUR)
    path = f"/promises/{late.reference}/make-right/"
    said = {
        "reason": "The mails lay.", "when": "fri 10am", "told": "message", "cause": "system",
        "remedy": "Refund the fee", "remedy_when": "fri noon", "remedy_value": "99",
        "remedy_kind": str(Kind.objects.get(code="refund").pk),
        "remedy_owner": str(makers.ana().pk),
    }  # fmt: skip

    shown = client.post(path, pages.hidden(client.get(path)) | said)
    assert "Refund for “A system or a tool did not work”: usually 2.00 to 18.00" in pages.text(
        shown
    )
    refused = client.post(path, pages.hidden(shown) | said)
    assert refused.status_code == 422
    assert 'href="#id_remedy_value_reason"' in refused.content.decode()

    why = {"remedy_value_reason": "He waited three weeks."}
    assert client.post(path, pages.hidden(refused) | said | why).status_code == 302
    assert newest().value == Decimal(99)
    assert ValueReason.objects.get().words == "He waited three weeks."


def test_the_report_shows_the_spread_and_each_reason(client: Client, ines: Client) -> None:
    given(*range(1, 21))
    given(7, kind="credit")
    confirmed(client, when="5pm", value="500", value_reason="Two <b>years</b>")
    unusual = newest()

    page = ines.get(REPORT)

    words = pages.text(page)
    assert "22 values were given; 1 was not usual, and has its reason." in words
    assert (
        "Refund Makes up for nothing that was late 21 11.00 EUR 3.00 to 19.00 1.00 to 500.00"
        in (words)
    )
    assert "Credit Makes up for nothing that was late 1 7.00 EUR Too few to say" in words
    assert "500.00 EUR 2.00 to 18.00 Two <b>years</b> Ana Moreno" in words
    assert f"/promises/{unusual.reference}/" in page.content.decode()


def test_a_report_over_nothing_says_so(ines: Client) -> None:
    page = ines.get(REPORT)

    assert "Nothing was given that has a value." in pages.text(page)
    assert "None in this period." in pages.text(page)


def test_an_agent_sees_their_own_values_alone(client: Client) -> None:
    given(3)
    given(900, owner_id=makers.dev().pk)

    words = pages.text(client.get(REPORT))

    assert "1 value was given, none of them unlike the others." in words
    assert "900" not in words
    assert client.get(f"{REPORT}?owner={makers.dev().pk}").status_code == 404


def test_an_auditor_reads_the_report_and_another_team_nothing_of_it(ines: Client) -> None:
    given(3)
    noor, omar = makers.a_user("Noor Haddad"), makers.a_user("Omar Rahal")
    Membership.objects.create(user=noor, team=makers.a_team(), role=Role.AUDITOR)
    Membership.objects.create(user=omar, team=makers.a_team("Moves"), role=Role.MANAGER)

    assert "1 value was given" in pages.text(pages.signed_in(noor).get(REPORT))
    stranger = pages.signed_in(omar)
    assert "Nothing was given" in pages.text(stranger.get(REPORT))
    assert stranger.get(f"{REPORT}?team={makers.a_team().pk}").status_code == 404


def test_dates_that_make_no_period_are_refused(ines: Client) -> None:
    page = ines.get(f"{REPORT}?since=2026-05-31&until=2026-05-01")

    assert page.status_code == 422


def test_the_report_asks_as_much_for_many_values_as_for_one(client: Client, ines: Client) -> None:
    def asked_for() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ines.get(REPORT).status_code == 200
        return len(queries)

    given(3)
    ValueReason.objects.create(
        commitment=newest(), by=makers.ana(), words="x", low=1, median=2, high=2, at=NOON
    )
    asked_for()
    few = asked_for()
    for kind in ("refund", "credit", "repair"):
        given(*range(1, 24), kind=kind)
        ValueReason.objects.create(
            commitment=newest(), by=makers.ana(), words="x", low=1, median=2, high=2, at=NOON
        )

    assert asked_for() == few
    assert few <= 12
