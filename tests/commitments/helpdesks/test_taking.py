"""What a help desk's webhook comes to, whichever system it is of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from commitments import services
from commitments.models import (
    Commitment,
    Conversation,
    Customer,
    HelpDesk,
    Membership,
    Suggestion,
    Team,
)
from commitments.services import suggestions
from tests.commitments.helpdesks.desks import Desk, a_desk, everything, the_promise
from tests.commitments.helpdesks.letters import TOM, a_letter, signed
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_team, ana, dev, ines, tom
from tests.web.pages import signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def nothing_was_made() -> bool:
    return not any(it.objects.exists() for it in (Commitment, Conversation, Customer, Suggestion))


def test_what_an_agent_promised_in_a_note_is_a_promise(box: Desk) -> None:
    answer = box.post(a_letter())

    promise = the_promise()
    assert answer.status_code == 201
    assert answer.json() == {
        "promises": [
            {
                "reference": promise.reference,
                "url": f"http://testserver/promises/{promise.reference}/",
                "wording": "Call back",
                "due_at": "2026-05-22T10:00:00Z",
                "again": False,
            }
        ],
        "suggestions": [],
        "told": [],
    }
    assert (promise.owner, promise.team, promise.kind.code) == (ana(), a_team(), "callback")
    assert (promise.due_said, promise.promised_at) == ("fri 10am", NOON - 2 * MINUTE)
    talk = promise.conversation
    assert (talk.outside_reference, talk.outside_url, talk.channel) == (
        "4711", "https://letters.example/t/4711", "post",
    )  # fmt: skip
    assert promise.customer.name == "Tom Okafor"


def test_every_piece_of_the_line_is_heard(box: Desk) -> None:
    box.post(a_letter(line="#refund the May invoice tomorrow 3pm ~email ! -mail // ask Ines"))

    promise = the_promise()
    assert (promise.kind.code, promise.wording) == ("refund", "The May invoice")
    assert (promise.urgent, promise.keep_by, promise.team_note) == (True, "email", "ask Ines")


def test_where_only_a_time_is_said_the_desks_own_kind_says_what(box: Desk) -> None:
    box.post(a_letter(line="fri 10am"))

    promise = the_promise()
    assert (promise.kind.code, promise.wording) == ("followup", promise.kind.usual_wording)


def test_a_webhook_sent_again_makes_nothing_twice(box: Desk) -> None:
    first = box.post(a_letter())

    again = [box.post(a_letter(line="call back fri 11am")) for _ in range(3)]

    assert [one.status_code for one in again] == [200, 200, 200]
    said = first.json()["promises"][0] | {"again": True}
    assert [one.json()["promises"] for one in again] == [[said]] * 3
    assert Commitment.objects.count() == Conversation.objects.count() == 1


def test_it_is_known_years_later(box: Desk, at_noon: Any) -> None:
    box.post(a_letter())
    at_noon.shift(800 * DAY)

    assert box.post(a_letter()).json()["promises"][0]["again"] is True
    assert Commitment.objects.count() == 1


def test_two_promises_in_one_ticket_share_its_conversation(box: Desk) -> None:
    box.post(a_letter())
    box.post(a_letter(id="m2", line="send the form tomorrow"))

    assert Commitment.objects.count() == 2
    assert Conversation.objects.count() == Customer.objects.count() == 1


# --- Who is meant


def test_the_customer_is_known_by_the_desks_id_whatever_else_changed(box: Desk) -> None:
    box.post(a_letter())
    box.post(a_letter(id="m2", ticket="9", customer=TOM | {"email": "t@new.example"}))

    assert Customer.objects.get().email == "tom@customers.example"
    assert Commitment.objects.count() == 2


@pytest.mark.parametrize(
    "by", [{"email": "TOM@customers.example"}, {"phone": "0755 555 0142"}], ids=["email", "phone"]
)
def test_a_customer_the_team_knows_is_found_and_known_by_that_id_from_then_on(
    by: dict[str, str], box: Desk
) -> None:
    a_commitment()

    box.post(a_letter(customer={"id": "91", "name": "T. Okafor"} | by))

    assert Customer.objects.get() == tom()
    assert (tom().external_source, tom().external_id) == (box.row.origin, "91")


def test_whom_the_desk_calls_otherwise_is_somebody_else_at_the_same_address(box: Desk) -> None:
    box.post(a_letter())

    box.post(a_letter(id="m2", customer=TOM | {"id": "92", "name": "Ola Okafor"}))

    assert set(Customer.objects.values_list("name", "external_id")) == {
        ("Tom Okafor", "91"), ("Ola Okafor", "92"),
    }  # fmt: skip


def test_another_desk_calls_somebody_else_by_the_same_id(box: Desk) -> None:
    other = a_desk("letterbox", signed, name="Another", address="https://other.example")
    box.post(a_letter())

    other.post(a_letter(customer={"id": "91", "name": "Rosa Lind", "email": "rosa@x.example"}))

    assert set(Customer.objects.values_list("name", flat=True)) == {"Tom Okafor", "Rosa Lind"}


def test_whoever_was_merged_into_another_is_that_other_one(box: Desk) -> None:
    box.post(a_letter())
    kept = Customer.objects.create(name="Tom E. Okafor", external_source="crm", external_id="7")
    Customer.objects.filter(external_id="91").update(merged_into=kept)

    box.post(a_letter(id="m2", ticket="9"))

    assert Commitment.objects.latest("pk").customer == kept


def test_a_customer_who_was_erased_is_somebody_new(box: Desk) -> None:
    box.post(a_letter())
    Customer.objects.update(erased_at=NOON, email="", name="Erased")

    box.post(a_letter(id="m2"))

    assert Commitment.objects.latest("pk").customer.name == "Tom Okafor"


@pytest.mark.parametrize("agent", ["nobody@larkfield.example", "", "ANA@other.example"])
def test_what_nobody_of_the_team_promised_is_the_leads(agent: str, box: Desk) -> None:
    box.post(a_letter(agent=agent))

    assert the_promise().owner == dev()
    assert the_promise().events.first().actor is None  # type: ignore[union-attr]


def test_without_a_lead_it_is_for_whom_is_asked_instead(box: Desk) -> None:
    Membership.objects.filter(user=dev()).delete()
    Team.objects.update(lead_fallback=ines())

    box.post(a_letter(agent=""))

    assert the_promise().owner == ines()


def test_an_auditor_promises_nothing(box: Desk) -> None:
    Membership.objects.filter(user=ana()).update(role="auditor")

    box.post(a_letter())

    assert the_promise().owner == dev()


def test_an_agent_of_another_team_is_none_of_this_one(box: Desk) -> None:
    Membership.objects.filter(user=ana()).update(
        team=Team.objects.create(name="Repairs", calendar=a_team().calendar)
    )

    box.post(a_letter())

    assert the_promise().owner == dev()


# --- What cannot be understood


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("call back", "By when?"),
        ("call back soon", "By when?"),
        ("call back next friday", "may mean Fri 29 May, 5:30 pm, or another time"),
        ("call back yesterday", "By when?"),
        ("@rosa call back fri 10am", "The ticket says who it is for: leave out @rosa."),
        (">dev call back fri 10am", "hand it to dev on its own page"),
        ("#4712 call back fri 10am", "The ticket is 4711: leave out #4712."),
        ("#nosuch call back fri 10am", "No kind begins with “nosuch”."),
        ("~fax call back fri 10am", "is no way to keep a promise"),
        ("x" * 2001, "characters long"),
        ("call back\x00 fri 10am", "NUL"),
    ],
)
def test_what_cannot_be_understood_is_put_to_the_agent(line: str, why: str, box: Desk) -> None:
    answer = box.post(a_letter(line=line))

    assert (answer.status_code, answer.json()["promises"]) == (200, [])
    assert why in answer.json()["suggestions"][0]["why"]
    assert not Commitment.objects.exists()
    assert not Customer.objects.exists()
    suggestion = Suggestion.objects.get()
    assert (suggestion.for_whom, suggestion.team) == (ana(), a_team())
    assert suggestion.words.email == "tom@customers.example"
    assert (suggestion.words.case, suggestion.words.case_url) == (
        "4711", "https://letters.example/t/4711",
    )  # fmt: skip


def test_the_agent_finds_it_among_their_drafts_with_its_ticket(box: Desk) -> None:
    box.post(a_letter(line="call back next friday"))

    drafts = signed_in(ana()).get("/promises/drafts/")

    assert "From a help desk" in text(drafts)
    assert "Tom Okafor" in text(drafts)


def test_a_customer_who_cannot_be_written_down_is_a_suggestion_too(box: Desk) -> None:
    answer = box.post(a_letter(customer=TOM | {"email": "not an address"}))

    assert "e-mail" in answer.json()["suggestions"][0]["why"]
    assert not Customer.objects.exists()


def test_it_is_suggested_once_whatever_becomes_of_it(box: Desk) -> None:
    first = box.post(a_letter(line="call back soon")).json()["suggestions"][0]
    suggestions.dismiss(first["id"], by=ana(), now=NOON)

    again = box.post(a_letter(line="call back fri 10am")).json()

    assert [each["id"] for each in again["suggestions"]] == [first["id"]]
    assert not Commitment.objects.exists()


def test_what_was_said_longer_ago_than_a_day_is_logged_by_hand(box: Desk) -> None:
    answer = box.post(a_letter(at="2026-05-20T11:59:59Z"))

    assert (answer.status_code, answer.json()["code"]) == (422, "not_understood")
    assert nothing_was_made()


def test_a_promise_that_comes_late_is_read_as_of_when_it_was_made(box: Desk) -> None:
    box.post(a_letter(line="call back in 1 hour", at="2026-05-21T09:00:00Z"))

    assert the_promise().due_at == datetime(2026, 5, 21, 10, tzinfo=UTC)
    assert the_promise().is_overdue(NOON)


def test_a_clock_ahead_of_ours_promises_nothing_from_tomorrow(box: Desk) -> None:
    box.post(a_letter(line="call back in 1 hour", at="2026-05-23T09:00:00Z"))

    assert the_promise().due_at == NOON + HOUR


# --- What becomes of the ticket


def told(promise: Commitment) -> list[dict[str, Any]]:
    lines = promise.events.filter(kind="case_told").order_by("sequence")
    return [
        {name: event.changes.get(name) for name in ("case", "number", "into")} for event in lines
    ]


@pytest.mark.parametrize("happened", ["closed", "answered", "merged"])
def test_the_fate_of_a_ticket_is_told_and_touches_nothing(
    happened: str, box: Desk, at_noon: Any
) -> None:
    box.post(a_letter())
    promise = the_promise()
    before = everything(promise)
    at_noon.shift(3 * DAY)  # its time has passed, and nobody has noticed yet

    answer = box.post(a_letter(id="e1", happened=happened))

    assert (answer.status_code, answer.json()["told"]) == (200, [promise.reference])
    assert everything(promise) == before
    assert [line["case"] for line in told(promise)] == [happened]
    assert promise.events.get(kind="case_told").actor == ana()
    again = box.post(a_letter(id="e1", happened=happened))
    assert again.json()["told"] == []
    assert len(told(promise)) == 1


def test_answers_in_a_row_are_told_once(box: Desk) -> None:
    box.post(a_letter())

    for number in range(4):
        box.post(a_letter(id=f"a{number}", happened="answered"))
    box.post(a_letter(id="c", happened="closed"))
    box.post(a_letter(id="a9", happened="answered"))
    box.post(a_letter(id="a0", happened="answered"))

    assert [line["case"] for line in told(the_promise())] == ["answered", "closed", "answered"]


def test_a_promise_that_is_closed_hears_no_more_of_its_ticket(box: Desk) -> None:
    box.post(a_letter())
    services.fulfil(the_promise().pk, by=ana(), how="Called.", now=NOON)

    assert box.post(a_letter(id="e1", happened="closed")).json()["told"] == []


def test_a_merged_tickets_promises_keep_their_case_and_know_the_new_one(box: Desk) -> None:
    box.post(a_letter())

    box.post(a_letter(id="e1", happened="merged", into="4800"))

    talk = the_promise().conversation
    assert (talk.outside_reference, talk.outside_url) == ("4711", "https://letters.example/t/4711")
    assert (talk.continued_in, talk.continued_url) == ("4800", "https://letters.example/t/4800")
    assert told(the_promise()) == [{"case": "merged", "number": "4711", "into": "4800"}]


def test_where_the_new_ticket_is_merged_or_closed_they_are_told_of_that_too(box: Desk) -> None:
    box.post(a_letter())
    box.post(a_letter(id="e1", happened="merged", into="4800"))

    box.post(a_letter(id="e2", ticket="4800", happened="merged", into="4900"))
    box.post(a_letter(id="e3", ticket="4900", happened="closed"))

    assert the_promise().conversation.continued_in == "4900"
    assert [line["case"] for line in told(the_promise())] == ["merged", "merged", "closed"]


def test_a_ticket_that_holds_a_promises_note_is_what_its_ticket_became(box: Desk) -> None:
    box.post(a_letter())
    held = a_letter(id="", ticket="4800", happened="gathered", holds=["m0", "m1", "m2"])

    answers = [box.post(held).json()["told"] for _ in range(2)]

    assert answers == [[the_promise().reference], []]
    assert the_promise().conversation.continued_in == "4800"
    assert told(the_promise()) == [{"case": "merged", "number": "4711", "into": "4800"}]


def test_a_ticket_that_holds_its_own_notes_is_no_news(box: Desk) -> None:
    box.post(a_letter())
    HelpDesk.objects.update(address="https://moved.example")

    answer = box.post(a_letter(id="", happened="gathered", holds=["m1"]))

    assert answer.json()["told"] == []
    assert the_promise().conversation.continued_in == ""


def test_a_promise_logged_by_hand_with_the_tickets_number_is_told_too(box: Desk) -> None:
    by_hand = a_commitment(case="4711")
    of_another_desk = a_commitment(case="4711", case_url="https://other.example/4711",
                                   customer=Customer.objects.create(name="Rosa Lind"))  # fmt: skip

    answer = box.post(a_letter(happened="closed"))

    assert answer.json()["told"] == [by_hand.reference]
    assert told(of_another_desk) == []


def test_the_tickets_of_another_team_are_none_of_ours(box: Desk) -> None:
    elsewhere = Team.objects.create(name="Repairs", calendar=a_team().calendar)
    HelpDesk.objects.update(team=elsewhere)
    a_commitment(case="4711")

    assert box.post(a_letter(happened="closed")).json()["told"] == []


def test_telling_many_asks_no_more_than_telling_one(
    box: Desk, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        box.post(a_letter(id=f"m{number}", line="call back fri 10am"))
    # Each promise costs its line, written and the head of its history moved on.
    with django_assert_max_num_queries(12 + 2 * 6):
        told_now = box.post(a_letter(id="e1", happened="closed")).json()["told"]

    assert len(told_now) == 6
