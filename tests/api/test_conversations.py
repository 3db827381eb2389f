"""Several promises of one conversation, by one call: all of them, or none."""

from __future__ import annotations

from typing import Any

import pytest

from commitments import services
from commitments.models import Commitment, Conversation, Membership, Role
from notifications.models import Delivery
from tests.api.callers import (
    a_program,
    a_promise,
    ana_of_billing,
    another_team,
    assert_nothing_was_made,
    errors_of,
    everything,
)
from tests.api.counting import after, queries_of
from tests.makers import NOON, a_commitment, a_draft, a_team, a_user, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TALKS = "/api/v1/conversations/"
PART = {"wording": "Send the part", "kind": "followup", "due_at": "2026-05-21T18:00:00Z"}
CALL = {"wording": "Call back", "kind": "callback", "due": "tomorrow 10am"}


def a_talk(**fields: Any) -> dict[str, Any]:
    usual = {
        "customer": a_promise()["customer"],
        "channel": "chat",
        "case": "48213",
        "case_url": "https://desk.example/48213",
        "commitments": [PART, CALL],
    }
    return {name: value for name, value in (usual | fields).items() if value is not ...}


def test_the_promises_of_one_call_stand_in_one_conversation():
    answer = a_program(ana_of_billing()).post(a_talk(), TALKS)

    body = answer.json()
    talk = Conversation.objects.get()
    assert (answer.status_code, body["id"]) == (201, talk.pk)
    assert answer["Location"] == body["links"]["self"]
    assert (body["channel"], body["case"], body["agent"]["name"]) == ("chat", "48213", "Ana Moreno")
    assert [each["wording"] for each in body["commitments"]] == ["Send the part", "Call back"]
    assert body["commitments"][1]["read"]["at"] == "2026-05-22T10:00:00Z"
    assert "read" not in body["commitments"][0]
    assert set(Commitment.objects.values_list("conversation", flat=True)) == {talk.pk}


def test_one_mail_about_all_of_them_if_that_is_wished():
    a_program(ana_of_billing()).post(a_talk(recap=True), TALKS)

    (mail,) = Delivery.objects.filter(audience="customer", state="queued")
    assert "Send the part" in mail.text
    assert "Call back" in mail.text


@pytest.mark.parametrize(
    ("commitments", "field"),
    [
        ([PART, CALL | {"due": "yesterday"}], "commitments.1.due"),
        ([PART, CALL | {"due": "soonish"}], "commitments.1.due"),
        ([PART, PART | {"due_at": "2026-05-20T18:00:00Z"}], "commitments.1.due_at"),
        ([PART, CALL, PART | {"kind": "gift"}], "commitments.2.kind"),
        ([PART, CALL | {"owner": 30_000_000}], "commitments.1.owner"),
        ([PART | {"wording": ""}], "commitments.0.wording"),
        ([PART, PART | {"case": "1"}], "commitments.1.case"),
        ([PART, "Call back"], "commitments.1"),
        ([], "commitments"),
        ([PART] * 21, "commitments"),
        (PART, "commitments"),
        (None, "commitments"),
        (..., "commitments"),
    ],
)
def test_where_one_is_refused_none_is_made_and_it_is_named(commitments: Any, field: str):
    answer = a_program(ana_of_billing()).post(a_talk(commitments=commitments), TALKS)

    assert answer.status_code == 400
    assert list(errors_of(answer)) == [field]
    assert_nothing_was_made(answer)


def test_a_mail_about_all_that_cannot_be_sent_refuses_all():
    nameless = {"name": "Tom Okafor"}

    answer = a_program(ana_of_billing()).post(a_talk(customer=nameless, recap=True), TALKS)

    assert answer.status_code == 400
    assert_nothing_was_made(answer)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"customer": 30_000_000}, "customer"),
        ({"team": 30_000_000}, "team"),
        ({"wording": "Send it"}, "wording"),
        ({"case_url": "javascript:alert(1)"}, "case_url"),
        ({"recap": "yes"}, "recap"),
    ],
)
def test_what_is_wrong_about_the_conversation_is_named(wrong: dict[str, Any], field: str):
    answer = a_program(ana_of_billing()).post(a_talk(**wrong), TALKS)

    assert list(errors_of(answer)) == [field]
    assert_nothing_was_made(answer)


def test_the_same_key_makes_one_conversation():
    program = a_program(ana_of_billing())

    first, again = (program.post(a_talk(), TALKS, Idempotency_Key="k") for _ in range(2))
    other = program.post(a_talk(case="48214"), TALKS, Idempotency_Key="k")

    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert (other.status_code, everything()[:2]) == (422, (2, 1))


def test_the_first_answer_is_not_given_to_who_may_no_longer_see_it():
    program = a_program(ana_of_billing())
    program.post(a_talk(), TALKS, Idempotency_Key="k")
    Membership.objects.filter(user=ana()).update(team=another_team())

    assert program.post(a_talk(), TALKS, Idempotency_Key="k").status_code == 404


def test_an_auditor_reads_and_makes_none():
    a_commitment()
    auditor = a_user("Nils Auditor")
    Membership.objects.create(user=auditor, team=a_team(), role=Role.AUDITOR)
    program = a_program(auditor)

    refused = program.post(a_talk(), TALKS)

    assert refused.status_code in (400, 403)
    assert Commitment.objects.count() == 1
    assert len(program.get(TALKS).json()["results"]) == 1


def test_conversations_are_found_by_team_customer_and_case():
    program = a_program(ana_of_billing())
    program.post(a_talk(), TALKS)
    program.post(a_talk(customer={"name": "Ada Lovelace"}, case="7"), TALKS)
    tom, ada = Conversation.objects.order_by("pk")

    assert found(program, case="48213") == [tom.pk]
    assert found(program, customer=ada.customer_id) == [ada.pk]
    assert found(program, team=a_team().pk) == [tom.pk, ada.pk]
    assert found(program, team=a_team().pk + 100) == []
    first = program.get(TALKS, query="page_size=1").json()
    assert [each["id"] for each in program.get(after(first)).json()["results"]] == [ada.pk]


def test_what_other_teams_talked_about_is_not_there():
    theirs = services.make(a_draft(team=another_team(), owner_id=None), by=None, now=NOON)
    program = a_program(ana_of_billing())

    assert found(program) == []
    assert program.get(f"{TALKS}{theirs.conversation_id}/").status_code == 404
    assert program.get(f"{TALKS}99999/").status_code == 404


def test_a_promise_that_went_to_another_team_is_left_out():
    kettle, stays = a_commitment(), a_commitment()
    Commitment.objects.update(conversation=kettle.conversation_id)
    Commitment.objects.filter(pk=kettle.pk).update(team=another_team())

    body = a_program().get(f"{TALKS}{kettle.conversation_id}/").json()

    assert [each["reference"] for each in body["commitments"]] == [stays.reference]


def test_more_conversations_ask_no_more_of_the_database():
    a_commitment()
    program = a_program()
    program.get(TALKS)  # which notes that the token is in use
    few = queries_of(lambda: program.get(TALKS))
    for _ in range(5):
        a_commitment()

    many = queries_of(lambda: program.get(TALKS))

    assert len(many) == len(few) == 3  # the token, the conversations, their promises


def found(program: Any, **query: object) -> list[int]:
    answer = program.get(TALKS, query=query)
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["results"]]
