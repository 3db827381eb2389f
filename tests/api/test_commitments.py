"""Promises through the API: made, read, fulfilled."""

from __future__ import annotations

import pytest
import time_machine

from commitments import services
from commitments.models import Commitment, Customer, Kind, Membership, Role
from commitments.rules import reference, steps
from tests.api.callers import LIST, a_program, a_promise, another_team, errors_of
from tests.makers import (
    DAY,
    HOUR,
    NOON,
    a_commitment,
    a_draft,
    a_team,
    a_user,
    ana,
    events_of,
    fresh,
    ines,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_program_makes_a_promise_for_the_owner_of_its_token():
    team = a_team()

    answer = a_program().post(a_promise())

    made = Commitment.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver{LIST}{made.reference}/"
    assert answer["ETag"] == f'"{made.event_count}"'
    assert answer["Cache-Control"] == "no-store"
    assert answer.json() == {
        "reference": made.reference,
        "version": made.event_count,
        "wording": "Send the kettle's replacement part",
        "status": "open",
        "outcome": "",
        "overdue": False,
        "told": None,
        "due_at": "2026-05-21T18:00:00Z",
        "first_due_at": "2026-05-21T18:00:00Z",
        "due_said": "",
        "zone": "UTC",
        "promised_at": "2026-05-21T12:00:00Z",
        "closed_at": None,
        "owner": {"id": ana().pk, "name": "Ana Moreno"},
        "team": {"id": team.pk, "name": "Billing care"},
        "kind": {"code": "followup", "name": "Follow-up"},
        "customer": {"id": made.customer_id, "name": "Tom Okafor"},
        "urgent": False,
        "team_note": "",
        "evidence": "",
        "cause": "",
        "case": "",
        "case_url": "",
        "links": {
            "self": f"http://testserver{LIST}{made.reference}/",
            "page": f"http://testserver/promises/{made.reference}/",
        },
    }


def test_everything_a_program_says_is_kept():
    a_team()
    said = {
        "due_at": "2026-05-22T10:30:00+02:00",
        "owner": None,
        "team_note": "He was cross.\nCall first.",
        "urgent": True,
        "summary": False,
        "channel": "chat",
        "difficult": True,
        "keep_by": "phone",
        "case": "CASE-17",
        "case_url": "https://desk.example/17",
    }

    answer = a_program().post(a_promise(**said))

    made = Commitment.objects.get()
    assert answer.json()["due_at"] == "2026-05-22T08:30:00Z"
    assert answer.json()["owner"] is None
    assert (made.team_note, made.urgent, made.keep_by) == (said["team_note"], True, "phone")
    spoken = made.conversation
    assert (spoken.channel, spoken.difficult) == ("chat", True)
    assert (spoken.outside_reference, spoken.outside_url) == ("CASE-17", said["case_url"])


def test_words_are_read_in_the_teams_time_and_the_answer_says_how():
    a_team(zone="Europe/Berlin")

    answer = a_program().post(a_promise(due_at=..., due="tomorrow 10am"))

    assert answer.json()["due_at"] == "2026-05-22T08:00:00Z"
    assert answer.json()["due_said"] == "tomorrow 10am"
    assert answer.json()["read"] == {
        "said": "tomorrow 10am",
        "at": "2026-05-22T08:00:00Z",
        "in_words": "Fri 22 May, 10:00 am",
        "zone": "Europe/Berlin",
        "note": "",
    }


def test_a_promise_due_in_words_keeps_why_it_is_due() -> None:
    a_team()

    a_program().post(a_promise(due_at=..., due="in 4 business hours"))

    made = Commitment.objects.get()
    assert [steps.say(step, zone="UTC", now=NOON) for step in made.due_chain] == [
        "From Thu 21 May, 12:00 noon",
        "Thu 21 May, 12:00 noon to 4:00 pm: 4 h",
    ]


def test_a_time_that_the_clocks_show_twice_is_the_first_and_the_answer_says_so():
    a_team(zone="Europe/Berlin")

    answer = a_program().post(a_promise(due_at=..., due="2026-10-25 02:30"))

    assert answer.json()["due_at"] == "2026-10-25T00:30:00Z"
    assert "twice that night; the first is meant" in answer.json()["read"]["note"]


def test_a_customer_whom_the_team_knows_is_not_made_again():
    a_commitment()

    by_mail = a_program().post(
        a_promise(customer={"name": "T. O.", "email": "TOM@customers.example"})
    )
    by_id = a_program().post(a_promise(customer=tom().pk))

    assert (
        by_mail.json()["customer"]
        == by_id.json()["customer"]
        == {"id": tom().pk, "name": "Tom Okafor"}
    )
    assert Customer.objects.count() == 1


def test_a_customer_of_another_team_is_somebody_new():
    a_team()
    services.make(a_draft(team=another_team(), owner_id=None), by=None, now=NOON)

    answer = a_program().post(a_promise())

    assert answer.json()["customer"]["id"] != tom().pk


def test_who_is_in_several_teams_says_for_which():
    first, second = a_team(), another_team()
    Membership.objects.create(user=ana(), team=second, role=Role.AGENT)

    silent = a_program().post(a_promise())
    named = a_program().post(a_promise(team=second.pk))

    assert errors_of(silent) == {"team": "Say which team makes this promise: give its id."}
    assert named.json()["team"]["id"] == second.pk
    assert first.commitments.count() == 0


def test_an_auditor_reads_and_makes_nothing():
    a_commitment()
    auditor = a_user("Uma Okoye")
    Membership.objects.create(user=auditor, team=a_team(), role=Role.AUDITOR)
    program = a_program(auditor)

    seen, refused = program.get(), program.post(a_promise(team=a_team().pk))

    assert len(seen.json()["results"]) == 1
    assert refused.status_code == 403
    assert Commitment.objects.count() == 1


def test_a_promise_is_read_by_its_reference_however_it_is_typed():
    kettle = a_commitment()

    answer = a_program().get(f"{LIST}{kettle.reference.lower()}/")

    assert answer.status_code == 200
    assert answer.json()["reference"] == kettle.reference
    assert answer["ETag"] == f'"{kettle.event_count}"'


@pytest.mark.parametrize("path", ["", "fulfil/"])
def test_what_somebody_may_not_see_is_answered_like_what_does_not_exist(path):
    kettle = a_commitment()
    stranger = a_program(a_user("Ben Stone"))
    unknown = reference.write(kettle.pk + 1)
    call = stranger.get if not path else lambda at: stranger.post({"how": "Sent."}, at)

    foreign = call(f"{LIST}{kettle.reference}/{path}")
    missing = call(f"{LIST}{unknown}/{path}")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert events_of(kettle) == ["made"]


def test_who_left_the_team_sees_nothing_from_the_next_request_on():
    kettle = a_commitment()
    program = a_program()
    assert program.get(f"{LIST}{kettle.reference}/").status_code == 200

    Membership.objects.filter(user=ana()).delete()

    assert program.get(f"{LIST}{kettle.reference}/").status_code == 404
    assert program.get().json()["results"] == []


def test_a_promise_is_fulfilled_and_the_answer_says_how_it_counts():
    kettle = a_commitment()

    answer = a_program().fulfil(kettle.reference, {"how": "Posted.", "evidence": "RM 17"})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["outcome"], told["evidence"]) == ("fulfilled", "on_time", "RM 17")
    assert told["closed_at"] == "2026-05-21T12:00:00Z"
    assert answer["ETag"] == f'"{fresh(kettle).event_count}"'
    assert "fulfilled" in events_of(kettle)


def test_what_is_fulfilled_late_needs_a_cause_and_the_refusal_lists_them():
    kettle = a_commitment(due_at=NOON + HOUR)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        refused = a_program().fulfil(kettle.reference, {"how": "Sent it"})
        unknown = a_program().fulfil(kettle.reference, {"how": "Sent it", "cause": "rain"})
        done = a_program().fulfil(kettle.reference, {"how": "Sent it", "cause": "outside"})

    assert [refused.status_code, unknown.status_code, done.status_code] == [400, 400, 200]
    assert list(errors_of(refused)) == ["cause"]
    assert "too_tight, took_longer, too_much" in errors_of(refused)["cause"]
    assert (done.json()["outcome"], done.json()["cause"]) == ("late", "outside")


def test_a_kind_that_asks_for_evidence_is_not_fulfilled_without():
    Kind.objects.filter(pk=a_commitment().kind_id).update(needs_evidence=True)
    kettle = Commitment.objects.get()

    answer = a_program().fulfil(kettle.reference, {"how": "Posted."})

    assert errors_of(answer) == {
        "evidence": "A follow-up needs evidence: give its number or a link."
    }
    assert events_of(kettle) == ["made"]


def test_what_is_closed_is_not_fulfilled_again_and_the_answer_says_how_it_stands():
    kettle = a_commitment()
    services.release(kettle.pk, by=ana(), reason="He bought another.", now=NOON)
    before = events_of(kettle)

    answer = a_program().fulfil(kettle.reference, {"how": "Posted."})

    assert answer.status_code == 409
    assert answer.json()["detail"] == "This promise is already closed as no longer wanted."
    assert answer.json()["current"] == {
        "status": "released",
        "outcome": "released",
        "due_at": "2026-05-21T18:00:00Z",
    }
    assert events_of(kettle) == before


def test_a_promise_that_changed_since_it_was_read_is_not_fulfilled():
    kettle = a_commitment()
    program = a_program()
    read = program.get(f"{LIST}{kettle.reference}/")["ETag"]
    services.update(kettle.pk, by=ines(), words="Wait for the lead.", tell_customer=False, now=NOON)
    before = events_of(kettle)

    stale = program.fulfil(kettle.reference, {"how": "Posted."}, If_Match=read)

    assert stale.status_code == 412
    assert events_of(kettle) == before


@pytest.mark.parametrize("condition", ["*", '"1"', '"0", "1"'])
def test_a_promise_that_stands_as_it_was_read_is_fulfilled(condition):
    kettle = a_commitment()

    answer = a_program().fulfil(kettle.reference, {"how": "Posted."}, If_Match=condition)

    assert answer.status_code == 200


@pytest.mark.parametrize("condition", ["", "1", 'W/"1"', '"99"', "💩"])
def test_any_other_condition_does_not_hold(condition):
    kettle = a_commitment()

    answer = a_program().fulfil(kettle.reference, {"how": "Posted."}, If_Match=condition)

    assert answer.status_code == 412
    assert events_of(kettle) == ["made"]


def test_an_overdue_promise_says_whether_the_customer_was_told(at_noon):
    kettle = a_commitment()
    at_noon.move_to(NOON + DAY)

    silent = a_program().get(f"{LIST}{kettle.reference}/").json()
    Commitment.objects.filter(pk=kettle.pk).update(told_at=NOON + 7 * HOUR)
    told = a_program().get(f"{LIST}{kettle.reference}/").json()

    assert (silent["overdue"], silent["told"]) == (True, False)
    assert (told["overdue"], told["told"]) == (True, True)
