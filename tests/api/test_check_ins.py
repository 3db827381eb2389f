"""Check-ins for programs: what was asked, what came of it, and what staff may do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from commitments import checkins, services
from commitments.checkins import Reply
from commitments.models import CheckIn, CheckInAnswer, Commitment, Customer, Membership, Role
from notifications.models import Delivery
from tests.api.callers import a_program, another_team, errors_of
from tests.api.counting import after, queries_of
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_draft,
    a_team,
    a_user,
    ana,
    dev,
    events_of,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/api/v1/check-ins/"
LATER = timedelta(seconds=40)


def kept(**fields: Any) -> Commitment:
    """A promise that was kept a day ago, whose check-in is planned."""
    made = a_commitment(now=NOON - DAY, due_at=NOON + 5 * HOUR, **fields)
    return services.fulfil(made.pk, by=ana(), how="Sent.", now=NOON - DAY + HOUR)


def one(check_in: CheckIn) -> str:
    return f"{LIST}{check_in.pk}/"


def ask(commitment: Commitment, user: Any = None, **headers: str) -> Any:
    return a_program(user).post({"commitment": commitment.reference}, LIST, **headers)


def doubted() -> tuple[CheckIn, list[CheckInAnswer]]:
    """Asked, and answered by two browsers that contradict each other."""
    kettle = kept()
    ask(kettle)
    check_in = CheckIn.objects.get()
    for rating, browser in ((5, "phone"), (1, "scanner")):
        reply = Reply(done="yes", still_open=False, rating=rating, browser_key=browser)
        checkins.answer(check_in.pk, reply, now=NOON + MINUTE)
    return check_in, list(CheckInAnswer.objects.order_by("pk"))


def hidden() -> CheckIn:
    """One about a promise of Repairs alone."""
    kofi = Customer.objects.create(name="Kofi Ba", email="kofi@customers.example")
    draft = a_draft(team=another_team(), customer=kofi, owner_id=None)
    made = services.make(draft, by=None, now=NOON)
    root = a_user("Root Admin", is_superuser=True)
    services.fulfil(made.pk, by=root, how="Done.", now=NOON)
    return CheckIn.objects.get(customer=kofi)


def test_a_planned_check_in_is_read():
    kettle = kept()
    check_in = CheckIn.objects.get()

    said = a_program().get(one(check_in)).json()

    assert said == {
        "id": check_in.pk,
        "customer": {"id": tom().pk, "name": "Tom Okafor"},
        "state": "planned",
        "hold_reason": "",
        "planned_at": "2026-05-20T13:00:00Z",
        "send_at": check_in.send_at.isoformat().replace("+00:00", "Z"),
        "sent_at": None,
        "commitments": [kettle.reference],
        "answers": [],
        "in_doubt": False,
        "links": {"self": f"http://testserver{one(check_in)}"},
    }


def test_an_answer_says_all_that_the_customer_said():
    ask(kept())
    check_in = CheckIn.objects.get()
    reply = Reply(done="partly", still_open=True, rating=2, words="No lid yet.", browser_key="b")
    checkins.answer(check_in.pk, reply, now=NOON + MINUTE)

    said = a_program().get(one(check_in)).json()

    assert said["state"] == "answered"
    (answer,) = said["answers"]
    assert answer == {
        "id": CheckInAnswer.objects.get().pk,
        "at": "2026-05-21T12:01:00Z",
        "done": "partly",
        "still_open": True,
        "rating": 2,
        "words": "No lid yet.",
        "confirmed": True,
    }


def test_asked_by_hand_it_goes_out_and_stands_on_the_promise():
    kettle = kept()

    answer = ask(kettle)

    assert answer.status_code == 201
    assert answer["Location"] == answer.json()["links"]["self"]
    assert (answer.json()["state"], answer.json()["sent_at"]) == ("sent", "2026-05-21T12:00:00Z")
    assert Delivery.objects.filter(template="check_in").count() == 1
    assert events_of(kettle)[-1] == "check_in_planned"


def test_the_same_key_asks_once():
    kettle = kept()
    program, body = a_program(), {"commitment": kettle.reference}

    first, second = (program.post(body, LIST, Idempotency_Key="k") for _ in range(2))

    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Delivery.objects.filter(template="check_in").count() == 1


def test_asked_already_or_still_owed_it_is_refused_with_the_reason():
    kettle = kept()
    ask(kettle)
    again = ask(kettle)
    lid = a_commitment(wording="Send a new lid")
    owed = ask(lid)

    assert (again.status_code, owed.status_code) == (400, 409)
    assert errors_of(again) == {None: "Tom has been asked about this promise already."}
    assert Delivery.objects.filter(template="check_in").count() == 1


def test_while_something_else_is_owed_it_is_held():
    kettle = kept()
    a_commitment(wording="Send a new lid", case="2")

    answer = ask(kettle)

    assert answer.status_code == 400
    assert "another promise to Tom is still open" in answer.json()["detail"]
    assert CheckIn.objects.get().state == "planned"


@pytest.mark.parametrize("sent", ["K7Q2M", "nothing", "", 5, None])
def test_a_promise_that_is_not_there_is_refused_by_name(sent):
    a_team()

    answer = a_program(ana()).post({"commitment": sent}, LIST)

    assert errors_of(answer).keys() == {"commitment"}
    assert not CheckIn.objects.exists()


def test_a_promise_of_others_is_answered_like_one_that_is_not_there():
    a_team()
    theirs = hidden().items.get().commitment

    hidden_one = a_program(ana()).post({"commitment": theirs.reference}, LIST)
    unknown = a_program(ana()).post({"commitment": "K7Q2M"}, LIST)

    assert hidden_one.content == unknown.content
    assert not Delivery.objects.filter(template="check_in").exists()


def test_the_answer_that_holds_is_noted():
    check_in, (_, last) = doubted()
    doubt = a_program().get(one(check_in)).json()["in_doubt"]

    said = a_program(dev()).post({"answer": last.pk}, f"{one(check_in)}confirm/").json()

    assert doubt is True
    assert said["in_doubt"] is False
    assert [answer["confirmed"] for answer in said["answers"]] == [False, True]


@pytest.mark.parametrize("sent", [{}, {"answer": 2**60}, {"answer": "1"}, {"answer": None}])
def test_an_answer_that_is_not_there_cannot_hold(sent):
    check_in, _ = doubted()

    answer = a_program().post(sent, f"{one(check_in)}confirm/")

    assert errors_of(answer).keys() == {"answer"}
    assert not CheckInAnswer.objects.filter(confirmed=True).exists()


def test_what_is_in_no_doubt_needs_no_word():
    check_in, (first, last) = doubted()
    a_program().post({"answer": last.pk}, f"{one(check_in)}confirm/")

    again = a_program().post({"answer": first.pk}, f"{one(check_in)}confirm/")

    assert again.status_code == 400
    assert CheckInAnswer.objects.get(confirmed=True) == last


def test_whoever_acts_in_one_of_the_teams_may_say_which_holds():
    check_in, (_, last) = doubted()
    repairs = another_team()
    beside = services.make(a_draft(team=repairs, owner_id=None, case="9"), by=None, now=NOON)
    check_in.items.create(commitment=beside, revision=1)
    Membership.objects.create(user=ana(), team=repairs, role=Role.AUDITOR)

    answer = a_program().post({"answer": last.pk}, f"{one(check_in)}confirm/")

    assert answer.status_code == 200


def test_of_a_check_in_only_ones_own_promises_are_seen():
    kettle = kept()
    check_in = CheckIn.objects.get()
    theirs = services.make(a_draft(team=another_team(), owner_id=None), by=None, now=NOON)
    check_in.items.create(commitment=theirs, revision=1)

    assert a_program().get(one(check_in)).json()["commitments"] == [kettle.reference]


def test_what_may_not_be_seen_is_answered_like_what_does_not_exist():
    a_team()
    other = hidden()
    paths = [f"{LIST}{pk}/" for pk in (other.pk, 2**60, 10**30)]

    reads = [a_program(ana()).get(path) for path in paths]
    writes = [a_program(ana()).post({"answer": 1}, f"{path}confirm/") for path in paths]

    assert {answer.status_code for answer in (*reads, *writes)} == {404}
    assert reads[0].content == reads[1].content
    assert found(user=ana()) == []


def test_an_auditor_sees_and_changes_nothing():
    check_in, (_, last) = doubted()
    eve = a_user("Eve Audit")
    Membership.objects.create(user=eve, team=a_team(), role=Role.AUDITOR)
    rosa = Customer.objects.create(name="Rosa Lind", email="rosa@customers.example")
    lid = kept(customer=rosa)

    asked = ask(lid, eve)
    confirmed = a_program(eve).post({"answer": last.pk}, f"{one(check_in)}confirm/")

    assert a_program(eve).get(one(check_in)).status_code == 200
    assert (asked.status_code, confirmed.status_code) == (403, 403)
    assert not CheckInAnswer.objects.filter(confirmed=True).exists()
    assert CheckIn.objects.get(customer=rosa).state == "planned"


def test_strangers_are_not_answered():
    assert Client().get(LIST).status_code == 401


def test_check_ins_are_found_by_state_customer_team_and_promise():
    kettle = kept()
    rosa = Customer.objects.create(name="Rosa Lind", email="rosa@customers.example")
    lid = kept(customer=rosa, case="2")
    ask(lid)
    planned, sent = CheckIn.objects.order_by("pk")

    assert found() == [planned.pk, sent.pk]
    assert found(state="sent") == [sent.pk]
    assert found(customer=rosa.pk) == [sent.pk]
    assert found(commitment=kettle.reference) == [planned.pk]
    assert found(team=a_team().pk) == [planned.pk, sent.pk]
    assert found(team=another_team().pk) == []


@pytest.mark.parametrize("query", ["state=lost", "customer=x", "team=0", "commitment=x", "a=b"])
def test_a_query_that_cannot_be_understood_is_refused(query):
    kept()

    answer = a_program().get(LIST, query)

    assert errors_of(answer).keys() == {query.partition("=")[0]}


def test_every_check_in_is_on_one_page_and_a_longer_list_asks_no_more():
    program = a_program(dev())
    kept()
    program.get(LIST)
    few = len(queries_of(lambda: program.get(LIST)))
    for number in range(6):
        someone = Customer.objects.create(name=f"C {number}", email=f"c{number}@x.example")
        ask(kept(customer=someone, case=str(number)))

    first = program.get(LIST, "page_size=4").json()
    second = program.get(after(first)).json()

    seen = [each["id"] for each in (*first["results"], *second["results"])]
    assert seen == list(CheckIn.objects.order_by("pk").values_list("pk", flat=True))
    assert len(queries_of(lambda: program.get(LIST))) == few <= 4


def found(user: Any = None, **query: object) -> list[int]:
    answer = a_program(user).get(LIST, query)
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["results"]]
