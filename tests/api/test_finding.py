"""The list finds what the page finds, and shows only the fields that were asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from commitments.models import Commitment, Customer
from commitments.reports import standing
from commitments.web.lists import all_promises, filters
from tests.api.callers import LIST, a_program, ana_of_billing, errors_of
from tests.makers import DAY, HOUR, a_commitment, ana, dev
from tests.reports_company import MONDAY, a_company

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_every_state_of_the_page_is_one_of_programs():
    assert {name for name, _ in filters.STATES if name} == set(standing.STATES)


def test_each_state_and_word_finds_what_the_page_finds(at_noon: Any) -> None:
    at_noon.move_to(MONDAY)
    ines = a_company().ines
    asked = [*({"state": name} for name in standing.STATES), {"q": "tom"}, {"q": "b2"}, {}]

    assert {str(each): listed(ines, **each) for each in asked} == {
        str(each): on_the_page(ines, **each) for each in asked
    }
    assert len({tuple(listed(ines, **each)) for each in asked}) > 8


def test_promises_are_found_by_kind_customer_case_and_urgency():
    plain = a_commitment(case="LK-20714")
    refund = a_commitment(kind="refund", urgent=True)
    ada = Customer.objects.create(name="Ada Lovelace", email="ada@customers.example")
    other = a_commitment(customer=ada)

    assert listed(ana(), kind="refund") == [refund.reference]
    assert listed(ana(), urgent="true") == [refund.reference]
    assert listed(ana(), case="LK-20714") == [plain.reference]
    assert listed(ana(), customer=other.customer_id) == [other.reference]
    assert listed(ana(), q="ada love") == [other.reference]
    assert listed(ana(), q=refund.reference) == [refund.reference]


@pytest.mark.postgresql
def test_a_search_that_looked_among_the_newest_only_says_so(settings: Any) -> None:
    settings.COMMITMENTS_LENGTHS = {"searched_at_most": 4}
    for number in range(12):
        a_commitment(wording=f"kettle {number}")

    newest = a_program().get(query={"q": "kettle"}).json()
    anas = a_program().get(query={"q": "kettle", "owner": ana().pk}).json()

    assert (newest["searched"], len(newest["results"])) == (4, 4)
    assert ("searched" in anas, len(anas["results"])) == (False, 12)


def test_only_the_fields_that_were_asked_for_are_shown():
    kettle = a_commitment()
    program = a_program()

    (row,) = program.get(query="fields=due_at,reference").json()["results"]
    one = program.get(f"{LIST}{kettle.reference}/", query="fields=status")

    assert row.keys() == {"due_at", "reference"}
    assert one.json() == {"status": "open"}
    assert one["ETag"] == program.get(f"{LIST}{kettle.reference}/")["ETag"]


@pytest.mark.parametrize("wrong", ["", "id", "due_at,", "due_at,due_at", "due_at, reference", "*"])
@pytest.mark.parametrize("where", ["list", "one"])
def test_a_field_that_there_is_not_is_refused_with_those_that_there_are(where: str, wrong: str):
    kettle = a_commitment()
    path = LIST if where == "list" else f"{LIST}{kettle.reference}/"

    answer = a_program().get(path, query={"fields": wrong})

    assert answer.status_code == 400
    assert "reference" in errors_of(answer)["fields"]


@pytest.mark.parametrize(
    "query", ["state=late!", "state=", "kind=", "q=", "q=" + "x" * 201, "customer=tom", "urgent=1"]
)
def test_a_filter_that_cannot_be_understood_is_refused(query: str):
    answer = a_program(ana_of_billing()).get(query=query)

    assert (answer.status_code, len(errors_of(answer))) == (400, 1)


def test_due_today_ends_at_midnight_where_the_reader_is(at_noon: Any) -> None:
    at_noon.move_to(MONDAY)
    tonight = a_commitment(due_at=MONDAY + 14 * HOUR, now=MONDAY)  # half past ten in the evening
    user = dev()
    user.zone = "Asia/Tokyo"  # where that is tomorrow
    user.save()

    assert listed(ana(), state="today") == [tonight.reference]
    assert listed(user, state="today") == []
    assert tonight.due_at < MONDAY + DAY


def listed(user: Any, **query: object) -> list[str]:
    answer = a_program(user).get(query={**query, "page_size": 200, "fields": "reference"})
    assert answer.status_code == 200, answer.content
    return sorted(each["reference"] for each in answer.json()["results"])


def on_the_page(user: Any, **asked: str) -> list[str]:
    given = QueryDict(mutable=True)
    given.update(asked)
    form = filters.ListFilters(given, user=user)
    chosen = all_promises.chosen_by(form, user=user, hasty=True, now=MONDAY)
    return sorted(each.reference for each in Commitment.objects.filter(pk__in=chosen.values("pk")))
