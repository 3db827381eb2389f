"""Programs merge customers who were entered twice; the old id answers with the new one."""

from __future__ import annotations

from typing import Any

import pytest

from commitments import services
from commitments.models import Commitment, Conversation, Customer, Membership, Role
from tests.api.callers import LIST as COMMITMENTS
from tests.api.callers import a_program, a_promise, another_team, errors_of
from tests.api.counting import queries_of
from tests.makers import NOON, a_commitment, a_draft, a_team, a_user, ana, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/api/v1/customers/"


def both() -> tuple[Customer, Customer]:
    """Thomas, who is to go, and Tom."""
    gone = Customer.objects.create(
        name="Thomas Okafor",
        email="thomas@work.example",
        external_source="crm",
        external_id="7",
    )
    a_commitment(customer=gone, case="2")
    a_commitment(customer=tom())
    Customer.objects.filter(pk=tom().pk).update(external_source="crm", external_id="8")
    return gone, tom()


def merge(gone: Customer, into: object, program: Any = None, **headers: str) -> Any:
    body = {"into": into.pk if isinstance(into, Customer) else into}
    return (program or a_program()).post(body, f"{LIST}{gone.pk}/merge/", **headers)


def test_the_answer_is_the_one_who_stays():
    gone, kept = both()

    answer = merge(gone, kept)

    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["merged_ids"]) == (kept.pk, [gone.pk])
    assert answer.json() == a_program().get(f"{LIST}{kept.pk}/").json()
    assert set(Commitment.objects.values_list("customer", flat=True)) == {kept.pk}


def test_the_old_id_answers_with_the_new_one():
    gone, kept = both()
    merge(gone, kept)
    program = a_program()

    by_id = program.get(f"{LIST}{gone.pk}/").json()
    promises = program.get(COMMITMENTS, {"customer": gone.pk}).json()["results"]
    talks = program.get("/api/v1/conversations/", {"customer": gone.pk}).json()["results"]
    by_number = program.get(LIST, {"external_source": "crm", "external_id": "7"}).json()
    by_mail = program.get(LIST, {"email": "thomas@work.example"}).json()
    edited = program.post({"phone": "0199"}, f"{LIST}{gone.pk}/edit/").json()
    promised = program.post(a_promise(customer=gone.pk)).json()

    assert by_id["id"] == edited["id"] == promised["customer"]["id"] == kept.pk
    assert [each["customer"]["id"] for each in promises] == [kept.pk] * 2
    assert [each["customer"]["id"] for each in talks] == [kept.pk] * 2
    assert [each["id"] for each in by_number["results"]] == [kept.pk]
    assert [each["id"] for each in by_mail["results"]] == [kept.pk]
    assert [each["id"] for each in program.get(LIST).json()["results"]] == [kept.pk]


def test_sent_again_with_or_without_a_key_it_is_done_once():
    gone, kept = both()
    program = a_program()

    first, again = (merge(gone, kept, program, Idempotency_Key="k") for _ in range(2))
    keyless = merge(gone, kept, program)

    assert first.json() == again.json() == keyless.json()
    assert again["Idempotency-Replayed"] == "true"
    promise = Commitment.objects.get(conversation__outside_reference="2")
    assert promise.events.filter(kind="customer_merged").count() == 1


def test_one_who_was_merged_with_another_meanwhile_is_refused():
    gone, kept = both()
    third = Customer.objects.create(name="T. Okafor")
    a_commitment(customer=third, case="3")
    merge(gone, kept)

    answer = merge(gone, third)

    assert answer.status_code == 409
    assert answer.json()["code"] == "not_possible_now"
    assert Customer.objects.get(pk=gone.pk).merged_into == kept


@pytest.mark.parametrize("into", [None, "1", 0, 2**60, True])
def test_into_nobody_nobody_is_merged(into):
    gone, _ = both()

    answer = merge(gone, into)

    assert errors_of(answer).keys() == {"into"}
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_into_themselves_nobody_is_merged():
    gone, _ = both()

    assert errors_of(merge(gone, gone)).keys() == {"into"}


def test_whom_only_others_know_does_not_exist_on_either_side():
    gone, kept = both()
    kofi = Customer.objects.create(name="Kofi Ba")
    services.make(a_draft(team=another_team(), customer=kofi, owner_id=None), by=None, now=NOON)

    from_them, into_them, nobody = merge(kofi, kept), merge(gone, kofi), merge(gone, 2**60)

    assert from_them.status_code == 404
    assert into_them.status_code == 400
    assert into_them.content == nobody.content
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_an_auditor_merges_nobody_and_an_agent_only_their_own_teams_customers():
    gone, kept = both()
    eve = a_user("Eve Audit")
    Membership.objects.create(user=eve, team=a_team(), role=Role.AUDITOR)
    services.make(a_draft(team=another_team(), customer=gone, owner_id=None), by=None, now=NOON)

    answers = [merge(gone, kept, a_program(eve)), merge(gone, kept, a_program(ana()))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_a_stale_if_match_is_refused():
    gone, kept = both()
    program = a_program()
    seen = program.get(f"{LIST}{gone.pk}/")["ETag"]
    program.post({"phone": "0199"}, f"{LIST}{gone.pk}/edit/")

    assert merge(gone, kept, program, If_Match=seen).status_code == 412
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_what_is_listed_by_customer_is_found_by_the_new_id():
    gone, kept = both()
    merge(gone, kept)

    promises = a_program().get(COMMITMENTS, {"customer": kept.pk}).json()["results"]

    assert len(promises) == 2
    assert set(Conversation.objects.values_list("customer", flat=True)) == {kept.pk}


def test_check_ins_are_found_by_either_id():
    gone, kept = both()
    theirs = Commitment.objects.get(customer=gone)
    services.fulfil(theirs.pk, by=ana(), how="Sent.", now=NOON)
    merge(gone, kept)
    program = a_program()

    by_id = [
        program.get("/api/v1/check-ins/", {"customer": each.pk}).json() for each in (gone, kept)
    ]

    assert by_id[0] == by_id[1]
    assert [each["customer"]["id"] for each in by_id[0]["results"]] == [kept.pk]


def test_more_merged_ids_cost_no_more_queries():
    _, kept = both()
    program = a_program()
    path = f"{LIST}{kept.pk}/"
    program.get(path)
    few = len(queries_of(lambda: program.get(path)))
    for number in range(5):
        gone = Customer.objects.create(name=f"Tom {number}")
        a_commitment(customer=gone, case=f"more {number}")
        merge(gone, kept)

    assert len(program.get(path).json()["merged_ids"]) == 5
    assert len(queries_of(lambda: program.get(path))) == few <= 4
